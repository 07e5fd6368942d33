"""The API with the filter of its queries taken out: what PostgreSQL's row-level security still holds then."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from config.api import callers
from config.api.callers import CallerMiddleware
from customers.keys import issue_key
from customers.models import ApiKey, Customer
from customers.records import TenantQuerySet
from customers.resources import TenantViewSet
from customers.scopes import SCOPES
from customers.wall import NobodyAsks, behind_wall
from tests.api.conftest import client_for
from tests.api.operations import operations
from tests.api.test_tenant_isolation import any_customer, is_leaking
from tests.api.walking import UNKNOWN, Walk
from tests.ledger import a_customer

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ALL = operations()


@pytest.fixture
def open_walk(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """The walk through a service whose first wall is gone: no query asks for the customer, and no body is checked."""
    ours, theirs = walk.ours.customer, walk.theirs.customer

    def wall_of_ours(*, api_key_id: UUID | None, **_: Any) -> Any:
        return behind_wall(customer_ids=[ours.pk], api_key_id=api_key_id)

    monkeypatch.setattr(callers, "behind_wall", wall_of_ours)
    monkeypatch.setattr(ApiKey, "customer_ids", lambda _: frozenset([ours.pk, theirs.pk]))
    monkeypatch.setattr(TenantQuerySet, "of", lambda rows, _: rows)
    monkeypatch.setattr(TenantViewSet, "customer_of", any_customer)
    return walk


def test_an_id_of_another_customer_is_unknown_still(open_walk: Walk) -> None:
    for operation in [one for one in ALL if "{" in one.path]:
        body = open_walk.body_of(operation)
        assert open_walk.send(operation, path_id=UNKNOWN, body=body).status_code == 404
        for theirs in open_walk.their_ids:
            answer = open_walk.send(operation, path_id=theirs, body=body)
            assert answer.status_code == 404, (str(operation), theirs, answer.content)


def test_a_list_shows_nobody_elses_rows_still(open_walk: Walk) -> None:
    for operation in [one for one in ALL if one.is_list]:
        whole = open_walk.send(operation, query={"limit": 100})
        assert whole.status_code == 200
        assert whole.json()["total"] > 0
        assert not is_leaking(whole, open_walk), str(operation)


def test_nothing_is_written_for_another_customer_still(open_walk: Walk) -> None:
    creating = [one for one in ALL if one.body and "customer_id" in one.body.get("properties", {})]
    for operation in creating:
        body = open_walk.body_of(operation)
        place: tuple[str | int, ...] = ("customer_id",)
        foreign = open_walk.with_id(body, operation, place, open_walk.theirs.customer.pk)
        assert open_walk.send(operation, body=foreign).status_code == 404, str(operation)


def test_without_the_second_wall_the_open_service_leaks(open_walk: Walk, settings: Settings) -> None:
    """Or the tests above would show nothing of the wall."""
    settings.TENANT_DATABASE_ROLE = ""
    (operation,) = [one for one in ALL if one.operation_id == "counterparties_list"]

    assert is_leaking(open_walk.send(operation, query={"limit": 100}), open_walk)


def test_requests_of_two_tenants_and_the_back_office_on_one_connection(
    customer: Customer, client: APIClient, admin_client: Client
) -> None:
    other = a_customer("Zwxforeign Trading GmbH")
    clients = {"Aldermoor Trading GmbH": client, "Zwxforeign Trading GmbH": client_for([other])}
    server = backend()
    for _ in range(2):
        for name, one in clients.items():
            assert [row["legal_name"] for row in one.get("/v2/customers").json()["data"]] == [name]
            assert one.get("/v2/nothing").status_code == 404
        page = admin_client.get("/admin/customers/customer/").content.decode()
        assert all(name in page for name in clients)
    assert backend() == server


@pytest.mark.parametrize("header", ["", "Bearer pdk_nonsense"])
def test_who_has_no_key_reaches_nothing_that_is_stored(header: str) -> None:
    with pytest.raises(NobodyAsks):
        through_middleware(lambda _: HttpResponse(str(Customer.objects.count())), header)

    assert Customer.objects.count() == 0


def test_what_is_made_while_it_is_sent_is_behind_the_wall_too(customer: Customer) -> None:
    a_customer("Zwxforeign Trading GmbH")
    _, plain = issue_key(
        name="erp", customers=[customer], scopes=SCOPES, expires_at=None, by="test", now=timezone.now()
    )

    def count() -> Iterator[bytes]:
        yield str(Customer.objects.count()).encode()
        yield str(Customer.objects.count()).encode()

    response, begun = (through_middleware(lambda _: StreamingHttpResponse(count()), f"Bearer {plain}") for _ in "ab")
    assert Customer.objects.count() == 2
    assert response.getvalue() == b"11"
    assert next(iter(begun)) == b"1"
    for close in begun._resource_closers:  # as the server does when the client goes away in the middle
        close()
    assert Customer.objects.count() == 2


def through_middleware(view: Any, header: str) -> Any:
    request: HttpRequest = RequestFactory().get("/v2/customers", headers={"Authorization": header})
    return CallerMiddleware(view)(request)


def backend() -> int:
    """The number of the server's process that this connection talks to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])
