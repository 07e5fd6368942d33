"""E-invoices pinned to a page, in an envelope, in any prefix and encoding; what is no e-invoice is passed over."""

from dataclasses import replace
from typing import Any

import psutil
import pymupdf
import pytest

from ocr.reading.document import DocumentText
from ocr.reading.limits import MEBIBYTE, ReadingLimits
from ocr.reading.reader import read_document
from ocr.reading.xml_tree import read_xml
from tests.unit.reading.documents import CII, ENVELOPE, UBL, text_page
from tests.unit.reading.engines import PREFIX

ORDER = (
    b'<a:SCRDMCCBDACIOMessageStructure xmlns:a="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100">'
    b"<a:ExchangedDocument/></a:SCRDMCCBDACIOMessageStructure>"
)


def read(document: Any) -> DocumentText:
    return read_document(content=document.tobytes(), limits=ReadingLimits(), engine_name=PREFIX + "ForbiddenEngine")


def with_pinned(*files: bytes) -> Any:
    document = pymupdf.open()
    text_page(document)
    page = text_page(document)
    for number, content in enumerate(files):
        page.add_file_annot((500, 90 + 30 * number), content, f"file-{number}.xml")
    return document


def with_embedded(content: bytes) -> Any:
    document = pymupdf.open()
    text_page(document)
    document.embfile_add("invoice", content, filename="invoice.xml")
    return document


def body(invoice: bytes) -> bytes:
    return invoice.split(b"?>", 1)[1]


def test_an_e_invoice_pinned_to_a_page_is_found() -> None:
    result = read(with_pinned(b"Just a text", UBL))
    assert [(witness.name, witness.root.children[0].text) for witness in result.xml] == [("file-1.xml", "2026-0417")]
    assert result.notes == ()


def test_a_file_that_is_embedded_and_pinned_is_one_witness() -> None:
    document = with_pinned(CII)
    document.embfile_add("invoice", CII, filename="invoice.xml")
    assert [witness.name for witness in read(document).xml] == ["invoice"]


def test_an_annotation_that_points_nowhere_is_passed_over() -> None:
    document = with_pinned(CII)
    annotation = next(document[1].annots()).xref
    document.xref_set_key(annotation, "FS", "9999 0 R")
    result = read(document)
    assert (result.xml, len(result.pages)) == ((), 2)


@pytest.mark.parametrize("invoice", [UBL, CII])
def test_an_attached_envelope_is_a_witness_when_an_invoice_is_in_it(invoice: bytes) -> None:
    (witness,) = read(with_embedded(ENVELOPE % body(invoice))).xml
    (alone,) = read(with_embedded(invoice)).xml
    assert witness.root == alone.root
    assert read(with_embedded(ENVELOPE % b"<Order/>")).xml == ()


def test_an_attached_envelope_with_two_invoices_is_none_of_them_and_noted() -> None:
    result = read(with_embedded(ENVELOPE % (body(UBL) + body(CII))))
    assert result.xml == ()
    (note,) = result.notes
    assert note.message == "The attachment 'invoice' was left out: it is an envelope with several invoices"


@pytest.mark.parametrize("attach", [with_embedded, with_pinned])
def test_an_attachment_that_inflates_beyond_the_limit_is_left_out_without_being_held(attach: Any) -> None:
    document = attach(CII + b" " * (300 * MEBIBYTE))
    content = document.tobytes(deflate=True)
    del document
    before = psutil.Process().memory_info().rss

    result = read_document(content=content, limits=ReadingLimits(), engine_name=PREFIX + "ForbiddenEngine")

    assert (result.xml, [note.code for note in result.notes]) == ((), ["attachment_unreadable"])
    assert "it is larger than 64 MiB" in result.notes[0].message
    assert psutil.Process().memory_info().rss - before < 200 * MEBIBYTE
    assert len(content) < MEBIBYTE


def test_an_attachment_at_the_limit_is_read() -> None:
    limits = ReadingLimits(max_attachment_bytes=len(CII))
    content = with_embedded(CII).tobytes(deflate=True)

    assert read_document(content=content, limits=limits, engine_name=PREFIX + "ForbiddenEngine").xml
    shorter = replace(limits, max_attachment_bytes=len(CII) - 1)
    assert not read_document(content=content, limits=shorter, engine_name=PREFIX + "ForbiddenEngine").xml


def test_an_order_is_no_e_invoice() -> None:
    result = read(with_embedded(ORDER))
    assert (result.xml, result.notes) == ((), ())


@pytest.mark.parametrize("prefix", ["", "x:", "rsm_2.a:"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_e_invoice_is_known_in_any_prefix_and_encoding(prefix: str, encoding: str) -> None:
    declaration = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    # Without a byte order mark XML 1.0 demands that UTF-16 is declared.
    text = f"<?xml version='1.0' encoding='{encoding}'?>" if encoding.endswith("e") else ""
    text += (
        f"<{prefix}Invoice {declaration}='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'>"
        f"<{prefix}ID>R-Ü</{prefix}ID></{prefix}Invoice>"
    )
    (witness,) = read(with_embedded(text.encode(encoding))).xml
    assert witness.root.tag == "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"
    assert witness.root.children[0].text == "R-Ü"


def test_an_inclusion_is_never_opened(tmp_path: Any) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("47-11")
    inclusion = (
        f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/></Invoice>'
    )
    root = read_xml(content=UBL.replace(b"</Invoice>", inclusion.encode()), limits=ReadingLimits())
    assert root.children[-1].tag == "{http://www.w3.org/2001/XInclude}include"
    assert "47-11" not in repr(root)
