"""What a claim leaves in the rows: of the job, of each run, and at which moment a lease has run out."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from customers.webhooks.endpoints import add_endpoint
from customers.webhooks.models import WebhookMessage
from ocr import claims
from ocr.claims import (
    CRASHED_CODE,
    CRASHED_MESSAGE,
    Claim,
    ClaimLost,
    abandoned_job,
    abandoned_jobs,
    claim_job,
    claim_next,
    end_run,
    fail_exhausted,
    fail_job,
    holding,
    postpone_claim,
    release_claim,
    renew_claim,
)
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.pipeline import PIPELINE_VERSION
from ocr.turns import NOBODY
from tests.documents import invoice_pdf
from tests.ledger import a_customer

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = NOW + timedelta(seconds=30)
AFTER_LEASE = settings.JOB_LEASE + timedelta(seconds=1)


@pytest.fixture
def job() -> OcrJob:
    return accept_document(customer=a_customer(), content=invoice_pdf(), file_name="bill.pdf", by="test")


def claimed(job: OcrJob, *, times: int = 1) -> Claim:
    """The last of so many claims, each of which found the one before dead; made at `NOW`."""
    claim = None
    for attempt in range(times):
        claim = claim_job(job_id=job.pk, now=NOW - (times - 1 - attempt) * AFTER_LEASE)
    assert claim is not None
    return claim


def test_a_claim_and_its_run_say_who_works_from_where_and_until_when(job: OcrJob) -> None:
    OcrJob.objects.filter(pk=job.pk).update(from_stage="match", asked_by="anna", asked_within={"trace": "t"})

    claim = claimed(job)

    job.refresh_from_db()
    run = job.runs.get()
    assert claim == Claim(job.pk, job.claim_token or uuid4(), 1, "match", {"trace": "t"})
    assert (job.lease_expires_at, job.modified_at) == (NOW + settings.JOB_LEASE, NOW)
    assert (run.token, run.attempt, run.from_stage, run.asked_by) == (claim.token, 1, "match", "anna")
    assert (run.started_at, run.ended_at, run.outcome, run.pipeline_version) == (NOW, None, "running", PIPELINE_VERSION)


def test_a_lease_holds_to_its_last_moment(job: OcrJob) -> None:
    claimed(job)

    assert claim_job(job_id=job.pk, now=NOW + settings.JOB_LEASE) is None
    assert claim_job(job_id=job.pk, now=NOW + settings.JOB_LEASE + timedelta(microseconds=1)) is not None


def test_the_run_of_a_worker_that_died_is_closed_by_the_next(job: OcrJob) -> None:
    claimed(job, times=2)

    dead, running = job.runs.order_by("attempt")
    assert (dead.outcome, dead.ended_at) == ("retried", NOW)
    assert dead.error == "The process that worked on the job went away."
    assert (running.outcome, running.ended_at) == ("running", None)


def test_a_job_is_claimed_as_often_as_it_may_be_tried(job: OcrJob) -> None:
    assert claimed(job, times=settings.JOB_MAX_ATTEMPTS).attempt == settings.JOB_MAX_ATTEMPTS

    assert claim_job(job_id=job.pk, now=NOW + AFTER_LEASE) is None
    assert claim_next(now=NOW + AFTER_LEASE) is None


def test_the_next_job_is_claimed_once_and_the_customer_remembered(job: OcrJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_served", NOBODY)

    claim = claim_next(now=timezone.now())

    assert claim is not None
    assert claim.job_id == job.pk
    assert claims._served == job.customer_id
    assert claim_next(now=timezone.now()) is None
    assert claims._served == job.customer_id


def test_a_customer_whose_jobs_others_are_at_is_passed_over(job: OcrJob, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at, and taken by another worker before it could be locked; or locked, and ended meanwhile."""
    other = accept_document(customer=a_customer("Other Ltd"), content=invoice_pdf(), file_name="b.pdf", by="test")
    heads = {job.customer_id: None, other.customer_id: other.pk}
    served: list[object] = []

    def in_turn(**asked: object) -> list[UUID]:
        served.append(asked["served"])
        return list(heads)

    monkeypatch.setattr(claims, "_served", NOBODY)
    monkeypatch.setattr(claims, "customers_in_turn", in_turn)
    monkeypatch.setattr(claims, "lock_head", lambda customer_id, **_: heads[customer_id])

    claim = claim_next(now=NOW)
    assert claim is not None
    assert claim.job_id == other.pk

    heads[job.customer_id] = other.pk  # which is running by now
    assert claim_next(now=NOW) is None
    assert served == [NOBODY, other.customer_id]


def test_a_lease_is_moved_by_who_holds_it_alone(job: OcrJob) -> None:
    claim = claimed(job)

    assert renew_claim(claim=claim, now=LATER)
    job.refresh_from_db()
    assert job.lease_expires_at == LATER + settings.JOB_LEASE

    stranger = Claim(job.pk, uuid4(), 1, "read")
    assert not renew_claim(claim=stranger, now=LATER + AFTER_LEASE)
    assert not renew_claim(claim=Claim(uuid4(), claim.token, 1, "read"), now=LATER)
    fail_job(claim=claim, code="corrupt", message="Broken.", now=LATER)
    assert not renew_claim(claim=claim, now=LATER)
    job.refresh_from_db()
    assert job.lease_expires_at is None


@pytest.mark.parametrize("changes", [{"job_id": uuid4()}, {"token": uuid4()}], ids=["another job", "another token"])
def test_a_claim_that_does_not_hold_is_told_with_the_job(job: OcrJob, changes: dict[str, object]) -> None:
    claim = claimed(job)
    lost = Claim(**{"job_id": claim.job_id, "token": claim.token, "attempt": 1, "from_stage": "read", **changes})  # type: ignore[arg-type]

    with pytest.raises(ClaimLost, match=f"^job {lost.job_id} is no longer ours$"), holding(lost):
        pytest.fail("a job was handed out that is another's")
    with holding(claim) as held:
        assert held == job


def test_what_is_put_back_waits_a_while_and_keeps_its_attempts(job: OcrJob) -> None:
    claim = claimed(job)

    release_claim(claim=claim, error="RuntimeError", now=LATER)

    job.refresh_from_db()
    run = job.runs.get()
    assert (job.state, job.attempts, job.lease_expires_at) == ("queued", 1, None)
    assert (job.announced_at, job.due_at) == (LATER, LATER + settings.JOB_ANNOUNCE_AGAIN_AFTER)
    assert run.engine == ""
    assert (run.outcome, run.ended_at, run.error, run.seconds, run.blockers) == (
        "retried", LATER, "RuntimeError", {}, None,
    )  # fmt: skip


def test_what_is_postponed_was_not_tried(job: OcrJob) -> None:
    claim = claimed(job, times=2)

    postpone_claim(claim=claim, now=LATER)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease_expires_at) == ("queued", 1, None)
    assert (job.announced_at, job.due_at) == (LATER, LATER + settings.JOB_ANNOUNCE_AGAIN_AFTER)
    assert [run.attempt for run in job.runs.all()] == [1]


def test_the_last_attempt_ends_with_a_sentence_for_the_sender(job: OcrJob) -> None:
    claim = claimed(job, times=settings.JOB_MAX_ATTEMPTS)

    release_claim(claim=claim, error="RuntimeError", now=LATER)

    job.refresh_from_db()
    run = job.runs.get(token=claim.token)
    assert (job.state, job.failure_code, job.message) == ("failed", CRASHED_CODE, str(CRASHED_MESSAGE))
    assert (job.finished_at, job.lease_expires_at) == (LATER, None)
    assert (run.outcome, run.ended_at, run.error) == ("failed", LATER, "RuntimeError")


def test_a_document_at_fault_says_so_in_job_run_and_webhook(job: OcrJob) -> None:
    add_endpoint(customer=job.customer, fields={"url": "https://hooks.example.com/paydraft"}, by="test", now=NOW)
    claim = claimed(job)

    fail_job(claim=claim, code="corrupt", message="The file is broken.", now=LATER)

    job.refresh_from_db()
    run = job.runs.get()
    assert (job.state, job.failure_code, job.message) == ("failed", "corrupt", "The file is broken.")
    assert (job.finished_at, job.lease_expires_at) == (LATER, None)
    assert (run.outcome, run.ended_at, run.error) == ("failed", LATER, "corrupt: The file is broken.")
    assert WebhookMessage.objects.get().type == "ocr_job.failed"


def test_a_run_ends_with_what_it_took_and_what_blocks(job: OcrJob) -> None:
    claim = claimed(job)

    end_run(
        claim=claim, outcome="finished", now=LATER, engine="test 1", seconds={"read": 1.5}, blockers=("amount_missing",)
    )

    run = job.runs.get()
    assert (run.outcome, run.ended_at, run.error, run.engine) == ("finished", LATER, "", "test 1")
    assert (run.seconds, run.blockers) == ({"read": 1.5}, ["amount_missing"])


def test_only_those_fail_whose_last_attempt_crashed(job: OcrJob) -> None:
    second, tried_less = (
        accept_document(customer=job.customer, content=invoice_pdf(), file_name="b.pdf", by="test") for _ in range(2)
    )
    for each, times in ((job, settings.JOB_MAX_ATTEMPTS), (second, settings.JOB_MAX_ATTEMPTS), (tried_less, 1)):
        claimed(each, times=times)

    assert fail_exhausted(now=NOW + settings.JOB_LEASE) == 0
    assert fail_exhausted(now=NOW + AFTER_LEASE) == 2

    tried_less.refresh_from_db()
    job.refresh_from_db()
    assert tried_less.state == "running"
    assert (job.state, job.failure_code, job.finished_at) == ("failed", CRASHED_CODE, NOW + AFTER_LEASE)
    assert job.message == str(CRASHED_MESSAGE)
    last = job.runs.order_by("attempt").last()
    assert last is not None
    assert (last.outcome, last.ended_at) == ("retried", NOW + AFTER_LEASE)


@pytest.mark.parametrize("becomes", [{"lease_expires_at": NOW + 2 * AFTER_LEASE}, {"state": "queued"}])
def test_a_job_that_somebody_takes_up_meanwhile_is_not_failed(
    job: OcrJob, becomes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at all jobs and the lock on this one."""
    for number in (2, 3):
        accept_document(customer=job.customer, content=invoice_pdf(), file_name=f"{number}.pdf", by="test")
    jobs = list(OcrJob.objects.all())
    for each in jobs:
        claimed(each, times=settings.JOB_MAX_ATTEMPTS)
    fail, failed = claims._fail, []

    def take_up_another(ended: OcrJob, **said: object) -> None:
        fail(ended, **said)  # type: ignore[arg-type]
        failed.append(ended.pk)
        if len(failed) == 1:  # the one that is looked at next, so that one more comes after it
            in_order = OcrJob.objects.filter(state="running").values_list("pk", flat=True)
            OcrJob.objects.filter(pk=in_order[0]).update(**becomes)

    monkeypatch.setattr(claims, "_fail", take_up_another)

    assert fail_exhausted(now=NOW + AFTER_LEASE) == 2
    assert len(failed) == 2


def test_the_job_that_was_abandoned_first_is_taken_up_first_and_only_while_it_may_be_tried(job: OcrJob) -> None:
    second = accept_document(customer=job.customer, content=invoice_pdf(), file_name="b.pdf", by="test")
    accept_document(customer=job.customer, content=invoice_pdf(), file_name="waits.pdf", by="test")
    claimed(second)
    claim_job(job_id=job.pk, now=NOW - timedelta(minutes=1))

    assert abandoned_job(now=NOW + settings.JOB_LEASE - timedelta(minutes=1)) is None
    assert abandoned_job(now=NOW + AFTER_LEASE) == job.pk
    assert {each.pk for each in abandoned_jobs(now=NOW + AFTER_LEASE)} == {job.pk, second.pk}
    OcrJob.objects.filter(pk=job.pk).update(attempts=settings.JOB_MAX_ATTEMPTS)
    assert abandoned_job(now=NOW + AFTER_LEASE) == second.pk
