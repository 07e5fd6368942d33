"""Text that is legal in JSON or a URL and that no database or encoder takes: an answer all the same, never a 500."""

import json

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from tests.api.operations import operations
from tests.api.test_ocr_jobs import JOBS
from tests.documents import as_base64, invoice_pdf

pytestmark = pytest.mark.django_db

STRANGE = ["\x00", "a\x00b", "\ud800", "\u202e", "𝔘", "'; DROP TABLE x; --", "%00", "‮", "\uffff", "x" * 5000]


@pytest.mark.parametrize("text", STRANGE)
def test_in_the_search(client: APIClient, text: str) -> None:
    query = text.encode("utf-8", "surrogatepass")
    for operation in (one for one in operations() if one.is_list):
        path = operation.path
        for name in (one["name"] for one in operation.query):
            answer = client.get(path, {name: query})
            assert answer.status_code in {200, 400}, (path, name, answer.content)


@pytest.mark.parametrize("text", STRANGE)
def test_in_a_body(client: APIClient, customer: Customer, text: str) -> None:
    good = {"base64_file": as_base64(invoice_pdf()), "customer_id": str(customer.pk)}
    for body in (
        {**good, "file_name": text},
        {**good, "base64_file": text},
        {**good, "customer_id": text},
        {**good, text: 1},
    ):
        for headers in ({}, {"X-Idempotency-Key": f"key-{len(json.dumps(body))}"}):
            answer = client.generic("POST", JOBS, json.dumps(body), content_type="application/json", headers=headers)
            assert answer.status_code in {202, 400, 404, 415}, answer.content
            answer.json()


@pytest.mark.parametrize("text", [one for one in STRANGE if "\x00" not in one and one != "\ud800"])
def test_in_headers(client: APIClient, text: str) -> None:
    for name in ("If-None-Match", "Accept", "Accept-Language", "X-Request-Id"):
        answer = client.get(JOBS, headers={name: text})
        assert answer.status_code in {200, 406}, (name, answer.content)


@pytest.mark.parametrize("number", ["1e9", "-1", "0x10", "١", "99999999999999999999", "NaN", "1.0", " 1"])
def test_numbers_that_are_none(client: APIClient, number: str) -> None:
    for name in ("limit", "offset"):
        assert client.get(JOBS, {name: number}).status_code == 400
