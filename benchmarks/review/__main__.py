"""What an operator does and waits for on the review page, in a real browser on the running service.

Needs Chromium.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.ocr.report import machine
from benchmarks.review.clearing import MOST_TIMES, cleared
from benchmarks.review.office import NoBrowser, running_office
from benchmarks.review.report import CHART, chart, page, tables
from benchmarks.review.waiting import waits
from samples.running import RunFailed

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> int:
    arguments = _parser().parse_args()
    try:
        with running_office() as office:
            done = cleared(office, times=arguments.documents)
            waited = waits(office, times=arguments.times, seed=arguments.seed)
    except (NoBrowser, RunFailed) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    told = tables(done=done, waited=waited)
    sys.stdout.write(told)
    if arguments.write:
        (DOCS / "review-effort.md").write_text(page(told=told, machine=machine()), encoding="utf-8")
        (DOCS / CHART).write_text(chart(waited), encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.review", description=__doc__)
    parser.add_argument(
        "--documents",
        type=int,
        choices=range(1, MOST_TIMES + 1),
        default=MOST_TIMES,
        help="cleared of each kind and by each hand (3)",
    )
    parser.add_argument("--times", type=int, default=20, help="how often each wait is measured (20)")
    parser.add_argument("--seed", type=int, default=20261130, help="of the ten invented pages")
    parser.add_argument("--write", action="store_true", help="writes docs/review-effort.md and its chart")
    return parser


if __name__ == "__main__":
    sys.exit(main())
