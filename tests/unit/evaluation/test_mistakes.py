"""What kind of mistake it is."""

import pytest

from ocr.evaluation.comparison import expected
from ocr.evaluation.mistakes import REMEDIES, kind_of_empty, kind_of_wrong
from ocr.extraction.fields import FieldName

TRUE: dict[FieldName, str] = {
    "total": "1190.00",
    "subtotal": "1000.00",
    "due_date": "2026-11-05",
    "issue_date": "2026-10-06",
    "invoice_number": "RE-2026-17",
    "seller_name": "Acme Werkzeugbau GmbH",
    "customer_name": "Example AG",
    "iban": "DE12123456789012345678",
}
TRUTHS = {name: expected(name=name, values=[value]) for name, value in TRUE.items()}


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("total", "1000.00", "value of another field"),
        ("total", "1.19", "separators"),
        ("total", "1790.00", "misread"),
        ("due_date", "2026-05-11", "day and month swapped"),
        ("due_date", "2026-10-06", "value of another field"),
        ("invoice_number", "2026-17", "more or less than the value"),
        ("invoice_number", "RE-2026-77", "misread"),
        ("invoice_number", "KD-4711", "another value"),
        ("seller_name", "Acme Werkzeugbau", "more or less than the value"),
        ("seller_name", "Example AG", "value of another field"),
        ("iban", "DE02120300000000202051", "impossible account given"),
    ],
)
def test_a_wrong_value_is_told_by_its_likeness(name: FieldName, value: str, kind: str) -> None:
    assert kind_of_wrong(name=name, value=value, truths=TRUTHS) == kind
    assert kind in REMEDIES


@pytest.mark.parametrize(
    ("runners_up", "kind"),
    [
        ([], "not found"),
        (["1000.00", "1190.0"], "seen, not trusted"),
        (["1000.00"], "another value seen, not trusted"),
    ],
)
def test_an_empty_field_is_told_by_what_was_seen(runners_up: list[str], kind: str) -> None:
    assert kind_of_empty(name="total", truth=TRUTHS["total"], runners_up=runners_up) == kind
    assert kind in REMEDIES


def test_a_number_that_cannot_be_is_told_apart() -> None:
    truth = expected(name="seller_vat_id", values=["DE123456780"])
    assert kind_of_empty(name="seller_vat_id", truth=truth, runners_up=[]) == "fails its check"
    assert "fails its check" in REMEDIES
