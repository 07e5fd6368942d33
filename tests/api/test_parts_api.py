"""`/v2/counterparties/contacts` and `/addresses`, and what all four collections refuse alike."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from customers.models import Customer
from invoices.models import Invoice
from tests.api.test_bad_input import is_error
from tests.api.test_bank_accounts_api import OTHER_IBAN
from tests.ledger import suppliers_account

pytestmark = pytest.mark.django_db

COUNTERPARTIES = "/v2/counterparties"
ACCOUNTS, CONTACTS, ADDRESSES = (f"{COUNTERPARTIES}/{part}" for part in ("bank-accounts", "contacts", "addresses"))
GOOD: dict[str, dict[str, Any]] = {
    COUNTERPARTIES: {"legal_name": "Elm & Sons"},
    ACCOUNTS: {"iban": OTHER_IBAN},
    CONTACTS: {"type": "phone", "value": "+49 40 123456"},
    ADDRESSES: {"street": "Elm Row 1", "city": "Leeds", "zip": "LS1 4AP", "country": "GB"},
}


@pytest.fixture
def supplier(customer: Customer) -> Counterparty:
    return Counterparty.objects.create(customer=customer, legal_name="Hollow Oak Timber Ltd")


def body_for(path: str, supplier: Counterparty, **change: Any) -> dict[str, Any]:
    whose = "customer_id" if path == COUNTERPARTIES else "counterparty_id"
    row = supplier.customer_id if path == COUNTERPARTIES else supplier.pk
    return {whose: str(row), **GOOD[path], **change}


def send(client: APIClient, method: str, path: str, body: Any) -> Any:
    """As JSON in ASCII: a lone surrogate is legal in it, as an escape."""
    return client.generic(method, path, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("path", GOOD)
def test_what_is_created_is_read_changed_and_removed(client: APIClient, supplier: Counterparty, path: str) -> None:
    made = client.post(path, body_for(path, supplier, metadata={"a": [1, None, {"b": "ü"}]}))

    assert made.status_code == 201, made.content
    one, row = made["Location"], made.json()
    assert one == f"{path}/{row['id']}"
    assert {name: row[name] for name in GOOD[path]} == GOOD[path]
    assert row["metadata"] == {"a": [1, None, {"b": "ü"}]}
    assert client.get(one).json() == row
    changed = client.patch(one, {"metadata": {"seen": True}}).json()
    assert changed == row | {"metadata": {"seen": True}, "modified_at": changed["modified_at"]}
    assert client.patch(one, {"metadata": None}).json()["metadata"] == {}
    assert client.patch(one, {}).status_code == 200
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == (200 if path == COUNTERPARTIES else 404)
    assert client.put(one, body_for(path, supplier)).status_code == 405


@pytest.mark.parametrize("path", GOOD)
def test_every_post_happens_once_for_one_idempotency_key(client: APIClient, supplier: Counterparty, path: str) -> None:
    first, again = (
        client.post(path, body_for(path, supplier), headers={"X-Idempotency-Key": "order-1"}) for _ in range(2)
    )

    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert (again["Location"], again["Idempotent-Replayed"]) == (first["Location"], "true")
    other = client.post(path, body_for(path, supplier, metadata={"b": 1}), headers={"X-Idempotency-Key": "order-1"})
    assert (other.status_code, other.json()["error"]) == (422, "idempotency_key_reused")


LONG = "x" * 5000
TABLE = [
    (COUNTERPARTIES, "legal_name", [None, "", "   ", 7, True, ["a"], {}, "x" * 301, "a\nb", "a\x00b", "\ud800", LONG]),
    (COUNTERPARTIES, "type", ["company", None, 1, ["business"], ""]),
    (COUNTERPARTIES, "aliases", ["Elm", None, [""], [7], [None], ["x" * 301], {"a": 1}, ["a"] * 101]),
    (COUNTERPARTIES, "vat_id", [7, "x" * 33, ["DE1"], "a\tb"]),
    (COUNTERPARTIES, "registration_number", [7, "x" * 65, {}]),
    (COUNTERPARTIES, "customer_id", [None, "not-a-uuid", 7, ["x"], "", True]),
    (COUNTERPARTIES, "bank_accounts", ["x", None, [7], [{}], [{"iban": "x"}], {"iban": OTHER_IBAN}, [{"iban": None}]]),
    (COUNTERPARTIES, "bank_accounts", [[{"iban": OTHER_IBAN, "ibn": 1}], [{"iban": OTHER_IBAN, "is_primary": 1}]]),
    (COUNTERPARTIES, "bank_accounts", [[{"iban": OTHER_IBAN}] * 51, [{"iban": OTHER_IBAN, "is_primary": True}] * 2]),
    (COUNTERPARTIES, "contacts", ["x", None, [{"type": "email"}], [{"type": "email", "value": "nobody"}]]),
    (COUNTERPARTIES, "addresses", ["x", None, [{}], [{"country": "XX"}]]),
    (COUNTERPARTIES, "is_own", [True]),
    (COUNTERPARTIES, "id", [str(uuid4())]),
    (COUNTERPARTIES, "created_at", ["2020-01-01T00:00:00Z"]),
    (COUNTERPARTIES, "metadata", ["x", [], 7, {"a": "\x00"}, {"\x00": 1}, {"a": ["\ud800"]}, {"a": LONG * 4}]),
    (ACCOUNTS, "counterparty_id", [None, "not-a-uuid", 7, [], ""]),
    (ACCOUNTS, "currency", ["eur", "XXX", "EURO", None, "", 978, ["EUR"]]),
    (ACCOUNTS, "bank", [7, "x" * 201, "a\nb", {}]),
    (ACCOUNTS, "is_primary", ["true", 1, None, "yes", []]),
    (ACCOUNTS, "is_validated", [True, False]),
    (ACCOUNTS, "customer_id", [str(uuid4())]),
    (ACCOUNTS, "metadata", [[], "x", 1]),
    (CONTACTS, "type", ["fax", None, 7, ""]),
    (CONTACTS, "value", [None, "", "12", "phone me", "+" + "1" * 16, 4940123456, "x" * 255, "\x00", ["+49 40 123456"]]),
    (CONTACTS, "validated", ["true", 1, None]),
    (CONTACTS, "preferred", ["no", 0, None]),
    (ADDRESSES, "country", [None, "", "XX", "de", "DEU", 49, ["DE"], "D\n"]),
    (ADDRESSES, "street", [7, "x" * 301, "a\nb", []]),
    (ADDRESSES, "zip", [20249, "x" * 21]),
    (ADDRESSES, "city", [7, "x" * 151]),
    (ADDRESSES, "state", [7, "x" * 101]),
    (ADDRESSES, "kind", ["home", None, 1, ""]),
    (ADDRESSES, "preferred", ["no", 0, None]),
]


@pytest.mark.parametrize(("path", "field", "wrong"), TABLE)
def test_a_wrong_value_is_refused_by_name_and_nothing_is_stored(
    client: APIClient, supplier: Counterparty, path: str, field: str, wrong: list[Any]
) -> None:
    before = [model.objects.count() for model in (Counterparty, CounterpartyAccount, Contact, Address)]
    for value in wrong:
        answer = send(client, "POST", path, body_for(path, supplier, **{field: value}))

        assert is_error(answer, 400, "validation_error"), (value, answer.content)
        assert list(answer.json()["details"]) == [field], (value, answer.content)
    assert [model.objects.count() for model in (Counterparty, CounterpartyAccount, Contact, Address)] == before


@pytest.mark.parametrize(
    ("path", "field", "wrong"), [row for row in TABLE if row[1] not in {"bank_accounts", "contacts", "addresses"}]
)
def test_a_wrong_change_is_refused_by_name_and_changes_nothing(
    client: APIClient, supplier: Counterparty, path: str, field: str, wrong: list[Any]
) -> None:
    row = client.post(path, body_for(path, supplier)).json()
    for value in wrong:
        answer = send(client, "PATCH", f"{path}/{row['id']}", {field: value})

        assert is_error(answer, 400, "validation_error"), (value, answer.content)
        assert list(answer.json()["details"]) == [field], (value, answer.content)
    assert client.get(f"{path}/{row['id']}").json() == row


@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize("field", ["active", "customer_id", "counterparty_id", "created_by", "colour", "\ud800", ""])
def test_fields_that_cannot_be_sent_are_named(client: APIClient, supplier: Counterparty, path: str, field: str) -> None:
    if field != ("customer_id" if path == COUNTERPARTIES else "counterparty_id"):
        answer = send(client, "POST", path, body_for(path, supplier, **{field: "x"}))
        assert is_error(answer, 400, "validation_error"), answer.content
        assert list(answer.json()["details"]) == ["?" if field == "\ud800" else field]
    if field != "active":
        row = client.post(path, body_for(path, supplier)).json()
        answer = send(client, "PATCH", f"{path}/{row['id']}", {field: str(uuid4())})
        assert is_error(answer, 400, "validation_error"), answer.content


@pytest.mark.parametrize("path", GOOD)
def test_a_missing_field_is_named(client: APIClient, supplier: Counterparty, path: str) -> None:
    needed = {COUNTERPARTIES: {"customer_id", "legal_name"}, ACCOUNTS: {"counterparty_id", "iban"}}
    needed |= {CONTACTS: {"counterparty_id", "type", "value"}, ADDRESSES: {"counterparty_id", "country"}}

    answer = client.post(path, {})

    assert is_error(answer, 400, "validation_error")
    assert set(answer.json()["details"]) == needed[path]


@pytest.mark.parametrize("path", GOOD)
def test_what_is_no_object_is_no_body(client: APIClient, supplier: Counterparty, path: str) -> None:
    row = client.post(path, body_for(path, supplier)).json()
    for content in ("[]", "null", "7", '"x"', "{", '{"a": NaN}', "[" * 100_000, '{"metadata": ' + '{"a":' * 20_000):
        for method, address in (("POST", path), ("PATCH", f"{path}/{row['id']}")):
            answer = client.generic(method, address, content, content_type="application/json")
            assert answer.status_code == 400, (content[:20], answer.content)
            assert list(answer.json()) == ["error", "message", "details"]


@pytest.mark.parametrize("path", GOOD)
def test_metadata_holds_what_the_database_can_hold(client: APIClient, supplier: Counterparty, path: str) -> None:
    one = client.post(path, body_for(path, supplier)).json()["id"]
    for content in ('{"a": 1e999}', '{"a": [-1e999]}', '{"a":' * 21 + "1" + "}" * 21, f'{{"a": "{"ü" * 8192}"}}'):
        answer = client.generic("PATCH", f"{path}/{one}", f'{{"metadata": {content}}}', content_type="application/json")
        assert is_error(answer, 400, "validation_error"), content[:30]
        assert list(answer.json()["details"]) == ["metadata"]
    for content in ('{"a": 1.5}', '{"a":' * 20 + "1" + "}" * 20, f'{{"a": "{"ü" * 8000}"}}'):
        answer = client.generic("PATCH", f"{path}/{one}", f'{{"metadata": {content}}}', content_type="application/json")
        assert answer.json()["metadata"] == json.loads(content)


def test_the_same_contact_in_another_spelling_is_a_conflict(client: APIClient, supplier: Counterparty) -> None:
    assert client.post(CONTACTS, body_for(CONTACTS, supplier)).status_code == 201

    answer = client.post(CONTACTS, body_for(CONTACTS, supplier, value="0049 (40) 123-456"))

    assert is_error(answer, 409, "already_exists")
    assert list(answer.json()["details"]) == ["value"]


def test_a_contact_is_checked_as_what_it_will_be(client: APIClient, supplier: Counterparty) -> None:
    row = client.post(CONTACTS, body_for(CONTACTS, supplier)).json()
    one = f"{CONTACTS}/{row['id']}"

    assert list(client.patch(one, {"type": "email"}).json()["details"]) == ["value"]
    changed = client.patch(one, {"type": "email", "value": "a@b.example", "validated": True}).json()
    assert (changed["type"], changed["value"], changed["validated"]) == ("email", "a@b.example", True)
    assert Contact.objects.get(pk=row["id"]).domain == "b.example"


def test_an_address_that_an_invoice_names_is_deactivated(client: APIClient, supplier: Counterparty) -> None:
    buyer = Counterparty.objects.create(customer=supplier.customer, legal_name="Buyer Ltd")
    address = Address.objects.create(counterparty=supplier, country="DE")
    Invoice.objects.create(
        customer=supplier.customer,
        invoice_number="1",
        currency="EUR",
        source_counterparty=supplier,
        source_address=address,
        destination_counterparty=buyer,
    )

    assert client.delete(f"{ADDRESSES}/{address.pk}").status_code == 204
    assert client.get(f"{ADDRESSES}/{address.pk}").json()["active"] is False


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        (CONTACTS, {"type=phone": 1, "value=%2B49 40 123456": 1, "validated=true": 0, "_text.ilike=123": 1}),
        (ADDRESSES, {"country=GB": 1, "zip=LS1 4AP": 1, "kind=postal": 0, "preferred=false": 1, "_text.ilike=ELM": 1}),
    ],
)
def test_the_lists_are_searched(
    client: APIClient, customer: Customer, supplier: Counterparty, path: str, queries: dict[str, int]
) -> None:
    other = suppliers_account(customer).counterparty
    client.post(path, body_for(path, supplier))
    queries = queries | {f"counterparty_id={supplier.pk}": 1, f"counterparty_id={other.pk}": 0, "active=true": 1}
    for query, number in queries.items():
        answer = client.get(f"{path}?search.{query}")
        assert (answer.status_code, answer.json()["total"], answer.json()["total_unfiltered"]) == (200, number, 1), (
            query
        )
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    assert len(captured) == 4
