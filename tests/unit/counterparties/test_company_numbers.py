"""Which VAT and registration numbers name the same company."""

import pytest

from counterparties.company_numbers import (
    CompanyNumbers,
    read_numbers,
    registration_key,
    registration_spellings,
    vat_spellings,
)


def numbers(vat_id: str = "", *registrations: str) -> CompanyNumbers:
    return read_numbers(vat_id=vat_id, registrations=registrations)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HRB 12345", "HRB12345"),
        ("Amtsgericht Hamburg, HRB-Nr. 12 345", "HRB12345"),
        ("HRB 12345 B", "HRB12345B"),
        ("552 100 554 RCS Paris", "552100554"),
        ("SIRET 552 100 554 00013", "552100554"),
        ("CHE-116.281.710", "CHE116281710"),
        ("BE 0403.170.701", "BE0403170701"),
        ("Org.nr. 995 525 828", "995525828"),
        ("FN 123456a", "123456A"),
        ("Company No. SC123456", "SC123456"),
        ("Y-tunnus 1234567-8", "12345678"),
        ("none", ""),
        ("", ""),
    ],
)
def test_a_registration_number_has_one_spelling(text: str, expected: str) -> None:
    assert registration_key(text) == expected


@pytest.mark.parametrize(
    ("document", "ledger"),
    [
        (numbers("FR 40 303 265 045"), numbers("", "303 265 045 RCS Paris")),
        (numbers("", "303265045"), numbers("FR40303265045")),
        (numbers("CHE-116.281.710 MWST"), numbers("", "CHE-116.281.710")),
        (numbers("BE0403170701"), numbers("", "0403.170.701")),
        (numbers("NO 995 525 828 MVA"), numbers("", "Org.nr 995525828")),
        (numbers("SE556677889901"), numbers("", "556677-8899")),
        (numbers("DK 12 34 56 78"), numbers("", "CVR 12345678")),
        (numbers("ATU12345678"), numbers("", "12345678")),
        (numbers("FI12345678"), numbers("", "1234567-8")),
    ],
)
def test_a_vat_number_holds_the_number_of_the_register(document: CompanyNumbers, ledger: CompanyNumbers) -> None:
    assert document.same_company(ledger)
    assert ledger.same_company(document)
    assert not document.same_vat(ledger)


@pytest.mark.parametrize(
    ("document", "ledger"),
    [
        (numbers("FR40303265045"), numbers("", "552100554")),
        (numbers("NO995525828MVA"), numbers("", "CHE-995.525.828")),
        (numbers("", "HRB 12345"), numbers("", "HRB 12345")),
        (numbers("", "123456"), numbers("", "123456")),
        (numbers(""), numbers("")),
        (numbers("DE999001735"), numbers("NO999001735MVA")),
    ],
)
def test_other_short_and_foreign_numbers_name_no_company(document: CompanyNumbers, ledger: CompanyNumbers) -> None:
    assert not document.same_company(ledger)
    assert not document.same_vat(ledger)


def test_a_vat_number_without_its_prefix_is_the_same() -> None:
    assert numbers("999001735").same_vat(numbers("DE999001735"))
    assert numbers("CHE-116.281.710").same_vat(numbers("116.281.710"))
    assert not numbers("NO999001735").same_vat(numbers("DE999001735"))


def test_the_register_of_a_court_is_kept_by_itself() -> None:
    assert numbers("", "HRB 12345").register == "HRB12345"
    assert numbers("", "552100554").register == ""


def test_spellings_for_the_look_up_cover_what_a_ledger_holds() -> None:
    assert {"FR40303265045", "303265045"} <= set(vat_spellings(numbers("", "303265045")))
    assert {"NO995525828", "995525828"} <= set(vat_spellings(numbers("NO995525828MVA")))
    assert "SE556677889901" in vat_spellings(numbers("", "556677-8899"))
    assert {"CHE116281710", "116281710"} <= set(registration_spellings(numbers("CHE116281710")))
    assert "DE995525828" not in vat_spellings(numbers("NO995525828MVA"))
    assert registration_spellings(numbers("", "HRB 12345")) == ("HRB12345",)
    assert vat_spellings(numbers()) == registration_spellings(numbers()) == ()
