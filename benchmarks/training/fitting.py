"""Fitting the logistic models of `ocr/extraction/calibration.py`, and telling whether they hold on unseen suppliers."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.training.labelled import Labelled
from ocr.extraction.calibration import probability

_FOLDS = 10
_FEWEST = 12
"""Documents that a feature must be seen in, else it is noise."""

_PENALTY = 0.3
_REAL_WEIGHT = 3.0
_EITHER_WAY = frozenset({"bias", "recognised", "derived", "repaired", "is_payable", "net_is_total"})
"""Features that may speak for or against a value; `place:…` as well."""
_EASIEST_WRONG = 3.0
"""A wrong example that is added to every field: no rule is right for ever, however many examples say so."""

Model = dict[str, float]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Probabilities of one field's examples, each given by a model that saw no document of the same group."""

    examples: tuple[Labelled, ...]
    probabilities: Floats

    def brier(self, *, is_real: bool | None = None) -> float:
        """The mean squared distance of probability and outcome, 0 is perfect."""
        picked = [index for index, each in enumerate(self.examples) if is_real is None or each.is_real == is_real]
        right = np.array([self.examples[index].is_right for index in picked], float)
        return float(np.mean((self.probabilities[picked] - right) ** 2)) if picked else float("nan")


def fit(examples: Sequence[Labelled]) -> Model:
    """The weights by feature, `bias` among them."""
    counted = Counter(name for each in examples for name in each.features)
    seen = {name for name, count in counted.items() if count >= min(_FEWEST, len(examples))}
    while seen:
        model = _fitted(examples, seen)
        # A model in which a better score, a clearer lead or a passed check speaks against a value learnt an accident.
        odd = {name for name, weight in model.items() if _is_odd(name, weight)}
        if not odd:
            return model
        seen -= odd
    right = sum(each.is_right for each in examples)
    return {"bias": round(math.log((right + 1) / (len(examples) - right + _EASIEST_WRONG)), 3)}


def _is_odd(name: str, weight: float) -> bool:
    if name in _EITHER_WAY or name.startswith("place:"):
        return False
    return weight > 0 if name == "illegible" else weight < 0


def hold_out(examples: Sequence[Labelled]) -> HeldOut:
    """Every example's probability from a model fitted without its group."""
    groups = [each.group for each in examples]
    folds = min(_FOLDS, len(set(groups)))
    given = np.zeros(len(examples))
    for others, own in GroupKFold(folds).split(examples, groups=groups):
        model = fit([examples[index] for index in others])
        given[own] = [probability(weights=model, features=examples[index].features) for index in own]
    return HeldOut(tuple(examples), given)


def _fitted(examples: Sequence[Labelled], names: set[str]) -> Model:
    vectorizer = DictVectorizer()
    rows = [{name: value for name, value in each.features.items() if name in names} for each in examples]
    values: Any = vectorizer.fit_transform([*rows, {}]).toarray()
    typical = np.array(values[:-1]).mean(axis=0)
    values[-1] = typical
    right = np.array([*(each.is_right for each in examples), False])
    weights = np.array([*(_REAL_WEIGHT if each.is_real else 1.0 for each in examples), _EASIEST_WRONG])
    regression = LogisticRegression(C=_PENALTY, max_iter=5000)
    regression.fit(values, right, sample_weight=weights)
    model = {"bias": float(regression.intercept_[0])}
    model |= dict(zip(vectorizer.get_feature_names_out(), map(float, regression.coef_[0]), strict=True))
    return {name: round(weight, 3) for name, weight in model.items() if name == "bias" or abs(weight) >= 0.02}
