"""Every bad input gets its contract answer at once, or a failed job with a sentence; nothing is a 500."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from customers.keys import issue_key, revoke_key
from customers.models import Customer
from invoices.models import Upload
from ocr.models import OcrJob
from ocr.processing import process_job
from tests.api.test_ocr_jobs import JOBS, start
from tests.documents import (
    as_base64,
    encrypted_pdf,
    image,
    image_of_200_megapixels,
    invoice_pdf,
    pdf_without_pages,
)

pytestmark = pytest.mark.django_db

MEBIBYTE = 1024 * 1024


def is_error(answer: Any, status: int, code: str) -> bool:
    body = answer.json()
    return (
        answer.status_code == status
        and list(body) == ["error", "message", "details"]
        and body["error"] == code
        and body["message"].endswith(".")
    )


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("%%% this is not base64 %%%", 400, "not_base64"),
        ("AAAAA", 400, "not_base64"),
        ("AAAA\x00AAA", 400, "not_base64"),
        ("ＡＡＡＡ", 400, "not_base64"),
        ("", 400, "document_empty"),
        ("====", 400, "document_empty"),
        ("data:application/pdf;base64,", 400, "document_empty"),
        (as_base64(b"This is a plain text file, renamed .pdf"), 415, "unsupported_document"),
        (as_base64(b"<html><body>no invoice</body></html>"), 415, "unsupported_document"),
        (as_base64(b"PK\x03\x04" + bytes(100)), 415, "unsupported_document"),
        (as_base64(b"GIF89a" + bytes(100)), 415, "unsupported_document"),
    ],
)
def test_documents_that_are_refused_at_once(
    client: APIClient, customer: Customer, text: str, status: int, code: str
) -> None:
    body = {"base64_file": text, "customer_id": str(customer.pk), "file_name": "invoice.pdf"}

    answer = client.post(JOBS, body, format="json")

    assert is_error(answer, status, code)
    assert OcrJob.objects.count() == Upload.objects.count() == 0


def test_half_a_character_is_no_base64(client: APIClient, customer: Customer) -> None:
    body = json.dumps({"base64_file": "\ud800AAA", "customer_id": str(customer.pk)})

    assert is_error(client.generic("POST", JOBS, body, "application/json"), 400, "not_base64")


def test_a_document_of_21_mebibytes_is_too_large(client: APIClient, customer: Customer) -> None:
    answer = start(client, customer, b"%PDF-1.7" + bytes(21 * MEBIBYTE))

    assert is_error(answer, 413, "document_too_large")


def test_a_body_beyond_all_measure_is_refused_before_it_is_parsed(client: APIClient, customer: Customer) -> None:
    answer = start(client, customer, b"%PDF-1.7" + bytes(30 * MEBIBYTE))

    assert is_error(answer, 413, "document_too_large")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"base64_file": None}, "base64_file"),
        ({"customer_id": None}, "customer_id"),
        ({"customer_id": "not-a-uuid"}, "customer_id"),
        ({"customer_id": ["a"]}, "customer_id"),
        ({"base64_file": 17}, "base64_file"),
        ({"base64file": "misspelt"}, "base64file"),
        ({"file_name": "x" * 1001}, "file_name"),
    ],
)
def test_a_wrong_field_is_named(client: APIClient, customer: Customer, change: dict[str, Any], field: str) -> None:
    body: dict[str, Any] = {"base64_file": as_base64(invoice_pdf()), "customer_id": str(customer.pk)} | change

    answer = client.post(JOBS, body, format="json")

    assert is_error(answer, 400, "validation_error")
    assert list(answer.json()["details"]) == [field]


@pytest.mark.parametrize("name", ["base64_file", "customer_id"])
def test_a_missing_field_is_named(client: APIClient, customer: Customer, name: str) -> None:
    body = {"base64_file": as_base64(invoice_pdf()), "customer_id": str(customer.pk)}
    del body[name]

    answer = client.post(JOBS, body, format="json")

    assert is_error(answer, 400, "validation_error")
    assert list(answer.json()["details"]) == [name]


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "malformed_body"),
        ("[]", "application/json", 400, "validation_error"),
        ("null", "application/json", 400, "validation_error"),
        ("a=b", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("no parts", "multipart/form-data", 400, "malformed_body"),
        ("{}", "application/json; charset=latin-1", 415, "unsupported_media_type"),
        ("{}", "application/json; charset=base64", 415, "unsupported_media_type"),
        ("{}", "application/json; charset=nonsense", 415, "unsupported_media_type"),
        ("no parts", "multipart/form-data; boundary=a; charset=hex", 415, "unsupported_media_type"),
        ('{"file_name": "\udce4"}', "application/json", 400, "malformed_body"),
        ("[NaN]", "application/json; charset=UTF-8", 400, "malformed_body"),
        (f"[{'9' * 5000}]", 'application/json; charset="utf-8"', 400, "malformed_body"),
    ],
)
def test_bodies_that_are_no_request(client: APIClient, content: str, content_type: str, status: int, code: str) -> None:
    for headers in ({}, {"X-Idempotency-Key": "once"}):
        sent = content.encode(errors="surrogateescape")
        answer = client.post(JOBS, sent, content_type=content_type, headers=headers)

        assert is_error(answer, status, code), answer.content


def test_an_unknown_customer_is_404(client: APIClient) -> None:
    body = {"base64_file": as_base64(invoice_pdf()), "customer_id": str(uuid4())}

    form = {"file": SimpleUploadedFile("bill.pdf", invoice_pdf()), "customer_id": str(uuid4())}
    for answer in (client.post(JOBS, body, format="json"), client.post(JOBS, form, format="multipart")):
        assert is_error(answer, 404, "not_found")
        assert list(answer.json()["details"]) == ["customer_id"]


@pytest.mark.parametrize("headers", [{}, {"X-Idempotency-Key": "once"}])
@pytest.mark.parametrize(
    ("twice", "field"),
    [
        ({"customer_id": ["CUSTOMER", "CUSTOMER"]}, "customer_id"),
        ({"customer_id": ["nonsense", "CUSTOMER"]}, "customer_id"),
        ({"file": ["one.pdf", "two.pdf"]}, "file"),
        ({"file": ["one.pdf", "CUSTOMER"]}, "file"),
    ],
)
def test_a_field_of_a_form_that_is_there_twice_is_named(
    client: APIClient, customer: Customer, headers: dict[str, str], twice: dict[str, list[str]], field: str
) -> None:
    form = {"customer_id": ["CUSTOMER"], "file": ["one.pdf"]} | twice
    body = {name: [_sent(value, customer) for value in values] for name, values in form.items()}

    answer = client.post(JOBS, body, format="multipart", headers=headers)

    assert is_error(answer, 400, "validation_error")
    assert list(answer.json()["details"]) == [field]
    assert OcrJob.objects.count() == Upload.objects.count() == 0


def _sent(value: str, customer: Customer) -> Any:
    if value.endswith(".pdf"):
        return SimpleUploadedFile(value, invoice_pdf())
    return value.replace("CUSTOMER", str(customer.pk))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (encrypted_pdf(), "encrypted"),
        (pdf_without_pages(), "no_pages"),
        (invoice_pdf()[:400], "corrupt"),
        (image()[:300], "corrupt"),
        (invoice_pdf(pages=51), "too_many_pages"),
        (image_of_200_megapixels(), "page_too_large"),
    ],
    ids=["encrypted", "no pages", "truncated PDF", "truncated JPEG", "51 pages", "200 megapixels"],
)
def test_documents_that_cannot_be_read_end_as_422_and_keep_their_upload(
    client: APIClient, customer: Customer, content: bytes, code: str
) -> None:
    started = start(client, customer, content).json()

    process_job(UUID(started["job_id"]))
    answer = client.get(f"{JOBS}/{started['job_id']}")

    assert (answer.status_code, answer.json()["status"]) == (422, 422)
    assert OcrJob.objects.get().failure_code == code
    assert answer.json()["message"].endswith(".")
    assert Upload.objects.filter(pk=started["upload_id"]).exists()


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer pdk_unknown", "Bearer pdk_" + "A" * 43, "pdk_only"]
)
def test_requests_without_a_valid_key_are_401(header: str | None) -> None:
    client = APIClient()
    if header is not None:
        client.credentials(HTTP_AUTHORIZATION=header)

    answer = client.get(JOBS)

    assert is_error(answer, 401, "unauthorized")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_expired_and_revoked_keys_are_401(customer: Customer) -> None:
    now = timezone.now()
    soon = now + timedelta(seconds=60)
    expiring, plain_expiring = issue_key(
        name="short", customers=[customer], scopes=["ocr:read"], expires_at=soon, by="test", now=now
    )
    type(expiring).objects.filter(pk=expiring.pk).update(expires_at=now - timedelta(seconds=1))
    revoked, plain_revoked = issue_key(
        name="gone", customers=[customer], scopes=["ocr:read"], expires_at=None, by="test", now=now
    )
    revoke_key(key=revoked, by="test", now=now)

    for plain in (plain_expiring, plain_revoked):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
        assert is_error(client.get(JOBS), 401, "unauthorized")


@pytest.mark.parametrize("path", ["/v2/nothing", f"{JOBS}/not-a-uuid", f"{JOBS}/", "/v2/"])
def test_unknown_paths_are_404_in_the_error_shape(client: APIClient, path: str) -> None:
    assert is_error(client.get(path), 404, "not_found")


def test_a_method_that_is_not_there_is_405(client: APIClient) -> None:
    answer = client.delete(JOBS)

    assert is_error(answer, 405, "method_not_allowed")
    assert "POST" in answer["Allow"]


def test_too_many_requests_are_429(client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from config.api.throttling import KeyThrottle

    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": "3/min", "key_write": "3/min"})

    answers = [client.get(JOBS) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert is_error(answers[-1], 429, "rate_limited")
    assert int(answers[-1]["Retry-After"]) >= 1


def test_a_failure_of_ours_is_500_in_the_error_shape_without_its_cause(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("ocr.api.JobListView.filter_queryset", fail)
    client.raise_request_exception = False

    answer = client.get(JOBS)

    assert is_error(answer, 500, "internal_error")
    assert "secret detail" not in json.dumps(answer.json())
