"""What counts as the same value, and what does not."""

import pytest

from ocr.evaluation.comparison import expected, fails_its_check, is_same
from ocr.extraction.fields import FieldName


@pytest.mark.parametrize(
    ("name", "value", "truth"),
    [
        ("total", "440.0", "440.00"),
        ("sales_tax_percentage", "19.00", "19"),
        ("sales_tax_amount", "0.00", "0"),
        ("iban", "DE02 1203 0000 0000 2020 51", "DE02120300000000202051"),
        ("bic", "ELZSDEHHXXX", "ELZSDEHH"),
        ("seller_vat_id", "CHE-106.017.086 MWST", "CHE106017086"),
        ("seller_vat_id", "BE 0123.456.789", "BE123456789"),
        ("invoice_number", "re 2026-17", "RE2026-17"),
        ("seller_email", "Bills@Acme.example", "bills@acme.example"),
        ("seller_name", "ACME  S.p.A.", "Acme SpA"),
        ("seller_name", "Söhne & Łódź GmbH", "SOHNE & LODZ GmbH"),
    ],
)
def test_writing_alone_makes_no_other_value(name: FieldName, value: str, truth: str) -> None:
    assert is_same(name=name, value=value, truth=truth)


@pytest.mark.parametrize(
    ("name", "value", "truth"),
    [
        ("total", "440.00", "4400.00"),
        ("total", "440,00", "440.00"),
        ("due_date", "2026-05-11", "2026-11-05"),
        ("bic", "ELZSDEHH123", "ELZSDEHH"),
        ("invoice_number", "RE-17", "RE17"),
        ("reference", "0017", "17"),
        ("seller_name", "Acme", "Acme Ltd"),
        ("seller_name", "Acme Ltd", "Acme Holding Ltd"),
        ("seller_name", "Acme GmbH", "Acme AG"),
        ("currency_code", "USD", "EUR"),
    ],
)
def test_another_value_is_another_value(name: FieldName, value: str, truth: str) -> None:
    assert not is_same(name=name, value=value, truth=truth)


def test_an_account_that_fails_its_check_digits_has_no_right_value_but_none() -> None:
    assert expected(name="iban", values=["DE12123456789012345678"]).values == ()
    assert expected(name="iban", values=["DE02120300000000202051"]).values == ("DE02120300000000202051",)


def test_a_vat_number_that_fails_its_check_is_still_what_the_document_states() -> None:
    assert expected(name="seller_vat_id", values=["DE123456780"]).values == ("DE123456780",)
    assert fails_its_check(name="seller_vat_id", values=["DE123456780"])
    assert not fails_its_check(name="seller_vat_id", values=["DE123456780", "DE136695976"])
    assert not fails_its_check(name="total", values=["1"])
