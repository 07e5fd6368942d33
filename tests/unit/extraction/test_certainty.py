from collections.abc import Mapping

import pytest

from customers.sentences import Sentence
from ocr.extraction.certainty import LOW_CONFIDENCE, certainty, doubted
from ocr.extraction.fields import (
    FIELD_NAMES,
    Candidate,
    DocumentWarning,
    FieldName,
    FieldReading,
    InvoiceFields,
)
from ocr.extraction.thresholds import least_unseen


def fields_of(
    confidences: Mapping[str, float] | None = None, warnings: tuple[DocumentWarning, ...] = (), **more: float
) -> InvoiceFields:
    """Every named field with a value of that confidence, the others empty."""
    confidences = {**(confidences or {}), **more}
    readings: list[FieldReading] = []
    for name in FIELD_NAMES:
        confidence = confidences.get(name)
        chosen = None if confidence is None else Candidate(value="x", raw="x", source="text", confidence=confidence)
        readings.append(FieldReading(name, chosen))
    return InvoiceFields(readings=tuple(readings), warnings=warnings)


def doubts_of(fields: InvoiceFields) -> list[FieldName | None]:
    return [
        each.field for each in doubted(fields=fields, strictness="balanced").warnings if each.code == LOW_CONFIDENCE
    ]


def test_values_that_are_sure_together_leave_no_doubt() -> None:
    assert doubts_of(fields_of(total=0.99, iban=0.999, invoice_number=0.98)) == []


def test_only_the_least_sure_values_are_doubted() -> None:
    assert doubts_of(fields_of(total=0.99, iban=0.999, invoice_number=0.63, seller_name=0.6)) == [
        "seller_name",
        "invoice_number",
    ]


def test_many_values_that_are_nearly_sure_are_not_sure_together() -> None:
    each = 0.94
    names = ("total", "subtotal", "sales_tax_amount", "iban", "bic", "invoice_number", "due_date", "seller_name")
    fields = fields_of(dict.fromkeys(names, each))
    assert certainty(fields) == pytest.approx(each ** len(names))
    assert certainty(fields) < least_unseen("balanced")
    assert len(doubts_of(fields)) > 0


def test_an_empty_field_and_what_is_only_evidence_are_no_doubt() -> None:
    assert doubts_of(fields_of(total=0.99, seller_address=0.1, currency_symbol=0.1)) == []


def test_a_value_that_a_person_confirmed_is_no_longer_doubted() -> None:
    earlier = DocumentWarning(LOW_CONFIDENCE, Sentence("The total is unsure."), "total")
    assert doubts_of(fields_of(total=1.0, iban=0.999, warnings=(earlier,))) == []


def test_other_warnings_stay() -> None:
    other = DocumentWarning("overdue", Sentence("It was due."), "due_date")
    assert doubted(fields=fields_of(total=0.99, warnings=(other,)), strictness="balanced").warnings == (other,)


def test_strictness_asks_for_more() -> None:
    fields = fields_of(total=0.7)
    assert [
        len(doubted(fields=fields, strictness=strictness).warnings) for strictness in ("strict", "balanced", "eager")
    ] == [1, 0, 0]
