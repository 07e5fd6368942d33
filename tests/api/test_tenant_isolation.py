"""No operation tells another customer's rows from rows that do not exist.

The walk is made from the OpenAPI description: every operation, every id in a path, in a query and in a body. A later
endpoint is walked without a line here, as long as its description has an example body and `a_whole_tenant` a row.
"""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Model

from config.api.throttling import KeyThrottle
from customers.models import Customer
from customers.resources import TenantViewSet, UnknownReference
from tests.api.conftest import client_for
from tests.api.operations import JSON, MULTIPART, Operation, id_fields, operations, resolved
from tests.tenants import Tenant, a_whole_tenant, rows_of, tables_of_customers

pytestmark = pytest.mark.django_db

MARK = "Zwxforeign"
OURS = ("AT611904300234573201", "BE68539007547034", "CH9300762011623852957")
THEIRS = ("DE57900402617713500290", "GB82WEST12345698765432", "FR7630006000011234567890189")
PARTY = ("counterparty_id", "cp_account_id", "cp_address_id")
UNKNOWN = UUID("5b0f3a52-6c1f-4f0e-9d7c-3d1f0a7e2b11")
WALKED = operations()


class Walk:
    """A caller for one customer in a house where another customer has a row of everything."""

    def __init__(self, *, ours: Tenant, theirs: Tenant) -> None:
        self.ours = ours
        self.our_ids = [row.pk for row in rows_of(ours.customer)]
        self.their_rows = rows_of(theirs.customer)
        self.their_ids = [row.pk for row in self.their_rows]
        self.client = client_for([ours.customer])

    def send(self, operation: Operation, *, path_id: UUID | None = None, query: Any = None, body: Any = None) -> Any:
        """The answer; whatever the request did is undone, so that the next one finds the same house."""
        path = operation.path.replace("{id}", str(path_id))
        with transaction.atomic():
            answer = self._sent(operation, path, query, body)
            transaction.set_rollback(True)
        return answer

    def _sent(self, operation: Operation, path: str, query: Any, body: Any) -> Any:
        if query:
            return self.client.get(path, query)
        if operation.content_type == MULTIPART:
            return self.client.post(path, body, format="multipart")
        content = "" if body is None else json.dumps(body, default=str)
        return self.client.generic(operation.method, path, content, content_type=JSON)

    def body_of(self, operation: Operation) -> Any:
        """A body that is accepted: the example of the description, with ids of ours in it."""
        if operation.body is None:
            return None
        if operation.content_type == MULTIPART:
            properties = resolved(operation.body)["properties"]
            return {name: self._form_value(name, one) for name, one in properties.items()}
        assert operation.example is not None, f"{operation} shows no example of a request in its description"
        body = copy.deepcopy(operation.example)
        for place in id_fields(operation.body):
            holder = _holder(body, place)
            if holder is not None and place[-1] in holder:
                holder[place[-1]] = self.our_id(place)
        return body

    def _form_value(self, name: str, schema: dict[str, Any]) -> Any:
        if schema.get("format") == "uuid":
            return str(self.our_id((name,)))
        return SimpleUploadedFile("bill.pdf", b"%PDF-1.7 bill")

    def our_id(self, place: tuple[str | int, ...]) -> UUID:
        names = [str(part) for part in place if isinstance(part, str)]
        ids = self.ours.ids
        assert names[-1] in ids, f"a_whole_tenant has no id for {'.'.join(names)}"
        return ids.get(".".join(names), ids[names[-1]])

    def with_id(self, body: Any, operation: Operation, place: tuple[str | int, ...], value: UUID) -> Any:
        """The body with this id at the place; objects around it that are missing come with ids of ours."""
        changed = dict(body) if operation.content_type == MULTIPART else copy.deepcopy(body)
        holder: Any = changed
        schema = resolved(operation.body or {})
        for depth, part in enumerate(place[:-1]):
            schema = resolved(schema["items"] if part == 0 else schema["properties"][part])
            if part == 0 and not holder:
                holder.append({})
            elif part != 0 and part not in holder:
                needed = [name for name in schema.get("required", []) if (*place[: depth + 1], name) != place]
                holder[part] = {name: self.our_id((*place[: depth + 1], name)) for name in needed}
            holder = holder[part]
        holder[place[-1]] = str(value)
        return changed


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": None, "key_write": None})
    ours = a_whole_tenant(mark="Aldermoor", ibans=OURS)
    theirs = a_whole_tenant(mark=MARK, ibans=THEIRS)
    walk = Walk(ours=ours, theirs=theirs)
    before = [_values(row) for row in walk.their_rows]
    yield walk
    assert [_values(row) for row in rows_of(theirs.customer)] == before, "a row of the other customer was changed"


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


@pytest.mark.parametrize("operation", [one for one in WALKED if one.query], ids=str)
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
    path_id = None
    if "{" in operation.path:
        fitting = (one for one in walk.our_ids if walk.send(operation, path_id=one, body=body).status_code < 300)
        path_id = next(fitting, None)
        assert path_id is not None, "the example is accepted for no row of ours"
    else:
        accepted = walk.send(operation, body=body)
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
    monkeypatch: pytest.MonkeyPatch,
    hole: str,
    leak: Callable[..., Any],
    walked: Callable[[Walk, Operation], None],
    operation_id: str,
) -> None:
    (operation,) = [one for one in WALKED if one.operation_id == operation_id]
    walked(walk, operation)
    monkeypatch.setattr(TenantViewSet, hole, leak)

    with pytest.raises(AssertionError):
        walked(walk, operation)


def told(answer: Any, value: object) -> tuple[Any, ...]:
    """Everything an answer tells, with the value that was asked for taken out of it."""
    headers = {name: text.replace(str(value), "·") for name, text in answer.items()}
    return answer.status_code, headers, answer.content.decode().replace(str(value), "·")


def is_leaking(answer: Any, walk: Walk) -> bool:
    content = (answer.getvalue() if answer.streaming else answer.content).decode(errors="replace").lower()
    return MARK.lower() in content or any(str(theirs) in content for theirs in walk.their_ids)


def their_texts(walk: Walk) -> list[str]:
    """Names, numbers, bank details and the like of the other customer's rows, each once."""
    texts = {value for row in walk.their_rows for value in _values(row).values() if isinstance(value, str)}
    return sorted(text for text in texts if MARK.lower() in text.lower() or text in THEIRS)


def _values(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _holder(body: Any, place: tuple[str | int, ...]) -> Any:
    """The object in the body that holds the place's last key; None where it is left out."""
    for part in place[:-1]:
        inside = part < len(body) if isinstance(part, int) else part in body
        if not inside:
            return None
        body = body[part]
    return body
