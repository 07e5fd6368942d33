"""Fills an empty database (DATABASE_URL) with an invented ledger, or writes one customer's books as a CSV file."""

import argparse
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402

from benchmarks.ledger.csv_books import write_csv  # noqa: E402
from benchmarks.ledger.filling import fill, write_questions  # noqa: E402
from counterparties.models import Counterparty  # noqa: E402


def main() -> int:
    arguments = _arguments()
    if arguments.csv:
        write_csv(arguments.csv, rows=arguments.rows, seed=arguments.seed)
        return 0
    if Counterparty.objects.exists():
        print(f"{connection.settings_dict['NAME']} has counterparties already; set DATABASE_URL to an empty database.")
        return 1
    asked = fill(
        rows=arguments.rows,
        others=arguments.others,
        customers=arguments.customers,
        seed=arguments.seed,
        count=arguments.questions,
        processes=arguments.processes,
    )
    if arguments.write_questions:
        write_questions(arguments.write_questions, asked)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="counterparties of the one large customer (1000000)"
    )
    parser.add_argument("--others", type=int, default=1_000_000, help="counterparties of all others (1000000)")
    parser.add_argument("--customers", type=int, default=4_000, help="how many others there are (4000)")
    parser.add_argument("--seed", type=int, default=1, help="another number gives another ledger (1)")
    parser.add_argument("--questions", type=int, default=1_000, help="how many of each kind to draw (1000)")
    parser.add_argument("--processes", type=int, default=2, help="how many write side by side to PostgreSQL (2)")
    parser.add_argument("--write-questions", type=Path, metavar="FILE", help="where to keep them, one JSON a line")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write one customer's books as a file to import")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
