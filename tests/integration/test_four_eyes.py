"""What the database lets into the ledger, by plain SQL and by the models: no changed account without two people."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty, CounterpartyAccount
from counterparties.onboarding import LONGEST, Onboarding, onboarding, open_onboarding
from customers.models import Customer
from tests.ledger import SUPPLIERS_IBAN, a_customer, suppliers_account

pytestmark = pytest.mark.django_db

OTHER_IBAN = "DE57900402617713500290"
THIRD_IBAN = "GB19KEHB99811460027713"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def account() -> CounterpartyAccount:
    """The account of an established supplier."""
    return suppliers_account(a_customer())


def row_of(model: type[Model], **values: Any) -> tuple[str, list[Any]]:
    """An INSERT as somebody would write it who goes around the models."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    prepared = [fields[name].get_db_prep_save(value, connection) for name, value in values.items()]
    columns = ", ".join(f'"{fields[name].column}"' for name in values)
    places = ", ".join(["%s"] * len(values))
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})', prepared  # noqa: S608


def run_sql(statement: str, parameters: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def refused_sql(message: str, statement: str, parameters: list[Any] | None = None) -> None:
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        run_sql(statement, parameters)


def key(value: UUID) -> str:
    """The id as it stands in a statement of this database."""
    return f"'{value}'" if connection.vendor == "postgresql" else f"'{value.hex}'"


def account_row(counterparty: Counterparty, iban: str, **values: Any) -> tuple[str, list[Any]]:
    given: dict[str, Any] = {
        "id": uuid4(),
        "created_at": NOW,
        "created_by": "mallory",
        "modified_at": NOW,
        "modified_by": "mallory",
        "active": True,
        "metadata": {},
        "counterparty_id": counterparty.pk,
        "customer_id": counterparty.customer_id,
        "iban": iban,
        "bic": "",
        "bank": "",
        "currency": "EUR",
        "is_primary": False,
        "is_validated": True,
    }
    return row_of(CounterpartyAccount, **(given | values))


def change_row(counterparty: Counterparty, **values: Any) -> tuple[str, list[Any]]:
    given: dict[str, Any] = {
        "id": uuid4(),
        "customer_id": counterparty.customer_id,
        "counterparty_id": counterparty.pk,
        "iban": OTHER_IBAN,
        "bic": "",
        "bank": "",
        "currency": "EUR",
        "source": "admin",
        "document_says": "",
        "asked_by": "anna",
        "asked_at": NOW,
        "verification": "",
        "decision": "pending",
        "decided_by": "",
        "reason": "",
    }
    return row_of(BankDetailsChange, **(given | values))


def pending(counterparty: Counterparty, **values: Any) -> BankDetailsChange:
    run_sql(*change_row(counterparty, **values))
    return BankDetailsChange.objects.get(decision="pending")


def confirmed(counterparty: Counterparty, *, account_id: UUID, iban: str = OTHER_IBAN) -> BankDetailsChange:
    """A change that two people made, by plain statements; `account_id` may be that of an account to come."""
    change = pending(counterparty, iban=iban)
    decide(change, decision="confirmed", decided_by="ben", decided_at=NOW, verification="called", account_id=account_id)
    change.refresh_from_db()
    return change


def decide(change: BankDetailsChange, **values: Any) -> None:
    BankDetailsChange.objects.filter(pk=change.pk).update(**values)


def refused(message: str, write: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        write()


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


class TestEstablished:
    def test_the_first_account_of_a_counterparty_is_free(self) -> None:
        newcomer = Counterparty.objects.create(customer=a_customer(), legal_name="Zobel AG")
        assert not newcomer.has_established_bank_details()
        run_sql(*account_row(newcomer, OTHER_IBAN))
        assert newcomer.has_established_bank_details()

    def test_so_are_all_that_come_with_it_in_one_go(self) -> None:
        with onboarding(by="anna") as opened:
            newcomer = Counterparty.objects.create(customer=a_customer(), legal_name="Zobel AG", onboarding=opened)
            run_sql(*account_row(newcomer, OTHER_IBAN))
            run_sql(*account_row(newcomer, THIRD_IBAN, currency="CHF"))
            assert not newcomer.has_established_bank_details()
        newcomer = Counterparty.objects.get()
        assert newcomer.has_established_bank_details()
        refused_sql("second person confirms", *account_row(newcomer, SUPPLIERS_IBAN))

    def test_an_onboarding_that_nobody_closed_ends_after_a_day(self) -> None:
        forgotten = Onboarding.objects.create(
            opened_by="anna", opened_at=timezone.now() - LONGEST - timedelta(minutes=1)
        )
        newcomer = Counterparty.objects.create(customer=a_customer(), legal_name="Zobel AG", onboarding=forgotten)
        run_sql(*account_row(newcomer, OTHER_IBAN))
        refused_sql("second person confirms", *account_row(newcomer, THIRD_IBAN))
        assert newcomer.has_established_bank_details()

    def test_an_onboarding_is_never_opened_again_nor_made_younger(self) -> None:
        closed, open_still = open_onboarding(by="anna"), open_onboarding(by="anna")
        closed.close()
        table = Onboarding._meta.db_table
        refused_sql("stays closed", f"UPDATE {table} SET closed_at = NULL WHERE id = {key(closed.pk)}")  # noqa: S608
        rows = Onboarding.objects.filter(pk=open_still.pk)
        refused("stays closed", lambda: rows.update(opened_at=timezone.now() + timedelta(days=9)))

    def test_no_counterparty_is_moved_into_an_onboarding(self, account: CounterpartyAccount) -> None:
        rows = Counterparty.objects.filter(pk=account.counterparty_id)
        refused("stay established", lambda: rows.update(onboarding=open_onboarding(by="anna")))

    def test_whoever_had_an_account_stays_established(self, account: CounterpartyAccount) -> None:
        run_sql(f"DELETE FROM {CounterpartyAccount._meta.db_table}")  # noqa: S608
        supplier = Counterparty.objects.get()
        assert supplier.bank_details_established_at is not None
        assert supplier.has_established_bank_details()
        refused_sql("second person confirms", *account_row(supplier, OTHER_IBAN))
        refused(
            "stay established",
            lambda: Counterparty.objects.filter(pk=supplier.pk).update(bank_details_established_at=None),
        )

    def test_nor_does_it_help_to_write_the_counterparty_again(self, account: CounterpartyAccount) -> None:
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
    def test_nor_to_write_over_the_account(self, account: CounterpartyAccount, values: dict[str, Any]) -> None:
        CounterpartyAccount.objects.update(is_primary=True)
        if values.pop("same_id", False):
            values["id"] = account.pk
        statement, parameters = account_row(account.counterparty, OTHER_IBAN, **values)
        over = "ON CONFLICT (id) DO UPDATE SET iban = EXCLUDED.iban"
        refused_sql("second person confirms|one_primary", f"{statement} {over}", parameters)
        if connection.vendor == "sqlite":
            refused_sql("second person confirms", statement.replace("INSERT", "INSERT OR REPLACE"), parameters)
        assert CounterpartyAccount.objects.get().iban == SUPPLIERS_IBAN

    def test_nor_over_an_onboarding_or_a_change(self, account: CounterpartyAccount) -> None:
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
                refused_sql("", *upsert)
        change.refresh_from_db()
        assert (change.iban, change.asked_by) == (OTHER_IBAN, "anna")

    def test_a_failed_onboarding_is_closed_as_well(self) -> None:
        with pytest.raises(RuntimeError), onboarding(by="anna") as opened:
            raise RuntimeError
        assert not Onboarding.objects.get(pk=opened.pk).is_open
