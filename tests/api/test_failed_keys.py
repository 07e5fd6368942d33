"""Whoever sends requests without a valid key is refused after a while, by address, and locks nobody else out."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.core.cache import cache
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from redis.exceptions import ConnectionError as RedisDown
from rest_framework.test import APIClient

from config.api import failures
from config.api.throttling import KeyThrottle
from customers.keys import new_plain_key, revoke_key
from customers.models import ApiKey, Customer
from tests.api.conftest import client_for
from tests.api.test_bad_input import is_error
from tests.api.test_ocr_jobs import JOBS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_a_minute(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, empty_cache: Callable[[], None]
) -> Iterator[None]:
    settings.API_FAILURE_RATE_LIMIT = "3/min"
    monkeypatch.setattr(KeyThrottle, "cache_is_left_alone_until", 0.0)
    _forget_all()
    yield
    _forget_all()


def _forget_all() -> None:
    failures._refused_until.clear()
    failures._noted_at.clear()


def stranger(key: str | None = None, **extra: Any) -> APIClient:
    client = APIClient(**{"REMOTE_ADDR": "198.51.100.7", **extra})
    if key is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


def statuses(client: APIClient, times: int, *, path: str = JOBS) -> list[int]:
    return [client.get(path).status_code for _ in range(times)]


@pytest.mark.parametrize("key", [None, "nonsense", new_plain_key()], ids=["none", "malformed", "unknown"])
def test_an_address_without_a_valid_key_is_told_when_to_come_back(key: str | None) -> None:
    client = stranger(key)

    assert statuses(client, 4) == [401, 401, 401, 401]
    refused = client.get(JOBS)

    assert is_error(refused, 429, "rate_limited")
    assert "without a valid API key" in refused.json()["message"]
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_a_refused_request_costs_no_query_whatever_it_sends(
    customer: Customer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    statuses(stranger(new_plain_key()), 4)
    body = {"base64_file": "", "customer_id": str(customer.pk)}

    with django_assert_num_queries(0):
        read = stranger(new_plain_key()).get(JOBS)
        write = stranger(new_plain_key()).post(JOBS, body, headers={"X-Idempotency-Key": "once"})

    assert (read.status_code, write.status_code) == (429, 429)


def test_a_request_with_an_idempotency_key_counts_once_and_is_looked_up_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = stranger(new_plain_key())
    with django_assert_num_queries(1):
        first = client.post(JOBS, {}, headers={"X-Idempotency-Key": "once"})

    assert [first.status_code, *statuses(client, 4)] == [401, 401, 401, 401, 429]


def test_other_addresses_are_counted_apart() -> None:
    statuses(stranger(), 5)

    assert statuses(stranger(REMOTE_ADDR="198.51.100.8"), 2) == [401, 401]


def test_the_addresses_of_one_ipv6_network_are_counted_together() -> None:
    for number in range(4):
        stranger(REMOTE_ADDR=f"2001:db8:1:2::{number}").get(JOBS)

    assert statuses(stranger(REMOTE_ADDR="2001:db8:1:2:ffff::1"), 1) == [429]
    assert statuses(stranger(REMOTE_ADDR="2001:db8:1:3::1"), 1) == [401]


def test_behind_a_proxy_the_address_that_it_wrote_counts_and_not_what_the_client_claims(settings: Settings) -> None:
    settings.BEHIND_TLS, settings.SECURE_SSL_REDIRECT = True, False
    for number in range(4):
        stranger(HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 203.0.113.5").get(JOBS)

    assert statuses(stranger(HTTP_X_FORWARDED_FOR="192.0.2.1, 203.0.113.5"), 1) == [429]
    assert statuses(stranger(HTTP_X_FORWARDED_FOR="203.0.113.5, 203.0.113.6"), 1) == [401]


def test_without_a_proxy_nobody_is_another_by_a_header() -> None:
    answers = [stranger(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}").get(JOBS).status_code for number in range(5)]

    assert answers == [401, 401, 401, 401, 429]


def test_a_key_that_is_in_use_gets_through_from_a_refused_address(client: APIClient) -> None:
    in_use = stranger(client._credentials["HTTP_AUTHORIZATION"].split()[1])  # type: ignore[attr-defined]
    assert statuses(in_use, 1) == [200]
    statuses(stranger(new_plain_key()), 5)

    assert statuses(in_use, 5) == [200] * 5
    assert statuses(stranger(new_plain_key()), 1) == [429]


def test_a_revoked_key_gets_through_no_longer(client: APIClient) -> None:
    in_use = stranger(client._credentials["HTTP_AUTHORIZATION"].split()[1])  # type: ignore[attr-defined]
    statuses(in_use, 1)
    statuses(stranger(), 5)
    revoke_key(key=ApiKey.objects.get(), by="test", now=timezone.now())

    assert statuses(in_use, 3) == [401, 429, 429]


def test_a_valid_key_is_never_counted_as_a_failure(client: APIClient, customer: Customer) -> None:
    assert statuses(client, 6) == [200] * 6
    assert client.get(f"{JOBS}/{uuid4()}").status_code == 404
    assert statuses(client_for([customer]), 1) == [200]


def test_no_limit_is_no_limit(settings: Settings) -> None:
    settings.API_FAILURE_RATE_LIMIT = None

    assert set(statuses(stranger(), 8)) == {401}


def test_while_the_cache_is_down_nobody_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RedisDown("connection refused")

    monkeypatch.setattr(cache, "get_or_set", fail)

    assert statuses(stranger(new_plain_key()), 6) == [401] * 6


def test_the_description_and_probes_need_no_key_and_are_not_counted() -> None:
    statuses(stranger(), 5)

    assert [stranger().get(path).status_code for path in ("/healthz", "/v2/schema", "/v2/docs")] == [200, 200, 200]


@pytest.mark.redis
def test_processes_count_together_and_the_cache_knows_no_key(redis_database: str, client: APIClient) -> None:
    plain = client._credentials["HTTP_AUTHORIZATION"].split()[1]  # type: ignore[attr-defined]
    statuses(client, 1)
    statuses(stranger(new_plain_key()), 3)
    failures._refused_until.clear()  # another process, which has counted nothing yet

    assert statuses(stranger(new_plain_key()), 2) == [401, 429]
    with redis.Redis.from_url(redis_database) as server:
        names = b"\n".join(server.scan_iter("*"))
    assert b"accepted-" in names
    assert plain.encode() not in names
    assert ApiKey.objects.get().hashed_key.encode() not in names
