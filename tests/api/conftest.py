"""A customer with a ledger, a key that may act for it, and a client that carries the key."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from config.api.throttling import KeyThrottle
from counterparties.models import Counterparty, CounterpartyAccount
from customers.keys import issue_key
from customers.models import Customer
from customers.scopes import SCOPES
from tests.api.walking import MARK, OURS, THEIRS, Walk, values_of
from tests.ledger import a_customer, own_account, suppliers_account
from tests.tenants import a_whole_tenant, rows_of


@pytest.fixture
def customer() -> Customer:
    return a_customer()


@pytest.fixture
def supplier_account(customer: Customer) -> CounterpartyAccount:
    """The account of Hollow Oak Timber Ltd; the customer has an account of its own to pay from."""
    own_account(customer, is_primary=True)
    return suppliers_account(customer, is_primary=True)


def client_for(customers: Iterable[Customer], scopes: Iterable[str] = SCOPES) -> APIClient:
    _, plain = issue_key(
        name="test", customers=tuple(customers), scopes=tuple(scopes), expires_at=None, by="test", now=timezone.now()
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    return client


@pytest.fixture
def client(customer: Customer) -> APIClient:
    return client_for([customer])


@pytest.fixture
def seller(customer: Customer) -> Counterparty:
    return own_account(customer, is_primary=True).counterparty


@pytest.fixture
def buyer(customer: Customer) -> Counterparty:
    return suppliers_account(customer, is_primary=True).counterparty


@pytest.fixture
def invoice_body(customer: Customer, seller: Counterparty, buyer: Counterparty) -> dict[str, Any]:
    """What an invoice needs and no more."""
    return {
        "customer_id": str(customer.pk),
        "source": {"counterparty_id": str(seller.pk)},
        "destination": {"counterparty_id": str(buyer.pk)},
        "amount": {"currency": "EUR"},
        "items": [{"title": "Oak boards", "quantity": "1", "price": "10000"}],
    }


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """A caller for one customer; at the end nothing of the other customer may have changed."""
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": None, "key_write": None})
    ours = a_whole_tenant(mark="Aldermoor", ibans=OURS)
    theirs = a_whole_tenant(mark=MARK, ibans=THEIRS)
    walk = Walk(ours=ours, theirs=theirs, client=client_for([ours.customer]))
    before = [values_of(row) for row in walk.their_rows]
    yield walk
    assert [values_of(row) for row in rows_of(theirs.customer)] == before, "a row of the other customer was changed"
