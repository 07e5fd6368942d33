"""Payment codes as witnesses: Swiss QR-bill and EPC QR code (GiroCode)."""

from ocr.extraction.epc_qr import testimony_of_epc
from ocr.extraction.fields import Testimony
from ocr.extraction.swiss_qr import testimony_of_swiss
from ocr.reading.document import CodeWitness


def testimony_of_code(witness: CodeWitness) -> Testimony | None:
    """What the code states, or None when its text is no payment code or does not have the standard's structure.

    A code of sound structure with a value that fails its own check testifies without that value, and a note says so.
    `total` is the amount that the code asks to pay. `due_date` is derived from payment terms where these are given.
    """
    # Both standards allow CR LF, LF and (Swiss) CR between elements. `splitlines` would also break at characters that
    # may stand inside one.
    lines = tuple(line.strip() for line in witness.text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if lines[0].lstrip("\ufeff") == "SPC":
        return testimony_of_swiss(lines=lines, witness=witness)
    if lines[0].lstrip("\ufeff") == "BCD":
        return testimony_of_epc(lines=lines, witness=witness)
    return None
