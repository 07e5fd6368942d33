"""The rule of two people comes to a ledger that is in use: what is there stays, and is established."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from counterparties.models import Counterparty, CounterpartyAccount

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("counterparties", "0004_registration_keys")
IBANS = ("DE57900402617713500290", "DE62930500174410027731", "GB19KEHB99811460027713")


def migrate(*targets: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    return executor.migrate(list(targets) or executor.loader.graph.leaf_nodes()).apps


@pytest.fixture(autouse=True)
def latest_afterwards() -> Any:
    yield
    migrate()


def test_accounts_of_before_stay_and_are_established() -> None:
    old = migrate(BEFORE)
    customer = old.get_model("customers", "Customer").objects.create(legal_name="Nordlicht Handels GmbH")
    parties = {
        name: old.get_model("counterparties", "Counterparty").objects.create(customer=customer, legal_name=name)
        for name in ("one", "two", "none")
    }
    for name, iban in zip(("one", "two", "two"), IBANS, strict=True):
        old.get_model("counterparties", "CounterpartyAccount").objects.create(
            counterparty=parties[name], customer=customer, iban=iban, active=iban != IBANS[2]
        )

    migrate()

    assert set(CounterpartyAccount.objects.values_list("iban", flat=True)) == set(IBANS)
    established = {row.legal_name: row.has_established_bank_details() for row in Counterparty.objects.all()}
    assert established == {"one": True, "two": True, "none": False}
    for name in ("one", "two"):
        party = Counterparty.objects.get(legal_name=name)
        with pytest.raises(IntegrityError, match="second person confirms"), transaction.atomic():
            CounterpartyAccount.objects.create(pk=uuid4(), counterparty=party, iban="CH5509983000004408126")
    CounterpartyAccount.objects.create(counterparty=Counterparty.objects.get(legal_name="none"), iban=IBANS[0])


def test_back_and_forth_leaves_the_rule_as_it_was() -> None:
    migrate(BEFORE)
    migrate()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        triggers = {name for (name,) in cursor.fetchall()}
    assert triggers >= {
        "account_new",
        "account_changed",
        "account_deleted",
        "counterparty_not_replaced",
        "onboarding_not_replaced",
        "counterparty_stays_established",
        "onboarding_stays_closed",
        "bank_change_begins_pending",
        "bank_change_never_deleted",
        "bank_change_stays",
    }
