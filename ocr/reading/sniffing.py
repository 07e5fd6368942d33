"""Which kind of document some bytes are, told by content alone, never by a name, and without running a parser."""

import re

from customers.sentences import Sentence
from ocr.reading.document import DocumentKind
from ocr.reading.envelopes import e_invoice_kind
from ocr.reading.xml_prolog import read_prolog

_PDF_HEADER = re.compile(rb"%PDF-\d\.\d")
_PDF_HEADER_WITHIN = 1024  # ISO 32000-1 Annex H.3 implementation note 13: readers accept it within the first 1024 bytes

# Kinds that are refused even when a PDF header follows: a file that is two things at once is nobody's invoice.
_FOREIGN = (
    (b"PK\x03\x04", Sentence("a ZIP archive or an office document")),
    (b"GIF8", Sentence("a GIF image")),
    (b"MZ", Sentence("a program")),
    (b"\x7fELF", Sentence("a program")),
    (b"\xca\xfe\xba\xbe", Sentence("a program")),
    (b"Rar!", Sentence("a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", Sentence("a 7-Zip archive")),
    (b"\x1f\x8b", Sentence("a gzip archive")),
    (b"\xd0\xcf\x11\xe0", Sentence("an old office document")),
    (b"BM", Sentence("a BMP image")),
    (b"{\\rtf", Sentence("a rich text document")),
)
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|svg)\b", re.IGNORECASE | re.DOTALL)
_ACCEPTED = Sentence("Send a PDF, PNG, JPEG, TIFF or WebP file, or an e-invoice as UBL or UN/CEFACT CII XML.")


class UnknownKind(Exception):
    """The bytes are none of the kinds that are read; `message` says what they look like and what to send instead."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(message)
        self.message = message


def sniff(content: bytes) -> DocumentKind:
    """The kind of the document. Raises UnknownKind when it is none that is read, or two kinds at once."""
    if not content:
        raise UnknownKind(Sentence("The file is empty. {accepted}", accepted=_ACCEPTED))
    if kind := _image_kind(content):
        return kind
    for signature, name in _FOREIGN:
        if content.startswith(signature):
            raise UnknownKind(
                Sentence(
                    "The file is {name}, which cannot be read as an invoice. {accepted}",
                    name=name,
                    accepted=_ACCEPTED,
                )
            )
    if _HTML.match(content[:4096]):
        raise UnknownKind(
            Sentence("The file is a web page, which cannot be read as an invoice. {accepted}", accepted=_ACCEPTED)
        )
    if _PDF_HEADER.search(content[: _PDF_HEADER_WITHIN + 8]):
        return "pdf"
    prolog = read_prolog(content)
    if prolog is None:
        raise UnknownKind(
            Sentence("The kind of the file is not recognised from its content. {accepted}", accepted=_ACCEPTED)
        )
    kind = e_invoice_kind(content)
    if kind is None:
        raise UnknownKind(
            Sentence(
                "The file is XML, but its root element is {prolog_name}, neither a UBL invoice or credit "
                "note nor a CII invoice, nor an envelope with one in it. {accepted}",
                prolog_name=repr(prolog.name[:60]),
                accepted=_ACCEPTED,
            )
        )
    return kind


def _image_kind(content: bytes) -> DocumentKind | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")):
        return "tiff"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    return None
