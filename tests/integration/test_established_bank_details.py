"""Whose bank details count as established, and that nothing makes them new again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from counterparties.models import Counterparty, CounterpartyAccount
from counterparties.onboarding import LONGEST, Onboarding, onboarding, open_onboarding
from tests.ledger import SUPPLIERS_IBAN, a_customer, suppliers_account
from tests.plain_sql import (
    OTHER_IBAN,
    THIRD_IBAN,
    account_row,
    change_row,
    key,
    pending,
    refused,
    refused_sql,
    row_of,
    run_sql,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> CounterpartyAccount:
    """The account of an established supplier."""
    return suppliers_account(a_customer())


def test_the_first_account_of_a_counterparty_is_free() -> None:
    newcomer = Counterparty.objects.create(customer=a_customer(), legal_name="Zobel AG")
    assert not newcomer.has_established_bank_details()
    run_sql(*account_row(newcomer, OTHER_IBAN))
    assert newcomer.has_established_bank_details()


def test_so_are_all_that_come_with_it_in_one_go() -> None:
    with onboarding(by="anna") as opened:
        newcomer = Counterparty.objects.create(customer=a_customer(), legal_name="Zobel AG", onboarding=opened)
        run_sql(*account_row(newcomer, OTHER_IBAN))
        run_sql(*account_row(newcomer, THIRD_IBAN, currency="CHF"))
        assert not newcomer.has_established_bank_details()
    newcomer = Counterparty.objects.get()
    assert newcomer.has_established_bank_details()
    refused_sql("second person confirms", *account_row(newcomer, SUPPLIERS_IBAN))


def test_an_onboarding_that_nobody_closed_ends_after_a_day() -> None:
    forgotten = Onboarding.objects.create(opened_by="anna", opened_at=timezone.now() - LONGEST - timedelta(minutes=1))
    newcomer = Counterparty.objects.create(customer=a_customer(), legal_name="Zobel AG", onboarding=forgotten)
    run_sql(*account_row(newcomer, OTHER_IBAN))
    refused_sql("second person confirms", *account_row(newcomer, THIRD_IBAN))
    assert newcomer.has_established_bank_details()


def test_an_onboarding_is_never_opened_again_nor_made_younger() -> None:
    closed, open_still = open_onboarding(by="anna"), open_onboarding(by="anna")
    closed.close()
    table = Onboarding._meta.db_table
    refused_sql("stays closed", f"UPDATE {table} SET closed_at = NULL WHERE id = {key(closed.pk)}")  # noqa: S608
    rows = Onboarding.objects.filter(pk=open_still.pk)
    refused("stays closed", lambda: rows.update(opened_at=timezone.now() + timedelta(days=9)))


def test_no_counterparty_is_moved_into_an_onboarding(account: CounterpartyAccount) -> None:
    rows = Counterparty.objects.filter(pk=account.counterparty_id)
    refused("stay established", lambda: rows.update(onboarding=open_onboarding(by="anna")))


def test_whoever_had_an_account_stays_established(account: CounterpartyAccount) -> None:
    run_sql(f"DELETE FROM {CounterpartyAccount._meta.db_table}")  # noqa: S608
    supplier = Counterparty.objects.get()
    assert supplier.bank_details_established_at is not None
    assert supplier.has_established_bank_details()
    refused_sql("second person confirms", *account_row(supplier, OTHER_IBAN))
    refused(
        "stay established",
        lambda: Counterparty.objects.filter(pk=supplier.pk).update(bank_details_established_at=None),
    )


def test_nor_does_it_help_to_write_the_counterparty_again(account: CounterpartyAccount) -> None:
    supplier = account.counterparty
    values = Counterparty.objects.filter(pk=supplier.pk).values().get()
    again, parameters = row_of(Counterparty, **(values | {"onboarding_id": open_onboarding(by="mallory").pk}))

    def write() -> None:
        run_sql(f"DELETE FROM {Counterparty._meta.db_table} WHERE id = {key(supplier.pk)}")  # noqa: S608
        run_sql(again, parameters)

    refused("not replaced", write)
    if connection.vendor == "sqlite":
        refused_sql("not replaced", again.replace("INSERT", "INSERT OR REPLACE"), parameters)


@pytest.mark.parametrize("values", [{"is_primary": True}, {"same_id": True}])
def test_nor_to_write_over_the_account(account: CounterpartyAccount, values: dict[str, Any]) -> None:
    CounterpartyAccount.objects.update(is_primary=True)
    if values.pop("same_id", False):
        values["id"] = account.pk
    statement, parameters = account_row(account.counterparty, OTHER_IBAN, **values)
    over = "ON CONFLICT (id) DO UPDATE SET iban = EXCLUDED.iban"
    refused_sql("second person confirms|one_primary", f"{statement} {over}", parameters)
    if connection.vendor == "sqlite":
        refused_sql("second person confirms", statement.replace("INSERT", "INSERT OR REPLACE"), parameters)
    assert CounterpartyAccount.objects.get().iban == SUPPLIERS_IBAN


def test_nor_over_an_onboarding_or_a_change(account: CounterpartyAccount) -> None:
    opened = open_onboarding(by="anna")
    Counterparty.objects.create(customer=account.customer, legal_name="Zobel AG", onboarding=opened)
    opened.close()
    change = pending(account.counterparty)
    onboarding_again = row_of(Onboarding, id=opened.pk, opened_at=timezone.now(), opened_by="mallory")
    change_again = change_row(account.counterparty, id=change.pk, iban=THIRD_IBAN)
    other_change = change_row(account.counterparty, asked_by="mallory")
    if connection.vendor == "sqlite":
        for statement, parameters in (onboarding_again, change_again, other_change):
            refused_sql("is kept", statement.replace("INSERT", "INSERT OR REPLACE"), parameters)
    else:
        refused_sql("is kept", f"DELETE FROM {Onboarding._meta.db_table}")  # noqa: S608
        for upsert in (change_again, other_change):
            refused_sql("duplicate key", *upsert)
    change.refresh_from_db()
    assert (change.iban, change.asked_by) == (OTHER_IBAN, "anna")


def test_a_failed_onboarding_is_closed_as_well() -> None:
    with pytest.raises(RuntimeError), onboarding(by="anna") as opened:
        raise RuntimeError
    assert not Onboarding.objects.get(pk=opened.pk).is_open
