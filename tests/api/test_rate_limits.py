"""Each key may ask so often, whichever process answers; too many requests are told when to come back."""

import time
from uuid import uuid4

import pytest
import redis
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisDown
from rest_framework.test import APIClient

from config.api.throttling import KeyThrottle
from config.environment import rate
from customers.models import ApiKey, Customer, StoredAnswer
from ocr.models import OcrJob
from tests.api.conftest import client_for
from tests.api.test_bad_input import is_error
from tests.api.test_ocr_jobs import JOBS, start

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_working_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyThrottle, "cache_is_left_alone_until", 0.0)


def limit(monkeypatch: pytest.MonkeyPatch, *, key: str | None = None, key_write: str | None = None) -> None:
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": key, "key_write": key_write})


def statuses(client: APIClient, path: str, times: int) -> list[int]:
    return [client.get(path).status_code for _ in range(times)]


def test_keys_of_the_same_customer_are_counted_apart(
    client: APIClient, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, key="2/min")

    assert statuses(client, JOBS, 3) == [200, 200, 429]
    assert statuses(client_for([customer]), JOBS, 3) == [200, 200, 429]


def test_polling_too_often_is_told_when_to_come_back(
    client: APIClient, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, key="3/min", key_write="1/min")
    job = start(client, customer)["Location"]

    assert statuses(client, job, 2) == [202, 202]
    refused = client.get(job)

    assert is_error(refused, 429, "rate_limited")
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_a_new_window_begins_when_the_old_one_ends(client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, key="1/s")
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now)

    assert statuses(client, JOBS, 2) == [200, 429]
    cache.delete_many(
        [f"throttle-key-{key.pk}" for key in ApiKey.objects.all()]  # as the cache does when the second is over
    )
    now += 1

    assert statuses(client, JOBS, 2) == [200, 429]


def test_a_refused_request_is_no_first_answer(
    client: APIClient, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, key_write="1/min")
    start(client, customer, once="order-1")
    refused = start(client, customer, once="order-2")
    limit(monkeypatch)
    accepted = start(client, customer, once="order-2")

    assert is_error(refused, 429, "rate_limited")
    assert (accepted.status_code, accepted.has_header("Idempotent-Replayed")) == (202, False)
    assert OcrJob.objects.count() == StoredAnswer.objects.count() == 2


def test_asking_for_a_stored_answer_again_and_again_counts(
    client: APIClient, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, key_write="2/min")

    answers = [start(client, customer, once="order-1") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert (answers[1]["Idempotent-Replayed"], OcrJob.objects.count()) == ("true", 1)
    assert is_error(answers[2], 429, "rate_limited")
    assert int(answers[2]["Retry-After"]) >= 1


def test_requests_pass_while_the_cache_is_down_and_only_one_waits_for_it(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, key="1/min", key_write="1/min")
    asked = []

    def fail(*_: object, **__: object) -> None:
        asked.append(1)
        raise RedisDown("connection refused")

    monkeypatch.setattr(cache, "get_or_set", fail)

    assert statuses(client, JOBS, 3) == [200, 200, 200]
    assert len(asked) == 1


@pytest.mark.redis
def test_a_redis_that_nobody_answers_at_costs_no_request(
    client: APIClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, key="1/min")
    redis_cache = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": redis_cache}

    assert statuses(client, JOBS, 2) == [200, 200]


@pytest.mark.redis
def test_the_counters_lie_where_all_processes_see_them(
    client: APIClient, redis_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, key="100/min")
    statuses(client, JOBS, 3)

    with redis.Redis.from_url(redis_database) as server:
        counters = [server.get(name) for name in server.scan_iter("*throttle-key-*-*.*")]
    assert counters == [b"3"]


def test_a_counter_that_a_full_cache_dropped_is_no_failure(client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, key="100/min")

    def dropped(name: str, **_: object) -> int:
        raise ValueError(name)

    monkeypatch.setattr(cache, "incr", dropped)

    assert statuses(client, JOBS, 2) == [200, 200]


@pytest.mark.parametrize(
    ("value", "meant"),
    [("100/min", "100/min"), ("5 / S", "5/s"), ("none", None), ("", "7/hour")],
)
def test_a_rate_is_read_from_the_environment(value: str, meant: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"RATE_{uuid4().hex}"
    monkeypatch.setenv(name, value)

    assert rate(name, "7/hour") == meant


@pytest.mark.parametrize("value", ["fast", "100", "0/min", "100/fortnight", "-1/s"])
def test_a_rate_that_cannot_be_meant_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"RATE_{uuid4().hex}"
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match="write it as 6000/min"):
        rate(name, "7/hour")
