"""The examples are those of the standards and their issuers, or invented with check digits computed by hand."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.extraction import checks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("IBAN: gb82-west-1234-5698-7654-32", "GB82WEST12345698765432"),
        ("NO93 8601 1117 947", "NO9386011117947"),
        ("CH93 0076 2011 6238 5295 7", "CH9300762011623852957"),
        ("DE89 3704 0044 0532 0130 01", None),  # one digit off
        ("DE89 3704 0044 0532 0130", None),  # too short
        ("ZZ89 3704 0044 0532 0130 00", None),  # no such country
        ("11100222", None),
        ("", None),
    ],
)
def test_an_iban_is_normalised_or_refused(text: str, expected: str | None) -> None:
    assert checks.iban_of(text) == expected


@given(place=st.integers(4, 21), digit=st.sampled_from("0123456789"))
def test_no_iban_with_one_digit_misread_passes(place: int, digit: str) -> None:
    iban = "DE89370400440532013000"
    misread = iban[:place] + digit + iban[place + 1 :]
    assert checks.iban_of(misread) == (iban if misread == iban else None)


@pytest.mark.parametrize(("issued", "alias"), [("97", "00"), ("98", "01"), ("02", "99")])
def test_check_digits_that_are_never_issued_are_refused(issued: str, alias: str) -> None:
    account = next(f"{number:018d}" for number in range(1000) if checks.iban_of(f"DE{issued}{number:018d}"))
    assert checks.iban_of(f"DE{alias}{account}") is None  # though it leaves the same remainder


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deutdeff", "DEUTDEFF"),
        ("DEUT DE FF 500", "DEUTDEFF500"),
        ("DEUTDEFF5", None),
        ("DEUTQQFF", None),
        ("DEU1DEFF", None),
        ("99-99-888", None),
    ],
)
def test_a_bic_has_eight_or_eleven_characters_and_a_real_country(text: str, expected: str | None) -> None:
    assert checks.bic_of(text) == expected


@pytest.mark.parametrize(
    ("bic", "iban", "fits"),
    [
        ("DEUTDEFF", "DE89370400440532013000", True),
        ("DEUTDEFF", "GB82WEST12345698765432", False),
        ("BARCGGSP", "GB82WEST12345698765432", True),
        ("BARCGGSP", "DE89370400440532013000", False),
        ("CEPAREPP", "FR1420041010050500013M02606", True),
        ("CEPAFRPP", "MC5811222000010123456789030", True),
        ("UBSWCHZH", "LI21088100002324013AA", False),
    ],
)
def test_the_banks_country_is_the_accounts_country_or_a_territory_of_it(bic: str, iban: str, fits: bool) -> None:
    assert checks.bic_fits_iban(bic=bic, iban=iban) is fits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DE 136 695 976", "DE136695976"),
        ("ATU 13585627", "ATU13585627"),
        ("BE 0428.759.497", "BE0428759497"),
        ("BE428759497", "BE0428759497"),
        ("FR 40 303 265 045", "FR40303265045"),
        ("GR 094259216", "EL094259216"),
        ("NL004495445B01", "NL004495445B01"),
        ("CHE-100.155.212 MWST", "CHE100155212"),
        ("CHE-100.155.212 TVA", "CHE100155212"),
        ("NO 995 525 828 MVA", "NO995525828MVA"),
        ("GB 980 7806 84", "GB980780684"),
        ("DE123456789", None),
        ("CHE-100.155.213 MWST", None),
        ("201/113/40209", None),
        ("136695976", None),
        ("US123456789", None),
    ],
)
def test_a_vat_number_keeps_its_country_and_proves_its_check_digits(text: str, expected: str | None) -> None:
    assert checks.vat_id_of(text) == expected


def test_the_form_alone_is_told_apart_from_the_check_digits() -> None:
    assert checks.vat_id_form_of("DE 123456789") == "DE123456789"
    assert checks.vat_id_form_of("DE 12345678") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<Jane.Doe+bills@Example.com>,", "Jane.Doe+bills@Example.com"),
        ("mailto:rechnung@müller.example", "rechnung@müller.example"),
        ("info@example", None),
        ("info@@example.com", None),
        ("a b@example.com", None),
        ("www.example.com", None),
    ],
)
def test_an_email_address_is_taken_as_written_or_refused(text: str, expected: str | None) -> None:
    assert checks.email_of(text) == expected


@pytest.mark.parametrize(
    ("check", "text", "expected"),
    [
        (checks.creditor_reference_of, "RF18 5390 0754 7034", "RF18539007547034"),
        (checks.creditor_reference_of, "RF17 5390 0754 7034", None),
        (checks.qr_reference_of, "21 00000 00003 13947 14300 09017", "210000000003139471430009017"),
        (checks.qr_reference_of, "21 00000 00003 13947 14300 09016", None),
        (checks.qr_reference_of, "00 00000 00000 00000 00000 00000", None),
        (checks.belgian_reference_of, "***010/8068/17183***", "+++010/8068/17183+++"),
        (checks.belgian_reference_of, "+++010/8068/17180+++", None),
        (checks.finnish_reference_of, "0012 3453", "123453"),
        (checks.finnish_reference_of, "123454", None),
        (checks.norwegian_reference_of, "2345676", "2345676"),
        (checks.norwegian_reference_of, "12345678903", "12345678903"),  # modulus 10
        (checks.norwegian_reference_of, "12345678911", "12345678911"),  # modulus 11
        (checks.norwegian_reference_of, "12345678905", None),
        (checks.swedish_reference_of, "1234567897", "1234567897"),
        (checks.swedish_reference_of, "1234567890", None),
    ],
)
def test_a_payment_reference_proves_its_check_digits(
    check: Callable[[str], str | None], text: str, expected: str | None
) -> None:
    assert check(text) == expected


def test_digits_of_other_scripts_are_no_reference() -> None:
    assert checks.swedish_reference_of("١٢٣٤٥٦٧٨٩٧") is None
    assert checks.iban_of("DE٨٩370400440532013000") is None


def test_currencies_have_their_iso_4217_digits_and_usual_symbols() -> None:
    assert [checks.currency_digits(code) for code in ("EUR", "JPY", "KWD", "XXX")] == [2, 0, 3, None]
    assert [checks.currency_symbol(code) for code in ("EUR", "GBP", "CHF", "DZD", "???")] == [
        "€",
        "£",
        "CHF",
        "DZD",
        None,
    ]
    assert checks.currency_code_of(" eur ") == "EUR"
    assert checks.currency_code_of("XAU") is None
    assert all(len(code) == 3 and code.isalpha() for code in checks.currency_codes())


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("1234.5", "EUR", "1234.50"),
        ("980.00", "JPY", "980"),
        ("1.2345", "KWD", "1.235"),
        ("-0.001", "EUR", "0.00"),
        ("-12.345", "EUR", "-12.35"),
        ("1E+3", None, "1000.00"),
    ],
)
def test_an_amount_is_written_with_its_currencys_own_digits(amount: str, currency: str | None, expected: str) -> None:
    assert checks.plain_amount(amount=Decimal(amount), currency=currency) == expected


@pytest.mark.parametrize(
    ("rate", "expected"), [("19.00", "19"), ("8.10", "8.1"), ("0.0", "0"), ("20", "20"), ("1E+1", "10"), ("-0", "0")]
)
def test_a_percentage_is_as_short_as_it_can_be(rate: str, expected: str) -> None:
    assert checks.plain_percentage(Decimal(rate)) == expected


@pytest.mark.parametrize(
    "number",
    [
        "ATU13585627",
        "BE0428759497",
        "BG175074752",
        "CY10259033P",
        "CZ25123891",
        "DE136695976",
        "DK13585628",
        "EE100931558",
        "EL094259216",
        "ESB58378431",
        "FI20774740",
        "FR40303265045",
        "FRK7399859412",
        "HR33392005961",
        "HU12892312",
        "IE6433435F",
        "IE8D79739I",
        "IT00743110157",
        "LT119511515",
        "LU15027442",
        "LV40003521600",
        "MT11679112",
        "NL004495445B01",
        "PL8567346215",
        "PT501964843",
        "RO18547290",
        "SE123456789701",
        "SI50223054",
        "SK2022749619",
        "XI980780684",
        "GBGD123",
    ],
)
def test_every_country_of_the_vat_area_has_its_form(number: str) -> None:
    assert checks.vat_id_of(number) == number
    assert checks.vat_id_form_of(number) == number
