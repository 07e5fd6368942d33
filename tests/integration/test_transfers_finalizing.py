"""Finalising: once, under a lock, and only what is still true."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from counterparties.models import Counterparty, CounterpartyAccount
from counterparties.onboarding import open_onboarding
from invoices.models import Upload
from tests.ledger import SUPPLIERS_BIC, SUPPLIERS_IBAN, a_customer, a_draft, an_account, own_account
from transfers.finalizing import FinalizeBlocked, NotADraft, cancel_transfer, finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def finalised(transfer: Transfer) -> Transfer:
    return finalize_transfer(transfer_id=transfer.pk, by="person", now=NOW)


def blockers_of(transfer: Transfer) -> tuple[str, ...]:
    with pytest.raises(FinalizeBlocked) as caught:
        finalised(transfer)
    return caught.value.blockers


class TestFinalising:
    def test_a_new_pending_transfer_supersedes_the_draft(self) -> None:
        draft = a_draft(a_customer(), requested_execution_date=date(2026, 3, 30), metadata={"cost_centre": "7"})

        pending = finalised(draft)

        draft.refresh_from_db()
        assert (draft.status, pending.status) == ("superseded", "pending")
        assert pending.pk != draft.pk
        assert pending.supersedes == draft
        stored = Transfer.objects.get(pk=pending.pk)
        for name in (
            "customer_id",
            "amount_minor",
            "currency",
            "source_counterparty_id",
            "source_account_id",
            "destination_counterparty_id",
            "destination_account_id",
            "destination_iban",
            "destination_bic",
            "destination_name",
            "reference",
            "requested_execution_date",
            "upload_id",
            "ocr_job_id",
            "metadata",
        ):
            assert getattr(stored, name) == getattr(draft, name), name
        assert (stored.created_by, stored.modified_by, draft.created_by, draft.modified_by) == (
            "person",
            "person",
            "test",
            "person",
        )

    def test_the_upload_becomes_attached(self) -> None:
        draft = a_draft(a_customer())

        finalised(draft)

        upload = Upload.objects.get(pk=str(draft.upload_id))
        assert (upload.status, upload.modified_by) == ("attached", "person")

    def test_a_transfer_without_a_document_can_be_finalised(self) -> None:
        assert finalised(a_draft(a_customer(), upload=None, ocr_job_id=None)).status == "pending"

    def test_repeating_it_gives_the_same_transfer(self) -> None:
        draft = a_draft(a_customer())

        assert finalised(draft).pk == finalised(draft).pk
        assert Transfer.objects.count() == 2

    @pytest.mark.parametrize(
        ("asked_for", "given"),
        [
            (None, date(2026, 3, 2)),
            (date(2026, 2, 1), date(2026, 3, 2)),
            (date(2026, 3, 2), date(2026, 3, 2)),
            (date(2026, 3, 9), date(2026, 3, 9)),
        ],
    )
    def test_the_execution_date_is_never_in_the_past(self, asked_for: date | None, given: date) -> None:
        assert finalised(a_draft(a_customer(), requested_execution_date=asked_for)).requested_execution_date == given

    def test_an_unknown_transfer_is_not_there(self) -> None:
        with pytest.raises(Transfer.DoesNotExist):
            finalize_transfer(transfer_id=uuid4(), by="person", now=NOW)

    def test_the_pending_transfer_itself_is_no_draft(self) -> None:
        pending = finalised(a_draft(a_customer()))

        with pytest.raises(NotADraft, match="pending"):
            finalised(pending)


class TestBlocked:
    def test_the_blockers_of_the_draft_are_named_with_what_to_do(self) -> None:
        draft = a_draft(a_customer(), blockers=["bank_details_changed", "account_assumed"])

        with pytest.raises(FinalizeBlocked, match="confirm that the primary account is meant") as caught:
            finalised(draft)

        assert caught.value.blockers == ("account_assumed", "bank_details_changed")
        draft.refresh_from_db()
        assert (draft.status, Transfer.objects.count(), Upload.objects.get().status) == ("draft", 1, "draft")

    @pytest.mark.parametrize(
        ("fields", "blockers"),
        [
            ({"amount_minor": None}, ("amount_missing",)),
            ({"amount_minor": 0}, ("amount_not_positive",)),
            ({"amount_minor": -1}, ("amount_not_positive",)),
            ({"amount_minor": None, "currency": ""}, ("amount_missing", "currency_missing")),
            ({"source_account": None}, ("source_account_missing",)),
            ({"destination_account": None, "destination_iban": "", "destination_bic": ""}, ("account_unknown",)),
        ],
    )
    def test_what_is_missing_blocks_even_if_the_draft_does_not_say_so(
        self, fields: dict[str, Any], blockers: tuple[str, ...]
    ) -> None:
        assert blockers_of(a_draft(a_customer(), **fields)) == blockers

    def test_an_account_deactivated_since_then_blocks(self) -> None:
        draft = a_draft(a_customer())
        CounterpartyAccount.objects.filter(pk=str(draft.destination_account_id)).update(active=False)

        assert blockers_of(draft) == ("account_inactive",)

    def test_a_counterparty_deactivated_since_then_blocks(self) -> None:
        draft = a_draft(a_customer())
        Counterparty.objects.filter(pk=str(draft.destination_counterparty_id)).update(active=False)

        assert blockers_of(draft) == ("counterparty_inactive",)

    @pytest.mark.parametrize("change", [{"iban": "DE02500105170137075030"}, {"bic": "INGDDEFFXXX"}])
    def test_bank_details_changed_since_then_block(self, change: dict[str, str]) -> None:
        customer = a_customer()
        # In an open onboarding: elsewhere the database keeps an account's IBAN as it is.
        supplier = Counterparty.objects.create(
            customer=customer, legal_name="Hollow Oak Timber Ltd", onboarding=open_onboarding(by="test")
        )
        account = an_account(supplier, SUPPLIERS_IBAN, bic=SUPPLIERS_BIC)
        draft = a_draft(customer, destination_counterparty=supplier, destination_account=account)
        CounterpartyAccount.objects.filter(pk=account.pk).update(**change)

        assert blockers_of(draft) == ("bank_details_changed",)

    def test_an_account_of_another_counterparty_blocks(self) -> None:
        customer = a_customer()
        draft = a_draft(customer)
        stranger = Counterparty.objects.create(customer=customer, legal_name="Somebody Else")
        Transfer.objects.filter(pk=draft.pk).update(destination_counterparty=stranger)

        assert blockers_of(draft) == ("account_inactive",)

    def test_a_counterparty_of_another_customer_blocks(self) -> None:
        draft = a_draft(a_customer())
        stranger = Counterparty.objects.create(customer=a_customer("Brindle & Co"), legal_name="Somebody Else")
        account = an_account(stranger, draft.destination_iban, bic=draft.destination_bic)
        Transfer.objects.filter(pk=draft.pk).update(destination_counterparty=stranger, destination_account=account)

        assert blockers_of(draft) == ("counterparty_inactive",)

    def test_an_iban_that_is_also_an_own_account_blocks(self) -> None:
        customer = a_customer()
        draft = a_draft(customer)
        own_account(customer, draft.destination_iban)

        assert blockers_of(draft) == ("iban_is_own_account",)

    def test_the_own_counterparty_as_payee_blocks(self) -> None:
        customer = a_customer()
        draft = a_draft(customer)
        second = own_account(customer, "DE87200500001234567890")
        Transfer.objects.filter(pk=draft.pk).update(
            destination_counterparty=second.counterparty,
            destination_account=second,
            destination_iban=second.iban,
            destination_bic=second.bic,
        )

        assert blockers_of(draft) == ("iban_is_own_account",)

    def test_a_source_account_that_is_gone_blocks(self) -> None:
        draft = a_draft(a_customer())
        CounterpartyAccount.objects.filter(pk=str(draft.source_account_id)).update(active=False)

        assert blockers_of(draft) == ("source_account_missing",)

    def test_an_account_of_somebody_else_cannot_pay(self) -> None:
        customer = a_customer()
        draft = a_draft(customer)
        neighbours = own_account(a_customer("Brindle & Co"), "DE87200500001234567890")
        Transfer.objects.filter(pk=draft.pk).update(
            source_account=neighbours, source_counterparty=neighbours.counterparty
        )

        assert blockers_of(draft) == ("source_account_missing",)


class TestCancelling:
    def test_a_draft_can_be_cancelled_and_then_not_be_finalised(self) -> None:
        draft = a_draft(a_customer())

        cancelled = cancel_transfer(transfer_id=draft.pk, by="person", now=NOW)

        assert (cancelled.status, cancelled.cancelled_at, cancelled.modified_by) == ("cancelled", NOW, "person")
        with pytest.raises(NotADraft, match="cancelled"):
            finalised(draft)

    def test_a_pending_transfer_can_be_cancelled_and_its_draft_does_not_come_back(self) -> None:
        draft = a_draft(a_customer())
        pending = finalised(draft)

        cancel_transfer(transfer_id=pending.pk, by="person", now=NOW)

        assert finalised(draft).pk == pending.pk
        assert Transfer.objects.get(pk=pending.pk).status == "cancelled"
        assert Transfer.objects.get(pk=draft.pk).status == "superseded"

    def test_cancelling_twice_changes_nothing(self) -> None:
        draft = a_draft(a_customer())
        cancel_transfer(transfer_id=draft.pk, by="person", now=NOW)

        again = cancel_transfer(transfer_id=draft.pk, by="somebody else", now=datetime(2027, 1, 1, tzinfo=UTC))

        assert (again.cancelled_at, again.modified_by) == (NOW, "person")

    def test_a_finalised_draft_cannot_be_cancelled_behind_its_successors_back(self) -> None:
        draft = a_draft(a_customer())
        finalised(draft)

        with pytest.raises(NotADraft, match="superseded it"):
            cancel_transfer(transfer_id=draft.pk, by="person", now=NOW)


def at_the_same_time(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls return or raise, each made in a thread and on a database connection of its own."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=20)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        futures = [threads.submit(run, call) for call in calls]
    return [future.exception() or future.result() for future in futures]


@pytest.mark.django_db(transaction=True)
class TestConcurrency:
    def test_concurrent_calls_give_one_and_the_same_transfer(self) -> None:
        draft = a_draft(a_customer())

        outcomes = at_the_same_time(*[lambda: finalised(draft)] * 8)

        assert len(outcomes) == 8
        assert {getattr(outcome, "pk", outcome) for outcome in outcomes} == {Transfer.objects.get(status="pending").pk}

    def test_finalising_and_cancelling_at_once_leaves_exactly_one_of_the_two(self) -> None:
        draft = a_draft(a_customer())

        outcomes = at_the_same_time(
            lambda: finalised(draft), lambda: cancel_transfer(transfer_id=draft.pk, by="person", now=NOW)
        )

        draft.refresh_from_db()
        assert sorted(isinstance(outcome, NotADraft) for outcome in outcomes) == [False, True]
        assert Transfer.objects.filter(status="pending").exists() == (draft.status == "superseded")
