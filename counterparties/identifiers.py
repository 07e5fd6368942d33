"""Bank details, tax numbers and e-mail addresses in the one form in which they are compared. Pure."""

import re
import unicodedata
from functools import cache
from pathlib import Path

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]")
# Swiss and Norwegian numbers carry the name of the tax behind them; it is no part of the number.
_TAX_NAME = re.compile(r"^(CHE\d{9}|NO\d{9})(MWST|TVA|IVA|TPV|VAT|MVA)$")
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
    """Digits with their leading +; `00` at the start is read as +."""
    digits = re.sub(r"\D", "", text)
    if text.strip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _levels(domain: str) -> tuple[str, ...]:
    labels = domain.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels) - 1))


@cache
def _free_mail_domains() -> frozenset[str]:
    lines = (Path(__file__).parent / "free_mail_domains.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
