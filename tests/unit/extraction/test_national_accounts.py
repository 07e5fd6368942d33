import pytest
from stdnum import iban

from ocr.extraction.checks import iban_of
from ocr.extraction.iban_structures import structure_of
from ocr.extraction.national_accounts import keeps_national_check, repaired_iban

# The examples of the IBAN registry (ISO 13616).
EXAMPLES = (
    "BA391290079401028494", "BE68539007547034", "CZ6508000000192000145399", "ES9121000418450200051332",
    "FI2112345600000785", "FR1420041010050500013M02606", "HR1210010051863000160", "IT60X0542811101000000123456",
    "MC5811222000010123456789030", "ME25505000012345678951", "MK07250120000058984", "NO9386011117947",
    "PL61109010140000071219812874", "PT50000201231234567890154", "RS35260005601001611379", "SI56263300012039086",
    "SK3112000000198742637541", "SM86U0322509800000000270100",
)  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_account_of_the_registry_keeps_its_country_s_check(example: str) -> None:
    assert iban_of(example) == example
    assert keeps_national_check(example) is True


@pytest.mark.parametrize("example", EXAMPLES)
def test_another_account_with_right_check_digits_in_front_does_not(example: str) -> None:
    """One digit changed, and the two digits of ISO 13616 computed anew."""
    place = {"IT": 6, "SM": 6, "CZ": 23, "SK": 23}.get(example[:2], 4)
    other = example[:place] + str((int(example[place]) + 1) % 10) + example[place + 1 :]
    other = other[:2] + iban.calc_check_digits(other) + other[4:]
    assert iban_of(other) == other
    assert keeps_national_check(other) is False


def structure(country: str) -> str:
    return f"aann{structure_of(country)}"


@pytest.mark.parametrize(
    ("misread", "value"),
    [
        ("BE68S3900754703A", None),
        ("BE68S39007547034", "BE68539007547034"),
        ("DE8937040044O532013000", "DE89370400440532013000"),
        # Each passes mod-97 by chance, with one more letter in it that was a digit.
        ("LI3Z48062279Q97405580", None),
        ("BGI9CBFA699126892901B7", None),
        ("IT77T55229309L394B616806496", None),
    ],
)
def test_a_repair_is_believed_only_when_no_chance_is_left(misread: str, value: str | None) -> None:
    assert repaired_iban(text=misread, structure=structure(misread[:2])) == value


def test_where_no_national_check_is_known_none_is_claimed() -> None:
    assert keeps_national_check("DE89370400440532013000") is None
