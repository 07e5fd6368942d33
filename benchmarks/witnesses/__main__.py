"""`make bench-witnesses`: which documents carry an e-invoice or a payment code, and how many were read completely."""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy.readings import KeptReadings
from benchmarks.witnesses.hearing import Heard, heard, missing_witness

_PROJECT = Path(__file__).resolve().parents[2]


def main() -> int:
    arguments = _arguments()
    results: list[tuple[dict[str, Any], Heard]] = []
    with KeptReadings(folder=arguments.cache, engine=arguments.engine) as readings:
        for path, row in _documents(arguments.data):
            reading = readings.read(content=path.read_bytes(), variant="as_is")
            if reading.document is None:
                print(f"{row.get('id', path.stem)}: not read, {reading.error}")
                continue
            found = heard(document=reading.document, row=row)
            results.extend((row, each) for each in found)
            if missing := missing_witness(found=found, row=row):
                results.append((row, Heard(missing, 0, ())))
    if not results:
        print(f"No witness was found in {', '.join(map(str, arguments.data))}; docs/truth-format.md has the form")
        return 1
    _print_what_is_amiss(results)
    _print_table(results)
    return 0


def _documents(folders: Sequence[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The files that are there and their lines of truth."""
    for folder in folders:
        for source in sorted(folder.glob("*.jsonl")):
            for line in source.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                if (folder / row["file"]).is_file():
                    yield folder / row["file"], row


def _print_what_is_amiss(results: Sequence[tuple[dict[str, Any], Heard]]) -> None:
    for row, each in results:
        is_open = row.get("publish", "ok") == "ok"
        if each.witness.endswith("not found"):
            print(f"{row.get('id', row['file'])}: {each.witness}")
        for name, read, truth in each.amiss:
            shown = (
                f": read {' or '.join(map(repr, read)) or 'nothing'}, true {' or '.join(map(repr, truth)) or 'none'}"
            )
            print(f"{row.get('id', row['file'])}, {each.witness}, {name}{shown if is_open else ''}")


def _print_table(results: Sequence[tuple[dict[str, Any], Heard]]) -> None:
    groups: dict[str, list[tuple[dict[str, Any], Heard]]] = defaultdict(list)
    for row, each in results:
        groups[each.witness].append((row, each))
    print(f"\n{'witness':24} {'documents':>9} {'complete':>9} {'values':>7} {'equal':>7}")
    for witness, members in sorted(groups.items()):
        files = {row["file"] for row, _ in members}
        incomplete = {row["file"] for row, each in members if each.amiss or witness.endswith("not found")}
        values = sum(each.values for _, each in members)
        equal = values - sum(len(each.amiss) for _, each in members)
        print(f"{witness:24} {len(files):9} {len(files) - len(incomplete):9} {values:7} {equal:7}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-witnesses", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", default=[_PROJECT / "samples"], help="folders with truth files")
    parser.add_argument("--engine", default="rapidocr", help="the OCR engine (rapidocr)")
    parser.add_argument(
        "--cache", type=Path, default=_PROJECT / "var" / "accuracy-cache", help="where readings are kept"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
