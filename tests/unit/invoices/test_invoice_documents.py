"""An invoice that was written here comes back from the reading as it was written, with its e-invoice and without."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pymupdf
import pytest

from benchmarks.written.reading_back import pages_alone, said
from invoices.rendering.bill import Bill, Place
from invoices.rendering.pdf import invoice_pdf
from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import InvoiceFields, KnownPayer
from ocr.reading.document import DocumentText
from ocr.reading.limits import ReadingLimits
from ocr.reading.reader import read_document
from tests.unit.invoices.bills import BILLS, BUYER, GERMAN, SWISS, a_bill, a_swiss_bill, named

ARABIC = "شركة النور للتجارة"


def read(pdf: bytes, bill: Bill) -> tuple[DocumentText, InvoiceFields]:
    document = read_document(content=pdf, limits=ReadingLimits(), engine_name="none")
    return document, extract_fields(document=document, payer=KnownPayer(), today=bill.issue_date, strictness="balanced")


@pytest.mark.parametrize("name", BILLS)
def test_a_written_invoice_is_read_back(name: str) -> None:
    bill = BILLS[name]
    document, fields = read(invoice_pdf(bill), bill)
    assert [xml.name for xml in document.xml] == ["factur-x.xml"]
    assert {field: fields.value(field) for field in said(bill)} == said(bill)
    assert fields.warnings == ()


@pytest.mark.parametrize("name", BILLS)
def test_its_pages_say_the_same_as_its_e_invoice(name: str) -> None:
    bill = BILLS[name]
    document, fields = read(pages_alone(bill), bill)
    assert document.xml == ()
    assert {field: fields.value(field) for field in said(bill)} == said(bill)
    assert fields.warnings == ()


@pytest.mark.parametrize("name", ["EPC code", "Swiss, QR reference", "Japanese buyer", "forty items"])
def test_the_same_bill_gives_the_same_bytes(name: str) -> None:
    assert invoice_pdf(BILLS[name]) == invoice_pdf(replace(BILLS[name]))


def test_documents_drawn_at_once_do_not_disturb_each_other() -> None:
    bills = [BILLS[name] for name in ("Cyrillic buyer", "Greek seller", "Japanese buyer", "Polish seller")] * 6
    alone = [invoice_pdf(bill) for bill in bills]
    with ThreadPoolExecutor(max_workers=8) as pool:
        assert list(pool.map(invoice_pdf, bills)) == alone


@pytest.mark.parametrize("name", ["forty items", "Swiss, forty items"])
def test_forty_items_take_pages_and_none_is_lost(name: str) -> None:
    with pymupdf.open(stream=invoice_pdf(BILLS[name])) as document:
        pages = [page.get_text() for page in document]
        assert all(page.rect.contains(word[:4]) for page in document for word in page.get_text("words"))
    assert len(pages) > 2
    assert all("Unit price" in page for page in pages[:2])
    assert all(f"Shelf {n}\n" in "".join(pages) or f"Shelf {n} with" in "".join(pages) for n in range(1, 41))


def test_an_invoice_of_nothing_has_no_code_and_is_read_back_from_its_e_invoice() -> None:
    bill = a_bill(items=(("Sample", "", "1", "0"),), vat="0")
    document, fields = read(invoice_pdf(bill), bill)
    assert document.codes == ()
    assert {field: fields.value(field) for field in said(bill)} == said(bill)


def test_a_name_in_letters_that_must_be_joined_is_printed_in_latin_ones_and_kept_in_the_e_invoice() -> None:
    bill = a_bill(buyer=named(BUYER, ARABIC))
    _, fields = read(invoice_pdf(bill), bill)
    assert fields.value("customer_name") == ARABIC
    with pymupdf.open(stream=invoice_pdf(bill)) as document:
        assert "shrkh lnwr lltjrh" in document[0].get_text()


def test_texts_of_any_length_stay_on_their_pages() -> None:
    endless = "Wort" * 60
    items = ((endless, f"{endless} " * 20, "123456789012.123456", "99999.99"),)
    party = replace(SWISS, name=endless, place=replace(BUYER.place, street=endless) if BUYER.place else None)
    bill = a_swiss_bill(seller=party, buyer=party, items=items, description=endless * 5)
    with pymupdf.open(stream=invoice_pdf(bill)) as document:
        assert all(page.rect.contains(word[:4]) for page in document for word in page.get_text("words"))


def test_markup_in_names_stays_text() -> None:
    bill = a_bill(seller=named(GERMAN, "A & B <i>]]></i> (GmbH) \\"), number='"1" & <2>', reference="&amp; 5%")
    _, fields = read(invoice_pdf(bill), bill)
    assert fields.value("seller_name") == bill.seller.name
    assert fields.amount("total") == bill.total != Decimal(0)


@pytest.mark.parametrize(
    ("place", "printed"),
    [
        (Place("12 Mill Lane", "LS1 4AP", "Leeds", country="GB"), "Leeds LS1 4AP, GB"),
        (Place("1 Main St", "10001", "New York", "NY", "US"), "New York NY 10001, US"),
        (Place("Langgasse 3", "8001", "Zürich", "ZH", "CH"), "8001 Zürich, ZH, CH"),
        (Place(country="KW"), "KW"),
    ],
)
def test_an_address_is_written_as_its_country_writes_it(place: Place, printed: str) -> None:
    with pymupdf.open(stream=invoice_pdf(a_bill(buyer=replace(BUYER, place=place)))) as document:
        assert printed in document[0].get_text().splitlines()
