"""E-invoices carried inside a PDF (Factur-X, ZUGFeRD, and whoever attaches UBL), known by content, not by name."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

import pymupdf

from customers.sentences import Sentence
from ocr.reading.document import ReadingNote, UnreadableDocument, XmlWitness
from ocr.reading.envelopes import e_invoice_kind, invoices_in
from ocr.reading.limits import MEBIBYTE, ReadingLimits
from ocr.reading.xml_tree import read_xml

_DAMAGE = (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase)
_REFERENCE = re.compile(r"(\d+) \d+ R")


def read_attachments(*, document: Any, limits: ReadingLimits) -> tuple[tuple[XmlWitness, ...], tuple[ReadingNote, ...]]:
    """The e-invoices among the embedded, associated and pinned files of a PDF, and notes on those unreadable.

    Other attachments are none of our business and are passed over.
    """
    witnesses: list[XmlWitness] = []
    notes: list[ReadingNote] = []
    seen: set[bytes] = set()
    for name, stream in islice(_files(document), limits.max_attachments):
        try:
            if _is_longer(document, stream, limits.max_attachment_bytes):
                notes.append(_note(name, _too_large(limits)))
                continue
            content = document.xref_stream(stream) or b""
        except _DAMAGE:
            notes.append(_note(name, Sentence("its data is damaged")))
            continue
        if content in seen or e_invoice_kind(content) is None:
            continue
        seen.add(content)
        try:
            root = read_xml(content=content, limits=limits)
        except UnreadableDocument as refusal:
            notes.append(_note(name, refusal.message))
            continue
        invoices = invoices_in(root)
        if len(invoices) > 1:
            notes.append(_note(name, Sentence("it is an envelope with several invoices")))
        witnesses.extend(XmlWitness(name=name, root=invoice) for _, invoice in invoices if len(invoices) == 1)
    return tuple(witnesses), tuple(notes)


def _is_longer(document: Any, stream: int, most: int) -> bool:
    """Whether more than so many bytes come out of the stream, found without holding them: two megabytes may inflate to
    two gigabytes, and what a file says of its size is its own word."""
    opened = pymupdf.mupdf.pdf_open_stream_number(pymupdf._as_pdf_document(document), stream)
    return bool(pymupdf.mupdf.fz_skip(opened, most + 1) > most)


def _too_large(limits: ReadingLimits) -> Sentence:
    return Sentence("it is larger than {limit} MiB", limit=limits.max_attachment_bytes // MEBIBYTE)


def _files(document: Any) -> Iterator[tuple[str, int]]:
    """Name and number of the stream of each file: those of the name tree (ISO 32000-2 7.7.4), then the associated ones
    (14.13), which are the same where the producer keeps to the rules, then those pinned to a page (12.5.6.15)."""
    for index, name in enumerate(document.embfile_names()):
        yield name, int(document._embfile_info(index, {}))
    kind, references = document.xref_get_key(document.pdf_catalog(), "AF")
    if kind == "xref":
        references = document.xref_object(int(references.split()[0]))
    associated = ((int(number), "") for number in _REFERENCE.findall(references))
    # The path leads through the specification whether it is an object of its own or part of the annotation.
    pinned = ((annotation, "FS/") for annotation in _pins(document))
    for number, path in chain(associated, pinned):
        kind, stream = _value(document, number, f"{path}EF/F")
        if kind == "xref":
            names = (_value(document, number, f"{path}{key}") for key in ("UF", "F"))
            name = next((text for kind, text in names if kind == "string"), "")
            yield name, int(stream.split()[0])


def _pins(document: Any) -> Iterator[int]:
    """The attachment annotations of all pages."""
    for number in range(document.page_count):
        for annotation, kind, _ in _annotations(document, number):
            if kind == pymupdf.mupdf.PDF_ANNOT_FILE_ATTACHMENT:
                yield annotation


def _annotations(document: Any, number: int) -> list[tuple[int, int, str]]:
    try:
        return list(document.page_annot_xrefs(number))
    except _DAMAGE:
        return []  # reading the page itself says what is wrong with it


def _value(document: Any, number: int, key: str) -> tuple[str, str]:
    """Kind and text of a value in an object's dictionary, `null` where there is none, or no such object."""
    try:
        kind, text = document.xref_get_key(number, key)
    except _DAMAGE:
        return "null", "null"
    return str(kind), str(text)


def _note(name: str, reason: Sentence) -> ReadingNote:
    return ReadingNote(
        "attachment_unreadable",
        Sentence("The attachment {name} was left out: {reason}", name=repr(name[:100]), reason=reason),
    )
