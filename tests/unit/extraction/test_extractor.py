from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.extraction.acceptance import accepted
from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import FIELD_NAMES, InvoiceFields, KnownPayer
from ocr.reading.document import Box, CodeWitness, DocumentText, PageSource, Word
from tests.unit.extraction.typesetting import GERMAN_INVOICE, Row, changed, document_of, row

TODAY = date(2026, 3, 10)
NOBODY = KnownPayer()


def read(document: DocumentText, *, payer: KnownPayer = NOBODY, today: date = TODAY) -> InvoiceFields:
    return extract_fields(document=document, payer=payer, today=today)


def read_rows(*pages: list[Row], payer: KnownPayer = NOBODY) -> InvoiceFields:
    return read(document_of(*pages), payer=payer)


def codes(fields: InvoiceFields) -> set[str]:
    return {warning.code for warning in fields.warnings}


def test_every_field_of_an_ordinary_invoice_is_read() -> None:
    fields = read_rows(GERMAN_INVOICE)
    assert {name: fields.value(name) for name in FIELD_NAMES} == {
        "total": "1471.60",
        "customer_name": "Birkenhof Handels AG",
        "customer_email": None,
        "currency_code": "EUR",
        "currency_symbol": "€",
        "due_date": "2026-04-01",
        "subtotal": "1236.64",
        "sales_tax_percentage": "19",
        "sales_tax_amount": "234.96",
        "invoice_number": "AW-2026-0815",
        "reference": "AW-2026-0815",
        "bic": "COBADEFFXXX",
        "iban": "DE89370400440532013000",
        "seller_name": "Ahornwerk GmbH",
        "seller_vat_id": "DE136695976",
        "seller_email": "info@ahornwerk.example",
        "seller_address": "Lindenallee 7, 20095 Hamburg",
        "issue_date": "2026-03-02",
    }
    assert fields.warnings == ()
    assert accepted(fields)


def test_readings_stand_in_the_order_of_the_field_names_even_for_an_empty_document() -> None:
    fields = read(DocumentText(kind="pdf", pages=()))
    assert tuple(reading.name for reading in fields.readings) == FIELD_NAMES
    assert all(reading.value is None for reading in fields.readings)
    assert not accepted(fields)


def test_a_value_names_its_page_box_and_source() -> None:
    total = read_rows([row("Anlage")], GERMAN_INVOICE).reading("total").chosen
    assert total is not None
    assert (total.page, total.source, total.raw) == (2, "text", "1.471,60")
    assert total.box is not None
    assert total.box.x0 == pytest.approx(490.0)


def test_a_due_date_from_payment_terms_is_marked_as_derived() -> None:
    due = read_rows(GERMAN_INVOICE).reading("due_date")
    assert due.chosen is not None
    assert due.chosen.source == "derived"
    assert "30 Tagen" in due.note


def test_reading_twice_gives_the_same() -> None:
    assert read_rows(GERMAN_INVOICE) == read_rows(GERMAN_INVOICE)


def test_the_known_payer_is_never_the_seller() -> None:
    fields = read_rows(GERMAN_INVOICE, payer=KnownPayer(names=("Ahornwerk GmbH",)))
    assert fields.value("seller_name") != "Ahornwerk GmbH"


def test_the_payers_own_account_is_never_the_one_to_pay_to() -> None:
    fields = read_rows(GERMAN_INVOICE, payer=KnownPayer(ibans=("DE89 3704 0044 0532 0130 00",)))
    assert fields.value("iban") is None
    assert "iban_is_own_account" in codes(fields)
    assert not accepted(fields)


def test_an_invoice_for_somebody_else_is_told() -> None:
    ours = read_rows(GERMAN_INVOICE, payer=KnownPayer(names=("Birkenhof Handels-AG",)))
    assert "billed_to_someone_else" not in codes(ours)
    theirs = read_rows(GERMAN_INVOICE, payer=KnownPayer(names=("Kastanienhof SE",)))
    assert "billed_to_someone_else" in codes(theirs)
    assert not accepted(theirs)


def test_an_invoice_on_which_no_buyer_was_read_and_the_payer_stands_nowhere_is_told() -> None:
    rows = [row("Ahornwerk GmbH"), row("Rechnung Nr. 4711"), row("IBAN DE89 3704 0044 0532 0130 00")]
    payer = KnownPayer(names=("Kastanienhof SE",), emails=("rechnungen@kastanienhof.example",))
    assert "billed_to_someone_else" in codes(read_rows(rows, payer=payer))
    assert "billed_to_someone_else" not in codes(read_rows(rows[:2], payer=payer))
    named = (row("Lieferung an Kastanienhof, Lager 2"), row("Versandt an rechnungen@kastanienhof.example"))
    for each in named:
        assert "billed_to_someone_else" not in codes(read_rows([*rows, each], payer=payer))


def test_a_due_date_in_the_past_is_told_but_alone_does_not_hold_the_invoice_back() -> None:
    fields = read(document_of(GERMAN_INVOICE), today=date(2026, 5, 1))
    assert codes(fields) == {"overdue"}
    assert accepted(fields)


def test_amounts_that_do_not_add_up_are_left_empty_with_a_warning() -> None:
    fields = read_rows(changed(GERMAN_INVOICE, {"1.471,60": "1.571,60"}))
    assert fields.value("total") is None
    assert "amounts_do_not_add_up" in codes(fields)
    assert "1571.60" in {each.value for each in fields.reading("total").runners_up}


def test_two_accounts_without_a_sign_which_one_to_use_give_none() -> None:
    rows = [*GERMAN_INVOICE, row((200, "IBAN: DE02 1203 0000 0000 2020 51"))]
    fields = read_rows(rows)
    assert fields.value("iban") is None
    assert "several_ibans" in codes(fields)
    assert len(fields.reading("iban").runners_up) == 2


def test_an_account_in_another_country_than_the_sellers_tax_number_is_told() -> None:
    rows = changed(GERMAN_INVOICE, {"DE89 3704 0044 0532 0130 00": "NL91 ABNA 0417 1643 00", "COBADEFFXXX": "ABNANL2A"})
    fields = read_rows(rows)
    assert fields.value("iban") == "NL91ABNA0417164300"
    assert "iban_country_mismatch" in codes(fields)


def test_a_bic_of_another_country_than_the_iban_is_not_given() -> None:
    fields = read_rows(changed(GERMAN_INVOICE, {"COBADEFFXXX": "ABNANL2A"}))
    assert fields.value("bic") is None
    assert "bic_iban_mismatch" in codes(fields)


def test_a_credit_note_is_negative() -> None:
    fields = read_rows(changed(GERMAN_INVOICE, {"Rechnungsnummer": "Gutschrift Nr.", "Rechnung": "Gutschrift"}))
    assert fields.document_type == "credit_note"
    assert fields.value("total") == "-1471.60"
    assert fields.value("sales_tax_amount") == "-234.96"
    assert fields.tax_breakdown == () or all((line.amount or Decimal(0)) < 0 for line in fields.tax_breakdown)
    assert not accepted(fields)


def giro_code(*, iban: str = "DE89370400440532013000", amount: str = "EUR1471.60") -> CodeWitness:
    lines = ["BCD", "002", "1", "SCT", "COBADEFFXXX", "Ahornwerk GmbH", iban, amount, "", "", "AW-2026-0815"]
    return CodeWitness(page=1, box=Box(400, 600, 480, 680), symbology="QRCode", text="\n".join(lines))


def test_a_code_that_agrees_with_the_page_confirms_it() -> None:
    fields = read(replace(document_of(GERMAN_INVOICE), codes=(giro_code(),)))
    chosen = fields.reading("iban").chosen
    assert chosen is not None
    assert chosen.source == "qr"
    assert chosen.confidence >= 0.99
    assert "sources_agree" in chosen.checks_passed
    assert accepted(fields)


def test_a_code_with_another_account_than_the_page_leaves_the_field_empty() -> None:
    fields = read(replace(document_of(GERMAN_INVOICE), codes=(giro_code(iban="DE02120300000000202051"),)))
    reading = fields.reading("iban")
    assert reading.value is None
    assert {each.value for each in reading.runners_up} == {"DE02120300000000202051", "DE89370400440532013000"}
    assert "sources_disagree" in codes(fields)
    assert not accepted(fields)


def test_a_code_with_another_amount_than_the_page_leaves_the_total_empty() -> None:
    fields = read(replace(document_of(GERMAN_INVOICE), codes=(giro_code(amount="EUR9999.00"),)))
    assert fields.value("total") is None
    assert "sources_disagree" in codes(fields)


def test_words_of_an_engine_are_marked_as_such() -> None:
    chosen = read(document_of(GERMAN_INVOICE, source="ocr")).reading("total").chosen
    assert chosen is not None
    assert chosen.source == "ocr"


def test_a_document_without_an_account_is_never_accepted() -> None:
    fields = read_rows(changed(GERMAN_INVOICE, {"IBAN: DE89 3704 0044 0532 0130 00": "Bar bezahlt"}))
    assert fields.value("iban") is None
    assert not accepted(fields)


def test_a_page_of_noise_is_read_without_an_error() -> None:
    noise = [row(text) for text in ("", "|||", "....", "0" * 400, "1.2.3.4.5.6", "€€€", "%%", "-", "DE", "DE00", "()")]
    fields = read_rows(noise)
    assert fields.value("iban") is None
    assert fields.value("total") is None


def test_a_huge_page_is_cut_and_still_read() -> None:
    document = document_of(GERMAN_INVOICE)
    filler = tuple(Word(f"w{place % 97}", Box(50, 700, 60, 710)) for place in range(30_000))
    pages = (document.pages[0], replace(document.pages[0], number=2, words=filler))
    assert read(replace(document, pages=pages)).value("invoice_number") == "AW-2026-0815"


CELLS = st.one_of(
    st.sampled_from(
        [
            "Total",
            "Summe netto",
            "MwSt. 19 %",
            "IBAN",
            "DE89 3704 0044 0532 0130 00",
            "BIC",
            "Rechnung Nr.",
            "Bill to",
            "Firma",
            "zahlbar bis",
            "30 Tage netto",
            "01/02/2026",
            "12.345,67 €",
            "1.234",
            "VAT",
            "Acme GmbH",
            "12345 Town",
            "+++",
            "RF18",
        ]
    ),
    st.text(max_size=25),
)
ROWS = st.lists(st.tuples(st.sampled_from([50.0, 200.0, 400.0]), CELLS).map(lambda cell: (cell,)), max_size=25)


@settings(max_examples=60)
@given(rows=ROWS, source=st.sampled_from(["text", "ocr"]))
def test_no_page_breaks_the_extraction_and_no_iban_is_ever_invented(rows: list[Row], source: PageSource) -> None:
    fields = read(document_of(rows, source=source))
    assert fields.value("iban") in {None, "DE89370400440532013000"}
    assert tuple(reading.name for reading in fields.readings) == FIELD_NAMES
