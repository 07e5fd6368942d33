import math

import pytest

from ocr.extraction.calibration import (
    MOST_SURE,
    MOST_WITH_FAILED_CHECK,
    calibrated,
    features_of,
    probability,
    shipped_models,
    with_probabilities,
)
from ocr.extraction.fields import FIELD_NAMES, Candidate
from ocr.extraction.lines import Sheet, sheet_of
from ocr.extraction.page_reading import PageReading
from ocr.reading.document import Box, DocumentText, Page, Word

NOWHERE = Sheet((), ())
CERTAIN = {"bias": 9.0}


def seen(value: str, confidence: float, **more: object) -> Candidate:
    return Candidate(value=value, raw=value, source="text", confidence=confidence, **more)  # type: ignore[arg-type]


def test_the_logistic_model_is_what_it_says() -> None:
    given = probability(weights={"bias": -1.0, "score": 2.0, "lead": 3.0}, features={"score": 0.5, "unknown": 7.0})
    assert given == pytest.approx(1 / (1 + math.exp(0.0)))


def test_no_value_is_certain() -> None:
    assert probability(weights={"bias": 1e9}, features={}) == MOST_SURE


def test_a_rival_close_behind_is_a_small_lead() -> None:
    alone = features_of(candidates=[seen("a", 0.9)], sheet=NOWHERE)
    rivalled = features_of(candidates=[seen("a", 0.9), seen("a", 0.9), seen("b", 0.85)], sheet=NOWHERE)
    assert alone["lead"] > rivalled["lead"] == pytest.approx(0.05)


def test_the_words_of_a_label_do_not_become_features() -> None:
    found = features_of(
        candidates=[seen("a", 0.9, checks_passed=("place:label:verkaufer", "seen_again"))], sheet=NOWHERE
    )
    assert {"label", "seen_again"} <= set(found)
    assert not any("verkaufer" in name for name in found)


def test_a_word_that_the_engine_doubts_makes_its_value_illegible() -> None:
    words = (Word("sure", Box(0, 0, 20, 10), 0.99), Word("4711", Box(30, 0, 50, 10), 0.6))
    sheet = sheet_of(DocumentText(kind="png", pages=(Page(1, 595, 842, "ocr", words),)))
    unsure = Candidate(value="4711", raw="4711", source="ocr", confidence=0.9, page=1, box=Box(30, 0, 50, 10))
    found = features_of(candidates=[unsure], sheet=sheet)
    assert found["illegible"] == pytest.approx(0.4)
    assert found["recognised"] == 1.0


def test_what_failed_a_check_is_never_lifted() -> None:
    failed = seen("a", 0.7, checks_failed=("vat_check_digits",))
    (best,) = calibrated(candidates=[failed], sheet=NOWHERE, weights=CERTAIN)
    assert best.confidence == MOST_WITH_FAILED_CHECK


def test_the_candidates_share_one_probability() -> None:
    found = calibrated(candidates=[seen("a", 0.9), seen("b", 0.8)], sheet=NOWHERE, weights={"bias": 1.0})
    assert [each.value for each in found] == ["a", "b"]
    assert sum(each.confidence for each in found) <= 1.0


def test_every_field_that_is_read_from_pages_has_a_model_in_which_scores_count_for_it() -> None:
    models = shipped_models()
    assert set(models) <= set(FIELD_NAMES)
    assert {"total", "iban", "invoice_number", "seller_name", "due_date", "reference"} <= set(models)
    assert all(weights.get("score", 0.0) >= 0 and weights.get("lead", 0.0) >= 0 for weights in models.values())


def test_a_total_that_nothing_proves_is_not_given_where_its_label_leaves_doubt() -> None:
    def given(**more: object) -> float:
        page = PageReading(candidates={"total": (seen("100.00", 0.7, **more),)})
        return with_probabilities(page=page, models={"total": CERTAIN}).candidates["total"][0].confidence

    assert given() <= MOST_WITH_FAILED_CHECK
    assert given(checks_passed=("sum_of_lines",)) == MOST_SURE
