"""Made-up bank accounts with right check digits: ISO 13616 and the countries' own rules; BIC after ISO 9362."""

import random
from dataclasses import dataclass, replace

from stdnum import iban as iban_number
from stdnum.es import ccc
from stdnum.iso7064 import mod_97_10

_ODD_VALUES = "1 0 5 7 9 13 15 17 19 21 1 0 5 7 9 13 15 17 19 21 2 4 18 20 11 3 6 8 12 14 16 10 22 25 24 23"
_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", map(int, _ODD_VALUES.split()), strict=True))
_CZECH_BANKS = ("0100", "0300", "0600", "0800", "2010", "2700", "3030", "5500", "6210")
_FOUR_LETTERS = {"GB", "NL", "IE"}


@dataclass(frozen=True, slots=True)
class Account:
    """`iban` is empty where the country has none; `clearing` and `number` are the account as people write it there."""

    holder: str
    bank: str
    iban: str
    bic: str
    clearing: str
    number: str


def invent_account(*, country: str, holder: str, bank: str, chance: random.Random) -> Account:
    letters = _bank_letters(bank, chance)
    bban = _bban(country, letters, chance)
    iban = "" if bban is None else iban_of(country=country, bban=bban)
    if iban:
        iban_number.validate(iban)
    clearing, number = _domestic(country, bban or "", chance)
    return Account(holder, bank, iban, _bic(country, letters, chance), clearing, number)


def invent_iban(*, country: str, chance: random.Random) -> str:
    """Only the IBAN of an account, which is quicker where a million are wanted; empty where the country has none."""
    bban = _bban(country, _bank_letters("", chance), chance)
    return "" if bban is None else iban_of(country=country, bban=bban)


def iban_of(*, country: str, bban: str) -> str:
    """The IBAN in electronic form."""
    return f"{country}{mod_97_10.calc_check_digits(bban + country)}{bban}"


def with_qr_iban(account: Account, *, chance: random.Random) -> Account:
    """The Swiss account with a QR-IBAN, which a QR reference needs: its IID lies between 30000 and 31999 (SIX IG)."""
    return replace(account, iban=iban_of(country="CH", bban=f"{chance.randint(30000, 31999)}{account.iban[9:]}"))


def digits(chance: random.Random, count: int) -> str:
    """Random digits that do not begin with a zero."""
    return str(chance.randint(1, 9)) + "".join(str(chance.randint(0, 9)) for _ in range(count - 1))


def weighted_eleven(text: str, weights: tuple[int, ...]) -> int:
    """The weighted sum of digits modulo 11."""
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True)) % 11


def _bank_letters(bank: str, chance: random.Random) -> str:
    """Four letters taken from the bank's name, followed through with other letters where it is short."""
    letters = [letter for letter in bank.upper() if "A" <= letter <= "Z"]
    return "".join(letters[:2]) + "".join(chance.choice("BCDFGKLMNPRSTVX") for _ in range(4 - len(letters[:2])))


def _bic(country: str, letters: str, chance: random.Random) -> str:
    location = chance.choice("2345BDFHKMP") + chance.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
    branch = chance.choice(["", "", "", "XXX", f"{chance.randint(100, 999)}"])
    return f"{letters}{country}{location}{branch}"


def _bban(country: str, letters: str, chance: random.Random) -> str | None:
    if country in {"US", "AU"}:
        return None
    if country in _FOUR_LETTERS:
        return letters + (_eleven_proof(chance) if country == "NL" else digits(chance, 14))
    makers = {"FR": _french, "IT": _italian, "ES": _spanish, "BE": _belgian, "PT": _portuguese, "CZ": _czech}
    makers |= {"NO": _norwegian, "PL": _polish, "CH": _swiss}
    lengths = {"DE": 18, "AT": 16, "SE": 20, "DK": 14}
    if country in makers:
        return makers[country](chance)
    return digits(chance, lengths[country])


def _eleven_proof(chance: random.Random) -> str:
    while True:
        number = digits(chance, 9)
        check = -weighted_eleven(number, (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
        if check < 10:
            return f"{number}{check}"


def _swiss(chance: random.Random) -> str:
    """Of a bank's own number, which is none of those kept for QR-IBANs."""
    return f"{chance.randint(700, 8999):05d}{digits(chance, 12)}"


def _french(chance: random.Random) -> str:
    bank, branch, account = digits(chance, 5), digits(chance, 5), digits(chance, 11)
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    return f"{bank}{branch}{account}{key:02d}"


def _italian(chance: random.Random) -> str:
    body = digits(chance, 10) + "0" * 4 + digits(chance, 8)
    total = sum(_ODD[sign] if index % 2 == 0 else int(sign) for index, sign in enumerate(body))
    return chr(ord("A") + total % 26) + body


def _spanish(chance: random.Random) -> str:
    body = digits(chance, 8) + "00" + digits(chance, 10)
    return body[:8] + ccc.calc_check_digits(body) + body[10:]


def _belgian(chance: random.Random) -> str:
    body = chance.choice(["001", "063", "143", "220", "310", "363", "734"]) + digits(chance, 7)
    return f"{body}{int(body) % 97 or 97:02d}"


def _portuguese(chance: random.Random) -> str:
    body = "00" + digits(chance, 17)
    return f"{body}{98 - int(body) * 100 % 97:02d}"


def _czech(chance: random.Random) -> str:
    while True:
        prefix, number = digits(chance, 6), digits(chance, 10)
        if not weighted_eleven(prefix, (10, 5, 8, 4, 2, 1)) and not weighted_eleven(
            number, (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
        ):
            return chance.choice(_CZECH_BANKS) + prefix + number


def _norwegian(chance: random.Random) -> str:
    while True:
        body = digits(chance, 10)
        check = -weighted_eleven(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        if check < 10:
            return f"{body}{check}"


def _polish(chance: random.Random) -> str:
    bank = digits(chance, 7)
    check = -sum(int(digit) * weight for digit, weight in zip(bank, (3, 9, 7, 1, 3, 9, 7), strict=True)) % 10
    return f"{bank}{check}{digits(chance, 16)}"


def _domestic(country: str, bban: str, chance: random.Random) -> tuple[str, str]:
    """Clearing code and account number as printed; both empty where only the IBAN is used."""
    eight = digits(chance, 8)
    pairs = {
        "GB": ("-".join((bban[4:6], bban[6:8], bban[8:10])), bban[10:]),
        "US": (_routing_number(chance), digits(chance, 10)),
        "AU": (f"{bban[:0]}{digits(chance, 3)}-{digits(chance, 3)}", eight),
        "DE": (bban[:8], bban[8:].lstrip("0")),
        "CZ": (bban[:4], f"{bban[4:10]}-{bban[10:]}/{bban[:4]}"),
        "SE": (f"{digits(chance, 6)}-{digits(chance, 1)}", f"{digits(chance, 4)}-{digits(chance, 4)}"),
        "DK": (bban[:4], bban[4:]),
        "NO": ("", f"{bban[:4]}.{bban[4:6]}.{bban[6:]}"),
        "PL": ("", ""),
    }
    return pairs.get(country, ("", ""))


def _routing_number(chance: random.Random) -> str:
    body = chance.choice(["021", "031", "071", "091", "121"]) + digits(chance, 5)
    check = -sum(int(digit) * weight for digit, weight in zip(body, (3, 7, 1, 3, 7, 1, 3, 7), strict=True)) % 10
    return f"{body}{check}"
