"""A customer's own name, misread or cut short by an engine, is spelt as the customer spells it."""

from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import FieldReading, KnownPayer
from ocr.reading.document import PageSource
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import Row, document_of, row


def customer(*, name: tuple[float, str] | str, source: PageSource, payer: str, also: Row = ()) -> FieldReading:
    rows = [
        row("Ahornwerk GmbH · Lindenallee 7 · 20095 Hamburg"),
        row(name),
        *([also] if also else []),
        row("Marktstr. 12"),
        row("80331 München"),
        row("Rechnung 4711"),
        row("Gesamtbetrag 12,00 EUR"),
    ]
    fields = extract_fields(
        document=document_of(rows, source=source), payer=KnownPayer(names=(payer,)), today=TODAY, strictness="eager"
    )
    return fields.reading("customer_name")


def test_a_misread_twin_is_put_right_and_the_reading_is_kept() -> None:
    reading = customer(name="APlhof Handels GmbH", source="ocr", payer="APIhof Handels GmbH")
    assert reading.value == "APIhof Handels GmbH"
    assert reading.chosen is not None
    assert reading.chosen.raw == "APlhof Handels GmbH"
    assert "place:spelt_as_known" in reading.chosen.checks_passed


def test_a_name_whose_end_was_torn_off_is_whole_again() -> None:
    reading = customer(name="Theodora", also=row((320, "Birke")), source="ocr", payer="Theodora Birke")
    assert reading.value == "Theodora Birke"


def test_what_is_not_on_the_page_is_not_added() -> None:
    assert customer(name="Theodora", source="ocr", payer="Theodora Birke").value != "Theodora Birke"


def test_another_name_and_a_printed_one_stay() -> None:
    assert customer(name="Apfelhof Handels GmbH", source="ocr", payer="Birnhof GmbH").value == "Apfelhof Handels GmbH"
    printed = customer(name="APlhof Handels GmbH", source="text", payer="APIhof Handels GmbH")
    assert printed.value == "APlhof Handels GmbH"
