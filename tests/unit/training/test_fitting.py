"""Fitting on made-up examples whose law is known."""

import random

import pytest

from benchmarks.training.fitting import fit, hold_out
from benchmarks.training.labelled import Labelled
from ocr.extraction.calibration import probability


def example(*, right: bool, group: str = "a", **features: float) -> Labelled:
    return Labelled(name="total", features=features, score=0.5, is_right=right, group=group, is_real=False)


def drawn(count: int, share: float, **features: float) -> list[Labelled]:
    chance = random.Random(count)  # noqa: S311
    return [example(right=chance.random() < share, group=f"g{place % 20}", **features) for place in range(count)]


def test_probabilities_follow_the_shares_of_right_values() -> None:
    model = fit([*drawn(600, 0.9, score=2.0), *drawn(601, 0.5, score=0.0)])
    assert probability(weights=model, features={"score": 2.0}) == pytest.approx(0.9, abs=0.05)
    assert probability(weights=model, features={"score": 0.0}) == pytest.approx(0.5, abs=0.06)


def test_examples_that_are_all_right_do_not_make_certainty() -> None:
    model = fit([example(right=True, score=2.0) for _ in range(200)])
    assert 0.95 < probability(weights=model, features={"score": 2.0}) < 0.997


def test_a_better_score_never_counts_against_a_value() -> None:
    model = fit([*drawn(400, 0.5, score=2.0), *drawn(401, 0.9, score=0.0)])
    assert model.get("score", 0.0) >= 0


def test_a_check_that_few_examples_passed_is_no_feature() -> None:
    rare = [example(right=False, score=1.0, rare=1.0) for _ in range(3)]
    assert "rare" not in fit([*drawn(300, 0.9, score=1.0), *rare])


def test_held_out_examples_are_judged_by_models_that_have_not_seen_their_group() -> None:
    # In one group all is wrong that is right everywhere else: only its own examples could tell.
    odd = [example(right=False, group="odd", score=2.0) for _ in range(60)]
    held = hold_out([*drawn(600, 0.97, score=2.0), *odd])
    assert held.probabilities[-60:].min() > 0.9
    assert held.brier() > 0.05
