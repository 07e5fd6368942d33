"""What stands between a net amount and its total besides tax: discounts, shipping, tips, deposits of bottles, tax
that is withheld. Where every figure between the two, taken with its sign, leads from the one to the other, the total
is proven though net and tax alone do not make it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ocr.extraction.amounts import AmountCandidate
from ocr.extraction.evidence import Evidence
from ocr.extraction.figures import Figure
from ocr.extraction.lexicon import any_words
from ocr.extraction.lines import Line

_SAME_EDGE = 6.0
"""Points between the right edges of the figures of one column of sums."""

_LONGEST = 14
"""Lines from the net amount to the total."""

_LAST = frozenset({"total", "payable"})


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What leads from a net amount to a total: `tax` is the sum of the tax lines passed, None where there is none;
    `other` all the rest, with its sign."""

    tax: Decimal | None
    other: Decimal


Adjustments = Mapping[tuple[Decimal, Decimal], Adjustment]
"""By total and net amount."""


def find_adjustments(*, evidence: Evidence, candidates: Sequence[AmountCandidate]) -> Adjustments:
    """Every total that the figures under a net amount lead to, where there is more between them than tax."""
    found: dict[tuple[Decimal, Decimal], Adjustment] = {}
    rows = [each for each in candidates if each.row]
    for net in (each for each in rows if each.kind == "subtotal" and each.value > 0):
        for total in (each for each in rows if each.kind in _LAST and _is_under(net.figure, each.figure)):
            adjustment = _between(evidence, net.figure, total.figure, rows)
            if adjustment and adjustment.other:
                found[total.value, net.value] = adjustment
    return found


def _is_under(net: Figure, total: Figure) -> bool:
    return (
        total.segment.page == net.segment.page
        and net.segment.line < total.segment.line <= net.segment.line + _LONGEST
        and abs(total.box.x1 - net.box.x1) <= _SAME_EDGE
    )


def _between(
    evidence: Evidence, net: Figure, total: Figure, candidates: Sequence[AmountCandidate]
) -> Adjustment | None:
    """What the figures between the two make; None where they do not lead from the one to the other."""
    kinds = _kinds_by_figure(candidates)
    tax, other, running = None, Decimal(0), net.value
    for line in evidence.sheet.lines[net.segment.line + 1 : total.segment.line]:
        for figure in _rungs(evidence, line, total):
            said = kinds.get((figure.segment.index, figure.start), frozenset())
            if "subtotal" in said:
                return None  # this is the net amount then
            if figure.value == running and (tax is not None or other):
                continue  # a sum of what stands above it
            if said & {"prepaid", "payable", "total"}:
                return None
            if "tax" in said and not _is_taken_off(line):
                tax = (tax or Decimal(0)) + figure.value
                running += figure.value
                continue
            value = -abs(figure.value) if _is_taken_off(line) else figure.value
            other, running = other + value, running + value
    return Adjustment(tax, other) if running == total.value else None


def _rungs(evidence: Evidence, line: Line, total: Figure) -> Iterator[Figure]:
    """The amount of the line in the column of the total."""
    for segment in line.segments:
        for figure in evidence.figures_by_segment.get(segment.index, ()):
            if figure.money and abs(figure.box.x1 - total.box.x1) <= _SAME_EDGE:
                yield figure


def _is_taken_off(line: Line) -> bool:
    """Whether the line's words say that its amount is taken off, printed with a minus or without."""
    texts = [token.text for segment in line.segments for token in segment.tokens]
    return any(text in any_words("taken_off") for text in texts)


def _kinds_by_figure(candidates: Sequence[AmountCandidate]) -> dict[tuple[int, int], frozenset[str]]:
    kinds: dict[tuple[int, int], frozenset[str]] = {}
    for each in candidates:
        place = (each.figure.segment.index, each.figure.start)
        kinds[place] = kinds.get(place, frozenset()) | {each.kind}
    return kinds
