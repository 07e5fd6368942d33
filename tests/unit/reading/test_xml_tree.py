from dataclasses import replace
from pathlib import Path

import pytest

from ocr.reading.document import UnreadableDocument, XmlElement
from ocr.reading.limits import ReadingLimits
from ocr.reading.xml_tree import read_xml
from tests.unit.reading.documents import CII, UBL

LIMITS = ReadingLimits()
BODY = UBL.split(b"?>", 1)[1]


def refusal(content: bytes, limits: ReadingLimits = LIMITS) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read_xml(content=content, limits=limits)
    return caught.value.code


def texts(element: XmlElement) -> list[str]:
    return [element.text, *(text for child in element.children for text in texts(child))]


def test_tags_and_attributes_are_in_clark_notation_and_texts_stripped() -> None:
    root = read_xml(content=CII, limits=LIMITS)
    assert root.tag == "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
    assert texts(root) == ["", "", "2026-0417"]
    amount = read_xml(content=UBL, limits=LIMITS).children[1]
    assert (amount.text, amount.attributes) == ("1234.51", (("currencyID", "EUR"),))


def test_a_comment_does_not_cut_a_text_in_two() -> None:
    assert read_xml(content=b"<a>12<!-- x -->34<?x y?>56</a>", limits=LIMITS) == XmlElement(tag="a", text="123456")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso-8859-1", "utf-8-sig"])
def test_other_encodings_are_read(encoding: str) -> None:
    name = encoding.replace("-sig", "").replace("-le", "")
    content = f'<?xml version="1.0" encoding="{name}"?><a>Müller &amp; Söhne</a>'.encode(encoding)
    assert read_xml(content=content, limits=LIMITS).text == "Müller & Söhne"


def test_blanks_before_the_declaration_are_forgiven() -> None:
    assert read_xml(content=b"\r\n " + UBL, limits=LIMITS).children[0].text == "2026-0417"


def test_an_external_entity_is_refused_and_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    doctype = f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    assert refusal(doctype + BODY.replace(b"2026-0417", b"&x;")) == "dtd_not_allowed"


def test_a_billion_laughs_are_refused_before_they_are_told() -> None:
    entities = b'<!ENTITY a0 "ha">' + b"".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">'.encode() for level in range(1, 12)
    )
    assert refusal(b"<!DOCTYPE Invoice [" + entities + b"]>" + BODY.replace(b"EUR", b"&a11;")) == "dtd_not_allowed"


@pytest.mark.parametrize("prolog", [b"<!DOCTYPE Invoice>", b'<!DOCTYPE Invoice SYSTEM "http://192.0.2.1/x.dtd">'])
def test_any_document_type_declaration_is_refused(prolog: bytes) -> None:
    assert refusal(prolog + BODY) == "dtd_not_allowed"
    assert refusal((prolog + BODY).decode().encode("utf-16")) == "dtd_not_allowed"


def test_depth_and_number_of_elements_are_bounded() -> None:
    limits = replace(LIMITS, max_xml_depth=5, max_xml_nodes=10)
    assert read_xml(content=b"<a>" * 5 + b"</a>" * 5, limits=limits).tag == "a"
    assert refusal(b"<a>" * 6 + b"</a>" * 6, limits) == "too_large"
    assert refusal(b"<a>" + b"<b/>" * 10 + b"</a>", limits) == "too_large"
    assert refusal(b"<a>" * 100_000 + b"</a>" * 100_000) == "too_large"


def test_an_attachment_inside_the_xml_is_left_out() -> None:
    content = b"<a><b>" + b"QUJD" * 100_000 + b"</b><c>kept</c></a>"
    assert texts(read_xml(content=content, limits=LIMITS)) == ["", "", "kept"]


def test_a_text_past_the_parser_s_own_bound_is_too_large() -> None:
    assert refusal(b"<a>" + b"QUJD" * 3_000_000 + b"</a>") == "too_large"


@pytest.mark.parametrize("content", [b"<a><b></a>", b"<a>", b"<a>&undefined;</a>", UBL[:-20], b"<a>\xff</a>"])
def test_xml_that_is_not_well_formed_is_corrupt(content: bytes) -> None:
    assert refusal(content) == "corrupt"


def test_an_element_with_more_attributes_than_any_invoice_has_is_too_large() -> None:
    attributes = [f'b{number}="1"' for number in range(LIMITS.max_xml_attributes + 1)]
    assert refusal(f"<a {' '.join(attributes)}/>".encode()) == "too_large"
    assert len(read_xml(content=f"<a {' '.join(attributes[1:])}/>".encode(), limits=LIMITS).attributes) == 64
