from datetime import date

import pytest

from ocr.extraction.calendar_dates import find_dates
from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import InvoiceFields, KnownPayer
from ocr.extraction.lines import sheet_of
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import Row, document_of, row


def read(*rows: Row) -> InvoiceFields:
    return extract_fields(document=document_of(list(rows)), payer=KnownPayer(), today=TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15.02.2026", date(2026, 2, 15)),
        ("2026-02-15", date(2026, 2, 15)),
        ("15/02/26", date(2026, 2, 15)),
        ("15. Februar 2026", date(2026, 2, 15)),
        ("15 février 2026", date(2026, 2, 15)),
        ("15 de febrero de 2026", date(2026, 2, 15)),
        ("15th February 2026", date(2026, 2, 15)),
        ("Feb 15, 2026", date(2026, 2, 15)),
        ("15-Feb-26", date(2026, 2, 15)),
        ("15 lutego 2026", date(2026, 2, 15)),
        ("1er août 2026", date(2026, 8, 1)),
    ],
)
def test_a_date_is_read_in_the_forms_of_europe(text: str, expected: date) -> None:
    (found,) = find_dates(sheet_of(document_of([row(text)])))
    assert found.readings == (expected,)


@pytest.mark.parametrize("text", ["32.01.2026", "15.13.2026", "1.2.3.4", "2026-13-01", "12.34", "15.02.1066", "1/2"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert find_dates(sheet_of(document_of([row(text)]))) == []


def test_a_date_whose_day_could_be_its_month_has_two_readings() -> None:
    (found,) = find_dates(sheet_of(document_of([row("03/04/2026")])))
    assert found.readings == (date(2026, 4, 3), date(2026, 3, 4))


def test_another_date_of_the_document_decides_the_order() -> None:
    fields = read(row("Invoice date: 03/04/2026"), row("Order date: 25/03/2026"))
    assert fields.value("issue_date") == "2026-04-03"
    fields = read(row("Invoice date: 03/04/2026"), row("Order date: 03/25/2026"))
    assert fields.value("issue_date") == "2026-03-04"


def test_the_country_decides_where_no_date_does() -> None:
    assert read(row("Invoice date: 03/04/2026"), row("Springfield, IL 62701")).value("issue_date") == "2026-03-04"
    assert read(row("Invoice date: 03/04/2026"), row("VAT ID: GB980780684")).value("issue_date") == "2026-04-03"
    assert read(row("Rechnungsdatum: 03/04/2026")).value("issue_date") == "2026-04-03"


def test_an_undecided_date_is_left_empty_with_a_note() -> None:
    reading = read(row("Invoice date: 03/04/2026")).reading("issue_date")
    assert reading.value is None
    assert "cannot be told apart" in reading.note


def test_the_invoice_date_is_not_the_delivery_or_order_date() -> None:
    fields = read(row("Lieferdatum: 01.02.2026"), row("Bestelldatum: 03.01.2026"), row("Rechnungsdatum: 05.02.2026"))
    assert fields.value("issue_date") == "2026-02-05"


def test_the_due_date_is_not_the_last_day_of_the_discount() -> None:
    fields = read(
        row("Rechnungsdatum: 01.02.2026"),
        row("Bis zum 11.02.2026 erhalten Sie 2 % Skonto - Zahlbar bis 03.03.2026 ohne Abzug"),
    )
    assert fields.value("due_date") == "2026-03-03"


def test_the_end_of_a_service_period_is_no_due_date() -> None:
    fields = read(row("Invoice date: 1 February 2026"), row("Zeitraum vom 01.01.2026 bis zum 31.01.2026"))
    assert fields.value("due_date") is None


@pytest.mark.parametrize(
    "terms",
    [
        "Zahlbar innerhalb 30 Tagen netto",
        "Payment terms: 30 days net",
        "Paiement à 30 jours net",
        "Zahlungskonditionen: 10 Tage 3%, 30 Tage netto",
        "2 % discount within 10 days, payment within 30 days",
        "Betaling binnen 30 dagen",
        "Termin płatności: 30 dni",
    ],
)
def test_a_due_date_is_computed_from_the_terms_and_never_from_the_discount(terms: str) -> None:
    reading = read(row("Date of issue: 1 February 2026"), row(terms)).reading("due_date")
    assert reading.value == "2026-03-03"
    assert reading.chosen is not None
    assert reading.chosen.source == "derived"


def test_an_impossible_due_date_is_not_given() -> None:
    fields = read(row("Invoice date: 1 February 2026"), row("Due date: 1 February 2031"))
    assert fields.value("due_date") is None


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Please pay EUR 12.00 by 14 May 2026.", "2026-05-14"),
        ("Kindly settle the amount no later than 14/05/2026", "2026-05-14"),
        ("Vennligst betal 2.690,60 kr innen 14.05.2026.", "2026-05-14"),
        ("Payable par virement le 14.05.2026.", "2026-05-14"),
        ("Bonifico entro e non oltre il 14/05/2026", "2026-05-14"),
        ("Zahlbar bis 24.04.2026 mit 2 % Skonto (7,80 €), bis 14.05.2026 rein netto.", "2026-05-14"),
        ("Płatne przelewem do 14.05.2026", "2026-05-14"),
        ("The goods were delivered by 14 May 2026.", None),
        ("We paid your deposit; delivery 14 May 2026", None),
    ],
)
def test_a_sentence_that_asks_to_pay_gives_the_due_date(sentence: str, due: str | None) -> None:
    assert read(row("Invoice date: 14 April 2026"), row(), row(sentence)).value("due_date") == due


def test_payment_in_parts_gives_no_due_date_but_a_warning() -> None:
    fields = read(
        row("Invoice date: 14 April 2026"),
        row("Payable in two instalments: 50.00 by 28 April 2026 and 50.00 by 14 May 2026."),
    )
    assert fields.value("due_date") is None
    assert "instalments" in {warning.code for warning in fields.warnings}


def test_the_days_of_a_table_are_not_the_issue_date() -> None:
    fields = read(
        row("Receipt"),
        row("Date", (150, "Description"), (400, "Sum")),
        row("30.04.26", (150, "Accommodation"), (400, "1,200.00")),
        row("01.05.26", (150, "Accommodation"), (400, "1,200.00")),
    )
    assert fields.value("issue_date") is None


def test_a_date_over_the_label_of_another_is_no_day_of_a_table() -> None:
    fields = read(row("Datum"), row("5. Januar 2026"), row("Bestelldatum"), row("6. Dezember 2025"), row("Rechnung 7"))
    assert fields.value("issue_date") == "2026-01-05"


def test_a_printed_stamp_in_the_margin_neither_dates_nor_orders_the_days() -> None:
    rows = [row("23.06.26, 11:09", (300, "Invoice")), row("11/5/26"), row("Total", (300, "$48.00"))]
    document = document_of(rows, top=10.0)
    fields = extract_fields(document=document, payer=KnownPayer(), today=TODAY)
    assert fields.value("issue_date") is None


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("3% cash discount until 16/06/2026, net by 23/06/2026.", "2026-06-23"),
        ("Desc. p.p. 4% (41,51 €) para pagamento até 2026/02/08. Vencimento 2026/04/04.", "2026-04-04"),
    ],
)
def test_the_day_of_a_discount_is_not_the_due_date(text: str, due: str) -> None:
    assert read(row("Invoice 7"), row("Invoice date: 2026-02-03"), row(text)).value("due_date") == due


def test_swedes_write_dates_in_one() -> None:
    swedish = [row("Faktura"), row("Fakturadatum", (200, "260202")), row("Förfallodatum", (200, "20260304"))]
    assert read(*swedish).value("issue_date") == "2026-02-02"
    assert read(*swedish).value("due_date") == "2026-03-04"
    assert read(row("Rechnung"), row("Rechnungsdatum", (200, "260202"))).value("issue_date") is None


def test_the_date_right_of_the_number_under_the_title_is_the_document_s() -> None:
    assert read(row("FACTURE"), row("N° FA-2026-042", (400, "15/01/2026"))).value("issue_date") == "2026-01-15"
