"""E-invoices carried inside a PDF (Factur-X, ZUGFeRD, and whoever attaches UBL), known by content, not by name."""

from typing import Any

import pymupdf

from ocr.reading.document import ReadingNote, UnreadableDocument, XmlWitness
from ocr.reading.limits import ReadingLimits
from ocr.reading.sniffing import e_invoice_kind
from ocr.reading.xml_prolog import read_prolog
from ocr.reading.xml_tree import read_xml


def read_attachments(*, document: Any, limits: ReadingLimits) -> tuple[tuple[XmlWitness, ...], tuple[ReadingNote, ...]]:
    """The e-invoices among the embedded files of a PyMuPDF document, and notes on those that could not be read.

    Other attachments are none of our business and are passed over.
    """
    witnesses: list[XmlWitness] = []
    notes: list[ReadingNote] = []
    for name in document.embfile_names()[: limits.max_attachments]:
        try:
            content = document.embfile_get(name)
        except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase):
            notes.append(_note(name, "its data is damaged"))
            continue
        prolog = read_prolog(content)
        if prolog is None or e_invoice_kind(prolog) is None:
            continue
        try:
            witnesses.append(XmlWitness(name=name, root=read_xml(content=content, limits=limits)))
        except UnreadableDocument as refusal:
            notes.append(_note(name, refusal.message))
    return tuple(witnesses), tuple(notes)


def _note(name: str, reason: str) -> ReadingNote:
    return ReadingNote("attachment_unreadable", f"The attachment {name[:100]!r} was left out: {reason}")
