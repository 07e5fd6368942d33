"""Whose VAT number is whose, and which country a number without a prefix belongs to."""

import pytest

from tests.unit.extraction.test_parties import read
from tests.unit.extraction.typesetting import row


def test_the_customers_vat_number_is_not_the_sellers() -> None:
    fields = read(row("Ihre USt-IdNr.: DE129273398"), row(), row(), row(), row("USt-IdNr.: DE136695976"))
    assert fields.value("seller_vat_id") == "DE136695976"


def test_a_vat_number_with_wrong_check_digits_is_shown_but_not_given() -> None:
    reading = read(row("USt-IdNr.: DE136695977")).reading("seller_vat_id")
    assert reading.value is None
    assert reading.runners_up[0].checks_failed == ("vat_check_digits",)


def test_a_word_that_begins_like_a_vat_number_does_not_hide_the_number_behind_it() -> None:
    fields = read(row("Ahornwerk AG"), row("CHE-MWST CHE-123.456.788 MWST"))
    assert fields.value("seller_vat_id") == "CHE123456788"


def test_a_vat_number_called_the_buyers_once_is_nowhere_the_sellers() -> None:
    fields = read(
        row("Ahornwerk GmbH"),
        row("Ihre USt-IdNr.:", (200, "DE136695976")),
        row(),
        row("Rechnung 4711"),
        row("USt-IdNr. DE136695976"),
    )
    assert fields.value("seller_vat_id") is None


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (["Granitt AS", "Org.nr. 898 542 726 MVA"], "NO898542726MVA"),
        (["Foretaksregisteret: 898542726 MVA"], "NO898542726MVA"),
        (["Gumtree Pty Ltd", "A.B.N. 28 544 299 576"], "AU28544299576"),
        (["Acero S.r.l.", "P.I. 10067160043"], "IT10067160043"),
        (["Arce S.L.", "C.I.F.: B-10356806", "Factura", "Fecha de vencimiento", "Base imponible"], "ESB10356806"),
    ],
)
def test_a_number_that_names_its_country_in_the_national_way_gets_its_prefix(lines: list[str], number: str) -> None:
    assert read(*map(row, lines)).value("seller_vat_id") == number


def test_a_bare_number_gets_no_prefix_of_a_country_that_the_document_does_not_speak_of() -> None:
    english = ["Invoice no. 4711", "VAT Reg No: 980 7806 84", "Due date: 30 June 2026", "Amount due"]
    assert read(*map(row, english)).value("seller_vat_id") is None
    assert read(*map(row, [*english, "London SW1A 1AA"])).value("seller_vat_id") == "GB980780684"


def test_an_employer_number_of_the_united_states_is_no_vat_number() -> None:
    lines = ["Invoice no. 4711", "Tax ID: 98-0780684", "Ship from London SW1A 1AA", "Due date: 30 June 2026"]
    assert read(*map(row, lines)).value("seller_vat_id") is None


def test_a_number_in_the_foot_is_not_the_buyers_whose_heading_stands_far_above() -> None:
    fields = read(
        row("Ahornwerk GmbH"),
        row("Rechnungsempfänger"),
        row("Birkenhof AG"),
        row("80331 München"),
        *[row() for _ in range(20)],
        row("USt-IdNr. DE136695976"),
    )
    assert fields.value("seller_vat_id") == "DE136695976"
