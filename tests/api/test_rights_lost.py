"""A key that may do less than before is not told again what it was told then; nothing is carried out twice for that."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from counterparties.models import Counterparty
from customers.models import ApiKey, Customer, StoredAnswer
from tests.api.conftest import client_for
from tests.api.test_bad_input import is_error
from tests.ledger import a_customer

pytestmark = pytest.mark.django_db

PATH = "/v2/counterparties"
ONCE = {"x-idempotency-key": "once"}


def deactivated(_: ApiKey, customer: Customer) -> None:
    customer.active = False
    customer.save()


def fewer_scopes(key: ApiKey, _: Customer) -> None:
    key.scopes = ["transfers:*"]
    key.save()


LOSSES: dict[str, Callable[[ApiKey, Customer], Any]] = {
    "customer removed from the key": lambda key, customer: key.customers.remove(customer),
    "other customers set": lambda key, customer: key.customers.set(Customer.objects.exclude(pk=customer.pk)),
    "key removed from the customer": lambda key, customer: customer.api_keys.remove(key),
    "keys of the customer cleared": lambda _, customer: customer.api_keys.clear(),
    "customers of the key cleared": lambda key, _: key.customers.clear(),
    "customer deactivated": deactivated,
    "fewer scopes": fewer_scopes,
}


@pytest.fixture
def body(customer: Customer) -> dict[str, Any]:
    return {"customer_id": str(customer.pk), "legal_name": "Hollow Oak Timber Ltd"}


@pytest.fixture
def both(customer: Customer) -> APIClient:
    """A client whose key may act for two customers."""
    return client_for([customer, a_customer("Brindle & Co")])


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_what_was_answered_before_is_not_said_again(
    both: APIClient, customer: Customer, body: dict[str, Any], loss: Callable[[ApiKey, Customer], Any]
) -> None:
    assert both.post(PATH, body, headers=ONCE).status_code == 201
    loss(ApiKey.objects.get(), customer)

    again = both.post(PATH, body, headers=ONCE)

    assert is_error(again, 409, "answer_not_kept")
    assert "Hollow" not in again.content.decode()
    assert "Location" not in again.headers
    assert Counterparty.objects.filter(legal_name="Hollow Oak Timber Ltd").count() == 1
    assert StoredAnswer.objects.get().body is None


def test_a_key_that_gains_rights_is_answered_as_before(both: APIClient, body: dict[str, Any]) -> None:
    key = ApiKey.objects.get()
    first = both.post(PATH, body, headers=ONCE)
    key.customers.add(a_customer("Elm & Sons"))
    key.name = "renamed"
    key.save()
    Customer.objects.get(legal_name="Elm & Sons").save()

    again = both.post(PATH, body, headers=ONCE)

    assert (again.status_code, again.json(), again["Idempotent-Replayed"]) == (201, first.json(), "true")
