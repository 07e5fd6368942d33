"""Any order of posts, messages, deaths, leases that run out, zombies, people and sweeps: nothing lost, nothing twice.

A death is an exception that no code catches, thrown before a statement or after a commit; from then on the dead process
runs no statement any more, and what it had not committed is gone.
"""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from pytest_django import Settings

from config.api.throttling import KeyThrottle
from customers.webhooks.endpoints import add_endpoint
from invoices.leftovers import remove_leftovers
from ocr import processing, tasks
from ocr.approval import NotReviewable, ReviewEnded, approve
from ocr.checked_values import CorrectionRejected
from ocr.claims import Claim, ClaimLost, claim_job, fail_job
from ocr.models import OcrJob, OcrReviewDecision, OcrRun
from ocr.readers import close_sandbox, current_sandbox
from ocr.reading.document import UnreadableDocument
from ocr.review import Correction, correct_and_match
from ocr.versions import version_of
from tests.api.conftest import client_for
from tests.chaos.points.invariants import unsent_violations
from tests.documents import as_base64, invoice_pdf
from tests.jobs import paying_customer
from tests.later import ahead_by
from transfers.finalizing import FinalizeBlocked
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

DOCUMENTS = (invoice_pdf(), invoice_pdf(pages=2), b"%PDF-1.7 nothing behind it")
MOST_STATEMENTS = 70
MOST_JOBS = 3
REFUSED = (NotReviewable, ReviewEnded, CorrectionRejected, FinalizeBlocked)
AGES = (settings.JOB_LEASE / 2, settings.JOB_LEASE * 2, timedelta(minutes=2))


class Killed(BaseException):
    """The process has died."""


@contextmanager
def dying(at: int) -> Iterator[None]:
    """Kills at the statement with this number, from 0; a commit is survived, and died of right afterwards."""
    left, is_dead = at, False

    def run(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left, is_dead
        if is_dead:
            if sql.startswith(("ROLLBACK TO", "RELEASE")):
                return execute(sql, params, many, context)
            raise Killed
        left -= 1
        is_dead = left < 0
        if is_dead and not sql.startswith(("ROLLBACK TO", "RELEASE")):
            raise Killed
        result = execute(sql, params, many, context)
        if is_dead:
            raise Killed
        return result

    with connection.execute_wrapper(run):
        yield


@dataclass
class Zombie:
    """A worker that was frozen between its work and its write-back."""

    claim: Claim
    processed: processing.Processed | None


class Jobs(RuleBasedStateMachine):
    """`folder` holds the stored files; the test gives it."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self._whole = transaction.atomic()
        self._whole.__enter__()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.customer = paying_customer()
        self.client = client_for([self.customer])
        hook = {"url": "https://aldermoor.example/hook"}
        add_endpoint(customer=self.customer, fields=hook, by="test", now=timezone.now())
        self.asked: dict[int, int] = {}
        self.answers: dict[int, Any] = {}
        self.zombies: list[Zombie] = []
        self.ended: dict[UUID, datetime | None] = {}
        self.ahead = timedelta(0)
        now = timezone.now
        self._clock = pytest.MonkeyPatch()
        self._clock.setattr(timezone, "now", lambda: now() + self.ahead)
        self._shared_clock = connection.execute_wrapper(ahead_by(lambda: self.ahead))
        self._shared_clock.__enter__()

    # --- what happens ---

    @rule(
        key=st.integers(0, MOST_JOBS - 1), number=st.integers(0, len(DOCUMENTS) - 1), at=st.none() | st.integers(0, 25)
    )
    def post(self, key: int, number: int, at: int | None) -> None:
        number = self.asked.setdefault(key, number)
        body = {"base64_file": as_base64(DOCUMENTS[number]), "customer_id": str(self.customer.pk)}
        answer = self._act(lambda: self._send("/v2/invoices/ocr", body, key=f"post {key}"), at)
        if answer is None:
            return
        assert answer.status_code in {202, 409}, answer.content
        if answer.status_code == 202:
            assert self.answers.setdefault(key, answer.json()["job_id"]) == answer.json()["job_id"]

    @precondition(lambda self: self.jobs())
    @rule(index=st.integers(0, MOST_JOBS - 1), times=st.integers(1, 3), at=st.none() | st.integers(0, MOST_STATEMENTS))
    def deliver(self, index: int, times: int, at: int | None) -> None:
        job = self._job(index)
        for _ in range(times):
            self._act(lambda: processing.process_next(hint=job.pk), at)

    @precondition(lambda self: self.jobs())
    @rule(index=st.integers(0, MOST_JOBS - 1))
    def freeze(self, index: int) -> None:
        """A worker claims and works, and is frozen before it writes."""
        before, now = self._job(index), timezone.now()
        claim = claim_job(job_id=before.pk, now=now)
        if claim is None:
            return
        assert before.lease_expires_at is None or before.lease_expires_at < now, "it was somebody else's"
        job = OcrJob.objects.select_related("customer", "upload").get(pk=claim.job_id)
        try:
            worked = processing.run(job=job, from_stage=claim.from_stage)
        except UnreadableDocument:
            worked = None
        self.zombies.append(Zombie(claim, worked))

    @precondition(lambda self: self.jobs())
    @rule(index=st.integers(0, MOST_JOBS - 1))
    def overtake(self, index: int) -> None:
        """One worker is frozen, its lease runs out, and the next one is frozen in the same work."""
        self.freeze(index)
        self.pass_time(AGES[1])
        self.freeze(index)

    @precondition(lambda self: self.zombies)
    @rule(index=st.integers(0, 5), at=st.none() | st.integers(0, 40))
    def thaw(self, index: int, at: int | None) -> None:
        """The frozen worker goes on; whoever took its job meanwhile must not be disturbed."""
        zombie = self.zombies.pop(index % len(self.zombies))
        before = OcrJob.objects.get(pk=zombie.claim.job_id)
        holds = before.state == OcrJob.State.RUNNING and before.claim_token == zombie.claim.token

        def write() -> None:
            if zombie.processed is None:
                fail_job(claim=zombie.claim, code="corrupt", message="Broken.", now=timezone.now())
            else:
                processing.save(claim=zombie.claim, processed=zombie.processed, now=timezone.now())

        if holds:
            self._act(write, at)
            return
        with pytest.raises(ClaimLost):
            write()

    @rule(by=st.sampled_from(AGES))
    def pass_time(self, by: timedelta) -> None:
        self.ahead += by

    @rule(at=st.none() | st.integers(0, 25), is_heard=st.booleans())
    def sweep(self, at: int | None, is_heard: bool) -> None:
        announced: list[UUID] = []

        def announce(job_id: UUID) -> bool:
            announced.append(job_id)
            return True

        with pytest.MonkeyPatch.context() as broker:
            broker.setattr(tasks, "announce", announce)
            broker.setattr(tasks, "messages_waiting", lambda: 0)
            self._act(lambda: tasks.sweep_jobs(now=timezone.now()), at)
        for job_id in announced if is_heard else ():
            processing.process_next(hint=job_id)

    @precondition(lambda self: self.jobs())
    @rule(index=st.integers(0, MOST_JOBS - 1), number=st.integers(1, 9), at=st.none() | st.integers(0, 99))
    def correct(self, index: int, number: int, at: int | None) -> None:
        job = self._job(index)
        said = [Correction("reference", f"Order {number}")]
        self.ended.pop(job.pk, None)
        self._act(lambda: correct_and_match(job_id=job.pk, corrections=said, seen=version_of(job), by="anna"), at)

    @precondition(lambda self: self.jobs())
    @rule(index=st.integers(0, MOST_JOBS - 1), at=st.none() | st.integers(0, 40))
    def approve(self, index: int, at: int | None) -> None:
        job = self._job(index)
        self._act(lambda: approve(job_id=job.pk, seen=version_of(job), by="anna", now=timezone.now()), at)

    @precondition(lambda self: self.jobs())
    @rule(
        index=st.integers(0, MOST_JOBS - 1),
        stage=st.sampled_from(["extract", "match"]),
        at=st.none() | st.integers(0, 25),
    )
    def reprocess(self, index: int, stage: str, at: int | None) -> None:
        job = self._job(index)
        self.ended.pop(job.pk, None)
        answer = self._act(lambda: self._send(f"/v2/invoices/ocr/{job.pk}/reprocess", {"from_stage": stage}), at)
        assert answer is None or answer.status_code == (202 if job.state in {"finished", "failed"} else 409)

    @precondition(lambda self: self.jobs())
    @rule(index=st.integers(0, MOST_JOBS - 1), at=st.none() | st.integers(0, 15))
    def discard(self, index: int, at: int | None) -> None:
        job = self._job(index)
        answer = self._act(lambda: self.client.delete(f"/v2/uploads/{job.upload_id}"), at)
        is_free = job.state == OcrJob.State.FAILED and job.transfer_id is None
        assert answer is None or answer.status_code == (204 if is_free else 409), answer.content

    @precondition(lambda self: self.jobs())
    @rule(index=st.integers(0, MOST_JOBS - 1))
    def poll(self, index: int) -> None:
        job = self._job(index)
        answer = self.client.get(f"/v2/invoices/ocr/{job.pk}")
        assert answer.status_code == answer.json()["status"] == {"finished": 200, "failed": 422}.get(job.state, 202)

    # --- what holds at every moment ---

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        jobs = self.jobs()
        assert {str(job_id) for job_id in self.answers.values()} <= {str(job.pk) for job in jobs}
        assert len(jobs) <= len(self.asked)
        assert len({job.upload_id for job in jobs}) == len(jobs)
        for job in jobs:
            assert 0 <= job.attempts <= settings.JOB_MAX_ATTEMPTS
            running = list(job.runs.filter(outcome=OcrRun.Outcome.RUNNING).values_list("token", flat=True))
            assert running == ([job.claim_token] if job.state == OcrJob.State.RUNNING else [])
            assert Transfer.objects.filter(ocr_job_id=job.pk, supersedes__isnull=True).count() <= 1
            assert Transfer.objects.filter(ocr_job_id=job.pk, supersedes__isnull=False).count() <= 1

    @invariant()
    def what_has_ended_stays_as_it_ended(self) -> None:
        for job in self.jobs():
            if job.state in {"finished", "failed"}:
                assert self.ended.setdefault(job.pk, job.finished_at) == job.finished_at
            else:
                assert job.pk not in self.ended, f"{job.pk} had ended and is {job.state}"

    # --- how it ends ---

    def teardown(self) -> None:
        try:
            self._come_to_rest()
        finally:
            self._shared_clock.__exit__(None, None, None)
            self._clock.undo()
            transaction.set_rollback(True)
            self._whole.__exit__(None, None, None)

    def _come_to_rest(self) -> None:
        for key in self.asked:
            self.pass_time(AGES[-1])
            self.post(key, 0, None)
        assert set(self.answers) == set(self.asked)
        assert len(self.jobs()) == len(self.asked)
        for _ in range(settings.JOB_MAX_ATTEMPTS + 1):
            while self.zombies:  # the oldest first, so that those who were overtaken find another's claim
                self.thaw(0, None)
            self.pass_time(AGES[-1])
            self.sweep(None, is_heard=True)
        self.nothing_is_lost_or_doubled()
        self.what_has_ended_stays_as_it_ended()
        self.ahead += timedelta(days=2)
        remove_leftovers(now=timezone.now())
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # which seals the audit trail at the commit
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert unsent_violations() == []
        self._corrections_are_kept()

    def _corrections_are_kept(self) -> None:
        for job in self.jobs():
            newest = job.corrections.filter(target="reference").last()
            is_open = not OcrReviewDecision.objects.filter(job=job).exists()
            if newest is not None and job.transfer is not None and job.state == OcrJob.State.FINISHED and is_open:
                assert job.transfer.reference == newest.after

    # --- how it is done ---

    def jobs(self) -> list[OcrJob]:
        return list(OcrJob.objects.filter(customer=self.customer).order_by("created_at"))

    def _job(self, index: int) -> OcrJob:
        jobs = self.jobs()
        return jobs[index % len(jobs)]

    def _act(self, act: Callable[[], Any], at: int | None) -> Any:
        """What came of it; None where it died or was refused."""
        try:
            with suppress(*REFUSED), nullcontext() if at is None else dying(at):
                return act()
        except Killed:
            # A block without a savepoint has marked the example's own transaction, which stands for autocommit here.
            transaction.set_rollback(False)
        return None

    def _send(self, place: str, body: dict[str, str], *, key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(place, body, format="json", headers=headers)


@pytest.fixture(scope="module")
def readings() -> dict[bytes, Any]:
    """What the sandbox's child says of each document."""
    said: dict[bytes, Any] = {}
    for content in DOCUMENTS:
        try:
            said[content] = current_sandbox().read(content)
        except UnreadableDocument as error:
            said[content] = error
    close_sandbox()
    return said


@pytest.mark.timeout(600)  # where the machine has other work as well
def test_nothing_is_lost_and_nothing_done_twice(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readings: dict[bytes, Any]
) -> None:
    def read(content: bytes) -> Any:
        if isinstance(readings[content], UnreadableDocument):
            raise UnreadableDocument(code=readings[content].code, message=readings[content].message)
        return readings[content]

    storage = {"BACKEND": "invoices.storages.FolderStorage", "OPTIONS": {"location": str(tmp_path / "uploads")}}
    settings.STORAGES = settings.STORAGES | {"default": storage}
    monkeypatch.setattr(processing, "current_sandbox", lambda: SimpleNamespace(read=read, read_again=None))
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": None, "key_write": None})
    monkeypatch.setattr(Jobs, "folder", tmp_path / "uploads", raising=False)

    run_state_machine_as_test(
        Jobs,
        settings=examples(
            max_examples=20,
            stateful_step_count=20,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
