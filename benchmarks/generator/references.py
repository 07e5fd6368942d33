"""Made-up payment references that pass their checks: ISO 11649, Swiss QRR, Belgian OGM, KID, OCR, FIK; and words."""

import random
from dataclasses import dataclass
from typing import Literal

from stdnum import iso11649, luhn
from stdnum.be import ogm_vcs
from stdnum.ch import esr
from stdnum.iso7064 import mod_97_10

from benchmarks.generator.accounts import digits

ReferenceKind = Literal["none", "text", "rf", "qrr", "ogm", "kid", "ocr", "symbol", "fik"]

_KINDS: dict[str, list[ReferenceKind]] = {
    "CH": ["qrr", "qrr", "rf", "none", "text"],
    "BE": ["ogm", "ogm", "ogm", "none", "text"],
    "NO": ["kid", "kid", "kid", "none"],
    "SE": ["ocr", "ocr", "none"],
    "DK": ["fik", "fik", "none", "text"],
    "CZ": ["symbol", "symbol", "symbol", "none"],
    "DE": ["none", "text", "text", "rf"],
    "NL": ["none", "text", "rf"],
}


@dataclass(frozen=True, slots=True)
class Reference:
    """`value` is the electronic form, `printed` how the page shows it; both empty for the kind `none`."""

    kind: ReferenceKind
    value: str = ""
    printed: str = ""


def invent_reference(
    *, country: str, has_iban: bool, invoice_number: str, customer_number: str, chance: random.Random
) -> Reference:
    kind = chance.choice(_KINDS.get(country, ["none", "none", "text", "rf" if has_iban else "none"]))
    return make_reference(kind=kind, invoice_number=invoice_number, customer_number=customer_number, chance=chance)


def make_reference(
    *, kind: ReferenceKind, invoice_number: str, customer_number: str, chance: random.Random
) -> Reference:
    if kind == "rf":
        body = digits(chance, chance.choice([9, 12, 17]))
        value = f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"
        iso11649.validate(value)
        return Reference(kind, value, _in_groups(value, 4) if chance.random() < 0.7 else value)
    if kind == "qrr":
        body = digits(chance, 26)
        value = body + esr.calc_check_digit(body)
        return Reference(kind, value, f"{value[:2]} {_in_groups(value[2:], 5)}")
    if kind == "ogm":
        body = digits(chance, 10)
        value = body + ogm_vcs.calc_check_digits(body)
        sign = chance.choice(["+++", "+++", "***"])
        return Reference(kind, value, f"{sign}{value[:3]}/{value[3:7]}/{value[7:]}{sign}")
    if kind in {"kid", "ocr"}:
        body = digits(chance, chance.choice([7, 9, 12, 15]))
        value = body + luhn.calc_check_digit(body)
        return Reference(kind, value, _in_groups(value, 5) if chance.random() < 0.3 else value)
    if kind == "fik":  # the Danish joint transfer form, kind 71: a payment id and the creditor's number
        body = digits(chance, 14)
        value = body + luhn.calc_check_digit(body)
        return Reference(kind, value, f"+71<{value}+{digits(chance, 8)}<")
    if kind == "symbol":
        value = "".join(sign for sign in invoice_number if sign.isdigit())[-10:].lstrip("0")
        return Reference(kind, value, value)
    if kind == "text":
        value = chance.choice(
            [invoice_number, f"{invoice_number} {customer_number}", f"{customer_number}-{invoice_number}"]
        )
        return Reference(kind, value, value)
    return Reference("none")


def _in_groups(text: str, size: int) -> str:
    return " ".join(text[start : start + size] for start in range(0, len(text), size))
