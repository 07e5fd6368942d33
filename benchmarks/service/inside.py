"""What is asked within the service's own environment, one JSON answer each: `python -m benchmarks.service.inside …`."""

import base64
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import django

if TYPE_CHECKING:
    from customers.models import Customer

_BATCH = 2000
_CLAIMS = 300


def another_customer() -> dict[str, str]:
    """A customer with a key of its own."""
    from django.utils import timezone

    from customers.keys import issue_key
    from customers.models import Customer
    from customers.scopes import SCOPES

    customer = Customer.objects.create(legal_name=f"Flood {uuid4().hex[:6]} Ltd")
    _, key = issue_key(
        name="flood", customers=[customer], scopes=list(SCOPES), expires_at=None, by="benchmark", now=timezone.now()
    )
    return {"customer_id": str(customer.pk), "key": key}


def flood(customer_id: str, number: str) -> dict[str, float]:
    """Queues that many jobs of the customer, over documents that it has sent before, and announces each."""
    from customers.models import Customer
    from ocr.models import OcrJob
    from ocr.tasks import announce

    started = time.monotonic()
    customer = Customer.objects.get(pk=customer_id)
    before = set(OcrJob.objects.filter(customer=customer).values_list("pk", flat=True))
    _fill_line(customer, int(number))
    for job_id in OcrJob.objects.filter(customer=customer).exclude(pk__in=before).values_list("pk", flat=True):
        announce(job_id)
    return {"seconds": time.monotonic() - started}


def claims(number: str) -> dict[str, Any]:
    """Milliseconds for one claim, and for a look that finds nothing, with that many jobs of one customer in line."""
    from django.db import connection
    from django.utils import timezone

    from customers.models import Customer
    from ocr.claims import claim_next
    from ocr.models import OcrJob

    def look() -> None:
        assert claim_next(now=timezone.now()) is None

    def claim() -> None:
        assert claim_next(now=timezone.now()) is not None

    empty = _timed(look)
    customer = Customer.objects.create(legal_name="Long line Ltd")
    _store_one(customer)
    _fill_line(customer, int(number))
    taken = _timed(claim)
    ended = {"state": "failed", "finished_at": timezone.now(), "message": ".", "failure_code": "."}
    OcrJob.objects.filter(customer=customer).update(**ended)
    return {"database": connection.vendor, "jobs": int(number), "empty": empty, "claim": taken}


def statements() -> dict[str, int]:
    """SQL statements of one POST, of one job of a digital invoice from claim to end, and of one poll."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks.service.documents import unlike
    from customers.models import Customer
    from ocr.intake import accept_document
    from ocr.processing import process_job

    content = next((settings.BASE_DIR / "samples" / "invoices").glob("*.pdf")).read_bytes()
    settings.ALLOWED_HOSTS = ["*"]
    given = another_customer()
    customer = Customer.objects.get(pk=given["customer_id"])
    headers = {"Authorization": f"Bearer {given['key']}"}
    counted = {}
    body = {"customer_id": given["customer_id"], "base64_file": base64.b64encode(unlike(content)).decode()}
    client = Client(headers=headers)
    client.get("/v2/customers")
    with CaptureQueriesContext(connection) as queries:
        answer = client.post("/v2/invoices/ocr", body, content_type="application/json")
    counted["POST"] = len(queries)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/v2/invoices/ocr/{answer.json()['job_id']}")
    counted["poll"] = len(queries)
    for name in ("first job", "job"):  # the first also opens what a worker keeps
        job = accept_document(customer=customer, content=unlike(content), file_name="bill.pdf", by="benchmark")
        with CaptureQueriesContext(connection) as queries:
            process_job(job.pk)
        counted[name] = len(queries)
    return counted


def _timed(act: Callable[[], None]) -> dict[str, float]:
    taken = []
    for _ in range(_CLAIMS):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return {"p50": statistics.median(taken), "p95": taken[int(len(taken) * 0.95)], "n": len(taken)}


def _store_one(customer: "Customer") -> None:
    from ocr.intake import accept_document

    accept_document(customer=customer, content=b"%PDF-1.7 " + os.urandom(9), file_name="bill.pdf", by="benchmark")


def _fill_line(customer: "Customer", number: int) -> None:
    """More jobs over the files that the customer has stored: rows as intake writes them, in bulk."""
    from django.utils import timezone

    from invoices.models import Upload
    from ocr.models import OcrJob

    stored = list(Upload.objects.filter(customer=customer)[:100])
    columns = ("file_name", "file", "content_length", "content_type", "file_extension", "sha256")
    for start in range(0, number, _BATCH):
        uploads = [
            Upload(customer=customer, **{name: getattr(stored[at % len(stored)], name) for name in columns})
            for at in range(start, min(start + _BATCH, number))
        ]
        Upload.objects.bulk_create(uploads)
        now = timezone.now()
        jobs = [OcrJob(customer=customer, upload=upload, announced_at=now) for upload in uploads]
        OcrJob.objects.bulk_create(jobs)


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    "another-customer": another_customer,
    "flood": flood,
    "claims": claims,
    "statements": statements,
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.stdout.write(json.dumps(COMMANDS[sys.argv[1]](*sys.argv[2:])))
