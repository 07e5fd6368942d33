"""What the field families share: the sheet, its labels, figures and dates, and the making of candidates."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ocr.extraction.calendar_dates import DayOrder, PrintedDate
from ocr.extraction.fields import Candidate, KnownPayer
from ocr.extraction.figures import Figure
from ocr.extraction.lexicon import Label, Labels
from ocr.extraction.lines import Segment, Sheet
from ocr.reading.document import Box

_PAIRED_BEFORE = re.compile(r"[^\W\d_][.:]?\s?[/|·]\s?$")
_PAIRED_AFTER = re.compile(r"[.:#]?\s?[/|·]\s?[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything found on the pages before any field is chosen."""

    sheet: Sheet
    labels: Labels
    figures: tuple[Figure, ...]
    dates: tuple[PrintedDate, ...]
    day_order: DayOrder | None
    payer: KnownPayer
    figures_by_segment: dict[int, tuple[Figure, ...]]
    dates_by_segment: dict[int, tuple[PrintedDate, ...]]


class Placed(Protocol):
    """Something that stands in a segment's text."""

    @property
    def segment(self) -> Segment: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def box(self) -> Box: ...


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a segment's text."""

    segment: Segment
    start: int
    end: int

    @property
    def box(self) -> Box:
        return self.segment.span_box(start=self.start, end=self.end)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands from its label: `same` segment, to the `right`, or `below`; `step` counts from 0."""

    segment: Segment
    start: int
    where: str
    step: int


def after_label(
    *, sheet: Sheet, labels: Labels, label: Label, reach: float = 3.2, columns: int = 2, over_labels: bool = False
) -> Iterator[Place]:
    """Where the value that a label announces may stand, likeliest first: behind it, right of it, under it.

    A further label ends the search, unless the value itself may hold words that look like one (`over_labels`).
    """
    if not label.closes:
        yield Place(label.segment, label.end, "same", 0)
    for step, segment in enumerate(sheet.right_of(label.segment)[:columns]):
        if not over_labels and _is_only_label(labels, segment):
            break
        yield Place(segment, 0, "right", step)
    for step, segment in enumerate(sheet.below(label.segment, reach=reach, box=_heading_box(label))):
        if _is_only_label(labels, segment) and step == 0 and not any(letter.isdigit() for letter in segment.text):
            break
        yield Place(segment, 0, "below", step)
        if step:
            break


def _heading_box(label: Label) -> Box:
    """The label's box; the whole segment's where the label is said in two languages, `Nummer / Invoice No.`."""
    text = label.segment.text
    is_pair = _PAIRED_BEFORE.search(text[: label.start]) or _PAIRED_AFTER.match(text[label.end :])
    return label.segment.box if is_pair and not any(map(str.isdigit, text)) else label.box


def _is_only_label(labels: Labels, segment: Segment) -> bool:
    return any(
        label.opens and (label.closes or segment.text[label.end :].lstrip()[:1] == ":")
        for label in labels.within(segment)
    )


def candidate(*, value: str, raw: str, placed: Placed, confidence: float, checks: Sequence[str] = ()) -> Candidate:
    """A candidate with the page, box and source of the place it was read at."""
    return Candidate(
        value=value,
        raw=raw,
        source=placed.segment.source,
        confidence=round(max(0.0, min(0.99, confidence)), 3),
        page=placed.segment.page,
        box=placed.box,
        checks_passed=tuple(checks),
    )


def best_of(candidates: Sequence[Candidate], *, limit: int = 4) -> list[Candidate]:
    """One candidate a value, the best first; a value seen again gains a little."""
    merged: dict[str, list[Candidate]] = {}
    for each in candidates:
        merged.setdefault(each.value, []).append(each)
    ranked = []
    for group in merged.values():
        best = max(group, key=lambda each: each.confidence)
        bonus = 0.03 * min(2, len(group) - 1)
        ranked.append(_with_confidence(best, min(0.99, best.confidence + bonus)))
    ranked.sort(key=lambda each: -each.confidence)
    return ranked[:limit]


def _with_confidence(each: Candidate, confidence: float) -> Candidate:
    return Candidate(
        value=each.value,
        raw=each.raw,
        source=each.source,
        confidence=round(confidence, 3),
        page=each.page,
        box=each.box,
        checks_passed=each.checks_passed,
        checks_failed=each.checks_failed,
    )
