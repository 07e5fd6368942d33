"""The sweeper: what waits too long is announced again, whatever became of the first message."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.celery import app
from ocr import tasks
from ocr.claims import claim_job, release_claim
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.tasks import announce, process, sweep_jobs
from tests.documents import invoice_pdf
from tests.ledger import a_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> OcrJob:
    return accept_document(customer=a_customer(), content=invoice_pdf(), file_name="bill.pdf", by="test")


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The ids that were handed to the broker."""
    sent: list[UUID] = []

    def note(arguments: tuple[str], **_: object) -> None:
        sent.append(UUID(arguments[0]))

    monkeypatch.setattr(tasks.process, "apply_async", note)
    monkeypatch.setattr(tasks, "messages_waiting", lambda: 0)
    return sent


def test_a_job_that_was_just_announced_is_left_alone(job: OcrJob, announced: list[UUID]) -> None:
    assert sweep_jobs(now=timezone.now()) == (0, 0)
    assert announced == []


def test_a_job_whose_message_was_lost_is_announced_again_once(job: OcrJob, announced: list[UUID]) -> None:
    late = timezone.now() + settings.JOB_ANNOUNCE_AGAIN_AFTER + timedelta(seconds=1)

    assert sweep_jobs(now=late) == (1, 0)
    assert sweep_jobs(now=late) == (0, 0)

    assert announced == [job.pk]


def test_a_job_whose_worker_went_away_is_announced_again(job: OcrJob, announced: list[UUID]) -> None:
    now = timezone.now()
    claim_job(job_id=job.pk, now=now)

    assert sweep_jobs(now=now) == (0, 0)
    assert sweep_jobs(now=now + settings.JOB_LEASE + timedelta(seconds=1)) == (1, 0)

    assert announced == [job.pk]


def test_a_job_whose_last_worker_went_away_is_failed(job: OcrJob, announced: list[UUID]) -> None:
    now = timezone.now()
    claim_job(job_id=job.pk, now=now)
    OcrJob.objects.update(attempts=settings.JOB_MAX_ATTEMPTS)

    assert sweep_jobs(now=now + settings.JOB_LEASE + timedelta(seconds=1)) == (0, 1)

    job.refresh_from_db()
    assert (job.state, announced) == ("failed", [])


def test_jobs_that_wait_for_a_worker_are_not_announced_twice(
    announced: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = a_customer()
    for number in range(5):
        accept_document(customer=customer, content=b"%%PDF-1.7 %d" % number, file_name="bill.pdf", by="test")
    late = timezone.now() + settings.JOB_ANNOUNCE_AGAIN_AFTER + timedelta(seconds=1)

    monkeypatch.setattr(tasks, "messages_waiting", lambda: 5)
    assert sweep_jobs(now=late) == (0, 0)
    monkeypatch.setattr(tasks, "messages_waiting", lambda: 3)
    assert sweep_jobs(now=late) == (2, 0)

    assert len(announced) == 2


def test_a_job_that_was_put_back_is_announced_when_it_is_due(job: OcrJob, announced: list[UUID]) -> None:
    now = timezone.now()
    claim = claim_job(job_id=job.pk, now=now)
    assert claim is not None
    release_claim(claim=claim, error="OSError", now=now)

    assert sweep_jobs(now=now + settings.JOB_ANNOUNCE_AGAIN_AFTER - timedelta(seconds=1)) == (0, 0)
    assert sweep_jobs(now=now + settings.JOB_ANNOUNCE_AGAIN_AFTER + timedelta(seconds=1)) == (1, 0)


@pytest.fixture
def broker() -> Iterator[None]:
    """A broker without a message, before and after."""
    process.app.control.purge()
    yield
    process.app.control.purge()


@pytest.mark.usefixtures("broker")
def test_the_messages_at_the_broker_are_counted() -> None:
    assert tasks.messages_waiting() == 0

    for _ in range(3):
        assert announce(uuid4())

    assert tasks.messages_waiting() == 3


@pytest.mark.redis
@pytest.mark.usefixtures("broker")
def test_a_sweep_does_not_wait_behind_documents() -> None:
    for _ in range(3):
        announce(uuid4())
    tasks.sweep.apply_async()

    with process.app.connection_for_read() as connection:
        first = connection.SimpleQueue(settings.CELERY_TASK_DEFAULT_QUEUE).get(timeout=5)

    assert first.headers["task"] == "ocr.tasks.sweep"


def test_with_the_broker_down_a_document_is_accepted_and_waits(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.process, "apply_async", refuse)
    monkeypatch.setattr(tasks.process.app, "connection_for_write", refuse)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:  # type: ignore[operator]
        job = accept_document(customer=a_customer(), content=invoice_pdf(), file_name="bill.pdf", by="test")
    late = timezone.now() + settings.JOB_ANNOUNCE_AGAIN_AFTER + timedelta(seconds=1)

    assert len(callbacks) == 1
    assert sweep_jobs(now=late) == (0, 0)
    job.refresh_from_db()
    assert job.state == "queued"


def test_the_command_says_what_it_did(job: OcrJob, announced: list[UUID]) -> None:
    OcrJob.objects.update(announced_at=None)
    out = StringIO()

    call_command("sweep_jobs", stdout=out)

    assert out.getvalue() == "1 jobs announced again, 0 failed for good.\n"
    assert announced == [job.pk]


def test_the_beat_asks_for_tasks_that_exist() -> None:
    app.loader.import_default_modules()

    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)
