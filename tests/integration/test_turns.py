"""Whose turn it is: a customer who sends ten thousand documents makes nobody else wait."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from customers.models import Customer
from customers.telemetry.context import about, ids
from ocr import processing, turns
from ocr.claims import claim_job, claim_next, fail_job, postpone_claim, release_claim
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.review import ask_again
from ocr.tasks import process
from tests.at_once import at_once
from tests.ledger import a_customer

pytestmark = pytest.mark.django_db


def queued(customer: Customer, number: int) -> list[UUID]:
    """That many jobs of the customer, in the order in which they came."""
    return [
        accept_document(customer=customer, content=b"%PDF-1.7 " + uuid4().bytes, file_name=f"{place}.pdf", by="test").pk
        for place in range(number)
    ]


def next_job() -> UUID | None:
    claim = claim_next(now=timezone.now())
    return claim.job_id if claim else None


def work_off_one() -> UUID | None:
    """The job that a worker takes next, and has done with."""
    claim = claim_next(now=timezone.now())
    if claim is not None:
        fail_job(claim=claim, code="corrupt", message="Broken.", now=timezone.now())
    return claim.job_id if claim else None


def test_who_has_fewer_running_jobs_comes_first() -> None:
    many, few = queued(a_customer("Flood Ltd"), 5), queued(a_customer("Drop Ltd"), 2)

    taken = [next_job() for _ in range(4)]

    assert set(taken) == {*many[:2], *few}
    assert {taken[0], taken[1]} == {many[0], few[0]}


def test_a_job_that_comes_last_is_next_when_its_customer_has_none_running() -> None:
    many = queued(a_customer("Flood Ltd"), 9)
    assert [next_job(), next_job()] == many[:2]

    (late,) = queued(a_customer("Drop Ltd"), 1)

    assert [next_job(), next_job()] == [late, many[2]]


def test_one_worker_takes_turns() -> None:
    lines = [queued(a_customer(f"Line {place} Ltd"), 4 if place else 2) for place in range(3)]

    taken = [work_off_one() for _ in range(6)]

    assert set(taken[:3]) == {line[0] for line in lines}
    assert set(taken[3:]) == {line[1] for line in lines}
    rest = [work_off_one() for _ in range(5)]
    assert set(rest[:2]) == {line[2] for line in lines[1:]}
    assert rest[4] is None


def test_more_customers_than_one_claim_looks_at_are_all_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_IN_TURN", turns._IN_TURN.replace(f"LIMIT {turns.MOST_CUSTOMERS}", "LIMIT 2"))
    first = [queued(a_customer(f"Line {place} Ltd"), 2)[0] for place in range(5)]

    assert {work_off_one() for _ in range(5)} == set(first)


@pytest.mark.parametrize("put_back", [release_claim, postpone_claim])
def test_a_job_that_was_put_back_is_not_taken_up_at_once(put_back: Callable[..., None], settings: LazySettings) -> None:
    settings.JOB_LEASE = timedelta(minutes=1)  # the second job stays in good hands
    first, second = queued(a_customer(), 2)
    now = timezone.now()
    claim = claim_next(now=now)
    assert claim is not None
    put_back(claim=claim, now=now, **({"error": "OSError"} if put_back is release_claim else {}))

    assert [next_job(), next_job()] == [second, None]
    later = claim_next(now=now + settings.JOB_ANNOUNCE_AGAIN_AFTER)
    assert later is not None
    assert later.job_id == first


def test_a_job_whose_worker_went_away_stands_in_line_again() -> None:
    (job,) = queued(a_customer(), 1)
    now = timezone.now()
    dead = claim_next(now=now)

    assert claim_next(now=now + settings.JOB_LEASE - timedelta(seconds=1)) is None
    heir = claim_next(now=now + settings.JOB_LEASE + timedelta(seconds=1))

    assert dead is not None
    assert heir is not None
    assert (heir.job_id, heir.attempt, heir.token != dead.token) == (job, 2, True)


def test_a_job_that_has_no_attempt_left_is_left_to_the_sweeper() -> None:
    customer = a_customer()
    spent, fresh = queued(customer, 2)
    claim_job(job_id=spent, now=timezone.now() - settings.JOB_LEASE * 2)
    OcrJob.objects.filter(pk=spent).update(attempts=settings.JOB_MAX_ATTEMPTS)

    assert [next_job(), next_job()] == [fresh, None]


def test_a_job_that_somebody_processes_by_hand_is_not_taken_by_a_worker() -> None:
    (job_id,) = queued(a_customer(), 1)
    assert work_off_one() == job_id

    ask_again(job=OcrJob.objects.get(pk=job_id), from_stage="read", by="test", is_announced=False)

    assert next_job() is None
    assert claim_job(job_id=job_id, now=timezone.now()) is not None


def test_a_message_too_many_costs_a_glance(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """At the job whose turn it is and at those that were left behind; PostgreSQL is asked for the time before each."""
    (job_id,) = queued(a_customer(), 1)
    assert next_job() == job_id

    with django_assert_num_queries(4 if connection.vendor == "postgresql" else 2):
        process(str(job_id))

    assert OcrJob.objects.get(pk=job_id).attempts == 1


@pytest.mark.usefixtures("committed")
def test_workers_that_choose_at_once_take_different_jobs() -> None:
    jobs = [*queued(a_customer("Flood Ltd"), 5), *queued(a_customer("Drop Ltd"), 1)]

    taken = at_once(*[next_job] * 6)

    assert sorted(taken) == sorted(jobs)
    assert set(OcrJob.objects.values_list("state", "attempts")) == {("running", 1)}


def test_a_job_is_worked_on_in_the_name_of_its_own_request(monkeypatch: pytest.MonkeyPatch) -> None:
    named = []
    monkeypatch.setattr(processing, "_work", lambda claim: named.append((claim.job_id, ids().get("request_id"))))
    own, another = str(uuid4()), str(uuid4())
    with about(request_id=own):
        (asked,) = queued(a_customer(), 1)
    (unasked,) = queued(a_customer(), 1)

    for _ in range(2):
        with about(request_id=another):
            process(str(uuid4()))

    assert dict(named) == {asked: own, unasked: None}
