"""How sure a printed value is, as a probability: of all that are given at 0.9, nine in ten are right.

The field families score their candidates by label, place, form and agreement: good for choosing, but no probability.
For each field a logistic model over a few plain features of the best candidate turns the score into one. It is fitted
on documents of known truth and judged on suppliers that it has not seen (`make train`); its weights are in
`calibration.toml` beside this module.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

from ocr.extraction.fields import Candidate, FieldName
from ocr.extraction.lines import Sheet
from ocr.extraction.page_reading import PageReading

FILE = Path(__file__).parent / "calibration.toml"
_CLEAR = 0.75
"""The score of a total whose label alone leaves little doubt."""

MOST_SURE = 0.999
MOST_WITH_FAILED_CHECK = 0.5
MOST_REPAIRED = 0.95
"""Misread values that check digits put right are too rare among the examples for a weight of their own."""
_NEAREST_TO_CERTAIN = 0.02
_NOTHING_BEHIND = 0.6
"""The lead over the next candidate where there is none."""

Features = dict[str, float]
Models = Mapping[FieldName, Mapping[str, float]]
"""For each field the weights of the features, `bias` among them."""


def features_of(*, candidates: Sequence[Candidate], sheet: Sheet) -> Features:
    """What the model sees of the best of a field's candidates (best first, at least one).

    `score` is the log odds of the family's own score, `lead` how far the next value is behind it (0..0.6), `illegible`
    the doubt of the OCR engine about its least sure word (0..1), and 1 for each of `recognised` (by OCR), `derived`,
    and the checks that it passed, by name.
    """
    best = candidates[0]
    score = min(max(best.confidence, _NEAREST_TO_CERTAIN), 1 - _NEAREST_TO_CERTAIN)
    behind = max((each.confidence for each in candidates[1:] if each.value != best.value), default=None)
    lead = _NOTHING_BEHIND if behind is None else min(max(best.confidence - behind, 0.0), _NOTHING_BEHIND)
    found: Features = {
        "score": math.log(score / (1 - score)),
        "lead": lead,
        "illegible": 1.0 - _legibility(best, sheet),
        **{_kind_of(check): 1.0 for check in best.checks_passed},
    }
    if best.source == "derived":
        found["derived"] = 1.0
    if best.source == "ocr" or (best.source == "derived" and _is_recognised(best, sheet)):
        found["recognised"] = 1.0
    return found


def with_probabilities(*, page: PageReading, models: Models) -> PageReading:
    """The same candidates with probabilities for their families' scores; scores without a model stay."""
    candidates: dict[FieldName, tuple[Candidate, ...]] = {
        name: calibrated(candidates=_with_unproven_total_failed(name, found), sheet=page.sheet, weights=models[name])
        if name in models
        else found
        for name, found in page.candidates.items()
    }
    return replace(page, candidates=candidates)


def _with_unproven_total_failed(name: FieldName, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """A total that nothing proves, neither arithmetic nor another place, may be any figure beside a word for sums:
    where its label leaves doubt as well, it is not given."""
    if name != "total" or not candidates or candidates[0].checks_passed or candidates[0].confidence >= _CLEAR:
        return candidates
    return (replace(candidates[0], checks_failed=(*candidates[0].checks_failed, "proven")), *candidates[1:])


def calibrated(*, candidates: Sequence[Candidate], sheet: Sheet, weights: Mapping[str, float]) -> tuple[Candidate, ...]:
    """The candidates with probabilities for confidences; the order stays. The others share what the best leaves."""
    if not candidates:
        return ()
    best = probability(weights=weights, features=features_of(candidates=candidates, sheet=sheet))
    if candidates[0].checks_failed:
        # What fails a check is given to nobody, however often such a value was right elsewhere.
        best = min(best, candidates[0].confidence, MOST_WITH_FAILED_CHECK)
    if "repaired" in candidates[0].checks_passed:
        best = min(best, MOST_REPAIRED)
    rest = sum(each.confidence for each in candidates[1:]) or 1.0
    return (
        replace(candidates[0], confidence=round(best, 4)),
        *(
            replace(each, confidence=round(min(each.confidence, (1 - best) * each.confidence / rest), 4))
            for each in candidates[1:]
        ),
    )


def probability(*, weights: Mapping[str, float], features: Features) -> float:
    """The logistic model's answer, at most `MOST_SURE`. Features without a weight say nothing."""
    logit = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return min(1 / (1 + math.exp(-max(min(logit, 30.0), -30.0))), MOST_SURE)


def _kind_of(check: str) -> str:
    """The check without the words of the document: which label it was says nothing of the next supplier's."""
    kind = check.removeprefix("place:")
    return "label" if kind.startswith("label:") else check


@cache
def shipped_models() -> Models:
    """The models of `calibration.toml`."""
    models: Models = cast(Models, tomllib.loads(FILE.read_text(encoding="utf-8")))
    return models


def _legibility(candidate: Candidate, sheet: Sheet) -> float:
    """The OCR engine's confidence in the least sure word that the candidate's box touches; 1 on a text layer."""
    if candidate.box is None or candidate.page is None:
        return 1.0
    box = candidate.box
    return min(
        (
            word.confidence
            for line in sheet.lines
            if line.page == candidate.page and line.box.y0 < box.y1 and line.box.y1 > box.y0
            for segment in line.segments
            for word in segment.words
            if word.box.x0 < box.x1 and word.box.x1 > box.x0 and word.box.y0 < box.y1 and word.box.y1 > box.y0
        ),
        default=1.0,
    )


def _is_recognised(candidate: Candidate, sheet: Sheet) -> bool:
    return any(line.page == candidate.page and line.segments[0].source == "ocr" for line in sheet.lines[:400])
