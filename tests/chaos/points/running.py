"""Run as `python -m tests.chaos.points.running ORDER`, with the settings of the tests.

ORDER is a file of JSON, into which the results are written as well.
"""

import signal
import sys
from pathlib import Path

import django

if __name__ == "__main__":
    # Told to stop, it still drops its databases.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    django.setup()

    from tests.chaos.points.runner import run_order

    run_order(Path(sys.argv[1]))
