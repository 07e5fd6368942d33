"""Asking for a change of bank details and deciding on it: who may, what it leaves behind, and two at the same time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from counterparties.bank_changes import (
    AlreadyDecided,
    AlreadyOnFile,
    AskedAccount,
    ChangeRefused,
    Origin,
    SamePerson,
    ask_for_change,
    confirm_change,
    refuse_change,
    withdraw_change,
)
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty, CounterpartyAccount
from tests.at_once import at_once
from tests.ledger import SUPPLIERS_IBAN, a_customer, suppliers_account

OTHER_IBAN = "DE57900402617713500290"
FRANCS_IBAN = "CH5509983000004408126"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)


def a_supplier() -> Counterparty:
    return suppliers_account(a_customer(), is_primary=True).counterparty


def ask(supplier: Counterparty, *, by: str = "anna", iban: str = OTHER_IBAN, **details: str) -> BankDetailsChange:
    return ask_for_change(
        customer_id=supplier.customer_id,
        counterparty_id=supplier.pk,
        account=AskedAccount(**({"iban": iban, "currency": "EUR"} | details)),
        origin=Origin(source="admin"),
        by=by,
        now=NOW,
    )


def confirm(change: BankDetailsChange, *, by: str = "ben") -> BankDetailsChange:
    return confirm_change(change_id=change.pk, by=by, now=LATER, verification="called the number on file")


@pytest.mark.django_db
class TestAsking:
    def test_nothing_in_the_ledger_changes(self) -> None:
        supplier = a_supplier()
        change = ask(supplier, iban="DE57 9004 0261 7713 5002 90", bank=" Spreeufer-Bank ")

        change.refresh_from_db()
        assert (change.iban, change.bank, change.decision) == (OTHER_IBAN, "Spreeufer-Bank", "pending")
        assert (change.asked_by, change.asked_at, change.account) == ("anna", NOW, None)
        assert supplier.accounts.count() == 1

    @pytest.mark.parametrize(
        ("details", "field"),
        [({"iban": "DE57900402617713500291"}, "iban"), ({"bic": "BNPAFRPP"}, "bic"), ({"currency": "eur"}, "currency")],
    )
    def test_an_account_that_cannot_be_right_is_refused(self, details: dict[str, str], field: str) -> None:
        with pytest.raises(ValidationError) as caught:
            ask(a_supplier(), **details)
        assert list(caught.value.message_dict) == [field]

    def test_a_counterparty_of_another_customer_does_not_exist(self) -> None:
        supplier, stranger = a_supplier(), a_customer("Stranger AG")
        supplier.customer = stranger  # what a caller claims, not what is stored
        with pytest.raises(ChangeRefused, match="no such counterparty of this customer"):
            ask(supplier)

    def test_what_is_on_file_or_waits_already_is_not_asked_for(self) -> None:
        supplier = a_supplier()
        with pytest.raises(AlreadyOnFile, match="use that one"):
            ask(supplier, iban=SUPPLIERS_IBAN)
        ask(supplier)
        with pytest.raises(AlreadyOnFile, match="anna has asked for"):
            ask(supplier, by="ben")
        supplier.active = False
        supplier.save()
        with pytest.raises(ChangeRefused, match="deactivated"):
            ask(supplier, iban=FRANCS_IBAN)

    def test_somebody_asks(self) -> None:
        with pytest.raises(ValidationError):
            ask(a_supplier(), by="  ")


@pytest.mark.django_db
class TestDeciding:
    def test_the_confirmed_account_is_on_file_and_the_trail_complete(self) -> None:
        supplier = a_supplier()
        change = confirm(ask(supplier, bic="SPZBDEBBXXX"))

        account = change.account
        assert account is not None
        assert (account.iban, account.bic, account.active, account.is_validated) == (
            OTHER_IBAN,
            "SPZBDEBBXXX",
            True,
            True,
        )
        assert (account.is_primary, account.created_by, account.customer_id) == (False, "ben", supplier.customer_id)
        assert (change.decision, change.decided_by, change.decided_at) == ("confirmed", "ben", LATER)
        assert (change.verification, change.entered_at is not None) == ("called the number on file", True)

    def test_the_first_account_in_a_currency_becomes_the_primary_one(self) -> None:
        account = confirm(ask(a_supplier(), iban=FRANCS_IBAN, currency="CHF")).account
        assert account is not None
        assert account.is_primary

    def test_a_deactivated_account_comes_back(self) -> None:
        supplier = a_supplier()
        supplier.accounts.update(active=False)
        account = confirm(ask(supplier, iban=SUPPLIERS_IBAN)).account
        assert account == CounterpartyAccount.objects.get()
        assert account.active

    @pytest.mark.parametrize("person", ["anna", "Anna", " ANNA ", "", " "])
    def test_nobody_confirms_alone(self, person: str) -> None:
        change = ask(a_supplier())
        with pytest.raises(SamePerson):
            confirm(change, by=person)
        assert CounterpartyAccount.objects.count() == 1

    def test_who_asked_withdraws_and_others_refuse(self) -> None:
        supplier = a_supplier()
        change = ask(supplier)
        with pytest.raises(SamePerson, match="withdraw it"):
            refuse_change(change_id=change.pk, by="anna", now=LATER, reason="a mistake")
        with pytest.raises(ChangeRefused, match="anna asked for this change"):
            withdraw_change(change_id=change.pk, by="ben", now=LATER)
        assert withdraw_change(change_id=change.pk, by="anna", now=LATER).decision == "withdrawn"
        refused = refuse_change(change_id=ask(supplier).pk, by="ben", now=LATER, reason="they know nothing of it")
        assert (refused.decision, refused.reason) == ("refused", "they know nothing of it")
        assert supplier.accounts.count() == 1

    def test_a_decision_is_made_once(self) -> None:
        change = confirm(ask(a_supplier()))
        assert confirm(change).decided_at == LATER  # a second click of the same person
        acts: tuple[Callable[[], Any], ...] = (
            lambda: confirm(change, by="cleo"),
            lambda: refuse_change(change_id=change.pk, by="cleo", now=LATER, reason="no"),
            lambda: withdraw_change(change_id=change.pk, by="anna", now=LATER),
        )
        for act in acts:
            with pytest.raises(AlreadyDecided, match="was confirmed by ben on 2026-03-02 12:00 UTC"):
                act()

    def test_an_account_on_file_that_cannot_be_right_does_not_come_back(self) -> None:
        supplier = a_supplier()
        supplier.accounts.update(active=False, bic="BNPAFRPP")
        change = ask(supplier, iban=SUPPLIERS_IBAN)
        with pytest.raises(ChangeRefused, match="cannot be entered: The BIC belongs to a bank in FR"):
            confirm(change)
        change.refresh_from_db()
        assert (change.decision, CounterpartyAccount.objects.get().active) == ("pending", False)

    def test_what_is_no_longer_so_is_not_confirmed(self) -> None:
        supplier = a_supplier()
        change = ask(supplier)
        with pytest.raises(ChangeRefused, match="Say how"):
            confirm_change(change_id=change.pk, by="ben", now=LATER)
        Counterparty.objects.update(active=False)
        with pytest.raises(ChangeRefused, match="deactivated"):
            confirm(change)
        with pytest.raises(ChangeRefused, match="no such change"):
            confirm_change(change_id=uuid4(), by="ben", now=LATER)


@pytest.mark.usefixtures("committed")
class TestAtOnce:
    def test_of_several_who_confirm_one_wins_and_the_others_are_told(self) -> None:
        change = ask(a_supplier())
        people = ("ben", "cleo", "dan", "eve")

        outcomes = at_once(*[lambda by=by: confirm(change, by=by) for by in people])

        [winner] = [each for each in outcomes if isinstance(each, BankDetailsChange)]
        others = [each for each in outcomes if each is not winner]
        assert [type(each) for each in others] == [AlreadyDecided] * 3
        change.refresh_from_db()
        assert all(f"was confirmed by {change.decided_by}" in str(each) for each in others)
        assert CounterpartyAccount.objects.filter(iban=OTHER_IBAN).count() == 1

    def test_confirmed_and_refused_at_once_is_one_of_them(self) -> None:
        change = ask(a_supplier())

        outcomes = at_once(
            lambda: confirm(change), lambda: refuse_change(change_id=change.pk, by="cleo", now=LATER, reason="no")
        )

        assert sorted(type(each).__name__ for each in outcomes) == ["AlreadyDecided", "BankDetailsChange"]
        change.refresh_from_db()
        assert CounterpartyAccount.objects.filter(iban=OTHER_IBAN).exists() == (change.decision == "confirmed")

    def test_asked_for_twice_at_once_it_waits_once(self) -> None:
        supplier = a_supplier()

        outcomes = at_once(lambda: ask(supplier, by="anna"), lambda: ask(supplier, by="ben"))

        assert sorted(type(each).__name__ for each in outcomes) == ["AlreadyOnFile", "BankDetailsChange"]

    def test_of_two_first_accounts_at_once_the_database_takes_one(self) -> None:
        bare = Counterparty.objects.create(customer=a_customer(), legal_name="Zobel AG")
        written = Event()

        def first() -> None:
            with transaction.atomic():
                CounterpartyAccount.objects.create(counterparty=bare, iban=OTHER_IBAN)
                written.set()
                # The other one is given the time to run into this one.
                Event().wait(0.5)

        def second() -> None:
            written.wait(10)
            CounterpartyAccount.objects.create(counterparty=bare, iban=FRANCS_IBAN)

        [none, refusal] = at_once(first, second)

        assert none is None
        assert isinstance(refusal, IntegrityError)
        assert "second person confirms" in str(refusal)
        assert [row.iban for row in bare.accounts.all()] == [OTHER_IBAN]
