"""Claims: one worker at a time, a lease that runs out, a zombie that changes nothing."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone

from ocr import processing
from ocr.claims import CRASHED_CODE, ClaimLost, claim_job, fail_exhausted, fail_job, holding, release_claim
from ocr.intake import accept_document
from ocr.models import OcrJob, OcrRun
from ocr.processing import process_job, run, save
from tests.documents import invoice_pdf
from tests.ledger import a_customer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> OcrJob:
    return accept_document(customer=a_customer(), content=invoice_pdf(), file_name="bill.pdf", by="test")


def test_a_job_is_claimed_once(job: OcrJob) -> None:
    now = timezone.now()

    first = claim_job(job_id=job.pk, now=now)
    second = claim_job(job_id=job.pk, now=now)

    assert first is not None
    assert second is None
    job.refresh_from_db()
    assert (job.state, job.attempts, job.claim_token) == ("running", 1, first.token)


def test_a_job_whose_lease_ran_out_is_claimed_again(job: OcrJob) -> None:
    now = timezone.now()
    dead = claim_job(job_id=job.pk, now=now)

    heir = claim_job(job_id=job.pk, now=now + settings.JOB_LEASE + timedelta(seconds=1))

    assert dead is not None
    assert heir is not None
    assert (heir.attempt, heir.token != dead.token) == (2, True)
    assert list(OcrRun.objects.values_list("outcome", flat=True)) == ["retried", "running"]


def test_a_zombie_changes_nothing(job: OcrJob) -> None:
    now = timezone.now()
    zombie = claim_job(job_id=job.pk, now=now)
    assert zombie is not None
    its_work = run(job=job, from_stage="read")
    heir = claim_job(job_id=job.pk, now=now + settings.JOB_LEASE + timedelta(seconds=1))
    assert heir is not None

    with pytest.raises(ClaimLost):
        save(claim=zombie, processed=its_work, now=timezone.now())
    with pytest.raises(ClaimLost):
        fail_job(claim=zombie, code="corrupt", message="Broken.", now=timezone.now())
    with pytest.raises(ClaimLost):
        release_claim(claim=zombie, error="oops", now=timezone.now())

    job.refresh_from_db()
    assert (job.state, job.claim_token) == ("running", heir.token)
    assert not job.fields.exists()
    assert not Transfer.objects.exists()


def test_work_is_saved_as_a_whole_or_not_at_all(job: OcrJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(processing, "end_run", fail)

    process_job(job.pk)

    job.refresh_from_db()
    assert not job.fields.exists()
    assert not Transfer.objects.exists()
    assert job.transfer_id is None


def test_five_deliveries_of_one_message_do_the_work_once(job: OcrJob) -> None:
    for _ in range(5):
        process_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("finished", 1)
    assert (Transfer.objects.count(), job.runs.count()) == (1, 1)


def test_an_unexpected_failure_is_tried_three_times_and_then_said(job: OcrJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(**_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(processing, "run", crash)
    states = []
    for _ in range(4):
        process_job(job.pk)
        job.refresh_from_db()
        states.append((job.state, job.attempts))

    assert states == [("queued", 1), ("queued", 2), ("failed", 3), ("failed", 3)]
    assert (job.failure_code, job.message.endswith(".")) == (CRASHED_CODE, True)
    assert list(job.runs.values_list("outcome", "error")) == [
        ("retried", "RuntimeError"),
        ("retried", "RuntimeError"),
        ("failed", "RuntimeError"),
    ]


def test_a_job_whose_last_worker_was_killed_fails_for_good(job: OcrJob) -> None:
    now = timezone.now()
    for attempt in range(settings.JOB_MAX_ATTEMPTS):
        assert claim_job(job_id=job.pk, now=now + attempt * (settings.JOB_LEASE + timedelta(seconds=1)))
    late = now + 3 * (settings.JOB_LEASE + timedelta(seconds=1))

    assert claim_job(job_id=job.pk, now=late) is None
    assert fail_exhausted(now=late) == 1
    assert fail_exhausted(now=late) == 0

    job.refresh_from_db()
    assert (job.state, job.failure_code) == ("failed", CRASHED_CODE)


def test_holding_wants_the_job_to_be_running(job: OcrJob) -> None:
    claim = claim_job(job_id=job.pk, now=timezone.now())
    assert claim is not None
    fail_job(claim=claim, code="corrupt", message="Broken.", now=timezone.now())

    with pytest.raises(ClaimLost), holding(claim):
        pytest.fail("a job that has ended was handed out")


def test_a_job_that_is_not_there_is_nobodys(job: OcrJob) -> None:
    assert claim_job(job_id=UUID(int=0), now=timezone.now()) is None
