"""The figures for the one who sits before the terminal: here, and only here, with the values."""

from collections.abc import Iterable

from ocr.evaluation.scoring import ScoredDocument


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
