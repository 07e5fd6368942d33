"""The figures for the one who sits before the terminal: here, and only here, with the values."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from ocr.evaluation.scoring import ScoredDocument
from ocr.extraction.fields import FIELD_NAMES


def print_mistakes(results: Iterable[ScoredDocument]) -> None:
    """Every wrong value with its source, its confidence and the true one, a line each."""
    for result in results:
        subject = result.subject
        for field in result.fields:
            if field.outcome == "wrong":
                mark = "ACCEPTED " if result.is_accepted else ""
                print(
                    f"{mark}{subject.segment} {subject.id} {field.name}: {field.value!r} "
                    f"({field.source} {field.confidence:.2f}, {field.mistake}), "
                    f"true {' or '.join(map(repr, field.truth)) or 'empty'}"
                )
        if result.error:
            print(f"{subject.segment} {subject.id}: not read, {result.error}")


def print_empty(results: Iterable[ScoredDocument]) -> None:
    """Every field that is empty and should not be, with the true value."""
    for result in results:
        for field in result.fields:
            if field.outcome == "empty":
                print(
                    f"empty {result.subject.segment} {result.subject.id} {field.name} ({field.mistake}), "
                    f"true {' or '.join(map(repr, field.truth))}"
                )


def print_fields(results: Sequence[ScoredDocument]) -> None:
    """Right, wrong and empty by segment and field."""
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


def print_acceptance(results: Sequence[ScoredDocument]) -> None:
    """Coverage and false success by segment."""
    print(f"\n{'':24} {'documents':>9} {'accepted':>9} {'coverage':>9} {'with wrong field':>17} {'false success':>14}")
    for segment in sorted({result.subject.segment for result in results}):
        mine = [result for result in results if result.subject.segment == segment]
        accepted = [result for result in mine if result.is_accepted]
        false = sum(result.is_false_success for result in accepted)
        share = f"{false / len(accepted):.1%}" if accepted else "none"
        print(f"{segment:24} {len(mine):9} {len(accepted):9} {len(accepted) / len(mine):9.1%} {false:17} {share:>14}")
