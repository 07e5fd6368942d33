"""The audit trail: one chain however many write at once, which nobody changes unseen."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from customers.audit.chain import FIRST, content_hash, entry_hash
from customers.audit.models import AuditEntry, AuditHead
from customers.audit.recording import changes, plain, record
from customers.audit.verifying import TrailBroken, Walked, verify_trail
from customers.models import Customer
from tests.at_once import at_once
from tests.ledger import a_customer
from tests.triggers import lifted

pytestmark = pytest.mark.django_db

WRITERS, EACH = 6, 5
COPY = (
    "INSERT INTO customers_auditentry (number, recorded_at, actor, action, subject_type, subject_id, subject, detail,"
    " content_hash, previous_hash, hash) SELECT {number}, recorded_at, actor, action, subject_type, subject_id,"
    " subject, detail, content_hash, previous_hash, hash FROM customers_auditentry WHERE number = {of}"
)


def told(customer: Customer, *, by: str = "anna", number: int = 0) -> AuditEntry:
    return record(
        action="test.done", by=by, subject=customer, customer_id=customer.pk, detail={"number": number, "é": [1, None]}
    )


@pytest.fixture
def customer() -> Customer:
    return a_customer()


@pytest.fixture
def five(customer: Customer) -> list[AuditEntry]:
    """A trail of five entries."""
    for number in range(5):
        told(customer, number=number)
    connection.check_constraints()
    return list(AuditEntry.objects.order_by("number"))


def walk(expected: str | None = None) -> Walked:
    """What is walked; entries that the end of the test's transaction would seal are sealed first."""
    connection.check_constraints()
    return verify_trail(expected=expected)


def write(*, sql: str, without: tuple[str, ...]) -> None:
    with lifted(*without), connection.cursor() as cursor:
        cursor.execute(sql)


class TestWriting:
    def test_entries_follow_each_other_from_the_first(self, five: list[AuditEntry]) -> None:
        assert [entry.number for entry in five] == [1, 2, 3, 4, 5]
        assert five[0].previous_hash == FIRST
        assert [entry.previous_hash for entry in five[1:]] == [entry.hash for entry in five[:-1]]
        assert walk().head == five[-1].hash == AuditHead.objects.get().hash

    @pytest.mark.usefixtures("committed")
    def test_writers_at_once_make_one_chain_and_none_fails(self, customer: Customer) -> None:
        def write_some(who: int) -> Callable[[], None]:
            def run() -> None:
                for number in range(EACH):
                    with transaction.atomic():
                        told(customer, by=f"writer {who}", number=number)
                        # Locked after it was recorded, by each in the same order as by all others.
                        Customer.objects.select_for_update().get(pk=customer.pk)

            return run

        assert at_once(*(write_some(who) for who in range(WRITERS))) == [None] * WRITERS
        assert walk().entries == WRITERS * EACH
        for who in range(WRITERS):
            own = AuditEntry.objects.filter(actor=f"writer {who}").order_by("number")
            assert [entry.detail["number"] for entry in own] == list(range(EACH))

    @pytest.mark.usefixtures("committed")
    def test_writers_that_lock_in_different_orders_do_not_wait_for_each_other(self, customer: Customer) -> None:
        def record_first() -> None:
            with transaction.atomic():
                told(customer)
                Customer.objects.select_for_update().get(pk=customer.pk)

        def lock_first() -> None:
            with transaction.atomic():
                Customer.objects.select_for_update().get(pk=customer.pk)
                told(customer)

        assert at_once(*[record_first, lock_first] * 4) == [None] * 8
        assert walk().entries == 8

    def test_what_is_rolled_back_was_never_recorded(self, customer: Customer) -> None:
        told(customer)
        with transaction.atomic():
            told(customer)
            transaction.set_rollback(True)
        with transaction.atomic():
            told(customer, by="ben")
            with transaction.atomic():
                told(customer, by="nobody")
                transaction.set_rollback(True)
            told(customer, by="cara")

        assert walk().entries == 3
        assert [entry.actor for entry in AuditEntry.objects.order_by("number")] == ["anna", "ben", "cara"]

    def test_odd_values_are_stored_as_they_are_hashed(self, customer: Customer) -> None:
        odd: dict[str, Any] = {"nul\0": "a\0b", "float": 1.5, "half": "\ud800", "long": "x" * 999, "many": range(3)}
        record(action="test.odd", by="an\0na" * 99, subject=customer, detail={**odd, "list": list(range(300))})

        assert walk().entries == 1
        entry = AuditEntry.objects.get()
        assert entry.detail["float"] == "1.5"
        assert entry.detail["nul"] == "ab"
        assert (len(entry.detail["long"]), len(entry.detail["list"]), len(entry.actor)) == (200, 100, 200)

    def test_the_hashes_are_those_that_are_documented(self) -> None:
        said = content_hash(
            recorded_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
            actor="anna",
            action="test.done",
            customer_id=None,
            subject_type="customers.customer",
            subject_id="1",
            subject="Müller",
            detail={"b": 1, "a": None},
        )
        assert said == "c7a2dd97fcf9d418292d83aa1faec0b8716487e47d4fce03b8e6cbfba54dfe11"
        assert (
            entry_hash(number=1, previous_hash=FIRST, content_hash=said)
            == "a747d62906b63634d14a8cbfb928747f3b93d2de105b32072e7b705b6938fac5"
        )

    def test_only_what_differs_is_a_change(self) -> None:
        assert changes(before={"a": 1, "b": 2}, after={"a": 1, "b": 3}) == {"b": {"before": 2, "after": 3}}
        assert plain({"a": (1, True, None)}) == {"a": [1, True, None]}


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE customers_auditentry SET actor = 'mallory' WHERE number = 2",
            "UPDATE customers_auditentry SET number = 77 WHERE number = 5",
            "UPDATE customers_auditentry SET hash = previous_hash WHERE number = 5",
            "DELETE FROM customers_auditentry WHERE number = 5",
            "DELETE FROM customers_audithead",
            "UPDATE customers_audithead SET number = 4",
            COPY.format(number=6, of=5),
        ],
    )
    def test_to_change_remove_or_slip_in_an_entry(self, five: list[AuditEntry], sql: str) -> None:
        with pytest.raises(IntegrityError, match="audit trail"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert walk().head == five[-1].hash

    def test_to_replace_an_entry(self, five: list[AuditEntry]) -> None:
        columns = {str(field.column): str(field.column) for field in AuditEntry._meta.concrete_fields}
        copied = ", ".join((columns | {"number": "6", "previous_hash": "hash"}).values())
        insert = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
        replace = f"{insert} INTO customers_auditentry ({', '.join(columns)}) SELECT {copied}"
        with pytest.raises(IntegrityError, match="audit trail"), connection.cursor() as cursor:
            cursor.execute(f"{replace} FROM customers_auditentry WHERE number = 5")


class TestVerifying:
    @pytest.mark.parametrize(
        ("sql", "without", "found"),
        [
            (
                "UPDATE customers_auditentry SET actor = 'ben' WHERE number = 2",
                ("audit_entry_stays",),
                "Entry 2 .*changed",
            ),
            (
                "UPDATE customers_auditentry SET detail = '{\"number\": 9}' WHERE number = 3",
                ("audit_entry_stays",),
                "Entry 3 .*changed",
            ),
            ("DELETE FROM customers_auditentry WHERE number = 4", ("audit_entry_never_deleted",), "Entry 4 is missing"),
            ("DELETE FROM customers_auditentry WHERE number = 5", ("audit_entry_never_deleted",), "Entry 5 is missing"),
            ("DELETE FROM customers_auditentry", ("audit_entry_never_deleted",), "Entry 1 is missing"),
            ("UPDATE customers_audithead SET hash = 'x', number = 5", ("audit_head_moves_on",), "head of the trail"),
            ("UPDATE customers_audithead SET number = 4", ("audit_head_moves_on",), "head of the trail"),
            ("DELETE FROM customers_audithead", ("audit_head_never_deleted",), "Entry 5 .*slipped in"),
        ],
    )
    def test_finds_what_the_owner_of_the_database_did(
        self, five: list[AuditEntry], sql: str, without: tuple[str, ...], found: str
    ) -> None:
        write(sql=sql, without=without)

        with pytest.raises(TrailBroken, match=found):
            walk()

    @pytest.mark.parametrize("number", ["NULL", "6", "3"])
    def test_finds_an_entry_that_slipped_in(self, five: list[AuditEntry], number: str) -> None:
        makes_room = ("audit_entry_continues", "audit_entry_stays", "audit_entry_queued", "audit_entry_sealed")
        with lifted(*makes_room), connection.cursor() as cursor:
            if number == "3":
                cursor.execute("UPDATE customers_auditentry SET number = number + 100 WHERE number >= 3")
                cursor.execute("UPDATE customers_auditentry SET number = number - 99 WHERE number > 100")
            cursor.execute(COPY.format(number=number, of=2))

        with pytest.raises(TrailBroken, match=r"slipped in|was changed"):
            walk()

    def test_a_trail_made_anew_is_whole_and_yet_not_the_one_whose_hash_was_noted(self, customer: Customer) -> None:
        told(customer)
        noted = walk().head
        told(customer)
        assert walk(noted).noted == 1

        with lifted("audit_entry_never_deleted", "audit_head_never_deleted"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM customers_auditentry")
            cursor.execute("DELETE FROM customers_audithead")
        told(customer, by="mallory")

        assert walk().entries == 1
        with pytest.raises(TrailBroken, match=noted):
            walk(noted)

    def test_the_command_prints_the_hash_to_note(self, five: list[AuditEntry]) -> None:
        out, progress = StringIO(), StringIO()
        call_command("verify_audit", "--expect", five[2].hash.upper(), stdout=out, stderr=progress)

        assert "whole: 5 entries" in out.getvalue()
        assert "entry 3; 2 followed" in out.getvalue()
        assert out.getvalue().splitlines()[-1] == five[-1].hash
        assert progress.getvalue() == "5 of 5 entries\n"

    def test_the_command_fails_with_the_first_broken_entry(self, five: list[AuditEntry]) -> None:
        write(sql="UPDATE customers_auditentry SET actor = 'x' WHERE number > 1", without=("audit_entry_stays",))

        with pytest.raises(CommandError, match=r"Entry 2 .*test.done by x"):
            call_command("verify_audit", stderr=StringIO())

    def test_a_trail_without_entries_is_whole(self) -> None:
        assert walk() == Walked(entries=0, head=FIRST)
        assert walk(FIRST).noted == 0
