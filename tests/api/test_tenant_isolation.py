"""No operation tells another customer's rows from rows that do not exist.

The walk is made from the OpenAPI description: every operation, every id in a path, in a query and in a body. A later
endpoint is walked without a line here, as long as its description has an example body and `a_whole_tenant` a row.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from customers.models import Customer
from customers.resources import TenantViewSet, UnknownReference
from tests.api.operations import Operation, id_fields, operations
from tests.api.walking import MARK, THEIRS, UNKNOWN, Walk, values_of
from tests.tenants import tables_of_customers

pytestmark = pytest.mark.django_db

WALKED = operations()
PARTY = ("counterparty_id", "cp_account_id", "cp_address_id")


@pytest.mark.parametrize("operation", [one for one in WALKED if "{" in one.path], ids=str)
def test_an_id_in_a_path(walk: Walk, operation: Operation) -> None:
    body = walk.body_of(operation)
    unknown = walk.send(operation, path_id=UNKNOWN, body=body)
    assert unknown.status_code == 404
    for theirs in walk.their_ids:
        answer = walk.send(operation, path_id=theirs, body=body)
        assert told(answer, theirs) == told(unknown, UNKNOWN), theirs

    reached = [walk.send(operation, path_id=ours, body=body) for ours in walk.our_ids]
    assert any(answer.status_code != 404 for answer in reached), "no row of ours was found by this path either"
    assert not any(is_leaking(answer, walk) for answer in reached)


@pytest.mark.parametrize("operation", [one for one in WALKED if one.query and "{" not in one.path], ids=str)
def test_an_id_or_a_text_in_a_query(walk: Walk, operation: Operation) -> None:
    whole = walk.send(operation, query={"limit": 100})
    assert whole.status_code == 200
    assert whole.json()["total"] > 0, "a_whole_tenant has no row for this list"
    assert not is_leaking(whole, walk)
    for name in operation.id_parameters():
        unknown = walk.send(operation, query={name: UNKNOWN})
        assert unknown.json()["data"] == []
        for theirs in walk.their_ids:
            answer = walk.send(operation, query={name: theirs})
            assert told(answer, theirs) == told(unknown, UNKNOWN), (name, theirs)
    for name in operation.text_parameters():
        unknown = walk.send(operation, query={name: "nothing-like-it"})
        for text in their_texts(walk):
            answer = walk.send(operation, query={name: text})
            assert told(answer, text) == told(unknown, "nothing-like-it"), (name, text)


@pytest.mark.parametrize("operation", [one for one in WALKED if one.body and [*id_fields(one.body)]], ids=str)
def test_an_id_in_a_body(walk: Walk, operation: Operation) -> None:
    body = walk.body_of(operation)
    path_id = walk.accepting_id(operation) if "{" in operation.path else None
    accepted = walk.send(operation, path_id=path_id, body=body)
    assert accepted.status_code < 300, accepted.content
    for place in id_fields(operation.body or {}):
        unknown = walk.send(operation, path_id=path_id, body=walk.with_id(body, operation, place, UNKNOWN))
        assert unknown.status_code in {400, 404}, (place, unknown.content)
        for theirs in walk.their_ids:
            answer = walk.send(operation, path_id=path_id, body=walk.with_id(body, operation, place, theirs))
            assert told(answer, theirs) == told(unknown, UNKNOWN), (place, theirs)


def test_every_table_of_a_customer_has_a_row_to_try(walk: Walk) -> None:
    tried = {type(row) for row in walk.their_rows}

    assert {model._meta.label for model in tables_of_customers()} == {model._meta.label for model in tried}


def test_the_walk_finds_the_ids_it_is_about() -> None:
    """A description without formats would be walked in no time and prove nothing."""
    found = {str(one): {".".join(map(str, place)) for place in id_fields(one.body)} for one in WALKED if one.body}

    parties = {f"{side}.{name}" for side in ("source", "destination") for name in PARTY}
    assert found["invoices_create"] == {"customer_id", *parties}
    assert found["invoices_update"] == parties
    assert found["ocr_job_create as form"] == found["ocr_job_create"] == {"customer_id"}
    assert found["bank_accounts_create"] == {"counterparty_id"}
    assert sum("{" in one.path for one in WALKED) >= 20
    assert len({name for one in WALKED for name in one.id_parameters()}) >= 8


def all_rows(view: Any) -> Any:
    return view.queryset.all()


def any_customer(view: Any, customer_id: UUID) -> Customer:
    if (customer := Customer.objects.filter(pk=customer_id).first()) is None:
        raise UnknownReference("customer_id")
    return customer


@pytest.mark.parametrize(
    ("hole", "leak", "walked", "operation_id"),
    [
        ("get_queryset", all_rows, test_an_id_in_a_path, "contacts_retrieve"),
        ("get_queryset", all_rows, test_an_id_or_a_text_in_a_query, "addresses_list"),
        ("customer_of", any_customer, test_an_id_in_a_body, "invoices_create"),
    ],
)
def test_the_walk_notices_a_hole(
    walk: Walk,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    hole: str,
    leak: Callable[..., Any],
    walked: Callable[[Walk, Operation], None],
    operation_id: str,
) -> None:
    settings.TENANT_DATABASE_ROLE = ""  # or PostgreSQL closes the hole: see test_second_wall.py
    (operation,) = [one for one in WALKED if one.operation_id == operation_id]
    walked(walk, operation)
    monkeypatch.setattr(TenantViewSet, hole, leak)

    with pytest.raises(AssertionError):
        walked(walk, operation)


def told(answer: Any, value: object) -> tuple[Any, ...]:
    """Everything an answer tells, with the value that was asked for taken out of it."""
    # The number of the request is drawn for each, and says nothing of the row.
    headers = {name: text.replace(str(value), "·") for name, text in answer.items() if name != "X-Request-Id"}
    return answer.status_code, headers, answer.content.decode().replace(str(value), "·")


def is_leaking(answer: Any, walk: Walk) -> bool:
    content = (answer.getvalue() if answer.streaming else answer.content).decode(errors="replace").lower()
    return MARK.lower() in content or any(str(theirs) in content for theirs in walk.their_ids)


def their_texts(walk: Walk) -> list[str]:
    """Names, numbers, bank details and the like of the other customer's rows, each once."""
    texts = {value for row in walk.their_rows for value in values_of(row).values() if isinstance(value, str)}
    return sorted(text for text in texts if MARK.lower() in text.lower() or text in THEIRS)
