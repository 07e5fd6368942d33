"""`make bench-import`: how long `import_counterparties` takes, and how much memory, for files of growing length."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import django

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = _ROOT / "docs" / "importing.md"


def main() -> int:
    arguments = _arguments()
    arguments.keep.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DATABASE_URL"] = arguments.database or f"sqlite:///{arguments.keep.resolve() / 'imported.sqlite3'}"
    django.setup()
    from benchmarks.importing.measuring import ImportFailed
    from benchmarks.importing.report import figures
    from benchmarks.importing.running import NotEmpty, run

    taken = []
    try:
        for each in run(sizes=sorted(arguments.rows), seed=arguments.seed, kept=arguments.keep):
            taken.append(each)
            print(f"{each.said} {each.wall:.0f} s", flush=True)
            file = arguments.keep / f"measured-{each.database.split()[0].lower()}.json"
            file.write_text(json.dumps([asdict(one) for one in taken], indent=1), encoding="utf-8")
    except (NotEmpty, ImportFailed) as error:
        print(error)
        return 1
    print(figures(taken))
    if arguments.write:
        _write(arguments.keep)
    return 0


def _write(kept: Path) -> None:
    """The page, with what was measured last on each database."""
    from benchmarks.importing.measuring import Taken
    from benchmarks.importing.report import with_figures
    from benchmarks.ocr.report import machine

    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(kept.glob("measured-*.json"))]
    taken = [Taken(**each) for file in files for each in file]
    text = _PAGE.read_text(encoding="utf-8")
    _PAGE.write_text(with_figures(text=text, taken=taken, machine=machine()), encoding="utf-8")
    print(f"Wrote the table of {_PAGE.relative_to(_ROOT)}.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-import", description=__doc__)
    parser.add_argument("--database", metavar="URL", help="an empty one (a file of SQLite in the folder that is kept)")
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[100_000, 1_000_000], help="of each file (100000 1000000)"
    )
    parser.add_argument("--seed", type=int, default=1, help="another number gives other suppliers (1)")
    parser.add_argument("--keep", type=Path, default=_ROOT / "var" / "importing", help="for files, database, figures")
    parser.add_argument("--write", action="store_true", help="write the table of docs/importing.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
