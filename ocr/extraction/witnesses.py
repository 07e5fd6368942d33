"""The machine-readable witnesses of a document: what each states, and notes on which were heard and which were not."""

from ocr.extraction.einvoice import testimony_of_einvoice
from ocr.extraction.fields import Testimony
from ocr.extraction.payment_qr import testimony_of_code
from ocr.reading.document import CodeWitness, DocumentText, ReadingNote, XmlWitness


def hear(document: DocumentText) -> tuple[list[Testimony], list[ReadingNote]]:
    """The testimonies of those witnesses that can be understood, the most trusted first, and a note on each witness.

    The notes' codes: `e_invoice` and `payment_code` name the standard or say what was left out of it,
    `not_a_payment_code` is a code that was passed over.
    """
    testimonies: list[Testimony] = []
    notes: list[ReadingNote] = []
    for invoice in document.xml:
        if testimony := testimony_of_einvoice(invoice):
            testimonies.append(testimony)
            notes.extend(ReadingNote("e_invoice", note) for note in (_named(invoice, testimony), *testimony.notes))
    for code in document.codes:
        if coded := testimony_of_code(code):
            testimonies.append(coded)
            introduced = f"{_place(code)} is a payment code, {coded.standard}."
            notes.extend(ReadingNote("payment_code", note) for note in (introduced, *coded.notes))
        else:
            passed_over = (
                f"{_place(code)} is no payment code that is known, or breaks its standard; it was passed over."
            )
            notes.append(ReadingNote("not_a_payment_code", passed_over))
    return testimonies, notes


def _named(witness: XmlWitness, testimony: Testimony) -> str:
    subject = f"The attachment {witness.name[:100]!r}" if witness.name else "The document"
    syntax = "UBL" if "ubl:schema" in witness.root.tag else "CII"
    profile = f"of the profile {testimony.standard[:200]}" if testimony.standard else "that names no profile"
    return f"{subject} is an e-invoice in {syntax} {profile}."


def _place(code: CodeWitness) -> str:
    return f"The {code.symbology} code on page {code.page}".replace("QRCode code", "QR code")
