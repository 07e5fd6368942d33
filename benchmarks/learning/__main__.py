"""`python -m benchmarks.learning`: what correcting a supplier's first document does for its third."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.readings import KeptReadings
from benchmarks.accuracy.truth import known_documents
from benchmarks.accuracy.variants import Variant
from benchmarks.generator.series import generate_series
from benchmarks.learning.measuring import Taught, measured, suppliers
from benchmarks.tables import table
from ocr.evaluation.scoring import ScoredDocument
from ocr.extraction.fields import FIELD_NAMES

CACHE = Path("var") / "accuracy-cache"
PAGE = """# What corrections teach

Three documents of one supplier: on the first, every value that is wrong or empty is put right by pointing at where it
stands, as an operator does on the review page; then the third is read without and with the hints that this gave
([back-office.md](back-office.md#what-it-learns)). The second is not looked at. The suppliers are invented (18
countries, 12 languages, seed {seed}); of real documents those of a group with three or more. Values of which nothing is
known do not count. Made by `make bench-learning ARGS="--out docs"`.

{tables}

*Hints* were learnt on the first documents, *used* are those that found a value on the third ones. What a page does not
say in words, such as a name within a logo or a VAT number that fails its check, teaches nothing.
"""
VARIANTS: tuple[Variant, ...] = ("no_xml", "scan_clean")


def main() -> int:
    arguments = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="paydraft-learning-") as folder:
        _write_series(Path(folder), count=arguments.suppliers, seed=arguments.seed)
        sets = {"invented suppliers": Path(folder)} | ({"real documents": arguments.data} if arguments.data else {})
        with KeptReadings(folder=CACHE, engine="rapidocr") as readings:
            results = {
                f"{name}, {'digital' if variant == 'no_xml' else 'scanned'}": list(
                    _all(source, readings=readings, variant=variant)
                )
                for name, source in sets.items()
                for variant in VARIANTS[: 1 + arguments.scans]
            }
    tables = report(results)
    sys.stdout.write(tables)
    if arguments.out:
        (arguments.out / "learning.md").write_text(PAGE.format(tables=tables.strip(), seed=arguments.seed), "utf-8")
    return 0


def _write_series(folder: Path, *, count: int, seed: int) -> None:
    with (folder / "series.jsonl").open("w", encoding="utf-8") as truth:
        for index in range(count):
            _say(f"writing the invoices of supplier {index + 1} of {count}")
            for invoice in generate_series(index=index, seed=seed, length=3):
                (folder / f"{invoice.name}.pdf").write_bytes(invoice.pdf)
                row = {**invoice.truth, "group": f"supplier {index:04d}"}
                truth.write(json.dumps(row, ensure_ascii=False) + "\n")


def _all(folder: Path, *, readings: KeptReadings, variant: Variant) -> Sequence[Taught]:
    found = list(suppliers([each for each in known_documents(folder) if each.path.suffix == ".pdf"]))
    taught = []
    for number, three in enumerate(found, start=1):
        _say(f"{variant}: supplier {number} of {len(found)}")
        result = measured(three=three, readings=readings, variant=variant)
        taught += [result] if result else []
    _say("")
    return taught


def report(results: dict[str, list[Taught]]) -> str:
    """The tables, in Markdown."""
    rows = [(name, *_row(taught)) for name, taught in results.items() if taught]
    headings = (
        "third documents",
        "suppliers",
        "right without",
        "right with",
        "wrong without",
        "wrong with",
        "hints",
        "used",
    )
    parts = [table(headings=headings, rows=rows)]
    of_fields = ("field", "known", "right without", "right with", "wrong without", "wrong with")
    for name, taught in results.items():
        fields = [row for field in FIELD_NAMES if (row := _field_row(field, taught))]
        parts += (
            [f"\n{name}, fields that a hint was used for:\n", table(headings=of_fields, rows=fields)] if fields else []
        )
    return "\n".join(parts) + "\n"


def _row(taught: list[Taught]) -> tuple[str, ...]:
    without, with_hints = [each.without for each in taught], [each.with_hints for each in taught]
    known = sum(len(each.fields) for each in without)

    def share(documents: list[ScoredDocument], outcome: str) -> str:
        count = sum(field.outcome == outcome for each in documents for field in each.fields)
        return f"{count} of {known} ({count / known:.1%})" if known else "—"

    return (
        str(len(taught)),
        share(without, "right"),
        share(with_hints, "right"),
        share(without, "wrong"),
        share(with_hints, "wrong"),
        str(sum(each.hints for each in taught)),
        str(sum(len(each.used) for each in taught)),
    )


def _field_row(name: str, taught: list[Taught]) -> tuple[str, ...] | None:
    chosen = [each for each in taught if any(used.field == name for used in each.used)]

    def count(documents: list[ScoredDocument], outcome: str) -> str:
        return str(sum(field.outcome == outcome for each in documents for field in each.fields if field.name == name))

    known = sum(field.name == name for each in chosen for field in each.without.fields)
    if not known:
        return None
    without, with_hints = [each.without for each in chosen], [each.with_hints for each in chosen]
    return (
        name,
        str(known),
        count(without, "right"),
        count(with_hints, "right"),
        count(without, "wrong"),
        count(with_hints, "wrong"),
    )


def _say(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learning", description=__doc__)
    parser.add_argument("--suppliers", type=int, default=60, help="invented suppliers, three invoices each (60)")
    parser.add_argument("--seed", type=int, default=20261129, help="of the invented invoices")
    parser.add_argument("--data", type=Path, help="a folder of documents with truth; suppliers are its groups")
    parser.add_argument("--scans", action="store_true", help="read them as scans too, which takes seconds a page")
    parser.add_argument("--out", type=Path, help="writes learning.md into this folder")
    return parser


if __name__ == "__main__":
    sys.exit(main())
