"""Which references are structured, which are text, and which no payment carries."""

import pytest

from transfers.references import ReferenceUnfit, is_qr_iban, payment_reference
from transfers.sepa_letters import plain_letters

DE, BE, FI, NO, CH = (
    "DE02120300000000202051",
    "BE68539007547034",
    "FI2112345600000785",
    "NO9386011117947",
    "CH9300762011623852957",
)
QR_IBAN = "CH4431999123000889012"
QRR = "210000000003139471430009017"


@pytest.mark.parametrize(
    ("reference", "iban", "currency", "kind", "text"),
    [
        ("RF18 5390 0754 7034", DE, "EUR", "iso11649", "RF18539007547034"),
        ("rf18539007547034", CH, "CHF", "iso11649", "RF18539007547034"),
        ("RF19539007547034", DE, "EUR", "text", "RF19539007547034"),
        ("21 00000 00003 13947 14300 09017", QR_IBAN, "CHF", "qrr", QRR),
        (QRR, CH, "CHF", "text", QRR),
        ("+++010/8068/17183+++", BE, "EUR", "bba", "010806817183"),
        ("+++010/8068/17184+++", BE, "EUR", "text", "+++010/8068/17184+++"),
        ("+++010/8068/17183+++", DE, "EUR", "text", "+++010/8068/17183+++"),
        ("010806817183", BE, "EUR", "text", "010806817183"),
        ("2345676", NO, "NOK", "kid", "2345676"),
        ("2345677", NO, "NOK", "text", "2345677"),
        ("2345676", NO, "EUR", "text", "2345676"),
        ("1234 5672", FI, "EUR", "viite", "12345672"),
        ("1234 5671", FI, "EUR", "text", "1234 5671"),
        ("Invoice 4711, customer 12", DE, "EUR", "text", "Invoice 4711, customer 12"),
        ("Invoice\u00a04711  of May", DE, "EUR", "text", "Invoice 4711 of May"),
        ("", DE, "EUR", "none", ""),
        ("RE-1", "", "", "text", "RE-1"),
    ],
)
def test_what_a_reference_becomes(reference: str, iban: str, currency: str, kind: str, text: str) -> None:
    found = payment_reference(reference=reference, iban=iban, currency=currency)

    assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize(
    "reference", ["Müller 7", "A&B", "4711_2", "№ 5", "a\x00b", "東京", "#1", "/RE 1", "RE 1/", "a//b"]
)
def test_what_no_payment_carries_is_refused_and_never_put_into_other_letters(reference: str) -> None:
    with pytest.raises(ReferenceUnfit, match=r"enter it"):
        payment_reference(reference=reference, iban=DE, currency="EUR")


@pytest.mark.parametrize("reference", ["", "Invoice 4711", "RF18539007547034", QRR[:-1] + "8", "0" * 27])
def test_a_qr_iban_takes_its_qr_reference_and_nothing_else(reference: str) -> None:
    with pytest.raises(ReferenceUnfit, match="27 digits"):
        payment_reference(reference=reference, iban=QR_IBAN, currency="CHF")


def test_which_ibans_are_qr_ibans() -> None:
    assert [is_qr_iban(iban) for iban in (QR_IBAN, CH, "LI2130000000000000000", "CH9332000011623852957", DE, "")] == [
        True,
        False,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("name", "country", "plain"),
    [
        ("Müller & Söhne GmbH", "DE", "Mueller + Soehne GmbH"),
        ("Mu\u0308ller", "CH", "Mueller"),
        ("Société Générale", "FR", "Societe Generale"),
        ("Ångström Öl AB", "SE", "Angstrom Ol AB"),
        ("Łódź Øst Æro Straße", "PL", "Lodz Ost Aero Strasse"),
        ("Ελλάδα", "GR", "Ellada"),
        ("„Elm“ [Sons]; Co_1", "DE", "'Elm' (Sons), Co-1"),
        ("/Elm/", "DE", "Elm"),
        ("☃\x07", "DE", ""),
    ],
)
def test_names_are_written_in_letters_that_every_bank_takes(name: str, country: str, plain: str) -> None:
    assert plain_letters(name, country=country, longest=70) == plain
    assert len(plain_letters(name * 100, country=country, longest=70)) <= 70
