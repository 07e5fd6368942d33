"""`python -m tests.chaos --seed 1 --jobs 10000 --faults 1000`: breaks the running service, and proves what held."""

import argparse
import os
import signal
import sys
from pathlib import Path

import django

from tests.chaos.site import site


def main() -> int:
    options = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))  # and everything is taken down on the way out
    with site(keep=options.keep) as made:
        os.environ.update(made.environment)
        django.setup()
        from tests.chaos.story import told  # needs Django, which is set up only now

        return told(site=made, options=options)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same plan and documents (1)")
    parser.add_argument("--jobs", type=int, default=300, help="documents (300)")
    parser.add_argument("--faults", type=int, default=40, help="faults (40)")
    parser.add_argument(
        "--short", action="store_true", help="the plan of the build, whatever else is said: the defaults"
    )
    parser.add_argument("--only", action="append", help="a kind of fault; repeat it for several (all)")
    parser.add_argument("--long-outage", type=float, default=20.0, help="seconds without Redis, at the longest (20)")
    parser.add_argument("--keep", type=Path, help="a folder for the logs of the processes")
    parser.add_argument("--write", type=Path, help="a folder for chaos.md and its chart, such as docs")
    options = parser.parse_args()
    if options.short:
        for name in ("seed", "jobs", "faults", "only", "long_outage"):
            setattr(options, name, parser.get_default(name))
    return options


if __name__ == "__main__":
    sys.exit(main())
