"""A person looks a counterparty up by what it is called or numbered."""

from typing import Any
from uuid import UUID

import pytest

from counterparties import name_search
from counterparties.looking_up import look_up
from counterparties.models import Counterparty
from customers.models import Customer
from tests.ledger import a_customer, an_account

pytestmark = pytest.mark.django_db

IBAN = "DE02120300000000202051"


@pytest.fixture
def customer() -> Customer:
    customer = a_customer()
    for name, fields in (
        ("Hollow Oak Timber Ltd", {"vat_id": "GB999421702"}),
        ("Holloway Paper GmbH", {"aliases": ["Birchfield"]}),
        ("Oak & Ash AG", {}),
    ):
        row: dict[str, Any] = {"legal_name": name, **fields}
        Counterparty.objects.create(customer=customer, **row)
    an_account(Counterparty.objects.get(legal_name="Oak & Ash AG"), IBAN)
    stranger = a_customer("Somebody Else GmbH")
    Counterparty.objects.create(customer=stranger, legal_name="Hollow Oak Timber Ltd")
    return customer


@pytest.fixture(params=["few", "many"])
def books(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small books are compared by name, large ones searched by their index: both find the same."""
    if request.param == "many":
        monkeypatch.setattr(name_search, "_FEW", 0)


def found(customer: Customer, text: str, most: int = 10) -> list[str]:
    ids: list[UUID] = look_up(customer_id=customer.pk, text=text, most=most)
    names = dict(Counterparty.objects.values_list("id", "legal_name"))
    return [names[id_] for id_ in ids]


@pytest.mark.usefixtures("books")
def test_words_that_are_not_typed_to_their_end_find_the_name(customer: Customer) -> None:
    assert sorted(found(customer, "hollo")) == ["Hollow Oak Timber Ltd", "Holloway Paper GmbH"]
    assert found(customer, "timb hollow") == ["Hollow Oak Timber Ltd"]
    assert found(customer, "birchf") == ["Holloway Paper GmbH"]
    assert found(customer, "hollow oak timbre") == ["Hollow Oak Timber Ltd"]
    assert found(customer, "oa")[0] == "Oak & Ash AG"


def test_numbers_find_who_has_them(customer: Customer) -> None:
    assert found(customer, "DE02 1203 0000") == ["Oak & Ash AG"]
    assert found(customer, "GB 999 4217 02") == ["Hollow Oak Timber Ltd"]
    assert found(customer, "DE89370400440532013000") == []


def test_nothing_is_looked_for_by_one_letter_and_no_more_is_given_than_wanted(customer: Customer) -> None:
    assert found(customer, "h") == found(customer, "  ") == []
    assert len(found(customer, "hollow", most=1)) == 1
