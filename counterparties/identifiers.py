"""Bank details, tax numbers and e-mail addresses in the one form in which they are compared."""

import re
import unicodedata

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]")
# Swiss and Norwegian numbers carry the name of the tax behind them; it is no part of the number.
_TAX_NAMES = re.compile(r"(?<=^CHE\d{9})(MWST|TVA|IVA|VAT|TPV)$|(?<=^NO\d{9})MVA$")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def compact(text: str) -> str:
    """Upper case, letters and digits only: the electronic format of IBAN (ISO 13616) and BIC (ISO 9362)."""
    return _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", text).upper())


def vat_key(text: str) -> str:
    """A VAT number (EN 16931 BT-31) for comparison; empty stays empty. Greece is EL whoever writes GR."""
    key = _TAX_NAMES.sub("", compact(text))
    return f"EL{key[2:]}" if key.startswith("GR") else key


def email_key(text: str) -> str:
    """An e-mail address for comparison; empty when it is none."""
    key = unicodedata.normalize("NFKC", text).strip().casefold()
    return key if key.count("@") == 1 and email_domain(key) and not key.startswith("@") else ""


def email_domain(text: str) -> str:
    """The domain behind the @, without a leading `www.`; empty when there is none."""
    domain = text.strip().casefold().rpartition("@")[2] if "@" in text else ""
    return domain if _DOMAIN.fullmatch(domain) else ""


def phone_key(text: str) -> str:
    """Digits with their leading +; `00` at the start is read as +."""
    digits = re.sub(r"\D", "", text)
    if text.strip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits
