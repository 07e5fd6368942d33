"""The benchmark of the review page: its documents say what it relies on, and its tables what was counted."""

from datetime import date

import pymupdf

from benchmarks.review.clearing import RIGHT, VERIFIED, WRONG, Cleared
from benchmarks.review.documents import MOST_SUPPLIERS, Bill, bound, drawn, invented_iban, seller_name
from benchmarks.review.report import chart, page, tables
from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import KnownPayer
from ocr.reading.limits import ReadingLimits
from ocr.reading.reader import read_document

DONE = {
    "all is right": {
        "mouse": [Cleared(clicks=1, keys=0, seconds=0.5), Cleared(clicks=2, keys=0, seconds=0.9)],
        "keys": [Cleared(clicks=0, keys=2, seconds=0.4)],
    },
    "changed IBAN": {
        "mouse": [Cleared(clicks=6, keys=26, seconds=15.0, second_clicks=3, second_keys=26)],
        "keys": [Cleared(clicks=0, keys=90, seconds=16.0, second_keys=62)],
    },
}
WAITED = {"open again": [300.0, 310.0, 500.0]}


def test_the_tables_count_the_longest_way_and_the_second_person_apart() -> None:
    told = [[cell.strip() for cell in line.split("|")[1:-1]] for line in tables(done=DONE, waited=WAITED).splitlines()]

    assert ["all is right", "3", "2 clicks", "0.7", "2 keys", "0.4"] in told
    assert ["changed IBAN", "2", "6 clicks and 26 keys", "15.0", "90 keys", "16.0"] in told
    assert ["… of these the second person's", "2", "3 clicks and 26 keys", "", "62 keys", ""] in told
    assert ["open again", "3", "310", "500"] in told


def test_the_page_and_its_chart_are_whole() -> None:
    written = page(told=tables(done=DONE, waited=WAITED), machine="two cores")

    assert "{" not in written
    assert f"({len(VERIFIED)} letters here)" in written
    assert "310 / 500" in chart(WAITED)


def test_names_and_accounts_of_the_suppliers_differ() -> None:
    numbers = range(MOST_SUPPLIERS)
    accounts = [invented_iban(number + more) for number in numbers for more in (0, 1000)]

    assert len({seller_name(number)[:4] for number in numbers}) == MOST_SUPPLIERS
    assert len(set(accounts)) == 2 * MOST_SUPPLIERS


def test_the_wrong_field_is_wrong_and_the_right_word_stands_on_the_page() -> None:
    bill = Bill(seller_name(3), "2026-4103", 50_000, invented_iban(3), WRONG, f"Neu: {RIGHT}")
    content = drawn(bill, buyer="Aldermoor Trading GmbH", day=date(2026, 11, 29))

    document = read_document(content=content, limits=ReadingLimits(), engine_name="rapidocr")
    payer = KnownPayer(names=("Aldermoor Trading GmbH",))
    fields = extract_fields(document=document, payer=payer, today=date(2026, 11, 29))

    assert fields.value("reference") == WRONG
    assert (fields.value("total"), fields.value("iban")) == ("595.00", bill.iban)
    assert RIGHT in [word.text for word in document.pages[0].words]


def test_ten_pages_are_bound_together() -> None:
    with pymupdf.open("pdf", bound(pages=3, seed=1)) as pdf:
        assert len(pdf) == 3
        assert all(each.get_text().strip() for each in pdf)
