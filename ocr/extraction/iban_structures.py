"""How long each country's IBAN is and where it has digits and letters (the registry of ISO 13616)."""

import re
from functools import cache

from stdnum import numdb


@cache
def structure_of(country: str) -> str | None:
    """The country's BBAN as one letter a place (`n` digit, `a` letter, `c` either); None for no IBAN country."""
    properties = numdb.get("iban").info(country)[0][1] if re.fullmatch(r"[A-Z]{2}", country) else {}
    parts = re.findall(r"([0-9]+)!([nac])", properties.get("bban", ""))
    return "".join(kind * int(count) for count, kind in parts) or None
