"""`/v2/counterparties` and `/v2/customers`: rows whole, changed, listed and retired."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from counterparties.models import Contact, Counterparty, CounterpartyAccount
from customers.models import Customer
from tests.api.conftest import client_for
from tests.ledger import OWN_IBAN, SUPPLIERS_BIC, SUPPLIERS_IBAN, a_customer, own_account, suppliers_account

pytestmark = pytest.mark.django_db

PATH = "/v2/counterparties"
STANDARD = ["created_at", "created_by", "modified_at", "modified_by", "active", "metadata"]
ROW = [
    "id",
    "customer_id",
    "legal_name",
    "aliases",
    "type",
    "vat_id",
    "registration_number",
    "own_accounts",
    "bank_accounts",
    "contacts",
    "addresses",
    *STANDARD,
]


def whole(customer: Customer, **change: Any) -> dict[str, Any]:
    """The body of a counterparty with everything that can be sent."""
    body = {
        "customer_id": str(customer.pk),
        "legal_name": "Hollow Oak Timber GmbH",
        "aliases": ["Hollow Oak"],
        "type": "business",
        "vat_id": "DE136695976",
        "registration_number": "HRB 12345",
        "metadata": {"erp": {"creditor": 70012}},
        "bank_accounts": [{"iban": "DE02 1203 0000 0000 2020 51", "bic": SUPPLIERS_BIC.lower(), "bank": "DKB"}],
        "contacts": [{"type": "email", "value": "Billing@Hollow-Oak.example", "preferred": True}],
        "addresses": [{"street": "Mühlenweg 4", "zip": "20249", "city": "Hamburg", "country": "DE"}],
    }
    return body | change


def create(client: APIClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(PATH, body)
    assert answer.status_code == 201, answer.content
    row: dict[str, Any] = answer.json()
    return row


def names(answer: Any) -> list[str]:
    return [row["legal_name"] for row in answer.json()["data"]]


def test_a_counterparty_comes_with_everything_that_belongs_to_it(client: APIClient, customer: Customer) -> None:
    answer = client.post(PATH, whole(customer))

    row = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"{PATH}/{row['id']}")
    assert list(row) == ROW
    assert {name: row[name] for name in ROW[1:8]} == {
        "customer_id": str(customer.pk),
        "legal_name": "Hollow Oak Timber GmbH",
        "aliases": ["Hollow Oak"],
        "type": "business",
        "vat_id": "DE136695976",
        "registration_number": "HRB 12345",
        "own_accounts": [],
    }
    (account,), (contact,), (address,) = row["bank_accounts"], row["contacts"], row["addresses"]
    assert list(account) == [
        *("id", "counterparty_id", "iban", "bic", "bank", "currency", "is_primary", "is_validated"),
        *STANDARD,
    ]
    assert (account["iban"], account["bic"], account["currency"]) == (SUPPLIERS_IBAN, SUPPLIERS_BIC, "EUR")
    assert (account["is_primary"], account["is_validated"]) == (True, False)
    assert list(contact) == ["id", "counterparty_id", "type", "value", "validated", "preferred", *STANDARD]
    assert (contact["value"], contact["preferred"]) == ("Billing@Hollow-Oak.example", True)
    assert list(address) == [
        *("id", "counterparty_id", "street", "city", "zip", "country", "state", "kind", "preferred"),
        *STANDARD,
    ]
    assert (address["kind"], address["state"]) == ("billing", None)
    assert {part["counterparty_id"] for part in (account, contact, address)} == {row["id"]}
    assert row["created_by"] == row["modified_by"] == account["created_by"] == contact["created_by"]
    assert row["created_by"].startswith("key:")
    assert (row["active"], row["metadata"]) == (True, {"erp": {"creditor": 70012}})
    assert client.get(f"{PATH}/{row['id']}").json() == row


def test_a_name_is_enough_and_what_is_unknown_is_null(client: APIClient, customer: Customer) -> None:
    body = {"customer_id": str(customer.pk), "legal_name": " Elm & Sons ", "vat_id": None, "registration_number": ""}

    row = create(client, body)

    assert (row["legal_name"], row["type"], row["aliases"]) == ("Elm & Sons", "business", [])
    assert [row[name] for name in ("vat_id", "registration_number")] == [None, None]
    assert [row[name] for name in ("bank_accounts", "contacts", "addresses", "metadata")] == [[], [], [], {}]


def test_an_account_without_currency_has_the_customers_own(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(default_currency="CHF")
    body = whole(customer, bank_accounts=[{"iban": "CH9300762011623852957"}])

    row = create(client_for([customer]), body)

    assert row["bank_accounts"][0]["currency"] == "CHF"


def test_only_the_first_account_in_a_currency_becomes_primary_by_itself(client: APIClient, customer: Customer) -> None:
    accounts = [
        {"iban": SUPPLIERS_IBAN, "currency": "EUR"},
        {"iban": "DE62930500174410027731", "currency": "EUR"},
        {"iban": "DE57900402617713500290", "currency": "USD"},
    ]

    row = create(client, whole(customer, bank_accounts=accounts))

    primary = {account["iban"]: account["is_primary"] for account in row["bank_accounts"]}
    assert primary == {account["iban"]: want for account, want in zip(accounts, (True, False, True), strict=True)}


def test_the_customers_own_counterparty_shows_its_accounts_as_own(client: APIClient, customer: Customer) -> None:
    own = own_account(customer, is_primary=True)

    row = client.get(f"{PATH}/{own.counterparty_id}").json()

    assert [account["iban"] for account in row["own_accounts"]] == [OWN_IBAN]
    assert row["own_accounts"] == row["bank_accounts"]


@pytest.mark.parametrize("empty", [[], None, {}, ""])
def test_own_accounts_may_be_sent_back_empty(client: APIClient, customer: Customer, empty: Any) -> None:
    row = create(client, whole(customer, own_accounts=empty))

    assert client.patch(f"{PATH}/{row['id']}", {"own_accounts": empty}).status_code == 200


@pytest.mark.parametrize("filled", [[{"iban": OWN_IBAN}], ["x"], "x", 7, True, {"iban": OWN_IBAN}, 0, False])
def test_own_accounts_cannot_be_written(client: APIClient, customer: Customer, filled: Any) -> None:
    supplier = suppliers_account(customer).counterparty

    for answer in (
        client.post(PATH, whole(customer, own_accounts=filled)),
        client.patch(f"{PATH}/{supplier.pk}", {"own_accounts": filled}),
    ):
        assert (answer.status_code, list(answer.json()["details"])) == (400, ["own_accounts"]), answer.content
    assert Counterparty.objects.count() == 1


def test_a_change_touches_what_was_sent_and_nothing_else(client: APIClient, customer: Customer) -> None:
    before = create(client, whole(customer))

    answer = client.patch(f"{PATH}/{before['id']}", {"legal_name": "Holly Oak Timber GmbH", "vat_id": None})

    row = answer.json()
    assert answer.status_code == 200
    assert row["modified_at"] > before["modified_at"]
    changed = {"legal_name": "Holly Oak Timber GmbH", "vat_id": None, "modified_at": row["modified_at"]}
    assert row == before | changed
    stored = Counterparty.objects.get(pk=row["id"])
    assert (stored.name_key, stored.vat_key) == ("holly oak timber", "")


def test_deleting_deactivates_and_can_be_undone(client: APIClient, customer: Customer) -> None:
    row = create(client, whole(customer))
    one = f"{PATH}/{row['id']}"

    for _ in range(2):
        answer = client.delete(one)
        assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(one).json()["active"] is False
    assert client.patch(one, {"active": True}).json()["active"] is True


def test_nothing_is_added_to_a_deactivated_counterparty(client: APIClient, customer: Customer) -> None:
    row = create(client, whole(customer))
    client.delete(f"{PATH}/{row['id']}")

    answer = client.post(f"{PATH}/contacts", {"counterparty_id": row["id"], "type": "email", "value": "a@b.example"})

    assert (answer.status_code, answer.json()["error"]) == (409, "counterparty_inactive")


def test_the_counterparty_that_is_the_customer_itself_stays_active(client: APIClient, customer: Customer) -> None:
    own = own_account(customer).counterparty

    for answer in (client.delete(f"{PATH}/{own.pk}"), client.patch(f"{PATH}/{own.pk}", {"active": False})):
        assert (answer.status_code, answer.json()["error"]) == (409, "own_counterparty")
    assert Counterparty.objects.get(pk=own.pk).active


def test_what_is_wrong_in_a_part_leaves_no_counterparty_behind(client: APIClient, customer: Customer) -> None:
    twice = [{"type": "email", "value": "a@b.example"}, {"type": "email", "value": "A@B.example"}]

    answer = client.post(PATH, whole(customer, contacts=twice))

    assert (answer.status_code, answer.json()["error"]) == (409, "already_exists")
    assert not Counterparty.objects.exists()
    assert not CounterpartyAccount.objects.exists()


def test_the_nested_rows_are_the_active_ones(client: APIClient, customer: Customer) -> None:
    row = create(client, whole(customer))
    Contact.objects.update(active=False)

    assert client.get(f"{PATH}/{row['id']}").json()["contacts"] == []


def test_the_list_is_counted_searched_and_sorted(client: APIClient, customer: Customer) -> None:
    create(client, whole(customer))
    create(client, {"customer_id": str(customer.pk), "legal_name": "Elm & Sons", "type": "individual"})
    create(client, {"customer_id": str(customer.pk), "legal_name": "Ash AG", "aliases": ["Äsche"]})
    client.delete(f"{PATH}/{Counterparty.objects.get(legal_name='Ash AG').pk}")

    first = client.get(f"{PATH}?sort=legal_name&limit=2").json()
    assert ([row["legal_name"] for row in first["data"]], first["total"], first["has_more"]) == (
        ["Ash AG", "Elm & Sons"],
        3,
        True,
    )
    assert names(client.get(PATH)) == ["Ash AG", "Elm & Sons", "Hollow Oak Timber GmbH"]
    assert names(client.get(f"{PATH}?sort=-legal_name&offset=2")) == ["Ash AG"]
    for query, found in {
        "search.legal_name=Ash AG": ["Ash AG"],
        "search.type=individual": ["Elm & Sons"],
        "search.active=false": ["Ash AG"],
        "search.active=true&sort=name": ["Elm & Sons", "Hollow Oak Timber GmbH"],
        "search.iban=de02 1203 0000 0000 2020 51": ["Hollow Oak Timber GmbH"],
        "search.iban=DE00": [],
        "search.email=billing@hollow-oak.EXAMPLE": ["Hollow Oak Timber GmbH"],
        "search.email=nobody": [],
        "search.vat_id=DE 136 695 976": ["Hollow Oak Timber GmbH"],
        "search.registration_number=HRB 12345": ["Hollow Oak Timber GmbH"],
        "search._text.ilike=OAK": ["Hollow Oak Timber GmbH"],
        "search._text.ilike=elm %26": ["Elm & Sons"],
        "search._text.ilike=12345": ["Hollow Oak Timber GmbH"],
        "search._text.ilike=äsch": ["Ash AG"],
        "search._text.ilike=ÄSCHE": ["Ash AG"],
        "search._text.ilike=%2526": [],
        f"search.customer_id={customer.pk}&search.type=individual": ["Elm & Sons"],
        f"search.customer_id={uuid4()}": [],
    }.items():
        answer = client.get(f"{PATH}?{query}")
        assert (answer.status_code, names(answer)) == (200, found), query
    searched = client.get(f"{PATH}?search.type=individual").json()
    assert (searched["total"], searched["total_unfiltered"], searched["has_more"]) == (1, 3, False)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("search.shoe_size=43", "search.shoe_size"),
        ("legal_name=Elm", "legal_name"),
        ("search._text=elm", "search._text"),
        ("search.active=yes", "search.active"),
        ("search.customer_id=7", "search.customer_id"),
        ("sort=metadata", "sort"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("offset=-1", "offset"),
    ],
)
def test_a_list_refuses_what_it_does_not_know(client: APIClient, query: str, named: str) -> None:
    answer = client.get(f"{PATH}?{query}")

    assert (answer.status_code, answer.json()["error"], list(answer.json()["details"])) == (
        400,
        "validation_error",
        [named],
    )


def test_a_page_costs_the_same_number_of_queries_however_long_it_is(client: APIClient, customer: Customer) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"{PATH}?search.type=business").status_code == 200
        return len(captured)

    create(client, whole(customer))
    queries()
    with_one = queries()
    for number in range(12):
        create(client, whole(customer, legal_name=f"Company {number}"))

    assert queries() == with_one == 8


def test_customers_are_those_of_the_key(customer: Customer) -> None:
    neighbour, stranger = a_customer("Brindle & Co"), a_customer("Somebody Else Ltd")
    own = own_account(customer).counterparty
    client = client_for([customer, neighbour], scopes=["ocr:read"])

    page = client.get("/v2/customers?sort=legal_name").json()

    assert page["data"] == [
        {
            "id": str(one.pk),
            "legal_name": one.legal_name,
            "type": "business",
            "counterparty_id": mirror,
            "default_currency": "EUR",
        }
        for one, mirror in ((customer, str(own.pk)), (neighbour, None))
    ]
    assert client.get(f"/v2/customers/{customer.pk}").json() == page["data"][0]
    assert client.get(f"/v2/customers/{stranger.pk}").status_code == 404
    assert names(client.get("/v2/customers?search._text.ilike=brind")) == ["Brindle & Co"]
    assert client.post("/v2/customers", {}).status_code == 405


def test_a_deactivated_customer_is_no_longer_there(client: APIClient, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(active=False)

    assert client.get("/v2/customers").json()["data"] == []
    assert client.get(f"/v2/customers/{customer.pk}").status_code == 404


def test_each_verb_wants_its_scope(customer: Customer) -> None:
    supplier = suppliers_account(customer).counterparty
    reader, writer = (client_for([customer], scopes=[f"counterparties:{action}"]) for action in ("read", "write"))
    other = client_for([customer], scopes=["ocr:read", "invoices:*", "transfers:*", "uploads:*"])

    assert [client.get(PATH).status_code for client in (reader, writer, other)] == [200, 403, 403]
    assert [client.get(f"{PATH}/{supplier.pk}").status_code for client in (reader, writer, other)] == [200, 403, 403]
    for client, status in ((reader, 403), (writer, 201), (other, 403)):
        assert client.post(PATH, whole(customer)).status_code == status
    for client, status in ((reader, 403), (writer, 200), (other, 403)):
        assert client.patch(f"{PATH}/{supplier.pk}", {"type": "individual"}).status_code == status
    for client, status in ((reader, 403), (other, 403), (writer, 204)):
        assert client.delete(f"{PATH}/{supplier.pk}").status_code == status
