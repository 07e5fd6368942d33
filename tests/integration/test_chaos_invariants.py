"""Whoever proves that nothing was lost has to notice when something was: each kind of harm is done, and found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from customers.webhooks.endpoints import add_endpoint
from customers.webhooks.models import WebhookMessage
from ocr.models import OcrJob, OcrRun
from tests.chaos.clients import Account, Sent, Try
from tests.chaos.faults import Struck
from tests.chaos.invariants import Violation, is_failed_by_faults, violations
from tests.chaos.ledgers import ClaimNote, EndNote, Held
from tests.chaos.observed import Observed, observed
from tests.chaos.recovery import percentile, recoveries
from tests.chaos.stock import Document
from tests.documents import encrypted_pdf
from tests.jobs import paying_customer, read_job
from tests.receiver import Received
from transfers.models import Transfer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def good() -> Observed:
    """A run of two documents in which all went well: one is fine, one cannot be read."""
    customer = paying_customer()
    url = "https://receiver.example/hook"
    add_endpoint(customer=customer, fields={"url": url}, by="test", now=AT)
    jobs = [read_job(customer), read_job(customer, encrypted_pdf())]
    account = Account(customer_id=str(customer.pk), api_key="key")
    sent = [
        Sent(Document(number, "pdf", b"", is_fine=number == 0), account, [str(job.pk)], end=200 if number == 0 else 422)
        for number, job in enumerate(jobs)
    ]
    received = [
        Received(path="/hook", headers={"webhook-id": message.message_id}, body=b"")
        for message in WebhookMessage.objects.all()
    ]
    files = {str(job.upload.file.name) for job in jobs}
    ends = [EndNote(job.pk, job.state, "worker-1", AT) for job in jobs]
    seen = observed(sent=sent, files=files, received=received, paths={str(customer.pk): "/hook"}, ends=ends)
    seen.listed = {str(customer.pk): {str(job.pk) for job in jobs}}
    return seen


def again(seen: Observed) -> Observed:
    """The same run with the rows as they are now."""
    received = [
        Received(path=path, headers={"webhook-id": told.message_id}, body=b"")
        for told in seen.told
        for path in told.received
    ]
    anew = observed(sent=seen.sent, files=seen.files, received=received, paths=seen.paths, ends=seen.ends)
    anew.listed = seen.listed
    return anew


def kinds(seen: Observed) -> set[str]:
    return {each.kind for each in violations(seen)}


def test_nothing_is_found_where_all_went_well(good: Observed) -> None:
    assert violations(good) == []
    assert len(good.told) == 2


def _lose_a_job(seen: Observed) -> None:
    seen.sent.append(Sent(Document(9, "pdf", b"", is_fine=True), seen.sent[0].account, [str(uuid4())], end=200))


def _forget_an_end(seen: Observed) -> None:
    seen.sent[0].end = 0


def _make_two_jobs_of_a_document(seen: Observed) -> None:
    seen.sent[0].job_ids.append(seen.sent[1].job_ids[0])


def _draft_twice(seen: Observed) -> None:
    draft = Transfer.objects.get()
    Transfer.objects.create(customer=draft.customer, upload=draft.upload, created_by="a zombie")


def _end_twice(seen: Observed) -> None:
    seen.ends.append(seen.ends[0])


def _orphan_a_file(seen: Observed) -> None:
    seen.files.add("uploads/nobody's")


def _lose_a_file(seen: Observed) -> None:
    seen.files.pop()


def _try_too_often(seen: Observed) -> None:
    OcrJob.objects.filter(state="finished").update(attempts=4)


def _leave_a_run_open(seen: Observed) -> None:
    OcrRun.objects.filter(outcome="finished").update(outcome="running", ended_at=None)


def _fail_a_fine_document(seen: Observed) -> None:
    seen.sent[1] = Sent(Document(1, "pdf", b"", is_fine=True), seen.sent[1].account, seen.sent[1].job_ids, end=422)


def _lose_a_webhook(seen: Observed) -> None:
    seen.told[0] = type(seen.told[0])(**{**_fields(seen.told[0]), "received": ()})


def _misdirect_a_webhook(seen: Observed) -> None:
    seen.told[0] = type(seen.told[0])(**{**_fields(seen.told[0]), "received": ("/somebody-else",)})


def _tell_twice(seen: Observed) -> None:
    seen.told.append(seen.told[0])


def _show_to_a_stranger(seen: Observed) -> None:
    seen.strangers_seen.append(seen.sent[0].job_ids[0])


def _list_a_foreign_job(seen: Observed) -> None:
    next(iter(seen.listed.values())).add(str(uuid4()))


def _refuse_without_redis(seen: Observed) -> None:
    seen.struck.append(Struck(kind="Redis down", began=100.0, ended=110.0))
    seen.sent[0].tries.append(Try(began=101.0, ended=102.0, status=503))


def _break_the_trail(seen: Observed) -> None:
    seen.audit_problem = "Entry 3 was changed."


def _fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).__slots__}


@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        (_lose_a_job, "lost"),
        (_forget_an_end, "stuck"),
        (_make_two_jobs_of_a_document, "doubled"),
        (_end_twice, "ended more than once"),
        (_orphan_a_file, "files"),
        (_lose_a_file, "files"),
        (_fail_a_fine_document, "wrong end"),
        (_lose_a_webhook, "webhooks"),
        (_misdirect_a_webhook, "webhooks"),
        (_tell_twice, "webhooks"),
        (_show_to_a_stranger, "somebody else's"),
        (_list_a_foreign_job, "somebody else's"),
        (_refuse_without_redis, "refused without Redis"),
        (_break_the_trail, "audit trail"),
    ],
)
def test_what_went_wrong_outside_is_found(good: Observed, harm: Callable[[Observed], None], kind: str) -> None:
    harm(good)

    assert kinds(good) == {kind}


@pytest.mark.parametrize(
    ("harm", "kind"),
    [(_draft_twice, "doubled"), (_try_too_often, "attempts"), (_leave_a_run_open, "attempts")],
)
def test_what_went_wrong_in_the_database_is_found(good: Observed, harm: Callable[[Observed], None], kind: str) -> None:
    harm(good)

    assert kinds(again(good)) == {kind}


def test_a_job_that_is_still_running_is_stuck(good: Observed) -> None:
    OcrJob.objects.filter(state="finished").update(state="queued", transfer=None, finished_at=None)

    assert Violation("stuck", f"job {good.sent[0].job_ids[0]} is queued; its client was answered 200") in violations(
        again(good)
    )


def test_a_fine_document_may_only_fail_when_each_attempt_was_struck(good: Observed) -> None:
    job_id = UUID(good.sent[1].job_ids[0])
    OcrJob.objects.filter(pk=job_id).update(failure_code="processing_crashed", attempts=3)
    seen = again(good)
    _fail_a_fine_document(seen)
    seen.claims = [
        ClaimNote(uuid4(), job_id, "worker-1", AT + timedelta(seconds=10 * number - 40)) for number in range(3)
    ]

    def kill(number: int, worker: str = "worker-1") -> Struck:
        at = AT.timestamp() + 10 * number - 38
        return Struck(kind="worker killed", began=at, ended=at + 1, worker=worker)

    seen.struck = [kill(0), kill(1), kill(2, "worker-2")]
    assert kinds(seen) == {"wrong end"}

    seen.struck = [kill(0), kill(1), kill(2)]
    assert is_failed_by_faults(seen.jobs[str(job_id)], seen)
    assert kinds(seen) == set()


def test_recovery_runs_from_the_kill_to_the_next_claim(good: Observed) -> None:
    held = Held(job_id=uuid4(), token=uuid4())
    kill = Struck(kind="worker killed", began=AT.timestamp(), ended=AT.timestamp(), worker="worker-1", held=held)
    claim = ClaimNote(uuid4(), held.job_id, "worker-2", AT + timedelta(seconds=7))
    good.struck, good.claims = (
        [kill],
        [ClaimNote(held.token, held.job_id, "worker-1", AT - timedelta(seconds=1)), claim],
    )

    (found,) = recoveries(good, stopping=frozenset({"Redis down"}))

    assert (found.seconds, found.is_clear) == (7.0, True)
    good.struck.append(Struck(kind="Redis down", began=AT.timestamp() + 1, ended=AT.timestamp() + 3))
    assert [each.is_clear for each in recoveries(good, stopping=frozenset({"Redis down"}))] == [False]


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(1, 101)]

    assert (percentile(values, 0.5), percentile(values, 0.99), percentile([3.0], 0.99)) == (50.0, 99.0, 3.0)
    assert percentile([], 0.5) == 0.0
