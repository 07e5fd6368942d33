from dataclasses import replace

from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import Candidate, InvoiceFields, KnownPayer
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import Row, document_of, row

STRIP = 240.0
TILL: list[Row] = [
    row((100, "AHORN MARKT")),
    row((95, "Lindenallee 7")),
    row((100, "20095 Hamburg")),
    row((90, "Tel. 040 123456")),
    row("Schrauben M4", (180, "2,49")),
    row("Dübel 6 mm", (180, "1,99")),
    row("SUMME EUR", (180, "4,48")),
    row("Bar", (180, "5,00")),
    row("Ihr Ahorn Markt sagt danke"),
]


def read(*rows: Row, width: float = 595.0) -> InvoiceFields:
    document = document_of(list(rows))
    document = replace(document, pages=tuple(replace(page, width=width) for page in document.pages))
    return extract_fields(document=document, payer=KnownPayer(), today=TODAY)


def seller(*rows: Row, width: float = 595.0) -> Candidate:
    reading = read(*rows, width=width).reading("seller_name")
    return next(each for each in (reading.chosen, *reading.runners_up) if each)


def marks(*rows: Row, width: float = 595.0) -> set[str]:
    return {check.removeprefix("place:") for check in seller(*rows, width=width).checks_passed}


def test_a_shops_name_at_the_head_of_a_till_strip_is_marked_as_such() -> None:
    assert seller(*TILL, width=STRIP).value == "AHORN MARKT"
    assert {"till_strip", "seen_again"} <= marks(*TILL, width=STRIP)


def test_a_till_strip_names_no_buyer_in_an_address_without_heading() -> None:
    reading = read(*TILL, width=STRIP).reading("customer_name")
    assert reading.chosen is None
    assert reading.runners_up == ()


def test_a_page_of_letter_width_is_no_till_strip() -> None:
    assert "till_strip" not in marks(*TILL)
    assert "till_strip" not in marks(*TILL, row((480, "Seite 1 von 1")))


def test_a_line_that_touches_the_name_may_belong_to_it() -> None:
    rows = [row("Ahornwerk am Deich"), row("Lindenhof"), row("Lindenallee 7"), row("20095 Hamburg")]
    assert marks(*rows) & {"line_below", "line_above"}
    assert not marks(row("Ahornwerk"), row(), row(), *rows[2:]) & {"line_below", "line_above"}
