"""Made-up VAT ids and register numbers with right check digits, as each country prints them."""

import random
from collections.abc import Callable

from stdnum import get_cc_module, luhn
from stdnum.at import uid
from stdnum.au import abn
from stdnum.es import cif
from stdnum.ie import vat as irish_vat
from stdnum.iso7064 import mod_11_10
from stdnum.pl import nip
from stdnum.pt import nif

from benchmarks.generator.accounts import digits, weighted_eleven


def invent_vat_id(*, country: str, chance: random.Random) -> str:
    """The VAT id in electronic form, with its country's prefix but for Australia's ABN; empty for the US."""
    if country == "US":
        return ""
    number = _MAKERS[country](chance)
    return number if country == "AU" else number if number.startswith(_prefix(country)) else _prefix(country) + number


def is_valid_vat_id(*, country: str, number: str) -> bool:
    """By the national rules of python-stdnum."""
    module = {"AU": "abn", "CH": "vat", "NO": "mva"}.get(country, "vat")
    rules = get_cc_module(country.lower(), module)
    return rules is not None and bool(rules.is_valid(number))


def printed_vat_id(*, country: str, number: str, chance: random.Random) -> str:
    """The id as a letterhead shows it: grouped, or bare of the prefix where the country does that."""
    bare = number.removeprefix(_prefix(country))
    styles: dict[str, list[str]] = {
        "GB": [f"GB {_grouped(bare, 3, 4, 2)}", number, f"GB{_grouped(bare, 3, 4, 2)}", f"GB {bare}"],
        "DE": [number, f"DE {bare}", f"DE {_grouped(bare, 3, 3, 3)}"],
        "AT": [number, f"ATU {bare[1:]}"],
        "CH": [f"{_swiss(number)} {number[12:]}", _swiss(number), f"{_swiss(number)} MWST"],
        "FR": [number, f"FR {_grouped(bare, 2, 3, 3, 3)}", f"FR {bare[:2]} {bare[2:]}"],
        "BE": [f"BE {bare[:4]}.{bare[4:7]}.{bare[7:]}", number, f"BE{bare[:4]}.{bare[4:7]}.{bare[7:]}"],
        "IT": [bare, number, f"IT {bare}"],
        "ES": [bare, bare, number, f"{bare[0]}-{bare[1:]}"],
        "NL": [number, f"NL {bare}", f"NL{bare[:4]}.{bare[4:6]}.{bare[6:9]}.{bare[9:]}"],
        "PT": [bare, bare, f"PT {bare}", number, _grouped(bare, 3, 3, 3)],
        "PL": [bare, f"{bare[:3]}-{bare[3:6]}-{bare[6:8]}-{bare[8:]}", number, f"PL {bare}"],
        "CZ": [number],
        "SE": [number, f"SE {bare[:6]}-{bare[6:10]} 01", f"SE{bare}"],
        "DK": [bare, f"DK {bare}", number, _grouped(bare, 2, 2, 2, 2)],
        "NO": [f"NO {_grouped(bare[:9], 3, 3, 3)} MVA", f"{_grouped(bare[:9], 3, 3, 3)} MVA", f"{bare[:9]} MVA"],
        "IE": [number, f"IE {bare}"],
        "AU": [_grouped(number, 2, 3, 3, 3), number],
    }
    return chance.choice(styles[country])


def _prefix(country: str) -> str:
    return "CHE" if country == "CH" else country


def _grouped(text: str, *sizes: int) -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(text[start : start + size])
        start += size
    return " ".join(part for part in [*parts, text[start:]] if part)


def _swiss(number: str) -> str:
    return f"CHE-{number[3:6]}.{number[6:9]}.{number[9:12]}"


def _british(chance: random.Random) -> str:
    body = digits(chance, 7)
    total = sum(int(digit) * weight for digit, weight in zip(body, range(8, 1, -1), strict=True))
    return f"{body}{-total % 97 or 97:02d}"


def _swiss_number(chance: random.Random) -> str:
    while True:
        body = digits(chance, 8)
        check = -weighted_eleven(body, (5, 4, 3, 2, 7, 6, 5, 4)) % 11
        if check < 10:
            return f"CHE{body}{check}MWST"


def _french(chance: random.Random) -> str:
    siren = luhn_number(chance, 9)
    return f"{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def luhn_number(chance: random.Random, length: int) -> str:
    """Digits of which the last is the Luhn check digit: SIREN, Swedish organisation and OCR numbers."""
    body = digits(chance, length - 1)
    return body + luhn.calc_check_digit(body)


def _belgian(chance: random.Random) -> str:
    body = "0" + digits(chance, 7)
    return f"{body}{97 - int(body) % 97:02d}"


def _dutch(chance: random.Random) -> str:
    while True:
        body = digits(chance, 8)
        check = weighted_eleven(body, (9, 8, 7, 6, 5, 4, 3, 2))
        if check < 10:
            return f"{body}{check}B{chance.randint(1, 3):02d}"


def _czech(chance: random.Random) -> str:
    body = digits(chance, 7)
    while body[0] == "9":
        body = digits(chance, 7)
    check = (11 - weighted_eleven(body, (8, 7, 6, 5, 4, 3, 2))) % 10
    return f"{body}{check}"


def _danish(chance: random.Random) -> str:
    while True:
        body = digits(chance, 7)
        check = -weighted_eleven(body, (2, 7, 6, 5, 4, 3, 2)) % 11
        if check < 10:
            return f"{body}{check}"


def _norwegian(chance: random.Random) -> str:
    while True:
        body = chance.choice("89") + digits(chance, 7)
        check = -weighted_eleven(body, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
        if check < 10:
            return f"NO{body}{check}MVA"


def _checked(make_body: Callable[[random.Random], str], check: Callable[[str], str]) -> Callable[[random.Random], str]:
    def make(chance: random.Random) -> str:
        body = make_body(chance)
        return body + check(body)

    return make


_MAKERS: dict[str, Callable[[random.Random], str]] = {
    "GB": _british,
    "DE": _checked(lambda chance: digits(chance, 8), mod_11_10.calc_check_digit),
    "AT": _checked(lambda chance: "U" + digits(chance, 7), uid.calc_check_digit),
    "CH": _swiss_number,
    "FR": _french,
    "BE": _belgian,
    "IT": _checked(lambda chance: digits(chance, 7) + f"{chance.randint(1, 100):03d}", luhn.calc_check_digit),
    "ES": lambda chance: _spanish(chance),
    "NL": _dutch,
    "PT": _checked(lambda chance: "5" + digits(chance, 7), nif.calc_check_digit),
    "PL": lambda chance: _polish(chance),
    "CZ": _czech,
    "SE": lambda chance: "5" + luhn_tail(chance) + "01",
    "DK": _danish,
    "NO": _norwegian,
    "IE": _checked(lambda chance: digits(chance, 7), irish_vat.calc_check_digit),
    "AU": lambda chance: _australian(chance),
}


def luhn_tail(chance: random.Random) -> str:
    """Nine digits that make a Swedish company's number after a leading 5."""
    body = "5" + digits(chance, 8)
    return (body + luhn.calc_check_digit(body))[1:]


def _spanish(chance: random.Random) -> str:
    body = "B" + digits(chance, 7)
    return body + cif.calc_check_digits(body)[0]


def _polish(chance: random.Random) -> str:
    while True:
        body = digits(chance, 9)
        check = weighted_eleven(body, (6, 5, 7, 2, 3, 4, 5, 6, 7))
        if check < 10 and nip.is_valid(f"{body}{check}"):
            return f"{body}{check}"


def _australian(chance: random.Random) -> str:
    body = digits(chance, 9)
    return abn.calc_check_digits(body) + body
