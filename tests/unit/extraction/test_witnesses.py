"""Every machine-readable witness is heard, or it is said why not."""

import pytest

from ocr.extraction.witnesses import hear
from ocr.reading.document import Box, CodeWitness, DocumentText, XmlElement, XmlWitness
from tests.unit.extraction.einvoice_samples import cii, ubl

EPC = "BCD\n002\n1\nSCT\nCOBADEFFXXX\nNordlicht Lampen GmbH\n{iban}\nEUR119.00\n\nRF18539007547034"
IBAN = "DE89370400440532013000"


def code(text: str, *, page: int = 1, symbology: str = "QRCode") -> CodeWitness:
    return CodeWitness(page=page, box=Box(0.0, 0.0, 72.0, 72.0), symbology=symbology, text=text)


def notes_on(*, xml: tuple[XmlWitness, ...] = (), codes: tuple[CodeWitness, ...] = ()) -> list[tuple[str, str]]:
    _, notes = hear(DocumentText(kind="pdf", pages=(), xml=xml, codes=codes))
    return [(note.code, note.message) for note in notes]


def test_the_profile_of_an_e_invoice_is_told() -> None:
    told = notes_on(xml=(cii(), XmlWitness("", ubl().root)))
    assert told == [
        (
            "e_invoice",
            "The attachment 'factur-x.xml' is an e-invoice in CII of the profile urn:cen.eu:en16931:2017.",
        ),
        ("e_invoice", "The seller's national tax number is 22/815/0815."),
        ("e_invoice", "Payment terms: 30 days net"),
        ("e_invoice", "The document is an e-invoice in UBL that names no profile."),
        ("e_invoice", "The seller's national tax number is Foretaksregisteret."),
    ]


def test_a_payment_code_is_told_with_what_was_left_out_of_it() -> None:
    told = notes_on(codes=(code(EPC.format(iban="DE89370400440532013001"), page=2),))
    assert told == [
        ("payment_code", "The QR code on page 2 is a payment code, EPC069-12."),
        (
            "payment_code",
            "The account DE89370400440532013001 in the payment code is not a valid IBAN and was left out.",
        ),
    ]


@pytest.mark.parametrize("text", ["https://example.com/pay", "SPC\n0200\n1", "BCD\n009\n1\nSCT", ""])
def test_a_code_that_is_no_payment_code_is_passed_over_and_told(text: str) -> None:
    [(told, message)] = notes_on(codes=(code(text, symbology="PDF417"),))
    assert told == "not_a_payment_code"
    assert message.startswith("The PDF417 code on page 1 ")


def test_witnesses_are_heard_in_order_of_trust_and_what_is_no_invoice_is_not_heard() -> None:
    order = XmlWitness("order.xml", XmlElement("{urn:example}Order"))
    document = DocumentText(kind="pdf", pages=(), xml=(order, cii()), codes=(code(EPC.format(iban=IBAN)),))
    testimonies, _ = hear(document)
    assert [one.standard for one in testimonies] == ["urn:cen.eu:en16931:2017", "EPC069-12"]
