"""`/v2/invoices`: written, numbered, added up, moved on."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from counterparties.models import Address, Counterparty
from customers.models import Customer
from invoices.models import Invoice, InvoiceItem
from tests.api.conftest import client_for
from tests.api.test_bad_input import is_error
from tests.ledger import a_customer, an_account, own_account, suppliers_account

pytestmark = pytest.mark.django_db

PATH = "/v2/invoices"
STANDARD = ["created_at", "created_by", "modified_at", "modified_by", "active", "metadata"]


def write(client: APIClient, body: dict[str, Any], **change: Any) -> dict[str, Any]:
    answer = client.post(PATH, body | change)
    assert answer.status_code == 201, answer.content
    row: dict[str, Any] = answer.json()
    return row


def test_an_invoice_is_answered_as_the_contract_has_it(client: APIClient, invoice_body: dict[str, Any]) -> None:
    more = {
        "description": "Delivery of March\nwith thanks",
        "reference": "RF18539007547034",
        "due_date": "2026-04-01",
        "status": "pending",
        "amount": {"currency": "EUR", "shipping": "500"},
        "rates": {"discount": "10", "vat": 19},
        "items": [{"title": "Oak boards", "quantity": "2.5", "price": 4000, "description": "planed"}],
        "metadata": {"order": 7},
    }

    answer = client.post(PATH, invoice_body | more)

    row = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"{PATH}/{row['id']}")
    names = ["id", "customer_id", "invoice_number", "status", "description", "reference", "due_date", "source"]
    assert list(row) == [*names, "destination", "amount", "rates", "items", *STANDARD]
    assert {name: row[name] for name in ("description", "reference", "due_date", "status", "metadata")} == {
        name: more[name] for name in ("description", "reference", "due_date", "status", "metadata")
    }
    assert row["source"] == invoice_body["source"] | {"cp_account_id": None, "cp_address_id": None}
    assert row["amount"] == {
        "currency": "EUR",
        "precision": 2,
        "subtotal": "10000",
        "discount": "1000",
        "vat": "1805",
        "shipping": "500",
        "total": "11305",
    }
    assert row["rates"] == {"discount": "10", "vat": "19"}
    assert row["items"] == [
        {"title": "Oak boards", "description": "planed", "quantity": "2.5", "price": "4000", "total_price": "10000"}
    ]
    assert client.get(f"{PATH}/{row['id']}").json() == row


@pytest.mark.parametrize(
    ("currency", "precision", "items", "rates", "shipping", "expected"),
    [
        # Half up, line by line: three lines of half a cent are three cents, and three of a little less are none.
        ("EUR", 2, [("0.5", "1")] * 3, {}, "0", ("3", "0", "0", "3")),
        ("EUR", 2, [("0.499999", "1")] * 3, {}, "0", ("0", "0", "0", "0")),
        ("EUR", 2, [("3", "333")], {"vat": "8.1"}, "0", ("999", "0", "81", "1080")),
        ("JPY", 0, [("1", "105")], {"vat": "10"}, "0", ("105", "0", "11", "116")),
        ("KWD", 3, [("1.25", "1001")], {"discount": "50"}, "1", ("1251", "626", "0", "626")),
        ("EUR", 2, [("1", "100")], {"discount": "100", "vat": "100"}, "7", ("100", "100", "7", "14")),
        ("EUR", 2, [("1", "10")], {"discount": "0.0001", "vat": "12.3456"}, "0", ("10", "0", "1", "11")),
    ],
)
def test_amounts_are_rounded_half_up(
    client: APIClient,
    invoice_body: dict[str, Any],
    currency: str,
    precision: int,
    items: list[tuple[str, str]],
    rates: dict[str, str],
    shipping: str,
    expected: tuple[str, ...],
) -> None:
    lines = [{"title": "x", "quantity": quantity, "price": price} for quantity, price in items]

    row = write(client, invoice_body, items=lines, rates=rates, amount={"currency": currency, "shipping": shipping})

    amount = row["amount"]
    assert (amount["subtotal"], amount["discount"], amount["vat"], amount["total"]) == expected
    assert (amount["precision"], amount["shipping"]) == (precision, shipping)


def test_numbers_are_counted_for_each_customer_without_gaps(client: APIClient, invoice_body: dict[str, Any]) -> None:
    numbers = [write(client, invoice_body)["invoice_number"] for _ in range(2)]
    write(client, invoice_body, invoice_number="INV-00003")
    assert client.post(PATH, invoice_body | {"items": []}).status_code == 400
    assert client.post(PATH, invoice_body | {"invoice_number": "INV-00001"}).json()["error"] == "already_exists"
    numbers += [write(client, invoice_body, invoice_number=None)["invoice_number"]]

    assert numbers == ["INV-00001", "INV-00002", "INV-00004"]


def test_another_customer_counts_for_itself_and_the_format_is_a_setting(
    invoice_body: dict[str, Any], customer: Customer, settings: Settings
) -> None:
    settings.INVOICE_NUMBER_FORMAT = "{year}/{number}"
    neighbour = a_customer("Brindle & Co")
    seller, buyer = own_account(neighbour).counterparty, suppliers_account(neighbour).counterparty
    other = {
        "customer_id": str(neighbour.pk),
        "source": {"counterparty_id": str(seller.pk)},
        "destination": {"counterparty_id": str(buyer.pk)},
    }
    client = client_for([customer, neighbour])

    numbers = [write(client, one)["invoice_number"] for one in (invoice_body, invoice_body, invoice_body | other)]

    year = timezone.now().year
    assert numbers == [f"{year}/1", f"{year}/2", f"{year}/1"]


def test_an_invoice_is_always_active(client: APIClient, invoice_body: dict[str, Any]) -> None:
    values: list[Any] = [False, None, "no", {}]
    for value in values:
        row = write(client, invoice_body, active=value)
        assert row["active"] is True
        assert client.patch(f"{PATH}/{row['id']}", {"active": value}).json()["active"] is True
    assert not Invoice.objects.filter(active=False).exists()


def test_the_usual_address_is_taken_where_none_is_named(
    client: APIClient, invoice_body: dict[str, Any], buyer: Counterparty
) -> None:
    def address(**fields: Any) -> Address:
        return Address.objects.create(counterparty=buyer, country="DE", **fields)

    def taken() -> UUID:
        return UUID(write(client, invoice_body)["destination"]["cp_address_id"])

    old, newest = address(kind="billing"), address(kind="postal")
    Address.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=1))
    assert taken() == newest.pk
    preferred = address(kind="postal", preferred=True)
    address(kind="billing")
    assert taken() == preferred.pk
    billing = address(kind="billing", preferred=True)
    assert taken() == billing.pk
    Address.objects.filter(pk=billing.pk).update(active=False)
    assert taken() == preferred.pk
    assert write(client, invoice_body)["source"]["cp_address_id"] is None


def test_a_named_account_and_address_are_taken(
    client: APIClient, invoice_body: dict[str, Any], seller: Counterparty, buyer: Counterparty
) -> None:
    account = seller.accounts.get()
    address = Address.objects.create(counterparty=buyer, country="DE")
    Address.objects.create(counterparty=buyer, country="DE", preferred=True)

    row = write(
        client,
        invoice_body,
        source=invoice_body["source"] | {"cp_account_id": str(account.pk)},
        destination=invoice_body["destination"] | {"cp_address_id": str(address.pk)},
    )

    assert row["source"]["cp_account_id"] == str(account.pk)
    assert row["destination"]["cp_address_id"] == str(address.pk)


def test_what_is_inactive_or_anothers_cannot_be_selected(
    client: APIClient, invoice_body: dict[str, Any], seller: Counterparty, buyer: Counterparty
) -> None:
    gone = an_account(seller, "DE62930500174410027731", currency="USD", active=False)
    moved = Address.objects.create(counterparty=buyer, country="DE", active=False)
    closed = Counterparty.objects.create(customer=buyer.customer, legal_name="Closed Ltd", active=False)
    for side, change, field in (
        ("source", {"cp_account_id": str(gone.pk)}, "cp_account_id"),
        ("source", {"cp_account_id": str(buyer.accounts.get().pk)}, "cp_account_id"),
        ("destination", {"cp_address_id": str(moved.pk)}, "cp_address_id"),
        ("source", {"cp_address_id": str(moved.pk)}, "cp_address_id"),
        ("destination", {"counterparty_id": str(closed.pk)}, "counterparty_id"),
        ("destination", {"counterparty_id": str(seller.pk)}, "counterparty_id"),
    ):
        answer = client.post(PATH, invoice_body | {side: invoice_body[side] | change})

        assert is_error(answer, 400, "validation_error"), answer.content
        assert list(answer.json()["details"][side]) == [field], answer.content
    assert not Invoice.objects.exists()


def test_what_another_customer_has_is_unknown_also_to_a_key_for_both(
    customer: Customer, invoice_body: dict[str, Any]
) -> None:
    neighbour = a_customer("Brindle & Co")
    foreign = suppliers_account(neighbour)
    address = Address.objects.create(counterparty=foreign.counterparty, country="DE")
    client = client_for([customer, neighbour])
    for change in (
        {"counterparty_id": str(foreign.counterparty_id)},
        {"cp_account_id": str(foreign.pk)},
        {"cp_address_id": str(address.pk)},
    ):
        for side in ("source", "destination"):
            answer = client.post(PATH, invoice_body | {side: invoice_body[side] | change})
            unknown = client.post(PATH, invoice_body | {side: invoice_body[side] | dict.fromkeys(change, str(uuid4()))})
            assert is_error(answer, 404, "not_found")
            assert answer.content == unknown.content
            assert list(answer.json()["details"][side]) == list(change)


MOVES = {"draft": {"pending", "sent"}, "pending": {"paid", "overdue"}, "sent": {"paid", "overdue"}}
MOVES |= {"overdue": {"paid"}, "paid": set()}


@pytest.mark.parametrize("current", MOVES)
def test_a_status_moves_on_and_never_back(client: APIClient, invoice_body: dict[str, Any], current: str) -> None:
    for wanted in MOVES:
        row = write(client, invoice_body, status=current)

        answer = client.patch(f"{PATH}/{row['id']}", {"status": wanted})

        if wanted == current or wanted in MOVES[current]:
            assert (answer.status_code, answer.json()["status"]) == (200, wanted)
        else:
            assert is_error(answer, 409, "status_not_reachable"), wanted
            assert Invoice.objects.get(pk=row["id"]).status == current


def test_a_draft_is_changed_and_added_up_again(
    client: APIClient, invoice_body: dict[str, Any], buyer: Counterparty
) -> None:
    before = write(
        client, invoice_body, rates={"discount": "10", "vat": "19"}, amount={"currency": "EUR", "shipping": "500"}
    )
    one = f"{PATH}/{before['id']}"
    other = Counterparty.objects.create(customer=buyer.customer, legal_name="Elm & Sons")

    assert client.patch(one, {"rates": {"vat": "7"}}).json()["amount"]["total"] == "10165"
    row = client.patch(one, {"amount": {"shipping": "0"}}).json()
    assert (row["amount"]["total"], row["amount"]["currency"]) == ("9630", "EUR")
    items = [{"title": title, "quantity": 1, "price": 100} for title in ("b", "a")]
    row = client.patch(one, {"items": items, "due_date": "2026-05-01", "status": "sent"}).json()
    assert [item["title"] for item in row["items"]] == ["b", "a"]
    assert (row["amount"]["subtotal"], row["amount"]["total"], row["due_date"]) == ("200", "193", "2026-05-01")
    assert row["invoice_number"] == before["invoice_number"]
    assert list(client.patch(one, {"invoice_number": "mine"}).json()["details"]) == ["invoice_number"]
    assert InvoiceItem.objects.count() == 2
    assert row["status"] == "sent"

    draft = write(client, invoice_body)
    moved = client.patch(f"{PATH}/{draft['id']}", {"destination": {"counterparty_id": str(other.pk)}}).json()
    assert moved["destination"]["counterparty_id"] == str(other.pk)


def test_what_has_left_the_house_says_what_it_said(client: APIClient, invoice_body: dict[str, Any]) -> None:
    row = write(client, invoice_body, status="sent")
    one = f"{PATH}/{row['id']}"
    for change in (
        {"description": "other"},
        {"items": invoice_body["items"]},
        {"amount": {"currency": "CHF"}},
        {"source": invoice_body["destination"]},
        {"due_date": None, "status": "paid"},
    ):
        answer = client.patch(one, change)
        assert is_error(answer, 409, "invoice_not_draft"), change
    assert client.get(one).json() == row
    assert client.patch(one, {"status": "paid", "metadata": {"by": "bank"}}).json()["metadata"] == {"by": "bank"}


def test_writing_happens_once_for_one_idempotency_key(client: APIClient, invoice_body: dict[str, Any]) -> None:
    first, again = (client.post(PATH, invoice_body, headers={"X-Idempotency-Key": "once"}) for _ in range(2))

    assert (again.status_code, again.content, again["Idempotent-Replayed"]) == (201, first.content, "true")
    assert Invoice.objects.count() == 1


def test_the_list_is_searched_and_sorted_with_the_same_queries_however_long(
    client: APIClient, invoice_body: dict[str, Any], buyer: Counterparty
) -> None:
    (item,) = invoice_body["items"]
    write(client, invoice_body, reference="RF18", due_date="2026-04-01", status="sent")
    write(client, invoice_body, description="Second", items=[item | {"price": "1"}])
    write(client, invoice_body, amount={"currency": "CHF"}, items=[item | {"price": "500"}])

    def numbers(query: str) -> list[str]:
        return [row["invoice_number"][-1] for row in client.get(f"{PATH}?{query}").json()["data"]]

    for query, found in {
        "": "321",
        "sort=invoice_number": "123",
        "sort=total": "231",
        "search.status=sent": "1",
        "search.reference=RF18": "1",
        "search.due_date=2026-04-01": "1",
        "search.currency=CHF": "3",
        "search.invoice_number=INV-00002": "2",
        "search._text.ilike=second": "2",
        f"search.destination_counterparty_id={buyer.pk}&limit=1": "3",
        f"search.source_counterparty_id={buyer.pk}": "",
    }.items():
        assert numbers(query) == list(found), query
    for query in ("search.due_date=soon", "search.total=1", "sort=items", "search.source_counterparty_id=1"):
        assert client.get(f"{PATH}?{query}").status_code == 400
    with CaptureQueriesContext(connection) as captured:
        client.get(PATH)
    assert len(captured) == 5


def test_each_verb_wants_its_scope(customer: Customer, invoice_body: dict[str, Any]) -> None:
    reader, writer = (client_for([customer], scopes=[f"invoices:{action}"]) for action in ("read", "write"))

    row = write(writer, invoice_body)
    assert reader.get(f"{PATH}/{row['id']}").status_code == 200
    assert [client.get(PATH).status_code for client in (reader, writer)] == [200, 403]
    assert reader.post(PATH, invoice_body).status_code == reader.patch(f"{PATH}/{row['id']}", {}).status_code == 403
    assert writer.delete(f"{PATH}/{row['id']}").status_code == 405
