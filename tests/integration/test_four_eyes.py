"""What the database lets into the ledger, by plain SQL and by the models: no changed account without two people."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty, CounterpartyAccount
from customers.models import Customer
from tests.ledger import SUPPLIERS_IBAN, a_customer, suppliers_account
from tests.plain_sql import (
    NOW,
    OTHER_IBAN,
    THIRD_IBAN,
    account_row,
    change_row,
    confirmed,
    decide,
    key,
    pending,
    refused,
    refused_sql,
    run_sql,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> CounterpartyAccount:
    """The account of an established supplier."""
    return suppliers_account(a_customer())


class TestAccounts:
    @pytest.mark.parametrize(
        "values", [{}, {"active": False}, {"currency": "CHF"}, {"iban": SUPPLIERS_IBAN, "active": False}]
    )
    def test_a_further_account_is_refused(self, account: CounterpartyAccount, values: dict[str, Any]) -> None:
        statement = account_row(account.counterparty, values.pop("iban", OTHER_IBAN), **values)

        refused_sql("ask for a change of its bank details", *statement)

    def test_another_iban_on_the_account_is_refused(self, account: CounterpartyAccount) -> None:
        table = CounterpartyAccount._meta.db_table
        refused_sql("second person confirms", f"UPDATE {table} SET iban = '{OTHER_IBAN}' WHERE id = {key(account.pk)}")  # noqa: S608

    def test_an_account_cannot_be_activated_again(self, account: CounterpartyAccount) -> None:
        rows = CounterpartyAccount.objects.filter(pk=account.pk)
        rows.update(active=False)

        refused("second person confirms", lambda: rows.update(active=True))
        refused("second person confirms", lambda: rows.update(active=True, iban=OTHER_IBAN))

    def test_an_account_cannot_be_moved_to_another_counterparty(self, account: CounterpartyAccount) -> None:
        other = Counterparty.objects.create(customer=account.customer, legal_name="Zobel AG")
        rows = CounterpartyAccount.objects.filter(pk=account.pk)

        refused("stays with its counterparty", lambda: rows.update(counterparty=other))

    def test_everything_else_about_an_account_may_be_written(self, account: CounterpartyAccount) -> None:
        account.bank, account.bic, account.is_primary = "Another name", "BYLADEM1XXX", True
        account.save()
        account.active = False
        account.save()

        assert not CounterpartyAccount.objects.get().active

    def test_in_bulk_it_is_refused_as_well(self, account: CounterpartyAccount) -> None:
        newcomer = Counterparty.objects.create(customer=account.customer, legal_name="Zobel AG")
        rows = [
            CounterpartyAccount(counterparty=row, customer=account.customer, iban=OTHER_IBAN)
            for row in (newcomer, account.counterparty)
        ]

        refused("second person confirms", lambda: CounterpartyAccount.objects.bulk_create(rows))
        assert not newcomer.accounts.exists()

    def test_two_first_accounts_at_once_are_one_too_many(self) -> None:
        newcomer = Counterparty.objects.create(customer=a_customer(), legal_name="Zobel AG")
        rows = [
            CounterpartyAccount(counterparty=newcomer, customer=newcomer.customer, iban=iban)
            for iban in (OTHER_IBAN, THIRD_IBAN)
        ]

        refused("second person confirms", lambda: CounterpartyAccount.objects.bulk_create(rows))

    @pytest.mark.parametrize("fields", [{"active": True}, {"iban": OTHER_IBAN}])
    def test_the_models_say_it_before_the_database_does(
        self, account: CounterpartyAccount, fields: dict[str, Any]
    ) -> None:
        CounterpartyAccount.objects.update(active=False)
        on_file = CounterpartyAccount.objects.get()
        new = CounterpartyAccount(counterparty=account.counterparty, iban=SUPPLIERS_IBAN, currency="EUR")

        for row in (on_file, new):
            for name, value in fields.items():
                setattr(row, name, value)
            with pytest.raises(ValidationError, match="Ask for a change of its bank details") as caught:
                row.full_clean(exclude=["customer"])
            assert list(caught.value.message_dict) == ["iban"]


class TestConfirmation:
    def test_a_confirmed_change_lets_its_account_in(self, account: CounterpartyAccount) -> None:
        wanted = uuid4()
        with transaction.atomic():
            change = confirmed(account.counterparty, account_id=wanted)
            run_sql(*account_row(account.counterparty, OTHER_IBAN, id=wanted))
        connection.check_constraints()

        change.refresh_from_db()
        assert change.entered_at is not None
        assert {row.iban for row in account.counterparty.accounts.all()} == {SUPPLIERS_IBAN, OTHER_IBAN}

    def test_only_once(self, account: CounterpartyAccount) -> None:
        wanted = uuid4()
        confirmed(account.counterparty, account_id=wanted)
        run_sql(*account_row(account.counterparty, OTHER_IBAN, id=wanted))
        rows = CounterpartyAccount.objects.filter(pk=wanted)
        rows.update(active=False)

        refused("second person confirms", lambda: rows.update(active=True))

    def test_only_with_its_own_iban_account_and_counterparty(self, account: CounterpartyAccount) -> None:
        wanted = uuid4()
        other = suppliers_account(account.customer, THIRD_IBAN).counterparty
        confirmed(account.counterparty, account_id=wanted)

        for statement in (
            account_row(account.counterparty, "CH5509983000004408126", id=wanted),
            account_row(account.counterparty, OTHER_IBAN),
            account_row(other, OTHER_IBAN, id=wanted),
        ):
            refused_sql("second person confirms", *statement)
        run_sql(*account_row(account.counterparty, OTHER_IBAN, id=wanted))

    def test_a_pending_refused_or_withdrawn_change_lets_nothing_in(self, account: CounterpartyAccount) -> None:
        change = pending(account.counterparty)
        statement = account_row(account.counterparty, OTHER_IBAN)
        refused_sql("second person confirms", *statement)
        decide(change, decision="refused", decided_by="ben", decided_at=NOW, reason="not theirs")
        refused_sql("second person confirms", *statement)

    @pytest.mark.parametrize("person", ["anna", "ANNA", " Anna ", "", "  "])
    def test_one_person_cannot_do_both(self, account: CounterpartyAccount, person: str) -> None:
        change = pending(account.counterparty)

        refused(
            "bank_change_",
            lambda: decide(
                change,
                decision="confirmed",
                decided_by=person,
                decided_at=NOW,
                verification="called",
                account_id=account.pk,
            ),
        )

    @pytest.mark.parametrize(
        "values",
        [
            {"decision": "confirmed", "account_id": None},
            {"decision": "confirmed", "verification": " "},
            {"decision": "confirmed", "decided_at": None},
            {"decision": "refused", "account_id": None, "reason": ""},
            {"decision": "refused", "reason": "not theirs"},  # with an account
            {"decision": "withdrawn", "account_id": None, "decided_by": ""},
            {"decision": "approved", "account_id": None},
            {"decision": "pending", "account_id": None},  # with somebody who decided
        ],
    )
    def test_a_decision_is_whole_or_refused(self, account: CounterpartyAccount, values: dict[str, Any]) -> None:
        change = pending(account.counterparty)
        whole = {"decided_by": "ben", "decided_at": NOW, "verification": "called", "account_id": account.pk}

        refused("bank_change_", lambda: decide(change, **(whole | values)))


class TestTrail:
    def test_a_change_begins_pending(self, account: CounterpartyAccount) -> None:
        whole: dict[str, Any] = {
            "decision": "confirmed",
            "decided_by": "ben",
            "decided_at": NOW,
            "verification": "called",
            "account_id": account.pk,
        }
        refused_sql("begins as pending", *change_row(account.counterparty, **whole))

    def test_one_change_of_an_iban_waits_at_a_time(self, account: CounterpartyAccount) -> None:
        change = pending(account.counterparty)
        with pytest.raises(IntegrityError), transaction.atomic():
            run_sql(*change_row(account.counterparty))
        decide(change, decision="withdrawn", decided_by="anna", decided_at=NOW)
        run_sql(*change_row(account.counterparty))

    @pytest.mark.parametrize(
        "values",
        [{"iban": THIRD_IBAN}, {"bic": "BYLADEM1001"}, {"asked_by": "zoe"}, {"source": "ocr"}, {"currency": "CHF"}],
    )
    def test_what_was_asked_for_is_never_edited(self, account: CounterpartyAccount, values: dict[str, Any]) -> None:
        change = pending(account.counterparty)
        refused("kept as it is", lambda: decide(change, **values))
        decide(change, decision="refused", decided_by="ben", decided_at=NOW, reason="not theirs")
        refused("kept as it is", lambda: decide(change, **values))

    def test_a_decision_is_never_edited_nor_a_row_deleted(self, account: CounterpartyAccount) -> None:
        change = pending(account.counterparty)
        delete = f"DELETE FROM {BankDetailsChange._meta.db_table}"  # noqa: S608
        refused_sql("kept as it is", delete)
        decide(change, decision="refused", decided_by="ben", decided_at=NOW, reason="not theirs")
        refused_sql("kept as it is", delete)
        for values in ({"decision": "pending", "decided_by": "", "decided_at": None}, {"reason": "other"}):
            refused("kept as it is", lambda values=values: decide(change, **values))  # type: ignore[misc]

    def test_an_entered_change_stays_entered(self, account: CounterpartyAccount) -> None:
        wanted = uuid4()
        change = confirmed(account.counterparty, account_id=wanted)
        run_sql(*account_row(account.counterparty, OTHER_IBAN, id=wanted))
        refused("kept as it is", lambda: decide(change, entered_at=None))

    def test_a_change_belongs_to_the_customer_of_its_counterparty(self, account: CounterpartyAccount) -> None:
        stranger = Customer.objects.create(legal_name="Somebody Else Ltd")

        def write() -> None:
            run_sql(*change_row(account.counterparty, customer_id=stranger.pk))
            connection.check_constraints()

        refused("customer", write)
