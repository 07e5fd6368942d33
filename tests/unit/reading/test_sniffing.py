import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.reading.sniffing import UnknownKind, sniff
from tests.unit.reading.documents import CII, UBL, encoded, page_picture, text_pdf


def picture(kind: str) -> bytes:
    return encoded(page_picture(text_pdf(), dpi=20), kind)


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff", "webp"])
def test_images_are_known_by_their_signature(kind: str) -> None:
    assert sniff(picture(kind.upper())) == kind


def test_a_pdf_is_known_within_its_first_1024_bytes() -> None:
    assert sniff(text_pdf()) == "pdf"
    assert sniff(b"\x1b%-12345X@PJL\n" + b" " * 900 + text_pdf()) == "pdf"


def test_a_pdf_header_further_in_is_not_looked_for() -> None:
    with pytest.raises(UnknownKind):
        sniff(b" " * 2000 + text_pdf())


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (UBL, "ubl"),
        (CII, "cii"),
        (b"\xef\xbb\xbf" + UBL, "ubl"),
        (UBL.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "ubl"),
        (UBL.decode().replace("UTF-8", "UTF-16").encode("utf-16-be"), "ubl"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><!-- B\xfcro --> \n' + CII.split(b"?>", 1)[1], "cii"),
        (CII.replace(b"rsm:", b"x:").replace(b":rsm=", b":x="), "cii"),
        (b"<a:CreditNote xmlns:a='urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2'/>", "ubl"),
        (b"<r:CrossIndustryDocument b='>' xmlns:r='urn:ferd:CrossIndustryDocument:invoice:1p0'>", "cii"),
        (b"<?xml-stylesheet href='a.xsl'?>" + UBL.split(b"?>", 1)[1], "ubl"),
        (b'<!DOCTYPE Invoice [<!ENTITY a "]>"><!-- \' -->]>' + UBL.split(b"?>", 1)[1], "ubl"),
    ],
)
def test_e_invoices_are_known_by_their_root_element(content: bytes, kind: str) -> None:
    assert sniff(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Invoice 2026-0417, total EUR 1,234.51",
        b"This is about PDF files, such as %PDF and others.",
        b"<!DOCTYPE html><html><body>%PDF-1.7</body></html>",
        b"<html><head></head></html>",
        b"PK\x03\x04%PDF-1.7",
        b"GIF89a\x01\x00\x01\x00",
        b"MZ\x90\x00" + b"%PDF-1.4",
        b"\x7fELF\x02\x01\x01",
        b"<Invoice><ID>1</ID></Invoice>",
        b"<Invoice xmlns='http://www.ebinterface.at/schema/6p1/'/>",
        b"<x:Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>",
        b"<?xml version='1.0'?><!-- never closed",
        b"<!DOCTYPE Invoice [ never closed",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"%PDF",
    ],
)
def test_everything_else_is_refused_with_what_to_send_instead(content: bytes) -> None:
    with pytest.raises(UnknownKind) as refusal:
        sniff(content)
    assert "Send a PDF" in refusal.value.message


@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda tail: b"<?xml version='1.0'?><" + tail))
def test_no_bytes_make_the_sniffer_fail_otherwise(content: bytes) -> None:
    try:
        kind = sniff(content)
    except UnknownKind:
        return
    assert kind in {"pdf", "png", "jpeg", "tiff", "webp", "ubl", "cii"}


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"II*\x00", "tiff"),
        (b"RIFF\x00\x00\x00\x00WEBP", "webp"),
        (UBL, "ubl"),
        (CII, "cii"),
    ],
)
@given(tail=st.binary(max_size=200), cut=st.integers(0, 400))
def test_what_is_known_stays_known_whatever_follows(head: bytes, kind: str, tail: bytes, cut: int) -> None:
    assert sniff(head + tail) == kind
    try:
        of_a_part = sniff(head[:cut])
    except UnknownKind:
        return
    assert of_a_part == kind
