"""Accounts in text that nobody can see: told of, and never taken."""

from dataclasses import replace

import pytest

from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import InvoiceFields, KnownPayer
from ocr.reading.document import PageSource
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import document_of, row

SEEN, HIDDEN = "DE89 3704 0044 0532 0130 00", "GB82 WEST 1234 5698 7654 32"


def read(*unseen: str, seen: str = SEEN, source: PageSource = "text") -> InvoiceFields:
    document = document_of([row("Rechnung Nr. 4711"), row(f"IBAN {seen}")], source=source)
    page = replace(document.pages[0], unseen=unseen)
    return extract_fields(document=replace(document, pages=(page,)), payer=KnownPayer(), today=TODAY)


def warned(fields: InvoiceFields) -> bool:
    return any(warning.code == "hidden_text" for warning in fields.warnings)


@pytest.mark.parametrize(
    "unseen", [(f"IBAN: {HIDDEN}",), ("IBAN GB82 WEST 1234", "5698 7654 32"), ("gb82west12345698765432",)]
)
def test_a_hidden_account_is_told_of_and_not_taken(unseen: tuple[str, ...]) -> None:
    fields = read(*unseen)

    assert warned(fields)
    assert fields.value("iban") == SEEN.replace(" ", "")


@pytest.mark.parametrize("unseen", [(SEEN,), ("Seite 1 von 2, 19.10.2026",), ("IBAN GB82 WEST 1234 5698 7654 33",), ()])
def test_what_the_page_shows_as_well_and_what_is_no_account_is_not_told_of(unseen: tuple[str, ...]) -> None:
    assert not warned(read(*unseen))


def test_a_scan_whose_hidden_layer_is_right_where_the_engine_was_not_is_no_forgery() -> None:
    assert not warned(read(SEEN, seen="DE89 3704 0044 0532 0180 00", source="ocr"))


def test_an_account_that_is_nearly_the_one_on_a_scan_is_told_of_where_both_hold() -> None:
    assert warned(read("IBAN DE45 3704 0044 0532 0103 00", source="ocr"))
