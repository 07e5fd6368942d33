"""Two writers at the same counterparty: one after the other, and nothing twice. On SQLite and on PostgreSQL."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from counterparties.accounts import add_account, change_account
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Contact, Counterparty, CounterpartyAccount
from counterparties.onboarding import open_onboarding
from counterparties.parts import AlreadyExists, add_part, remove_part
from tests.at_once import at_once
from tests.ledger import SUPPLIERS_IBAN, a_customer, an_account

pytestmark = pytest.mark.usefixtures("committed")

WRITERS = 5
IBANS = (
    "DE62930500174410027731",
    "DE57900402617713500290",
    "AT611904300234573201",
    "BE68539007547034",
    "CH9300762011623852957",
)


def by_all(write: Callable[[int], Any]) -> list[Any]:
    """What each of the writers got: a value, or the exception that it met."""
    return at_once(*(partial(write, number) for number in range(WRITERS)))


@pytest.fixture
def supplier() -> Counterparty:
    """One that is being onboarded, so that accounts are free."""
    return Counterparty.objects.create(
        customer=a_customer(), legal_name="Hollow Oak Timber Ltd", onboarding=open_onboarding(by="test")
    )


def test_the_same_contact_is_stored_once(supplier: Counterparty) -> None:
    def add(number: int) -> Any:
        contact = Contact(
            counterparty=supplier, type="email", value=("Bills", "bills", "BILLS")[number % 3] + "@oak.example"
        )
        return add_part(contact, by=f"writer {number}")

    got = by_all(add)

    assert Contact.objects.count() == 1
    assert sum(isinstance(one, AlreadyExists) for one in got) == WRITERS - 1


def test_accounts_that_all_want_to_be_primary_leave_one_that_is(supplier: Counterparty) -> None:
    now = timezone.now()

    got = by_all(
        lambda number: add_account(
            CounterpartyAccount(counterparty=supplier, iban=IBANS[number], currency="EUR"),
            is_primary=True,
            by=f"writer {number}",
            now=now,
        )
    )

    assert [type(one) for one in got] == [CounterpartyAccount] * WRITERS
    assert CounterpartyAccount.objects.filter(is_primary=True).count() == 1

    accounts = list(CounterpartyAccount.objects.order_by("iban"))
    got = by_all(lambda number: change_account(accounts[number], changes={"is_primary": True}, by="other", now=now))

    assert [type(one) for one in got] == [CounterpartyAccount] * WRITERS
    assert CounterpartyAccount.objects.filter(is_primary=True).count() == 1


def test_of_first_accounts_at_once_one_is_entered_and_the_others_wait() -> None:
    supplier = Counterparty.objects.create(customer=a_customer(), legal_name="Hollow Oak Timber Ltd")
    now = timezone.now()

    got = by_all(
        lambda number: add_account(
            CounterpartyAccount(counterparty=supplier, iban=IBANS[number], currency="EUR"),
            is_primary=None,
            by=f"writer {number}",
            now=now,
        )
    )

    kinds = sorted(type(one).__name__ for one in got)
    assert kinds == ["BankDetailsChange"] * (WRITERS - 1) + ["CounterpartyAccount"]
    assert CounterpartyAccount.objects.count() == 1
    assert BankDetailsChange.objects.filter(decision="pending").count() == WRITERS - 1


def test_a_row_that_many_remove_is_gone_for_all_but_one(supplier: Counterparty) -> None:
    account = an_account(supplier, SUPPLIERS_IBAN)

    got = by_all(lambda number: remove_part(account, by=f"writer {number}"))

    assert sorted(str(type(one).__name__) for one in got) == ["DoesNotExist"] * (WRITERS - 1) + ["bool"]
    assert not CounterpartyAccount.objects.exists()


def test_changing_and_removing_wait_for_each_other(supplier: Counterparty) -> None:
    now = timezone.now()
    for _ in range(5):
        account = an_account(supplier, SUPPLIERS_IBAN)

        def act(number: int, account: CounterpartyAccount = account) -> Any:
            if number % 2:
                return remove_part(account, by="remover")
            return change_account(account, changes={"bank": f"Bank {number}"}, by="changer", now=now)

        got = by_all(act)

        kinds = {type(one).__name__ for one in got}
        assert kinds <= {"CounterpartyAccount", "DoesNotExist", "bool"}, got
        assert True in got
        assert not CounterpartyAccount.objects.exists()
