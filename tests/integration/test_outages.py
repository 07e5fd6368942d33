"""A database that goes away, clocks that go wrong and processes that freeze: no job pays for it."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from customers.clock import shared_time
from customers.outages import outlasting
from ocr import intake, processing, tasks
from ocr.claims import claim_job
from ocr.intake import accept_document
from ocr.models import OcrJob, OcrRun
from ocr.processing import process_job
from ocr.tasks import sweep_jobs
from tests.api.conftest import client_for
from tests.documents import invoice_pdf
from tests.ledger import a_customer

# What is cut, locked or compared here are connections of their own.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job() -> OcrJob:
    return accept_document(customer=a_customer(), content=invoice_pdf(), file_name="bill.pdf", by="test")


def of_the_tests() -> "psycopg.Connection[Any]":
    """Another connection to the tests' database."""
    parameters = connection.get_connection_params()
    return psycopg.connect(
        **{name: value for name, value in parameters.items() if name in {"dbname", "user", "password", "host", "port"}}
    )


def cut() -> None:
    """Ends this thread's own connection from outside, as a restart of the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with of_the_tests() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_what_the_database_refuses_is_not_tried_again() -> None:
    tried = []

    def write() -> None:
        tried.append(1)
        raise OperationalError("deadlock detected")

    with pytest.raises(OperationalError):
        outlasting(write)

    assert len(tried) == 1


@pytest.mark.postgres
def test_finished_work_is_written_when_the_database_is_back(job: OcrJob, monkeypatch: pytest.MonkeyPatch) -> None:
    save, saves = processing.save, []

    def save_over_a_cut_connection(**work: Any) -> None:
        saves.append(1)
        if len(saves) == 1:
            cut()
        save(**work)

    monkeypatch.setattr(processing, "save", save_over_a_cut_connection)

    process_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, len(saves)) == ("finished", 1, 2)
    assert list(OcrRun.objects.values_list("outcome", flat=True)) == ["finished"]


@pytest.mark.postgres
def test_a_run_that_lost_the_database_counts_for_nothing(job: OcrJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_over_a_cut_connection(**_: Any) -> None:
        cut()
        OcrJob.objects.exists()

    monkeypatch.setattr(processing, "run", run_over_a_cut_connection)

    process_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)
    assert not OcrRun.objects.exists()


@pytest.mark.postgres
def test_the_clock_of_a_worker_has_no_say_in_leases(job: OcrJob, monkeypatch: pytest.MonkeyPatch) -> None:
    truly = timezone.now()
    claim_job(job_id=job.pk, now=shared_time())
    monkeypatch.setattr(timezone, "now", lambda: truly + timedelta(hours=1))

    process_job(job.pk)
    tasks.sweep()

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)
    assert job.lease_expires_at is not None
    assert abs(job.lease_expires_at - truly) < timedelta(minutes=1)


@pytest.mark.postgres
def test_nobody_waits_for_a_process_that_froze_while_it_wrote(job: OcrJob) -> None:
    now = timezone.now()
    claim_job(job_id=job.pk, now=now - timedelta(hours=1))
    with of_the_tests() as frozen:
        frozen.execute("SELECT id FROM ocr_ocrjob FOR UPDATE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")  # waiting would be an error

        assert claim_job(job_id=job.pk, now=now) is None
        assert sweep_jobs(now=now)[1] == 0

    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")
    assert claim_job(job_id=job.pk, now=now) is not None


def test_whoever_is_awake_takes_up_first_what_was_left_behind(job: OcrJob) -> None:
    claim_job(job_id=job.pk, now=timezone.now() - timedelta(hours=1))
    other = accept_document(customer=job.customer, content=invoice_pdf(pages=2), file_name="bill.pdf", by="test")

    tasks.process(str(other.pk))

    states = OcrJob.objects.order_by("finished_at").values_list("pk", "state", "attempts")
    assert list(states) == [(job.pk, "finished", 2), (other.pk, "finished", 1)]


@pytest.mark.postgres
@pytest.mark.parametrize("headers", [{}, {"X-Idempotency-Key": "cut-off"}])
def test_a_request_that_lost_the_database_is_told_to_come_again(
    headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = a_customer()
    client = client_for([customer])
    client.raise_request_exception = False
    body = {"customer_id": str(customer.pk), "base64_file": b64encode(invoice_pdf()).decode()}
    accept = intake.accept_document
    cuts: list[int] = []

    def accept_over_a_cut_connection(**document: Any) -> OcrJob:
        if not cuts:
            cuts.append(1)
            cut()
        return accept(**document)

    monkeypatch.setattr("ocr.api.accept_document", accept_over_a_cut_connection)

    answer = client.post("/v2/invoices/ocr", body, headers=headers)

    assert (answer.status_code, answer.json()["error"]) == (503, "database_unavailable"), answer.content
    assert answer.headers["Retry-After"] == "5"
    connection.close()
    assert not OcrJob.objects.exists()
