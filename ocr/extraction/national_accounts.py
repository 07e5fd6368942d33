"""Check digits that a country keeps inside its account numbers, the BBAN behind the first four characters of an IBAN.

The registry of ISO 13616 leaves them to the country, and banks have issued exceptions: so they do not decide whether an
IBAN that stands on the page is one, but they do decide whether a repair of one may be believed.
"""

import string
from collections.abc import Callable, Sequence
from functools import partial

from stdnum import iban, luhn
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from ocr.extraction.checks import iban_of
from ocr.extraction.repairs import keeps_likes, repaired

_CIN_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_RIB_DIGITS = str.maketrans(string.ascii_uppercase, "12345678912345678923456789")


def repaired_iban(*, text: str, structure: str) -> str | None:
    """The IBAN that a misread text is, as `repaired` finds it; None where it is not proven well enough.

    The country's own check digits must hold as well, where it has some that are known here; where it has none, no
    letter may be left that can be a misread digit.
    """
    value = repaired(text=text, structure=structure, check=_iban_of)
    if value and keeps_national_check(value) is None and keeps_likes(text=value, structure=structure):
        return None
    return value


def _iban_of(text: str) -> str | None:
    value = iban_of(text)
    return value if value and keeps_national_check(value) is not False else None


def keeps_national_check(value: str) -> bool | None:
    """Whether the country's check digits inside a valid IBAN hold; None where none are known."""
    country, bban = value[:2], value[4:]
    if country in {"ES", "NO"}:
        return _passes_stdnum(value)
    check = _CHECKS.get(country)
    return check(bban) if check else None


def _passes_stdnum(value: str) -> bool:
    try:
        iban.validate(value, check_country=True)
    except ValidationError:
        return False
    return True


def _is_rib(bban: str) -> bool:
    """Relevé d'identité bancaire (CFONB): letters count as digits, the whole is divisible by 97."""
    digits = bban.translate(_RIB_DIGITS)
    return (89 * int(digits[:5]) + 15 * int(digits[5:10]) + 3 * int(digits[10:21]) + int(digits[21:])) % 97 == 0


def _has_cin(bban: str) -> bool:
    """Control internal number (ABI, Italy): a letter over bank, branch and account, odd places by a table."""
    values = [int(letter) if letter.isdigit() else ord(letter) - ord("A") for letter in bban[1:]]
    total = sum(_CIN_ODD[value] if place % 2 == 0 else value for place, value in enumerate(values))
    return string.ascii_uppercase[total % 26] == bban[0]


def _is_one_modulo_97(bban: str) -> bool:
    """ISO 7064 MOD 97-10 over the whole number."""
    return int(bban) % 97 == 1


def _is_belgian(bban: str) -> bool:
    """The last two digits are the rest of the others by 97, or 97 for none."""
    return (int(bban[:10]) % 97 or 97) == int(bban[10:])


def _is_luhn(bban: str) -> bool:
    return bool(luhn.is_valid(bban))


def _are_mod_11_10(bban: str) -> bool:
    """Croatia: bank and account each end with a check digit."""
    return bool(mod_11_10.is_valid(bban[:7]) and mod_11_10.is_valid(bban[7:]))


def _weighted(bban: str, *, parts: Sequence[tuple[slice, Sequence[int]]], modulus: int) -> bool:
    return all(
        sum(int(digit) * weight for digit, weight in zip(bban[part], weights, strict=True)) % modulus == 0
        for part, weights in parts
    )


_CZECH_PARTS = ((slice(4, 10), (10, 5, 8, 4, 2, 1)), (slice(10, 20), (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)))
_POLISH_PARTS = ((slice(0, 8), (3, 9, 7, 1, 3, 9, 7, 1)),)
_czech = partial(_weighted, parts=_CZECH_PARTS, modulus=11)

_CHECKS: dict[str, Callable[[str], bool]] = {
    "BA": _is_one_modulo_97, "BE": _is_belgian, "CZ": _czech, "FI": _is_luhn, "FR": _is_rib, "HR": _are_mod_11_10,
    "IT": _has_cin,
    "MC": _is_rib, "ME": _is_one_modulo_97, "MK": _is_one_modulo_97,
    "PL": partial(_weighted, parts=_POLISH_PARTS, modulus=10), "PT": _is_one_modulo_97, "RS": _is_one_modulo_97,
    "SI": _is_one_modulo_97, "SK": _czech, "SM": _has_cin,
}  # fmt: skip
