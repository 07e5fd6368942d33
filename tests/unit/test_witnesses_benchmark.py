"""What the table of witnesses counts as carried, and as read completely."""

from typing import Any

from benchmarks.witnesses.hearing import heard, missing_witness
from ocr.reading.document import Box, CodeWitness, DocumentText, XmlWitness
from tests.unit.extraction.einvoice_samples import cii, ubl

EPC = "BCD\n002\n1\nSCT\nCOBADEFFXXX\nNordlicht Lampen GmbH\nDE89370400440532013000\nEUR119.00\n\nRF18539007547034"
PAYLOAD = {"iban": "DE89370400440532013000", "total": "119.00", "seller_name": "Nordlicht Lampen GmbH"}


def pdf(*, xml: tuple[XmlWitness, ...] = (), codes: tuple[str, ...] = ()) -> DocumentText:
    place = Box(0.0, 0.0, 72.0, 72.0)
    return DocumentText(
        kind="pdf", pages=(), xml=xml, codes=tuple(CodeWitness(1, place, "QRCode", text) for text in codes)
    )


def amiss(document: DocumentText, row: dict[str, Any]) -> list[tuple[str, int, list[str]]]:
    return [
        (each.witness, each.values, [name for name, _, _ in each.amiss]) for each in heard(document=document, row=row)
    ]


def test_every_true_value_of_the_line_has_to_be_stated_by_the_e_invoice() -> None:
    row = {"fields": {"total": "119.0", "buyer_name": "BEISPIEL AG", "reference": "other", "customer_email": None}}
    assert amiss(pdf(xml=(cii(),)), row) == [("CII in PDF", 3, ["reference"])]


def test_a_credit_note_is_compared_without_its_sign() -> None:
    note = DocumentText(kind="ubl", pages=(), xml=(ubl(root="CreditNote", heading=""),))
    assert amiss(note, {"fields": {"total": "240.00"}}) == [("plain UBL", 1, [])]
    assert amiss(note, {"fields": {"total": "24.00"}}) == [("plain UBL", 1, ["total"])]


def test_a_code_is_held_against_its_own_payload_else_against_what_it_states() -> None:
    payloads = {"payloads": [{"fields": {**PAYLOAD, "invoice_number": "R-1"}}]}
    assert amiss(pdf(codes=(EPC,)), payloads) == [("EPC069-12", 4, ["invoice_number"])]
    fields = {"fields": {"total": "119.00", "invoice_number": "R-1"}}
    assert amiss(pdf(codes=(EPC,)), fields) == [("EPC069-12", 1, [])]
    assert amiss(pdf(codes=("https://example.com",)), fields) == [("code without payment", 0, [])]


def test_an_account_that_fails_its_check_must_not_be_stated() -> None:
    row = {"payloads": [{"fields": {"iban": "DE89370400440532013001"}}]}
    assert amiss(pdf(codes=(EPC,)), row) == [("EPC069-12", 1, ["iban"])]
    assert amiss(pdf(codes=(EPC.replace("013000", "013001"),)), row) == [("EPC069-12", 1, [])]


def test_a_witness_that_should_be_there_and_is_not_is_counted() -> None:
    both = {"has_embedded_xml": True, "has_payment_qr": True, "fields": {"total": "119.00"}}
    with_both = heard(document=pdf(xml=(cii(),), codes=(EPC,)), row=both)
    with_one = heard(document=pdf(xml=(cii(),)), row=both)
    assert missing_witness(found=with_both, row=both) is None
    assert missing_witness(found=with_one, row=both) == "payment code, not found"
    assert missing_witness(found=(), row=both) == "e-invoice, not found"
    assert missing_witness(found=with_one, row={"fields": {}}) is None
