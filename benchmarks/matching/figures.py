"""What the replies come to. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.matching.measuring import Reply

# What must be found although it was written otherwise than on file.
ONE_MISTAKE = ("name, one typo", "name, other legal form", "name, misread letters", "former name, one typo")
TWINS = "twins"
OWN = "own company"


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of times, in milliseconds."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class KindFigures:
    """Of one kind of question; `candidate_recall` is 0..1. Times as `Reply` has them."""

    kind: str
    asked: int
    candidate_recall: float
    right: int
    found_wrong: int
    ambiguous: int
    not_found: int
    look_up: Percentiles
    candidates: Percentiles
    decision: Percentiles
    processor: Percentiles


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures that have goals. `found` and `found_right` count all questions, those about nobody too."""

    found: int
    found_right: int
    one_mistake_asked: int
    one_mistake_found: int
    twins_asked: int
    twins_ambiguous: int
    own_asked: int
    own_found: int


def by_kind(replies: Iterable[Reply]) -> list[KindFigures]:
    """In the order in which the kinds were asked."""
    kinds: dict[str, list[Reply]] = defaultdict(list)
    for reply in replies:
        kinds[reply.kind].append(reply)
    return [_figures(kind, of_kind) for kind, of_kind in kinds.items()]


def summary(replies: Sequence[Reply]) -> Summary:
    found = [reply for reply in replies if reply.answer == "found"]
    spoilt = [reply for reply in replies if reply.kind in ONE_MISTAKE]
    twins = [reply for reply in replies if reply.kind == TWINS]
    own = [reply for reply in replies if reply.kind == OWN]
    return Summary(
        found=len(found),
        found_right=sum(reply.is_right for reply in found),
        one_mistake_asked=len(spoilt),
        one_mistake_found=sum(reply.is_right for reply in spoilt),
        twins_asked=len(twins),
        twins_ambiguous=sum(reply.answer == "ambiguous" for reply in twins),
        own_asked=len(own),
        own_found=sum(reply.answer == "found" for reply in own),
    )


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share of all are no greater than."""
    ordered = sorted(values)
    return ordered[max(-int(-share * len(ordered) // 1), 1) - 1]


def _figures(kind: str, replies: Sequence[Reply]) -> KindFigures:
    return KindFigures(
        kind=kind,
        asked=len(replies),
        candidate_recall=sum(reply.is_candidate for reply in replies) / len(replies),
        right=sum(reply.is_right for reply in replies),
        found_wrong=sum(reply.answer == "found" and not reply.is_right for reply in replies),
        ambiguous=sum(reply.answer == "ambiguous" for reply in replies),
        not_found=sum(reply.answer == "not_found" for reply in replies),
        look_up=_percentiles(reply.look_up_milliseconds for reply in replies),
        candidates=_percentiles(reply.milliseconds for reply in replies),
        decision=_percentiles(reply.decision_milliseconds for reply in replies),
        processor=_percentiles(reply.processor_milliseconds for reply in replies),
    )


def _percentiles(times: Iterable[float]) -> Percentiles:
    known = list(times)
    return Percentiles(*(percentile(known, share) for share in (0.5, 0.95, 0.99)))
