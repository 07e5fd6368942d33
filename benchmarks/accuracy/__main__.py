"""`make accuracy`: how right the fields are, and how often a document goes through with a wrong one."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy.comparing import changes
from benchmarks.accuracy.drafts import ScoredDraft, books
from benchmarks.accuracy.floors import broken_floors
from benchmarks.accuracy.locales import broken_gates, locale_figures, locale_line
from benchmarks.accuracy.quoting import with_quoted
from benchmarks.accuracy.readings import KeptReadings
from benchmarks.accuracy.running import ReadDocument, draft_of, read_all, scored
from benchmarks.accuracy.sets import DocumentSet, NothingToMeasure, chosen_sets
from benchmarks.accuracy.summary import Run, summary
from benchmarks.accuracy.terminal import print_empty, print_mistakes
from benchmarks.accuracy.truth import KnownDocument, TruthUnreadable
from benchmarks.accuracy.writing import write_report
from ocr.evaluation.scoring import ScoredDocument
from ocr.evaluation.tables import acceptance_table, fields_table
from ocr.extraction.thresholds import STRICTNESSES, USUAL
from ocr.reading.engines import EngineUnavailable

_PROJECT = Path(__file__).resolve().parents[2]
_README = _PROJECT / "README.md"
_KEPT_REPORT = _PROJECT / "docs" / "accuracy" / "report.json"


def main() -> int:
    arguments = _arguments()
    report: dict[str, Any] = {"has_old_readings": arguments.old_readings, "sets": {}}
    broken: list[str] = []
    with KeptReadings(folder=arguments.cache, engine=arguments.engine, is_lenient=arguments.old_readings) as readings:
        try:
            for each in chosen_sets(arguments):
                broken += _measured(each, readings, arguments, report)
        except (TruthUnreadable, NothingToMeasure, EngineUnavailable) as error:
            print(error)
            return 1
        if arguments.locales:
            report["locales"] = locale_figures(readings=readings, count=arguments.locales)
            print(f"\nlocale-invoice-check {report['locales']['version']}: {locale_line(report['locales'])}")
            broken += broken_gates(report["locales"])
    if arguments.out:
        _keep(report, arguments.out)
    for sentence in broken:
        print(f"Below the floor: {sentence}")
    return 1 if broken else 0


def _measured(
    chosen: DocumentSet, readings: KeptReadings, arguments: argparse.Namespace, report: dict[str, Any]
) -> list[str]:
    """Prints the set, adds its figures to the report, and gives the floors that it stays below."""
    read = list(
        read_all(documents=chosen.documents, readings=readings, wanted=arguments.variants, scans_of=chosen.scans_of)
    )
    results = [scored(read=each, knows_payer=arguments.payer == "known") for each in read]
    _print(chosen.name, results, arguments)
    if arguments.out:
        report["sets"][chosen.name] = summary(_run(read, results, chosen.documents))
    return list(broken_floors(name=chosen.name, documents=results)) if _is_whole(arguments) else []


def _run(read: Sequence[ReadDocument], usual: Sequence[ScoredDocument], documents: Sequence[KnownDocument]) -> Run:
    candidates = books(documents)
    drafts: list[tuple[str, ScoredDraft]] = []
    for each in read:
        if draft := draft_of(read=each, candidates=candidates):
            drafts.append((each.segment, draft))
    others = [each for each in STRICTNESSES if each != USUAL]
    settings: dict[str, Sequence[ScoredDocument]] = {USUAL: usual}
    settings |= {each: [scored(read=one, knows_payer=True, strictness=each) for one in read] for each in others}
    return Run(
        settings=settings,
        without_payer=[scored(read=each, knows_payer=False) for each in read],
        drafts=drafts,
    )


def _print(name: str, results: Sequence[ScoredDocument], arguments: argparse.Namespace) -> None:
    print(f"\n=== {name}: {len({each.subject.id for each in results})} documents, payer {arguments.payer}")
    if not arguments.quiet:
        print_mistakes(results)
    if arguments.empty:
        print_empty(results)
    print(f"\n{fields_table(results)}\n{acceptance_table(results)}")


def _keep(report: dict[str, Any], folder: Path) -> None:
    before = json.loads(_KEPT_REPORT.read_text(encoding="utf-8")) if _KEPT_REPORT.is_file() else {}
    lines = changes(before=before, now=report)
    print("\nSince the report that was kept:" if before else "\nThere is no earlier report to compare with.")
    print("\n".join(f"  {line}" for line in lines) or "  nothing is different" if before else "")
    write_report(report=report, changed=lines if before else None, folder=folder)
    if folder.resolve() == _KEPT_REPORT.parent:
        _README.write_text(with_quoted(text=_README.read_text(encoding="utf-8"), report=report), encoding="utf-8")
    print(f"Written to {folder}")


def _is_whole(arguments: argparse.Namespace) -> bool:
    """Whether all documents in all forms were measured, as floors ask for."""
    is_chosen = arguments.ids or arguments.kinds or arguments.collections or arguments.variants
    return not is_chosen and arguments.payer == "known"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make accuracy", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", default=[], help="folders with truth files")
    parser.add_argument("--samples", action="store_true", help="measure the samples (also where nothing else is named)")
    parser.add_argument("--generated", type=int, default=0, metavar="N", help="measure N generated invoices")
    parser.add_argument("--scans-of", type=int, default=4, metavar="N", help="scan every Nth generated invoice (4)")
    parser.add_argument("--locales", type=int, default=0, metavar="N", help="compare N invoices in three locales")
    parser.add_argument("--payer", choices=["known", "unknown"], default="known", help="whether the customer is known")
    parser.add_argument("--out", type=Path, help="a folder for the report: Markdown, JSON and charts")
    parser.add_argument("--variants", nargs="+", help="only these of as_is, no_xml, scan_clean, scan_degraded")
    parser.add_argument("--ids", nargs="+", help="only the documents with these ids")
    parser.add_argument("--kinds", nargs="+", help="only documents whose truth names one of these kinds")
    parser.add_argument("--collections", nargs="+", help="only the truth files with these names")
    parser.add_argument("--engine", default="rapidocr", help="the OCR engine (rapidocr)")
    parser.add_argument(
        "--cache", type=Path, default=_PROJECT / "var" / "accuracy-cache", help="where readings are kept"
    )
    parser.add_argument("--old-readings", action="store_true", help="take readings that older reading code made")
    parser.add_argument("--quiet", action="store_true", help="leave out the list of wrong values")
    parser.add_argument("--empty", action="store_true", help="list the fields left empty as well")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
