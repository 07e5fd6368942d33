"""Bank details, tax numbers and e-mail addresses in the one form in which they are compared. Pure."""

import re
import unicodedata
from functools import cache
from pathlib import Path

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]")
# Swiss and Norwegian numbers carry the name of the tax behind them; it is no part of the number.
_TAX_NAME = re.compile(r"^(CHE\d{9}|NO\d{9})(MWST|TVA|IVA|TPV|VAT|MVA)$")
_SHORTEST_PHONE = 7
# E.164 country codes of Europe.
_CALLING_CODES = (
    *(30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 90, 298, 350, 351, 352, 353, 354, 355, 356, 357),
    *(
        358,
        359,
        370,
        371,
        372,
        373,
        374,
        375,
        376,
        377,
        378,
        380,
        381,
        382,
        383,
        385,
        386,
        387,
        389,
        420,
        421,
        423,
        995,
    ),
)
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def compact(text: str) -> str:
    """Upper case, letters and digits only: the electronic format of IBAN (ISO 13616) and BIC (ISO 9362)."""
    return _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", text).upper())


def vat_key(text: str) -> str:
    """A VAT number (EN 16931 BT-31) for comparison; empty stays empty. Greece is EL, also where GR is written."""
    key = _TAX_NAME.sub(r"\1", compact(text))
    return f"EL{key[2:]}" if key.startswith("GR") else key


def email_key(text: str) -> str:
    """An e-mail address for comparison; empty when it is none."""
    key = unicodedata.normalize("NFKC", text).strip().casefold()
    name, at, _ = key.rpartition("@")
    return key if at and name and not re.search(r"[\s@<>,;\x00-\x1f\x7f]", name) and email_domain(key) else ""


def email_domain(text: str) -> str:
    """The domain behind the @ in lower case; empty when there is none."""
    domain = text.strip().casefold().rpartition("@")[2] if "@" in text else ""
    return domain if _DOMAIN.fullmatch(domain) else ""


def telling_domains(email: str) -> tuple[str, ...]:
    """The domains that tell the sender's organisation: its own and those above it; none for a free mail service.

    `billing@mail.acme.example` gives `mail.acme.example` and `acme.example`. What is above may also be a public suffix
    (`co.uk`): nobody has an address there, so it finds nobody.
    """
    domain = email_domain(email)
    if not domain or any(level in _free_mail_domains() for level in _levels(domain)):
        return ()
    return _levels(domain)


def phone_key(text: str) -> str:
    """Digits with their leading +; `00` at the start is read as +, and a `(0)` behind the country left out (E.123)."""
    plain = text.strip()
    abroad = plain.startswith(("+", "00"))
    digits = re.sub(r"\D", "", plain.replace("(0)", "") if abroad else plain)
    return f"+{digits.removeprefix('00') if plain.startswith('00') else digits}" if abroad else digits


def same_phone(one: str, other: str) -> bool:
    """Whether two `phone_key`s are one number: `+49 40 123456` and `040 123456`. A number without its country needs
    seven digits, and an extension behind it makes another number."""
    if not one or not other:
        return False
    if one.startswith("+") == other.startswith("+"):
        return one == other and len(one) > _SHORTEST_PHONE
    abroad, at_home = (one, other) if one.startswith("+") else (other, one)
    national = at_home.lstrip("0")
    return len(national) >= _SHORTEST_PHONE and abroad.endswith(national) and 2 <= len(abroad) - len(national) <= 4


def phone_spellings(key: str) -> tuple[str, ...]:
    """The `phone_key`s under which a ledger may hold this number: with and without the country, of which a number
    written without it may be any in Europe."""
    if key.startswith("+"):
        return (key, *(f"{zero}{key[length:]}" for length in (2, 3, 4) for zero in ("0", "")))
    national = key.lstrip("0")
    if len(national) < _SHORTEST_PHONE:
        return ()
    return (key, *(f"+{code}{national}" for code in _CALLING_CODES))


def website_domains(website: str) -> tuple[str, ...]:
    """`telling_domains` of a web address: `https://www.acme.example/shop` gives `acme.example`."""
    host = re.sub(r"^[a-z]+://", "", website.strip().casefold()).split("/")[0].split(":")[0]
    return telling_domains(f"web@{host.removeprefix('www.')}")


def _levels(domain: str) -> tuple[str, ...]:
    labels = domain.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels) - 1))


@cache
def _free_mail_domains() -> frozenset[str]:
    lines = (Path(__file__).parent / "free_mail_domains.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
