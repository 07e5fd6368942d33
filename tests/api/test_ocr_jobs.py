"""Starting, polling, listing and reprocessing OCR jobs, as a client sees them."""

from typing import Any
from uuid import UUID, uuid4

import pymupdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from counterparties.models import CounterpartyAccount
from customers.models import Customer
from invoices.models import Upload
from invoices.uploads import read_upload
from ocr.extraction.fields import RESULT_NAMES
from ocr.models import OcrJob
from ocr.processing import process_job
from tests.api.conftest import client_for
from tests.documents import as_base64, invoice_pdf
from tests.ledger import SUPPLIERS_BIC, SUPPLIERS_IBAN, a_customer, suppliers_account
from transfers.finalizing import finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

JOBS = "/v2/invoices/ocr"
JOB_KEYS = [
    "job_id",
    "status",
    "upload_id",
    "transfer_id",
    "recipient_match",
    "counterparty_match",
    "counterparty_id",
    "cp_account_id",
    "result",
    "recipient",
    "transaction_id",
    "message",
]

CII_ROOT = b'<r:CrossIndustryInvoice xmlns:r="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>'


def start(client: APIClient, customer: Customer, content: bytes | None = None, *, once: str | None = None) -> Any:
    """The answer to a new document; `once` is the idempotency key."""
    body = {"base64_file": as_base64(content or invoice_pdf()), "customer_id": str(customer.pk)}
    return client.post(JOBS, body, format="json", headers=None if once is None else {"X-Idempotency-Key": once})


def finished(client: APIClient, customer: Customer, content: bytes | None = None) -> dict[str, Any]:
    """The job's body after a worker has processed it."""
    job_id = start(client, customer, content).json()["job_id"]
    process_job(UUID(job_id))
    body: dict[str, Any] = client.get(f"{JOBS}/{job_id}").json()
    return body


def test_start_stores_upload_and_job_before_it_answers_202(client: APIClient, customer: Customer) -> None:
    answer = start(client, customer)

    body = answer.json()
    assert answer.status_code == body["status"] == 202
    assert list(body) == JOB_KEYS
    assert list(body["result"]) == list(RESULT_NAMES)
    assert answer["Location"] == f"{JOBS}/{body['job_id']}"
    assert int(answer["Retry-After"]) >= 1
    job = OcrJob.objects.get(pk=body["job_id"])
    assert (job.state, str(job.upload_id)) == ("queued", body["upload_id"])
    assert read_upload(job.upload) == invoice_pdf()


def test_a_read_and_matched_invoice_becomes_a_draft_without_blockers(
    client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
) -> None:
    body = finished(client, customer)

    assert body["status"] == 200
    assert {name: body["result"][name] for name in ("total", "currency_code", "iban", "bic", "due_date")} == {
        "total": "1190.00",
        "currency_code": "EUR",
        "iban": SUPPLIERS_IBAN,
        "bic": SUPPLIERS_BIC,
        "due_date": "2026-11-01",
    }
    assert (body["recipient_match"], body["counterparty_match"]) == ("found", "found")
    assert body["cp_account_id"] == str(supplier_account.pk)
    assert body["recipient"]["legal_name"] == "Hollow Oak Timber Ltd"
    transfer = Transfer.objects.get(pk=body["transfer_id"])
    assert (transfer.amount_minor, transfer.destination_iban, transfer.blockers) == (119000, SUPPLIERS_IBAN, [])
    assert body["transaction_id"] is None


def test_transaction_id_appears_once_the_draft_is_finalised(
    client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
) -> None:
    body = finished(client, customer)

    pending = finalize_transfer(transfer_id=UUID(body["transfer_id"]), by="test", now=timezone.now())

    assert client.get(f"{JOBS}/{body['job_id']}").json()["transaction_id"] == str(pending.pk)


def test_multipart_upload_gives_the_same_job(client: APIClient, customer: Customer) -> None:
    file = SimpleUploadedFile("bill.pdf", invoice_pdf(), content_type="application/pdf")

    answer = client.post(JOBS, {"file": file, "customer_id": str(customer.pk)}, format="multipart")

    assert answer.status_code == 202
    upload = Upload.objects.get(pk=answer.json()["upload_id"])
    assert (upload.file_name, read_upload(upload)) == ("bill.pdf", invoice_pdf())


@pytest.mark.parametrize("wrapped", ["data:application/pdf;base64,{}", "\r\n{}\r\n", "{}"])
def test_base64_may_carry_a_prefix_and_line_breaks(client: APIClient, customer: Customer, wrapped: str) -> None:
    text = as_base64(invoice_pdf())
    lines = "\n".join(text[start : start + 76] for start in range(0, len(text), 76))

    answer = client.post(JOBS, {"base64_file": wrapped.format(lines), "customer_id": str(customer.pk)}, format="json")

    assert answer.status_code == 202
    assert read_upload(Upload.objects.get(pk=answer.json()["upload_id"])) == invoice_pdf()


def test_poll_answers_304_until_something_changes(client: APIClient, customer: Customer) -> None:
    started = start(client, customer).json()
    first = client.get(f"{JOBS}/{started['job_id']}")

    unchanged = client.get(f"{JOBS}/{started['job_id']}", headers={"If-None-Match": first["ETag"]})
    process_job(UUID(started["job_id"]))
    changed = client.get(f"{JOBS}/{started['job_id']}", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, unchanged.status_code, unchanged.content) == (202, 304, b"")
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_evidence_says_how_the_document_was_read(client: APIClient, customer: Customer) -> None:
    with pymupdf.open("pdf", invoice_pdf()) as pdf:
        pdf.embfile_add("factur-x.xml", b"<!DOCTYPE a>" + CII_ROOT)
        body = finished(client, customer, pdf.tobytes())

    [note] = client.get(f"{JOBS}/{body['job_id']}/evidence").json()["notes"]

    assert note["code"] == "attachment_unreadable"
    assert "'factur-x.xml' was left out: The XML has a document type declaration" in note["message"]


def test_evidence_says_where_each_value_was_read(
    client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
) -> None:
    body = finished(client, customer)

    evidence = client.get(f"{JOBS}/{body['job_id']}/evidence").json()

    iban = evidence["fields"]["iban"]
    assert (iban["value"], iban["source"], iban["page"]) == (SUPPLIERS_IBAN, "text", 1)
    assert iban["box"][1] == pytest.approx(740, abs=15)
    assert 0 < iban["confidence"] <= 1
    reasons = evidence["match"]["candidates"][0]["reasons"]
    assert "iban_exact" in {reason["code"] for reason in reasons}
    assert [run["outcome"] for run in evidence["runs"]] == ["finished"]
    assert set(evidence["runs"][0]["seconds"]) >= {"read", "extract", "match", "draft"}


def test_the_same_bytes_sent_again_start_a_new_job_with_a_warning(
    client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
) -> None:
    first = finished(client, customer)
    second = finished(client, customer)

    codes = [
        [one["code"] for one in client.get(f"{JOBS}/{body['job_id']}/evidence").json()["warnings"]]
        for body in (first, second)
    ]
    assert "duplicate_document" not in codes[0]
    assert "duplicate_document" in codes[1]
    assert first["upload_id"] != second["upload_id"]


def test_list_shows_newest_first_and_filters(
    client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
) -> None:
    done = finished(client, customer)
    waiting = start(client, customer).json()

    everything = client.get(JOBS).json()
    only_done = client.get(JOBS, {"search.status": "200"}).json()
    by_number = client.get(JOBS, {"search.invoice_number": "INV-2026-0417"}).json()

    assert [job["job_id"] for job in everything["data"]] == [waiting["job_id"], done["job_id"]]
    assert [job["job_id"] for job in only_done["data"]] == [done["job_id"]]
    assert (only_done["total"], only_done["total_unfiltered"], only_done["has_more"]) == (1, 2, False)
    assert [job["job_id"] for job in by_number["data"]] == [done["job_id"]]


def test_list_is_searched_for_text(client: APIClient, customer: Customer) -> None:
    by_number, by_file, by_payee = (start(client, customer).json() for _ in range(3))
    OcrJob.objects.filter(pk=by_number["job_id"]).update(invoice_number="Ash-17")
    Upload.objects.filter(pk=by_file["upload_id"]).update(file_name="bill of Elm.pdf")
    supplier = suppliers_account(customer).counterparty
    OcrJob.objects.filter(pk=by_payee["job_id"]).update(counterparty=supplier, counterparty_match="found")

    for text, job in (("ash-1", by_number), ("OF ELM", by_file), ("hollow oak", by_payee)):
        found = client.get(JOBS, {"search._text.ilike": text}).json()
        assert [one["job_id"] for one in found["data"]] == [job["job_id"]], text
        assert (found["total"], found["total_unfiltered"]) == (1, 3)


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"offset": "-1"},
        {"sort": "total"},
        {"search.status": "500"},
        {"search.customer_id": "not-a-uuid"},
        {"colour": "blue"},
    ],
)
def test_list_refuses_what_it_does_not_know(client: APIClient, query: dict[str, str]) -> None:
    answer = client.get(JOBS, query)

    assert (answer.status_code, answer.json()["error"]) == (400, "validation_error")
    assert list(answer.json()["details"]) == list(query)


def test_reprocess_runs_again_and_keeps_upload_and_draft(
    client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
) -> None:
    before = finished(client, customer)

    asked = client.post(f"{JOBS}/{before['job_id']}/reprocess", {"from_stage": "match"}, format="json")
    process_job(UUID(before["job_id"]))
    after = client.get(f"{JOBS}/{before['job_id']}").json()

    assert asked.status_code == 202
    assert after == before
    assert Transfer.objects.count() == Upload.objects.count() == 1


def test_reprocess_of_a_running_job_is_a_conflict(client: APIClient, customer: Customer) -> None:
    job_id = start(client, customer).json()["job_id"]

    answer = client.post(f"{JOBS}/{job_id}/reprocess", {"from_stage": "extract"}, format="json")

    assert (answer.status_code, answer.json()["error"]) == (409, "job_still_running")


def test_another_tenants_job_does_not_exist(client: APIClient, customer: Customer) -> None:
    stranger = client_for([a_customer("Stranger AG")])
    job_id = start(client, customer).json()["job_id"]

    unknown = stranger.get(f"{JOBS}/{uuid4()}")
    for answer in (
        stranger.get(f"{JOBS}/{job_id}"),
        stranger.get(f"{JOBS}/{job_id}/evidence"),
        stranger.post(f"{JOBS}/{job_id}/reprocess", {"from_stage": "match"}, format="json"),
    ):
        assert (answer.status_code, answer.json()) == (404, unknown.json())
    answers = [start(stranger, one) for one in (customer, Customer(legal_name="Nobody"))]
    assert answers[0].status_code == answers[1].status_code == 404
    assert answers[0].json() == answers[1].json()
    assert stranger.get(JOBS).json() == {"data": [], "total": 0, "total_unfiltered": 0, "has_more": False}


def test_a_key_needs_the_scope(customer: Customer) -> None:
    reader = client_for([customer], scopes=["ocr:read"])

    answer = start(reader, customer)

    assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")
    assert reader.get(JOBS).status_code == 200
