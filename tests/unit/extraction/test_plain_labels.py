"""Labels that say little, and what has to prove that they say what is looked for."""

import pytest

from tests.unit.extraction.test_numbers_and_references import read
from tests.unit.extraction.typesetting import Row, row


@pytest.mark.parametrize(
    "rows",
    [
        [row("Rechnung"), row("Nummer: RE-2026-118"), row("Datum: 10. Juni 2026")],
        [row("Numéro", (200, "Date de facture")), row("RE-2026-118", (200, "10.06.2026"))],
        [row("Invoice"), row("Reference No. RE-2026-118"), row("Invoice date 10 June 2026")],
    ],
)
def test_a_plain_number_beside_the_date_is_the_invoice_number(rows: list[Row]) -> None:
    assert read(*rows).value("invoice_number") == "RE-2026-118"


def test_two_plain_numbers_are_none() -> None:
    fields = read(row("Nummer: 20260118"), row("Nummer: 20260119"), row("Rechnungsdatum: 10.06.2026"))
    assert fields.value("invoice_number") is None


def test_a_plain_number_far_from_any_date_is_none() -> None:
    fields = read(row("Nummer: 20260118"), *[row("Schrauben")] * 9, row("Rechnungsdatum: 10.06.2026"))
    assert fields.value("invoice_number") is None


def test_a_weak_reference_counts_where_the_invoice_number_stands_in_it() -> None:
    head = [row("Rechnungsnummer: RE-2026-118"), *[row("Schrauben")] * 5]
    assert read(*head, row("Referenz: RE-2026-118 D9542")).value("reference") == "RE-2026-118 D9542"
    assert read(*head, row("Referenz: 77-4711")).value("reference") is None


def test_the_variable_symbol_is_made_of_the_digits_of_the_number() -> None:
    assert read(row("Číslo faktury: FV-04711"), row("Objednávka"), row("VS: 4711")).value("reference") == "4711"


def test_a_label_that_names_the_invoice_names_no_reference() -> None:
    assert read(row("Reference No. F24/0898"), row("Invoice date 10 June 2026")).value("reference") is None


def test_a_part_of_a_longer_number_is_no_reference() -> None:
    fields = read(row("Faktura nr. 7544"), row("Forfaldsdato 10.06.2026"), row("Betalings-ID 668839-2023-7544"))
    assert fields.value("reference") in {None, "668839-2023-7544"}


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ("Terms: Net 15", "2026-06-16"),
        ("Plazo de pago: 30 días", "2026-07-01"),
        ("Conditions de paiement : 30 jours fin de mois", None),
        ("Payment terms: 30 days end of month", None),
    ],
)
def test_a_due_date_is_computed_only_from_terms_that_are_counted_in_one_way(terms: str, due: str | None) -> None:
    head = [row("Invoice no. 4711"), row("Invoice date: 1 June 2026")]
    assert read(*head, row(terms)).value("due_date") == due


def test_a_date_is_read_as_danes_and_norwegians_write_it() -> None:
    fields = read(row("Fakturanr.: 4711"), row("Fakturadato: 27/07-25"), row("Forfald: 3/8-2025"))
    assert (fields.value("issue_date"), fields.value("due_date")) == ("2025-07-27", "2025-08-03")


def test_an_invoice_in_norwegian_is_read_by_its_labels() -> None:
    fields = read(
        row("Fakturanr.: 4711"),
        row("Fakturadato: 01.06.2026"),
        row("Forfallsdato: 15.06.2026"),
        row("KID: 36346781"),
        row("Netto", (300, "100,00")),
        row("Mva 25 %", (300, "25,00")),
        row("Å betale NOK", (300, "125,00")),
    )
    assert [fields.value(name) for name in ("invoice_number", "due_date", "reference", "total", "currency_code")] == [
        "4711",
        "2026-06-15",
        "36346781",
        "125.00",
        "NOK",
    ]
