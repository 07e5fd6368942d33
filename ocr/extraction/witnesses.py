"""The machine-readable witnesses of a document: what each states, and notes on which were heard and which were not."""

from customers.sentences import Sentence
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
            introduced = Sentence("{code} is a payment code, {standard}.", code=_place(code), standard=coded.standard)
            notes.extend(ReadingNote("payment_code", note) for note in (introduced, *coded.notes))
        else:
            passed_over = Sentence(
                "{code} is no payment code that is known, or breaks its standard; it was passed over.",
                code=_place(code),
            )
            notes.append(ReadingNote("not_a_payment_code", passed_over))
    return testimonies, notes


def _named(witness: XmlWitness, testimony: Testimony) -> Sentence:
    subject = Sentence("The document")
    if witness.name:
        subject = Sentence("The attachment {name}", name=repr(witness.name[:100]))
    syntax = "UBL" if "ubl:schema" in witness.root.tag else "CII"
    profile = (
        Sentence("of the profile {standard}", standard=testimony.standard[:200])
        if testimony.standard
        else Sentence("that names no profile")
    )
    return Sentence("{subject} is an e-invoice in {syntax} {profile}.", subject=subject, syntax=syntax, profile=profile)


def _place(code: CodeWitness) -> Sentence:
    symbology = "QR" if code.symbology == "QRCode" else code.symbology
    return Sentence("The {symbology} code on page {page}", symbology=symbology, page=code.page)
