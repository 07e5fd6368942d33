"""Confidences against what became of them, and what accepting more costs."""

import pytest

from ocr.evaluation.calibration import acceptance_curve, expected_calibration_error, reliability
from ocr.evaluation.scoring import Outcome, ScoredDocument, ScoredField, Subject

RIGHT: tuple[float, Outcome] = (0.9, "right")
WRONG: tuple[float, Outcome] = (0.9, "wrong")


def document(acceptance: float, *outcomes: tuple[float, Outcome]) -> ScoredDocument:
    fields = tuple(ScoredField("total", outcome, "1", ("1",), confidence, "text") for confidence, outcome in outcomes)
    return ScoredDocument(Subject(id="a", group="g"), fields, is_accepted=False, acceptance=acceptance)


def test_a_confidence_that_comes_true_has_no_error() -> None:
    documents = [document(0.5, *[RIGHT] * 9, WRONG)]
    assert expected_calibration_error(reliability(documents)) == pytest.approx(0)


def test_being_too_sure_is_the_error() -> None:
    documents = [document(0.5, *[RIGHT] * 5, *[WRONG] * 5)]
    assert expected_calibration_error(reliability(documents)) == pytest.approx(0.4)


def test_values_of_one_confidence_are_not_torn_apart() -> None:
    documents = [document(0.5, *[(0.7, "right") for _ in range(30)], (0.8, "wrong"), (0.8, "wrong"))]
    assert [(each.count, each.share_right) for each in reliability(documents)] == [(30, 1.0), (2, 0.0)]


def test_nothing_given_has_no_error() -> None:
    assert expected_calibration_error(reliability([])) is None


def test_the_curve_goes_from_the_surest_document_on_and_leaves_out_what_never_passes() -> None:
    documents = [
        document(0.9, (0.9, "right")),
        document(0.8, (0.8, "wrong")),
        document(0.7, (0.7, "right")),
        document(0.0, (0.9, "right")),
    ]
    points = acceptance_curve(documents)
    assert [(each.threshold, each.coverage, each.false_success) for each in points] == [
        (0.9, 0.25, 0.0),
        (0.8, 0.5, 0.5),
        (0.7, 0.75, pytest.approx(1 / 3)),
    ]
