"""`make accuracy`: how right the fields are, and how often a document goes through with a wrong one."""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.accuracy.readings import KeptReadings
from benchmarks.accuracy.running import read_all, scored
from benchmarks.accuracy.truth import KnownDocument, TruthUnreadable, known_documents
from ocr.evaluation.scoring import ScoredDocument
from ocr.extraction.fields import FIELD_NAMES

_PROJECT = Path(__file__).resolve().parents[2]


def main() -> int:
    arguments = _arguments()
    try:
        documents = [each for folder in arguments.data for each in known_documents(folder)]
    except TruthUnreadable as error:
        print(error)
        return 1
    documents = [each for each in documents if _is_wanted(each, arguments)]
    if not documents:
        print(
            f"No document of known truth is in {', '.join(map(str, arguments.data))}: docs/truth-format.md has the form"
        )
        return 1
    results = []
    with KeptReadings(folder=arguments.cache, engine=arguments.engine, is_lenient=arguments.old_readings) as readings:
        for read in read_all(documents=documents, readings=readings, wanted=arguments.variants):
            results.append(scored(read=read, knows_payer=arguments.payer == "known"))
    if not arguments.quiet:
        _print_mistakes(results)
    _print_fields(results)
    _print_acceptance(results)
    return 0


def _is_wanted(document: KnownDocument, arguments: argparse.Namespace) -> bool:
    return (
        (not arguments.ids or document.id in arguments.ids)
        and (not arguments.kinds or document.kind in arguments.kinds)
        and (not arguments.collections or document.collection in arguments.collections)
    )


def _print_mistakes(results: Iterable[ScoredDocument]) -> None:
    for result in results:
        subject = result.subject
        for field in result.fields:
            if field.outcome == "wrong":
                mark = "ACCEPTED " if result.is_accepted else ""
                print(
                    f"{mark}{subject.segment} {subject.id} {field.name}: {field.value!r} "
                    f"({field.source} {field.confidence:.2f}), true {' or '.join(map(repr, field.truth)) or 'empty'}"
                )
        if result.error:
            print(f"{subject.segment} {subject.id}: not read, {result.error}")


def _print_fields(results: Sequence[ScoredDocument]) -> None:
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for result in results:
        for field in result.fields:
            counts[result.subject.segment, field.name][field.outcome] += 1
            counts[result.subject.segment, "all fields"][field.outcome] += 1
    for segment in sorted({segment for segment, _ in counts}):
        print(f"\n{segment:24} {'right':>6} {'wrong':>6} {'empty':>6} {'right of all':>13}")
        for name in (*FIELD_NAMES, "all fields"):
            if tally := counts.get((segment, name)):
                print(
                    f"  {name:22} {tally['right']:6} {tally['wrong']:6} {tally['empty']:6} "
                    f"{tally['right'] / tally.total():13.1%}"
                )


def _print_acceptance(results: Sequence[ScoredDocument]) -> None:
    print(f"\n{'':24} {'documents':>9} {'accepted':>9} {'coverage':>9} {'with wrong field':>17} {'false success':>14}")
    for segment in sorted({result.subject.segment for result in results}):
        mine = [result for result in results if result.subject.segment == segment]
        accepted = [result for result in mine if result.is_accepted]
        false = sum(result.is_false_success for result in accepted)
        share = f"{false / len(accepted):.1%}" if accepted else "none"
        print(f"{segment:24} {len(mine):9} {len(accepted):9} {len(accepted) / len(mine):9.1%} {false:17} {share:>14}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make accuracy", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", default=[_PROJECT / "samples"], help="folders with truth files")
    parser.add_argument("--payer", choices=["known", "unknown"], default="known", help="whether the customer is known")
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
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
