"""Which figures may be the total, the net amount, the tax or what is already paid: candidates by label and place."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ocr.extraction.evidence import Evidence
from ocr.extraction.figures import Figure
from ocr.extraction.lexicon import Label
from ocr.extraction.lines import Line, Segment, overlaps
from ocr.reading.document import Box

AmountKind = Literal["total", "subtotal", "tax", "payable", "prepaid"]

_WEIGHTS: dict[str, tuple[AmountKind, float]] = {
    "total": ("total", 1.0),
    "total_plain": ("total", 0.72),
    "payable": ("payable", 0.9),
    "prepaid": ("prepaid", 0.9),
    "subtotal": ("subtotal", 0.95),
    "tax": ("tax", 0.9),
}
_AMOUNT_LABELS = (*_WEIGHTS, "rate", "other_amount")
_COLUMN_REACH = 45
"""Lines that a column of figures is followed downwards from its head."""


@dataclass(frozen=True, slots=True)
class AmountCandidate:
    """`weight` 0..1 by the label and the place from it; `row` is True where the label stands left of the figure."""

    kind: AmountKind
    figure: Figure
    weight: float
    label: Label
    row: bool

    @property
    def value(self) -> Decimal:
        return self.figure.value


def amount_candidates(evidence: Evidence) -> list[AmountCandidate]:
    """All labelled amounts of the document in reading order."""
    found: list[AmountCandidate] = []
    for line in evidence.sheet.lines:
        found.extend(_row_candidates(evidence, line.index))
    served = {(each.label.segment.index, each.label.start) for each in found}
    for label in evidence.labels.of(*_WEIGHTS):
        if (label.segment.index, label.start) not in served:
            found.extend(_column_candidates(evidence, label))
    return found


def _row_candidates(evidence: Evidence, line_index: int) -> Iterator[AmountCandidate]:
    """Figures with a label to their left on the same line."""
    line = evidence.sheet.lines[line_index]
    pending: list[Label] = []
    figures_since = 0
    for segment in line.segments:
        labels = [label for label in evidence.labels.within(segment) if not label.kinds.isdisjoint(_AMOUNT_LABELS)]
        items: list[Label | Figure] = [*labels, *evidence.figures_by_segment.get(segment.index, ())]
        for item in sorted(items, key=lambda each: each.start):
            if isinstance(item, Label):
                if figures_since:
                    pending, figures_since = ([*pending[:1]] if _is_rate_text(item) else []), 0
                pending.append(item)
                continue
            if item.percent:
                continue
            for rank, label in enumerate(pending):
                yield from _candidates(
                    label, item, factor=(1.0 if rank == 0 else 0.85) - 0.06 * figures_since, row=True
                )
            figures_since += 1


def _is_rate_text(label: Label) -> bool:
    return not label.kinds.isdisjoint({"rate", "tax"})


def _column_candidates(evidence: Evidence, label: Label) -> Iterator[AmountCandidate]:
    """Figures under a label that has none to its right: a box of its own, or the head of a column."""
    column = _widened(evidence, label)
    hits: list[Figure] = []
    start = label.segment.line
    for line in evidence.sheet.lines[start + 1 : start + 1 + _COLUMN_REACH]:
        if line.page != label.segment.page:
            break
        if not _speaks_for_itself(evidence, line):
            hits += [figure for segment in line.segments for figure in _within(evidence, segment, column)]
    for place, figure in enumerate(hits):
        yield from _candidates(label, figure, factor=_column_factor(hits, place), row=False)


def _within(evidence: Evidence, segment: Segment, column: Box) -> Iterator[Figure]:
    """The amounts of the segment in the column; one that stands there alone has its currency as a part of it."""
    figures = evidence.figures_by_segment.get(segment.index, ())
    for figure in figures:
        box = segment.box if len(figures) == 1 else figure.box
        if not figure.percent and overlaps(one=column, other=box):
            yield figure


def _speaks_for_itself(evidence: Evidence, line: Line) -> bool:
    """Whether one amount stands on the line with a label of its own, as sums under a table do: it belongs to no column,
    whatever is printed over it."""
    figures = [
        figure
        for segment in line.segments
        for figure in evidence.figures_by_segment.get(segment.index, ())
        if not figure.percent
    ]
    if len(figures) != 1:
        return False
    return any(
        not label.kinds.isdisjoint(_AMOUNT_LABELS) and label.box.x1 <= figures[0].box.x0
        for segment in line.segments
        for label in evidence.labels.within(segment)
    )


def _column_factor(hits: list[Figure], place: int) -> float:
    """The first figure under a head; or, where one is the sum of those above it, that sum. Several that make no sum are
    the lines of a table, none of which is the whole."""
    for size in range(2, min(len(hits), 30)):
        if hits[size].value and sum(figure.value for figure in hits[:size]) == hits[size].value:
            return 0.95 if place == size else (0.35 if place < size else 0.5)
    if len(hits) > 2:
        return 0.5 if place == 0 else 0.45
    return 0.8 if place == 0 else 0.6


def _widened(evidence: Evidence, label: Label) -> Box:
    """The label's box, stretched to its whole segment where it is most of it: figures are often set flush right."""
    box, segment = label.box, label.segment
    if len(evidence.labels.within(segment)) == 1:
        return segment.box
    return box


def _candidates(label: Label, figure: Figure, *, factor: float, row: bool) -> Iterator[AmountCandidate]:
    if "other_amount" in label.kinds and label.kinds.isdisjoint({"total", "subtotal"}):
        return
    if figure.decimals > 2 and figure.value % Decimal("0.01") != 0 and (figure.currency is None or row is False):
        return
    if figure.plain and (len(figure.raw) > 7 or not row):
        return
    for kind, (name, weight) in _WEIGHTS.items():
        if kind in label.kinds:
            doubt = 0.25 if figure.plain else 0.0
            yield AmountCandidate(name, figure, max(0.05, weight * factor - doubt), label, row)
