"""E-invoices among a PDF's attachments, codes in pictures, and what makes a PDF unreadable."""

from dataclasses import replace
from typing import Any

import pymupdf
import pytest

from ocr.reading.document import DocumentText, UnreadableDocument
from ocr.reading.limits import ReadingLimits
from ocr.reading.reader import read_document
from tests.unit.reading.documents import CII, UBL, code_png, raw_pdf, scanned_pdf, text_page, text_pdf
from tests.unit.reading.engines import PREFIX

LIMITS = ReadingLimits()


def read(document: Any, limits: ReadingLimits = LIMITS) -> DocumentText:
    content = document if isinstance(document, bytes) else document.tobytes()
    return read_document(content=content, limits=limits, engine_name=PREFIX + "ForbiddenEngine")


def refusal(document: Any, limits: ReadingLimits = LIMITS) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(document, limits)
    assert caught.value.message.endswith(".")
    return caught.value.code


def with_attachments(**attachments: bytes) -> Any:
    document = pymupdf.open()
    text_page(document)
    for name, content in attachments.items():
        document.embfile_add(name, content, filename=name)
    return document


def test_e_invoices_are_found_by_content_whatever_their_name() -> None:
    result = read(with_attachments(notes=b"Just a text", picture_pdf=CII, terms_xml=b"<terms/>", other=UBL))
    assert [(witness.name, witness.root.children[0].tag.rpartition("}")[2]) for witness in result.xml] == [
        ("picture_pdf", "ExchangedDocument"),
        ("other", "ID"),
    ]
    assert result.notes == ()


def test_a_file_that_is_only_associated_is_found() -> None:
    document = pymupdf.open()
    text_page(document)
    stream, specification = document.get_new_xref(), document.get_new_xref()
    document.update_object(stream, "<</Type /EmbeddedFile>>")
    document.update_stream(stream, CII)
    document.update_object(specification, f"<</Type /Filespec /UF (e.xml) /EF <</F {stream} 0 R>>>>")
    document.xref_set_key(document.pdf_catalog(), "AF", f"[{specification} 0 R]")
    assert [witness.name for witness in read(document).xml] == ["e.xml"]


def test_a_file_that_is_embedded_and_associated_is_one_witness() -> None:
    document = with_attachments(invoice=CII, copy=CII)
    assert [witness.name for witness in read(document).xml] == ["invoice"]


def test_an_attachment_with_a_dtd_is_left_out_with_a_note() -> None:
    attack = b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/hostname'>]>" + CII.split(b"?>", 1)[1]
    result = read(with_attachments(invoice_xml=attack))
    assert result.xml == ()
    assert [note.code for note in result.notes] == ["attachment_unreadable"]
    assert result.pages[0].words


def test_a_broken_attachment_is_left_out_with_a_note() -> None:
    result = read(with_attachments(invoice_xml=CII[:-30]))
    assert (result.xml, [note.code for note in result.notes]) == ((), ["attachment_unreadable"])


def test_a_code_in_a_picture_is_found_beside_a_sound_text_layer() -> None:
    document = pymupdf.open()
    page = text_page(document)
    page.insert_image((400, 600, 520, 720), stream=code_png("SPC\r\n0200\r\n1"))
    page = document.new_page()
    page.insert_text((72, 90), "Seite 2")
    assert [(code.page, code.text) for code in read(document).codes] == [(1, "SPC\r\n0200\r\n1")]


def test_a_password_makes_a_pdf_unreadable() -> None:
    document = pymupdf.open()
    text_page(document)
    content = document.tobytes(encryption=pymupdf.mupdf.PDF_ENCRYPT_AES_256, owner_pw="owner", user_pw="user")
    assert refusal(content) == "encrypted"


def test_a_pdf_without_pages_is_unreadable() -> None:
    content = raw_pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>")
    assert refusal(content) == "no_pages"


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7, 0.95])
@pytest.mark.parametrize("kind", ["text", "scan"])
def test_a_pdf_that_is_cut_off_is_corrupt(kind: str, share: float) -> None:
    content = text_pdf(pages=3) if kind == "text" else scanned_pdf()
    assert refusal(content[: int(len(content) * share)]) == "corrupt"


def test_a_pdf_header_alone_is_corrupt() -> None:
    assert refusal(b"%PDF-1.7\n") == "corrupt"
    assert refusal(b"%PDF-1.7\n" + bytes(range(256)) * 40) == "corrupt"


def test_a_whole_pdf_with_a_wrong_cross_reference_is_still_read() -> None:
    content = text_pdf().replace(b"startxref\n", b"startxref\n9")
    assert read(content).pages[0].words


def test_51_pages_are_too_many_and_50_are_not() -> None:
    assert len(read(text_pdf(pages=50, lines=("Seite",))).pages) == 50
    assert refusal(text_pdf(pages=51, lines=("Seite",))) == "too_many_pages"


def test_a_page_too_large_to_be_rendered_is_refused_before_it_is() -> None:
    document = pymupdf.open()
    page = document.new_page(width=14_000, height=14_000)
    page.insert_image((100, 100, 13_000, 13_000), stream=code_png("x"))
    assert refusal(document) == "page_too_large"


def test_a_picture_too_large_to_be_decoded_is_refused_before_it_is() -> None:
    content = raw_pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /XObject << /I 5 0 R >> >> >>",
        "<< /Length 28 >>\nstream\nq 500 0 0 500 9 9 cm /I Do Q\nendstream",
        "<< /Type /XObject /Subtype /Image /Width 20000 /Height 10000 /BitsPerComponent 1 /ColorSpace /DeviceGray"
        " /Length 1 >>\nstream\n0\nendstream",
    )
    assert refusal(content) == "page_too_large"


def test_far_more_text_than_an_invoice_has_is_refused() -> None:
    assert refusal(text_pdf(), replace(LIMITS, max_words=10)) == "too_large"


def test_nothing_at_all_and_unknown_kinds_are_unreadable() -> None:
    assert refusal(b"") == "empty"
    assert refusal(b"plain text") == "unsupported"


def test_plain_xml_is_a_document_without_pages() -> None:
    result = read(UBL)
    assert (result.kind, result.pages, result.xml[0].name) == ("ubl", (), "")
