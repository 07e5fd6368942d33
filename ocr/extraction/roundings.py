"""By how much a document says that its total is rounded: to whole kroner, or to the smallest coin."""

from collections.abc import Sequence
from decimal import Decimal

from ocr.extraction.evidence import Evidence
from ocr.extraction.figures import Figure
from ocr.extraction.lexicon import Label
from ocr.extraction.lines import overlaps
from ocr.extraction.tax_lines import CENT

_WORDS = ("round", "rund", "arrond", "arroton", "redonde", "afron", "zaokr", "avrund", "afrund", "oresut", "pyorist")
_LARGEST = Decimal("0.50")


def rounded_by(evidence: Evidence) -> tuple[Decimal, ...]:
    """What the rounding lines name, without sign: half a krone at most; nothing said is an empty tuple, and a rounding
    line without an amount is 5 cents, the smallest Swiss coin."""
    labels = [label for label in evidence.labels.of("other_amount") if any(word in label.phrase for word in _WORDS)]
    named = [
        abs(figure.value)
        for label in labels
        for figure in _beside(evidence, label) or _below(evidence, label)
        if figure.decimals == 2 and abs(figure.value) <= _LARGEST
    ]
    return tuple(each for each in named if each) if named else ((5 * CENT,) if labels else ())


def _beside(evidence: Evidence, label: Label) -> list[Figure]:
    return [
        figure
        for segment in evidence.sheet.lines[label.segment.line].segments
        for figure in evidence.figures_by_segment.get(segment.index, ())
    ]


def _below(evidence: Evidence, label: Label) -> list[Figure]:
    """What stands right under the label, where sums are set side by side."""
    below = label.segment.line + 1
    lines = evidence.sheet.lines[below : below + 1]
    return [
        figure
        for line in lines
        if line.page == label.segment.page
        for segment in line.segments
        if overlaps(one=label.segment.box, other=segment.box)
        for figure in evidence.figures_by_segment.get(segment.index, ())
    ]


def slack_of(roundings: Sequence[Decimal]) -> Decimal:
    """How far net and tax may miss the total: a cent, or what the document is rounded by."""
    return max((5 * CENT, *roundings)) if roundings else CENT
