"""`make bench-matching`: how rightly and how fast payees are matched among a million counterparties."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import django

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = _ROOT / "docs" / "matching-at-scale.md"
_CHART = _ROOT / "docs" / "images" / "matching-at-scale.svg"


def main() -> int:
    arguments = _arguments()
    arguments.keep.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DATABASE_URL"] = arguments.database or f"sqlite:///{arguments.keep.resolve() / 'ledger.sqlite3'}"
    django.setup()
    from benchmarks.matching.report import tables
    from benchmarks.matching.running import OtherLedger, Size, run

    size = Size(rows=arguments.rows, others=arguments.others, customers=arguments.customers, seed=arguments.seed)
    try:
        measured = run(size=size, kept=arguments.keep, count=arguments.questions, processes=arguments.processes)
    except OtherLedger as error:
        print(error)
        return 1
    print(f"{measured.database}\n\n{tables(measured)}")
    file = arguments.keep / f"measured-{measured.database.split()[0].lower()}.json"
    file.write_text(json.dumps(asdict(measured), ensure_ascii=False, indent=1), encoding="utf-8")
    if arguments.write:
        _write(arguments.keep)
    return 0


def _write(kept: Path) -> None:
    """The page, with what was measured last on each database."""
    from benchmarks.matching.report import chart, page, parsed

    databases = [parsed(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(kept.glob("measured-*.json"))]
    introduction = Path(__file__).with_name("introduction.txt").read_text(encoding="utf-8")
    _PAGE.write_text(page(introduction=introduction, databases=databases), encoding="utf-8")
    _CHART.write_text(chart(databases), encoding="utf-8")
    print(f"Wrote {_PAGE.relative_to(_ROOT)} and its chart.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-matching", description=__doc__)
    parser.add_argument("--database", metavar="URL", help="an empty one, or one that this filled before (SQLite)")
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="counterparties of the customer asked about (1000000)"
    )
    parser.add_argument("--others", type=int, default=1_000_000, help="counterparties of all others (1000000)")
    parser.add_argument("--customers", type=int, default=4_000, help="how many others there are (4000)")
    parser.add_argument("--questions", type=int, default=1_000, help="of each kind (1000)")
    parser.add_argument("--seed", type=int, default=1, help="another number gives another ledger (1)")
    parser.add_argument("--processes", type=int, default=2, help="how many fill PostgreSQL side by side (2)")
    parser.add_argument(
        "--keep", type=Path, default=_ROOT / "var" / "matching", help="for database, questions, figures"
    )
    parser.add_argument("--write", action="store_true", help="write docs/matching-at-scale.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
