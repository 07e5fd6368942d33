"""E-invoices carried inside a PDF (Factur-X, ZUGFeRD, and whoever attaches UBL), known by content, not by name."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import pymupdf

from ocr.reading.document import ReadingNote, UnreadableDocument, XmlWitness
from ocr.reading.limits import ReadingLimits
from ocr.reading.sniffing import e_invoice_kind
from ocr.reading.xml_prolog import read_prolog
from ocr.reading.xml_tree import read_xml

_REFERENCE = re.compile(r"(\d+) \d+ R")


def read_attachments(*, document: Any, limits: ReadingLimits) -> tuple[tuple[XmlWitness, ...], tuple[ReadingNote, ...]]:
    """The e-invoices among the embedded and associated files of a PyMuPDF document, and notes on those unreadable.

    Other attachments are none of our business and are passed over.
    """
    witnesses: list[XmlWitness] = []
    notes: list[ReadingNote] = []
    seen: set[bytes] = set()
    for name, load in islice(_files(document), limits.max_attachments):
        try:
            content = load()
        except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase):
            notes.append(_note(name, "its data is damaged"))
            continue
        prolog = read_prolog(content)
        if prolog is None or e_invoice_kind(prolog) is None or content in seen:
            continue
        seen.add(content)
        try:
            witnesses.append(XmlWitness(name=name, root=read_xml(content=content, limits=limits)))
        except UnreadableDocument as refusal:
            notes.append(_note(name, refusal.message))
    return tuple(witnesses), tuple(notes)


def _files(document: Any) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name and loader of each file: those of the name tree (ISO 32000-2 7.7.4) and then the associated ones (14.13),
    which are the same ones where the producer keeps to the rules."""
    for name in document.embfile_names():
        yield name, partial(document.embfile_get, name)
    kind, references = document.xref_get_key(document.pdf_catalog(), "AF")
    if kind == "xref":
        references = document.xref_object(int(references.split()[0]))
    for specification in map(int, _REFERENCE.findall(references)):
        kind, stream = document.xref_get_key(specification, "EF/F")
        if kind == "xref":
            name = document.xref_get_key(specification, "UF")[1]
            yield name, partial(document.xref_stream, int(stream.split()[0]))


def _note(name: str, reason: str) -> ReadingNote:
    return ReadingNote("attachment_unreadable", f"The attachment {name[:100]!r} was left out: {reason}")
