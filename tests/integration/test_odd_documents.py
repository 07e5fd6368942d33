"""Documents whose content no database would take as it is: they are read, and their jobs end."""

import io

import pymupdf
import pytest
import segno

from ocr.intake import accept_document
from ocr.models import OcrJob, Stage
from ocr.processing import process_job
from ocr.review import ask_again
from tests.documents import invoice_pdf
from tests.ledger import SUPPLIERS_IBAN, a_customer

pytestmark = pytest.mark.django_db

PAYLOAD = "BCD\n002\n1\nSCT\n\nHollow\x00 Oak Timber Ltd\n{iban}\nEUR1190.00\n\n\nInvoice\u202e 4711\x00"


def code_png(payload: str) -> bytes:
    out = io.BytesIO()
    segno.make(payload, error="m").save(out, kind="png", scale=6, border=8)
    return out.getvalue()


def invoice_with_code(payload: str) -> bytes:
    with pymupdf.open("pdf", invoice_pdf()) as pdf:
        pdf[0].insert_image(pymupdf.Rect(400, 600, 520, 720), stream=code_png(payload))
        content: bytes = pdf.tobytes()
        return content


@pytest.mark.parametrize("content", [code_png(PAYLOAD.format(iban=SUPPLIERS_IBAN)), invoice_with_code("\x00\x01\x02")])
def test_control_characters_in_a_code_cost_nothing(content: bytes) -> None:
    job = accept_document(customer=a_customer(), content=content, file_name="bill", by="test")

    process_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (OcrJob.State.FINISHED, 1)
    assert "\x00" not in str(job.result)


def test_what_was_found_on_the_way_is_kept_with_the_job_and_survives_matching_again() -> None:
    payload = PAYLOAD.format(iban=SUPPLIERS_IBAN)
    job = accept_document(customer=a_customer(), content=invoice_with_code(payload), file_name="bill", by="test")
    process_job(job.pk)
    job.refresh_from_db()
    notes = job.notes

    ask_again(job=job, from_stage=Stage.MATCH, by="test")
    process_job(job.pk)

    job.refresh_from_db()
    said = [(note["code"], note["message"]) for note in notes]
    assert said == [("payment_code", "The QR code on page 1 is a payment code, EPC069-12.")]
    assert (job.state, job.notes) == (OcrJob.State.FINISHED, notes)


def test_values_longer_than_any_column_are_kept_or_cut_but_never_fail_the_job() -> None:
    name = "Very Long Timber and Sawmill Company of the North " * 12
    payload = f"BCD\n002\n1\nSCT\n\n{name[:70]}\n{SUPPLIERS_IBAN}\nEUR1190.00\n\n\n{'x' * 140}"
    job = accept_document(customer=a_customer(), content=invoice_with_code(payload), file_name="b" * 400, by="test")

    process_job(job.pk)

    job.refresh_from_db()
    assert job.state == OcrJob.State.FINISHED
