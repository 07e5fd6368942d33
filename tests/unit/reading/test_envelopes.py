"""An e-invoice uploaded in the envelope of a network: known without a parser, and read as if it came alone."""

import time

import pytest

from ocr.reading.document import DocumentText, UnreadableDocument
from ocr.reading.limits import ReadingLimits
from ocr.reading.reader import read_document
from ocr.reading.sniffing import UnknownKind, sniff
from tests.unit.reading.documents import CII, ENVELOPE, UBL
from tests.unit.reading.engines import PREFIX


def read(content: bytes) -> DocumentText:
    return read_document(content=content, limits=ReadingLimits(), engine_name=PREFIX + "ForbiddenEngine")


def body(invoice: bytes) -> bytes:
    return invoice.split(b"?>", 1)[1]


@pytest.mark.parametrize(("invoice", "kind"), [(UBL, "ubl"), (CII, "cii")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_enveloped_invoice_is_read_as_if_it_came_alone(invoice: bytes, kind: str, encoding: str) -> None:
    enveloped = (ENVELOPE % body(invoice)).decode().encode(encoding)
    assert sniff(enveloped) == kind
    assert read(enveloped) == read(invoice)


def test_the_envelope_may_be_the_default_namespace_and_declare_the_invoices_prefix() -> None:
    enveloped = (
        b'<?xml version="1.0"?><!-- <Invoice/> --><StandardBusinessDocument'
        b' xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"'
        b' xmlns:u="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2">'
        b"<StandardBusinessDocumentHeader/><!-- <u:Invoice/> --><u:CreditNote/></StandardBusinessDocument>"
    )
    assert sniff(enveloped) == "ubl"
    assert read(enveloped).xml[0].root.tag.endswith("}CreditNote")


def test_an_envelope_without_an_invoice_is_refused_when_it_is_sent() -> None:
    with pytest.raises(UnknownKind, match="nor an envelope with one in it"):
        sniff(ENVELOPE % b"<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>")


@pytest.mark.parametrize(
    "pretended",
    [
        b"<x><Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/></x>",
        b"<![CDATA[<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>]]>",
    ],
)
def test_what_only_looks_like_an_enveloped_invoice_is_refused_when_it_is_read(pretended: bytes) -> None:
    assert sniff(ENVELOPE % pretended) == "ubl"
    with pytest.raises(UnreadableDocument) as refusal:
        read(ENVELOPE % pretended)
    assert refusal.value.code == "unsupported"


def test_an_envelope_with_two_invoices_is_refused_rather_than_one_of_them_paid() -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        read(ENVELOPE % (body(UBL) + body(CII)))
    assert refusal.value.code == "several_invoices"
    assert "2 invoices" in refusal.value.message


@pytest.mark.parametrize("filling", [b"<a b='", b'<a b="1" c=\'<a d="\'', b"<!--", b"<", b"<a" + b" b='1'" * 1000])
def test_no_envelope_keeps_the_sniffer_busy(filling: bytes) -> None:
    started = time.process_time()
    with pytest.raises(UnknownKind):
        sniff(ENVELOPE % (filling * (300_000 // len(filling))))
    assert time.process_time() - started < 2
