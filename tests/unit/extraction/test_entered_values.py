"""What people type or take from the page becomes the value that extraction would give."""

import pytest

from ocr.extraction.entered_values import Conventions, NotUnderstood, conventions_of, entered_value
from ocr.extraction.fields import FieldName
from tests.unit.extraction.typesetting import GERMAN_INVOICE, document_of


def value(name: FieldName, text: str, *, conventions: Conventions | None = None) -> str:
    return entered_value(name=name, text=text, conventions=lambda: conventions or Conventions(currency="EUR"))


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        ("total", "1.234,50 €", "1234.50"),
        ("total", "1234.5", "1234.50"),
        ("total", "EUR 1 234,50", "1234.50"),
        ("total", "Total: 1'000.--", "1000.00"),
        ("total", "-5,00", "-5.00"),
        ("total", "(9.50)", "-9.50"),
        ("total", "1.234567", "1.234567"),
        ("sales_tax_percentage", "19,0 %", "19"),
        ("due_date", "3. Mai 2026", "2026-05-03"),
        ("due_date", "Due 31.12.26", "2026-12-31"),
        ("issue_date", "2026-05-03", "2026-05-03"),
        ("iban", "IBAN: DE02 1203 0000 0000 2020 51 BIC: BYLADEM1001", "DE02120300000000202051"),
        ("bic", "BIC: BYLADEM1001", "BYLADEM1001"),
        ("seller_vat_id", "USt-IdNr. DE 136 695 976", "DE136695976"),
        ("seller_email", "E-Mail: a@b.example, Tel.", "a@b.example"),
        ("currency_code", "€", "EUR"),
        ("currency_code", "Amount CHF", "CHF"),
        ("reference", "RF18 5390 0754 7034", "RF18539007547034"),
        ("reference", "  Invoice   4711 ", "Invoice 4711"),
        ("seller_name", "Hollow  Oak\nTimber Ltd", "Hollow Oak Timber Ltd"),
    ],
)
def test_what_stands_on_the_page_becomes_the_value(name: FieldName, text: str, meant: str) -> None:
    assert value(name, text) == meant


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("total", "1.234", "two ways"),
        ("total", "none", "no number"),
        ("total", "190,00 19 %", "2 numbers"),
        ("due_date", "03/04/2026", "2026-04-03 or 2026-03-04"),
        ("due_date", "tomorrow", "no date"),
        ("due_date", "1.1.2026 - 31.1.2026", "2 dates"),
        ("iban", "DE02120300000000202052", "check digits"),
        ("iban", "DE02120300000000202051 DE02100500000054540402", "2 of them"),
        ("bic", "BYLADEM", "ISO 9362"),
        ("currency_code", "kr", "SEK"),
        ("currency_code", "coins", "ISO 4217"),
        ("seller_email", "nobody", "address such as"),
        ("seller_name", "x" * 3000, "too long"),
    ],
)
def test_what_is_no_value_is_told_with_what_to_write(name: FieldName, text: str, said: str) -> None:
    with pytest.raises(NotUnderstood, match=said):
        value(name, text)


def test_the_documents_own_way_of_writing_decides_what_a_number_alone_does_not_say() -> None:
    commas = Conventions(mark=",", day_order="day_first", currency="EUR")
    points = Conventions(mark=".", day_order="month_first", currency="KWD")

    assert value("total", "1.234", conventions=commas) == "1234.00"
    assert value("total", "¥1,234", conventions=Conventions(currency="JPY")) == "1234"
    assert value("total", "1.234", conventions=points) == "1.234"
    assert value("due_date", "03/04/2026", conventions=commas) == "2026-04-03"
    assert value("due_date", "03/04/2026", conventions=points) == "2026-03-04"


def test_the_conventions_are_those_of_the_document() -> None:
    conventions = conventions_of(document_of(GERMAN_INVOICE), currency="EUR")

    assert conventions == Conventions(mark=",", day_order="day_first", currency="EUR")
