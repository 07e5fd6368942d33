"""`/v2/counterparties/bank-accounts`: where a counterparty is paid."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from counterparties.bank_changes import confirm_change
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty, CounterpartyAccount
from counterparties.onboarding import open_onboarding
from customers.models import Customer
from tests.ledger import SUPPLIERS_BIC, SUPPLIERS_IBAN, a_draft, an_account, suppliers_account

pytestmark = pytest.mark.django_db

PATH = "/v2/counterparties/bank-accounts"
OTHER_IBAN = "DE62930500174410027731"
THIRD_IBAN = "DE57900402617713500290"


@pytest.fixture
def first(customer: Customer) -> CounterpartyAccount:
    """The account of a supplier whose bank details are not established yet, so that accounts are free."""
    return suppliers_account(customer, onboarding=open_onboarding(by="test"), is_primary=True, is_validated=True)


@pytest.fixture
def established(first: CounterpartyAccount) -> CounterpartyAccount:
    assert first.counterparty.onboarding is not None
    first.counterparty.onboarding.close()
    return first


def add(client: APIClient, first: CounterpartyAccount, **fields: Any) -> Any:
    return client.post(PATH, {"counterparty_id": str(first.counterparty_id), "iban": OTHER_IBAN} | fields)


def primary_ones(first: CounterpartyAccount) -> set[tuple[str, str]]:
    rows = CounterpartyAccount.objects.filter(counterparty=first.counterparty_id, is_primary=True, active=True)
    return {(account.iban, account.currency) for account in rows}


def test_an_account_is_added_and_answered_whole(client: APIClient, first: CounterpartyAccount) -> None:
    answer = add(client, first, bic="DEUTDEHH", bank="Deutsche Bank", currency="EUR", metadata={"note": "new"})

    row = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"{PATH}/{row['id']}")
    assert {name: row[name] for name in row if not name.endswith(("_at", "_by", "id"))} == {
        "iban": OTHER_IBAN,
        "bic": "DEUTDEHH",
        "bank": "Deutsche Bank",
        "currency": "EUR",
        "is_primary": False,
        "is_validated": False,
        "active": True,
        "metadata": {"note": "new"},
    }
    assert client.get(f"{PATH}/{row['id']}").json() == row


def test_there_is_one_primary_account_in_each_currency(client: APIClient, first: CounterpartyAccount) -> None:
    dollars = add(client, first, currency="USD").json()
    assert primary_ones(first) == {(first.iban, "EUR"), (OTHER_IBAN, "USD")}

    euros = add(client, first, iban=THIRD_IBAN, currency="EUR", is_primary=True).json()
    assert primary_ones(first) == {(THIRD_IBAN, "EUR"), (OTHER_IBAN, "USD")}

    assert client.patch(f"{PATH}/{dollars['id']}", {"currency": "EUR"}).json()["is_primary"] is True
    assert primary_ones(first) == {(OTHER_IBAN, "EUR")}
    assert client.patch(f"{PATH}/{dollars['id']}", {"is_primary": False}).json()["is_primary"] is False
    assert client.get(f"{PATH}/{euros['id']}").json()["is_primary"] is False


def test_other_bank_details_are_not_validated_any_more(client: APIClient, first: CounterpartyAccount) -> None:
    one = f"{PATH}/{first.pk}"

    assert client.patch(one, {"bank": "DKB", "iban": "de02 1203 0000 0000 2020 51"}).json()["is_validated"] is True
    row = client.patch(one, {"iban": OTHER_IBAN}).json()
    assert (row["iban"], row["bic"], row["is_validated"], row["is_primary"]) == (OTHER_IBAN, SUPPLIERS_BIC, False, True)


def test_a_change_is_checked_together_with_what_stays(client: APIClient, first: CounterpartyAccount) -> None:
    answer = client.patch(f"{PATH}/{first.pk}", {"bic": "BNPAFRPP"})

    assert (answer.status_code, list(answer.json()["details"])) == (400, ["bic"])
    assert client.patch(f"{PATH}/{first.pk}", {"bic": None}).json()["bic"] is None


def test_the_same_iban_twice_is_a_conflict(client: APIClient, first: CounterpartyAccount) -> None:
    answer = add(client, first, iban=SUPPLIERS_IBAN)
    assert (answer.status_code, answer.json()["error"], list(answer.json()["details"])) == (
        409,
        "already_exists",
        ["iban"],
    )

    other = add(client, first).json()
    answer = client.patch(f"{PATH}/{other['id']}", {"iban": SUPPLIERS_IBAN})
    assert (answer.status_code, answer.json()["error"]) == (409, "already_exists")


def test_another_counterparty_may_have_the_same_iban(
    client: APIClient, customer: Customer, first: CounterpartyAccount
) -> None:
    other = Counterparty.objects.create(customer=customer, legal_name="Elm & Sons")

    assert client.post(PATH, {"counterparty_id": str(other.pk), "iban": first.iban}).status_code == 201


def test_an_account_nothing_refers_to_is_deleted(client: APIClient, first: CounterpartyAccount) -> None:
    assert client.delete(f"{PATH}/{first.pk}").status_code == 204
    assert client.get(f"{PATH}/{first.pk}").status_code == 404
    assert client.delete(f"{PATH}/{first.pk}").status_code == 404


def test_an_account_a_payment_refers_to_is_deactivated(client: APIClient, customer: Customer) -> None:
    account = a_draft(customer).destination_account
    assert account is not None
    CounterpartyAccount.objects.filter(pk=account.pk).update(is_primary=True)

    assert client.delete(f"{PATH}/{account.pk}").status_code == 204
    row = client.get(f"{PATH}/{account.pk}").json()
    assert (row["active"], row["is_primary"], row["iban"]) == (False, False, account.iban)
    assert row["modified_by"].startswith("key:")


def test_a_deactivated_account_makes_room_and_comes_back_only_where_there_is_room(
    client: APIClient, first: CounterpartyAccount
) -> None:
    one = f"{PATH}/{first.pk}"
    assert client.patch(one, {"active": False}).json()["is_primary"] is False
    assert client.patch(one, {"is_primary": True}).json()["error"] == "account_inactive"
    again = add(client, first, iban=first.iban)
    assert (again.status_code, again.json()["is_primary"]) == (201, True)

    assert client.patch(one, {"active": True}).json()["error"] == "already_exists"
    assert client.delete(f"{PATH}/{again.json()['id']}").status_code == 204
    assert client.patch(one, {"active": True}).json()["active"] is True


def test_a_further_account_of_an_established_counterparty_waits_for_a_second_person(
    client: APIClient, established: CounterpartyAccount
) -> None:
    answer = add(client, established, bic="DEUTDEHH", currency="EUR", is_primary=True)

    change = answer.json()
    assert answer.status_code == 202
    assert answer["Location"] == f"/v2/counterparties/bank-details-changes/{change['id']}"
    assert (change["iban"], change["bic"], change["source"]) == (OTHER_IBAN, "DEUTDEHH", "api")
    assert (change["decision"], change["decided_by"], change["cp_account_id"]) == ("pending", None, None)
    assert change["asked_by"].startswith("key:")
    assert CounterpartyAccount.objects.count() == 1
    assert client.get(answer["Location"]).json() == change

    now = timezone.now()
    confirm_change(change_id=UUID(change["id"]), by="ben", now=now, verification="called the number on file")
    confirmed = client.get(answer["Location"]).json()
    assert (confirmed["decision"], confirmed["decided_by"]) == ("confirmed", "ben")
    account = client.get(f"{PATH}/{confirmed['cp_account_id']}").json()
    assert (account["iban"], account["is_validated"], account["is_primary"]) == (OTHER_IBAN, True, False)


def test_another_iban_waits_too_and_the_account_stays_as_it_is(
    client: APIClient, established: CounterpartyAccount
) -> None:
    before = client.get(f"{PATH}/{established.pk}").json()

    answer = client.patch(f"{PATH}/{established.pk}", {"iban": OTHER_IBAN, "bic": "DEUTDEHH"})

    assert (answer.status_code, answer.json()["iban"], answer.json()["bic"]) == (202, OTHER_IBAN, "DEUTDEHH")
    assert client.get(f"{PATH}/{established.pk}").json() == before
    assert client.get(f"{PATH}?search.iban={OTHER_IBAN}").json()["data"] == []


def test_what_waits_cannot_be_mixed_with_what_happens_at_once(
    client: APIClient, established: CounterpartyAccount
) -> None:
    answer = client.patch(f"{PATH}/{established.pk}", {"iban": OTHER_IBAN, "metadata": {"a": 1}, "is_primary": False})

    assert (answer.status_code, list(answer.json()["details"])) == (400, ["is_primary", "metadata"])
    assert not BankDetailsChange.objects.exists()


def test_a_deactivated_account_of_an_established_counterparty_comes_back_through_a_second_person(
    client: APIClient, established: CounterpartyAccount
) -> None:
    one = f"{PATH}/{established.pk}"
    assert client.patch(one, {"active": False}).json()["active"] is False

    answer = client.patch(one, {"active": True})

    assert (answer.status_code, answer.json()["iban"]) == (202, established.iban)
    assert client.get(one).json()["active"] is False
    confirm_change(change_id=UUID(answer.json()["id"]), by="ben", now=timezone.now(), verification="called")
    assert client.get(one).json()["active"] is True


def test_a_counterparty_whose_only_account_was_deleted_stays_established(
    client: APIClient, established: CounterpartyAccount
) -> None:
    assert client.delete(f"{PATH}/{established.pk}").status_code == 204

    assert add(client, established).status_code == 202


def test_the_same_wish_twice_is_a_conflict_unless_it_is_the_same_request(
    client: APIClient, established: CounterpartyAccount
) -> None:
    body = {"counterparty_id": str(established.counterparty_id), "iban": OTHER_IBAN}
    first, again = (client.post(PATH, body, headers={"X-Idempotency-Key": "a"}) for _ in range(2))

    assert (first.status_code, again.status_code, again.content) == (202, 202, first.content)
    conflict = client.post(PATH, body)
    assert (conflict.status_code, conflict.json()["error"]) == (409, "already_exists")
    assert BankDetailsChange.objects.count() == 1


def test_the_first_accounts_of_a_counterparty_are_free_and_then_no_more(client: APIClient, customer: Customer) -> None:
    accounts = [{"iban": SUPPLIERS_IBAN}, {"iban": OTHER_IBAN}]
    body = {"customer_id": str(customer.pk), "legal_name": "Elm & Sons", "bank_accounts": accounts}
    counterparty = client.post("/v2/counterparties", body).json()
    bare = client.post("/v2/counterparties", {**body, "bank_accounts": []}).json()

    assert len(counterparty["bank_accounts"]) == 2
    assert client.post(PATH, {"counterparty_id": counterparty["id"], "iban": THIRD_IBAN}).status_code == 202
    assert client.post(PATH, {"counterparty_id": bare["id"], "iban": THIRD_IBAN}).status_code == 201
    assert client.post(PATH, {"counterparty_id": bare["id"], "iban": OTHER_IBAN}).status_code == 202


def test_changes_of_bank_details_are_listed(client: APIClient, established: CounterpartyAccount) -> None:
    add(client, established)
    add(client, established, iban=THIRD_IBAN, bank="Elm Savings")
    changes = "/v2/counterparties/bank-details-changes"

    def ibans(query: str) -> list[str]:
        return [row["iban"] for row in client.get(f"{changes}?{query}").json()["data"]]

    assert ibans("") == [THIRD_IBAN, OTHER_IBAN]
    assert ibans("sort=asked_at&search.decision=pending") == [OTHER_IBAN, THIRD_IBAN]
    assert ibans(f"search.iban={OTHER_IBAN}") == [OTHER_IBAN]
    assert ibans("search.decision=confirmed") == []
    assert ibans(f"search._text.ilike={OTHER_IBAN[:8].lower()}") == [OTHER_IBAN]
    assert ibans("search._text.ilike=elm savings") == [THIRD_IBAN]
    assert ibans("search._text.ilike=hollow oak") == [THIRD_IBAN, OTHER_IBAN]
    assert ibans("search._text.ilike=nobody") == []
    assert client.post(changes, {}).status_code == 405


@pytest.mark.parametrize(
    ("iban", "bic", "field"),
    [
        ("DE02120300000000202052", "", "iban"),
        ("DE0212030000000020205", "", "iban"),
        ("DE02120300000000202051 and more", "", "iban"),
        ("DE02120300000000202051;", "", "iban"),
        ("ZZ02120300000000202051", "", "iban"),
        ("GB82WEST1234569876543", "", "iban"),
        ("12345678", "", "iban"),
        ("ДЕ02120300000000202051", "", "iban"),
        ("X" * 51, "", "iban"),
        ("", "", "iban"),
        (None, "", "iban"),
        (2120300000000202051, "", "iban"),
        (["DE02120300000000202051"], "", "iban"),
        (OTHER_IBAN, "BYLADEM", "bic"),
        (OTHER_IBAN, "BYLAZZM1001", "bic"),
        (OTHER_IBAN, "BNPAFRPP", "bic"),
        (OTHER_IBAN, "BYLA DEM1 001 0000 00", "bic"),
        (OTHER_IBAN, "BYLADÉM1001", "bic"),
        (OTHER_IBAN, 7, "bic"),
        (OTHER_IBAN, "DEUTDEHH\n", None),
        ("FR7630006000011234567890189", "AGRIFRPP", None),
        ("FR7630006000011234567890189", "SOGEGPGX", None),
    ],
)
def test_bank_details_that_cannot_be_right_are_refused(
    client: APIClient, first: CounterpartyAccount, iban: Any, bic: Any, field: str | None
) -> None:
    answer = add(client, first, iban=iban, bic=bic)

    if field is None:
        assert answer.status_code == 201, answer.content
    else:
        assert (answer.status_code, list(answer.json()["details"])) == (400, [field]), answer.content
        assert CounterpartyAccount.objects.count() == 1


def test_the_list_is_that_of_one_counterparty_when_asked(
    client: APIClient, customer: Customer, first: CounterpartyAccount
) -> None:
    second = an_account(first.counterparty, OTHER_IBAN, currency="USD", active=False)
    other = suppliers_account(customer, THIRD_IBAN, bank="Sparkasse")

    def ibans(query: str) -> list[str]:
        return [row["iban"] for row in client.get(f"{PATH}?{query}").json()["data"]]

    assert ibans("") == [other.iban, second.iban, first.iban]
    for query, found in {
        f"search.counterparty_id={first.counterparty_id}&sort=created_at": [first.iban, second.iban],
        f"search.counterparty_id={first.counterparty_id}&search.active=true": [first.iban],
        "search.iban=DE62 9305 0017 4410 0277 31": [second.iban],
        "search.currency=USD": [second.iban],
        "search.is_primary=true": [first.iban],
        "search.is_validated=true": [first.iban],
        "search._text.ilike=spark": [other.iban],
        f"search.customer_id={customer.pk}&sort=-iban": [second.iban, THIRD_IBAN, first.iban],
    }.items():
        assert ibans(query) == found, query
    with CaptureQueriesContext(connection) as captured:
        client.get(PATH)
    assert len(captured) == 4
