"""The lease of a claim is renewed while the work goes on, and only then."""

import time
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from ocr.claims import Claim, ClaimLost, claim_job, holding
from ocr.heartbeat import kept_alive, put_held_back
from ocr.intake import accept_document
from ocr.models import OcrJob, OcrRun
from tests.documents import invoice_pdf
from tests.ledger import a_customer

# The heart beats on a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


def claimed(settings: LazySettings, *, lease: float) -> Claim:
    settings.JOB_LEASE = timedelta(seconds=lease)
    job = accept_document(customer=a_customer(), content=invoice_pdf(), file_name="bill.pdf", by="test")
    claim = claim_job(job_id=job.pk, now=timezone.now())
    assert claim is not None
    return claim


@pytest.fixture
def claim(settings: LazySettings) -> Claim:
    return claimed(settings, lease=0.6)


def test_work_longer_than_the_lease_keeps_its_claim(settings: LazySettings) -> None:
    claim = claimed(settings, lease=3.0)  # a busy machine may hold a heartbeat up for a second or two

    with kept_alive(claim):
        time.sleep(3.5)
        assert claim_job(job_id=claim.job_id, now=timezone.now()) is None

    assert OcrJob.objects.get().claim_token == claim.token


def test_without_a_heartbeat_the_claim_is_lost(claim: Claim) -> None:
    time.sleep(0.7)

    assert claim_job(job_id=claim.job_id, now=timezone.now()) is not None


def test_work_that_never_ends_loses_its_claim(claim: Claim, settings: LazySettings) -> None:
    settings.JOB_LONGEST = timedelta(seconds=0.2)

    with kept_alive(claim):
        time.sleep(1.0)
        assert claim_job(job_id=claim.job_id, now=timezone.now()) is not None


def test_a_heart_whose_claim_was_taken_over_stops(claim: Claim) -> None:
    later = timezone.now() + timedelta(seconds=60)
    heir = claim_job(job_id=claim.job_id, now=later)
    assert heir is not None

    with kept_alive(claim):
        time.sleep(0.5)

    assert OcrJob.objects.get().lease_expires_at == later + timedelta(seconds=0.6)


def test_what_is_in_hand_when_the_process_stops_is_put_back_as_though_it_had_not_begun(claim: Claim) -> None:
    with kept_alive(claim):
        assert put_held_back() == 1
        with pytest.raises(ClaimLost), holding(claim):
            pass

    job = OcrJob.objects.get()
    assert (job.state, job.attempts, OcrRun.objects.count()) == ("queued", 0, 0)
    assert put_held_back() == 0
    assert claim_job(job_id=job.pk, now=timezone.now()) is not None
