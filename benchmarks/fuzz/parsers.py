"""Coverage-guided fuzzing of what reads e-invoice XML and payment codes: see README.md beside this file."""

import sys
from contextlib import suppress
from decimal import Decimal
from importlib import import_module
from typing import Any

atheris: Any = import_module("atheris")

with atheris.instrument_imports(include=["ocr.reading", "ocr.extraction", "stdnum"]):
    from stdnum import iban

    from ocr.extraction.einvoice import testimony_of_einvoice
    from ocr.extraction.fields import Testimony
    from ocr.extraction.payment_qr import testimony_of_code
    from ocr.reading.document import Box, CodeWitness, UnreadableDocument, XmlWitness
    from ocr.reading.limits import ReadingLimits
    from ocr.reading.sniffing import UnknownKind, sniff
    from ocr.reading.xml_tree import read_xml

_LIMITS = ReadingLimits()


def e_invoice(content: bytes) -> None:
    """Any bytes as an e-invoice: through the sniffer, the parser and the reader of its meaning."""
    with suppress(UnknownKind):
        sniff(content)
    try:
        root = read_xml(content=content, limits=_LIMITS)
    except UnreadableDocument:
        return
    _check(testimony_of_einvoice(XmlWitness(name="", root=root)))


def payment_code(content: bytes) -> None:
    """Any text as the payload of a QR code; the first byte chooses the head of a payment standard or none."""
    head = ("", "SPC\n0200\n1\n", "BCD\n002\n1\nSCT\n", "BCD\n001\n1\nSCT\n")[content[0] % 4] if content else ""
    text = head + content[1:].decode(errors="replace")
    _check(testimony_of_code(CodeWitness(page=1, box=Box(0, 0, 1, 1), symbology="QRCode", text=text)))


def _check(testimony: Testimony | None) -> None:
    for name, candidate in testimony.candidates if testimony else ():
        assert 0 <= candidate.confidence <= 1, candidate
        if name == "iban":
            assert iban.is_valid(candidate.value), candidate
        if name in {"total", "subtotal", "sales_tax_amount"}:
            assert Decimal(candidate.value).is_finite(), candidate


_TARGETS = {"xml": e_invoice, "codes": payment_code}


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in _TARGETS:
        sys.exit(f"Say which parser: {' or '.join(_TARGETS)}; what follows goes to libFuzzer.")
    atheris.Setup([sys.argv[0], *sys.argv[2:]], _TARGETS[sys.argv[1]])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
