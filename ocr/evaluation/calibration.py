"""Whether confidences are probabilities, and what accepting more costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocr.evaluation.scoring import ScoredDocument

_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Values of neighbouring confidence: how sure they were on average, and how many of them were right."""

    confidence: float
    right: int
    count: int

    @property
    def share_right(self) -> float:
        return self.right / self.count


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Accepting every document of this acceptance score and above; `false` counts those with a wrong field."""

    threshold: float
    accepted: int
    false: int
    documents: int

    @property
    def coverage(self) -> float:
        return self.accepted / self.documents

    @property
    def false_success(self) -> float:
        return self.false / self.accepted if self.accepted else 0.0


def reliability(documents: Iterable[ScoredDocument]) -> list[Bin]:
    """About ten bins of as many values each, of all values given whose truth is known, the least sure first.

    Values of one confidence are never torn apart.
    """
    values = sorted(
        (field.confidence, field.outcome == "right")
        for document in documents
        for field in document.fields
        if field.confidence is not None
    )
    bins: list[Bin] = []
    start = 0
    for end in range(1, len(values) + 1):
        is_last = end == len(values)
        is_full = end - start >= len(values) / _BINS
        if is_last or (is_full and values[end][0] != values[end - 1][0]):
            chunk = values[start:end]
            mean = sum(confidence for confidence, _ in chunk) / len(chunk)
            bins.append(Bin(mean, sum(is_right for _, is_right in chunk), len(chunk)))
            start = end
    return bins


def expected_calibration_error(bins: Sequence[Bin]) -> float | None:
    """The mean distance between how sure values were and how often they were right, weighed by bin; None for none."""
    count = sum(each.count for each in bins)
    if not count:
        return None
    return sum(abs(each.confidence - each.share_right) * each.count for each in bins) / count


def acceptance_curve(documents: Sequence[ScoredDocument]) -> list[CurvePoint]:
    """One point for every acceptance score that occurs, the strictest first."""
    thresholds = sorted({each.acceptance for each in documents if each.acceptance > 0}, reverse=True)
    points = []
    for threshold in thresholds:
        passed = [each for each in documents if each.acceptance >= threshold]
        points.append(CurvePoint(threshold, len(passed), sum(each.has_wrong_field for each in passed), len(documents)))
    return points
