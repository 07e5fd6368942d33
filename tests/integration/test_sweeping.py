"""The sweeper: what waits too long is announced again, whatever became of the first message."""

from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.celery import app
from ocr import tasks
from ocr.claims import claim_job
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.tasks import sweep_jobs
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


def test_with_the_broker_down_a_document_is_accepted_and_waits(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.process, "apply_async", refuse)
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
