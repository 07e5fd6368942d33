"""A document's fields against its truth."""

from dataclasses import replace

import pytest

from customers.sentences import Sentence
from ocr.evaluation.comparison import expected
from ocr.evaluation.scoring import ScoredDocument, Subject, acceptance_score, score
from ocr.extraction.fields import (
    FIELD_NAMES,
    Candidate,
    DocumentWarning,
    FieldName,
    FieldReading,
    InvoiceFields,
)

SUBJECT = Subject(id="a-17", group="acme")
READ: dict[FieldName, tuple[str, float]] = {
    "total": ("119.00", 0.97),
    "currency_code": ("EUR", 0.95),
    "iban": ("DE02120300000000202051", 0.99),
    "invoice_number": ("RE-17", 0.91),
    "seller_name": ("Acme GmbH", 0.93),
}


def fields_of(values: dict[FieldName, tuple[str, float]]) -> InvoiceFields:
    return InvoiceFields(
        tuple(
            FieldReading(name, Candidate(values[name][0], values[name][0], "text", values[name][1]))
            if name in values
            else FieldReading(name)
            for name in FIELD_NAMES
        )
    )


def scored(truth: dict[FieldName, str], fields: InvoiceFields | None) -> ScoredDocument:
    known = {name: expected(name=name, values=[value]) for name, value in truth.items()}
    return score(subject=SUBJECT, truth=known, fields=fields)


def outcomes(document: ScoredDocument) -> dict[str, str]:
    return {field.name: field.outcome for field in document.fields}


def test_fields_are_right_wrong_or_empty_and_what_is_unknown_does_not_count() -> None:
    document = scored({"total": "119", "invoice_number": "RE-18", "bic": "ELZSDEHH"}, fields_of(READ))
    assert outcomes(document) == {"total": "right", "invoice_number": "wrong", "bic": "empty"}


def test_an_accepted_document_with_a_wrong_field_is_a_false_success() -> None:
    assert scored({"invoice_number": "RE-18"}, fields_of(READ)).is_false_success
    assert not scored({"invoice_number": "RE-17"}, fields_of(READ)).is_false_success


def test_an_address_makes_no_false_success() -> None:
    fields = fields_of({**READ, "seller_address": ("Elsewhere 1", 0.9)})
    document = scored({"seller_address": "Main Street 1"}, fields)
    assert outcomes(document) == {"seller_address": "wrong"}
    assert document.is_accepted
    assert not document.is_false_success


def test_a_document_that_could_not_be_read_has_only_empty_fields() -> None:
    document = scored({"total": "119.00", "iban": "DE12123456789012345678"}, None)
    assert outcomes(document) == {"total": "empty", "iban": "empty"}
    assert not document.is_accepted


def test_leaving_an_impossible_account_empty_is_right_and_giving_one_is_wrong() -> None:
    without: dict[FieldName, tuple[str, float]] = {name: READ[name] for name in READ if name != "iban"}
    truth: dict[FieldName, str] = {"iban": "DE12123456789012345678"}
    assert outcomes(scored(truth, fields_of(without))) == {"iban": "right"}
    assert outcomes(scored(truth, fields_of(READ))) == {"iban": "wrong"}


def test_the_acceptance_score_is_the_probability_that_all_values_are_right() -> None:
    assert acceptance_score(fields_of(READ)) == pytest.approx(0.97 * 0.95 * 0.99 * 0.91 * 0.93)


def test_what_asks_for_a_person_leaves_no_acceptance_score() -> None:
    fields = fields_of(READ)
    assert acceptance_score(fields_of({name: READ[name] for name in READ if name != "iban"})) == 0
    assert acceptance_score(replace(fields, document_type="credit_note")) == 0
    assert acceptance_score(replace(fields, warnings=(DocumentWarning("several_ibans", Sentence("Two.")),))) == 0
    assert acceptance_score(replace(fields, warnings=(DocumentWarning("overdue", Sentence("Late.")),))) > 0
