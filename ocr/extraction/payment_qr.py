"""Payment codes as witnesses: Swiss QR-bill, EPC QR code (GiroCode), SPAYD, PAY by square, UPN QR and HUB3."""

from dataclasses import replace

from ocr.extraction.epc_qr import testimony_of_epc
from ocr.extraction.fields import Testimony
from ocr.extraction.hub3 import testimony_of_hub3
from ocr.extraction.pay_by_square import testimony_of_pay_by_square
from ocr.extraction.spayd import testimony_of_spayd
from ocr.extraction.swiss_qr import testimony_of_swiss
from ocr.extraction.upn_qr import testimony_of_upn
from ocr.reading.document import CodeWitness

_NATIONAL = (
    ("SPAYD", testimony_of_spayd),
    ("PAY by square", testimony_of_pay_by_square),
    ("UPN QR", testimony_of_upn),
    ("HUB3", testimony_of_hub3),
)


def testimony_of_code(witness: CodeWitness) -> Testimony | None:
    """What the code states, or None when its text is no payment code or does not have the standard's structure.

    A Swiss or EPC code of sound structure with a value that fails its own check testifies without that value; any other
    that breaks its standard states nothing. A note says so.
    `total` is the amount that the code asks to pay. `due_date` is derived from payment terms where these are given.
    """
    # Both standards allow CR LF, LF and (Swiss) CR between elements. `splitlines` would also break at characters that
    # may stand inside one.
    lines = tuple(line.strip() for line in witness.text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if lines[0].lstrip("\ufeff") == "SPC":
        return _named("Swiss QR-bill", testimony_of_swiss(lines=lines, witness=witness))
    if lines[0].lstrip("\ufeff") == "BCD":
        return _named("EPC069-12", testimony_of_epc(lines=lines, witness=witness))
    heard = ((standard, parse(witness=witness)) for standard, parse in _NATIONAL)
    return next((_named(standard, testimony) for standard, testimony in heard if testimony is not None), None)


def _named(standard: str, testimony: Testimony | None) -> Testimony | None:
    return None if testimony is None else replace(testimony, standard=standard)
