"""The job's one draft as a row, and whence a customer pays."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from counterparties.models import CounterpartyAccount
from customers.models import Customer
from tests.ledger import OWN_IBAN, a_customer, a_draft, an_upload, own_account, suppliers_account
from transfers.drafting import SourceAccount, TransferDraft
from transfers.drafts import store_draft
from transfers.finalizing import cancel_transfer, finalize_transfer
from transfers.models import Transfer
from transfers.sources import default_source

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND_OWN_IBAN = "DE87200500001234567890"


def a_plan(customer: Customer) -> TransferDraft:
    source, destination = own_account(customer), suppliers_account(customer)
    return TransferDraft(
        amount_minor=11900,
        currency="EUR",
        source=SourceAccount(counterparty_id=source.counterparty_id, account_id=source.id),
        destination_counterparty_id=destination.counterparty_id,
        destination_account_id=destination.id,
        iban=destination.iban,
        bic=destination.bic,
        name="Hollow Oak Timber Ltd",
        reference="RF18539007547034",
        requested_execution_date=date(2026, 3, 30),
        blockers=(),
    )


def unresolved(plan: TransferDraft) -> TransferDraft:
    return replace(plan, destination_account_id=None, iban="", bic="", blockers=("account_unknown",))


class TestStoringTheDraft:
    def test_every_value_of_the_draft_is_stored(self) -> None:
        customer = a_customer()
        plan, upload, job_id = a_plan(customer), an_upload(customer), uuid4()

        stored = store_draft(job_id=job_id, customer=customer, upload=upload, draft=plan, by="job")

        transfer = Transfer.objects.get(pk=stored.pk)
        assert (transfer.status, transfer.customer, transfer.upload, transfer.ocr_job_id) == (
            "draft",
            customer,
            upload,
            job_id,
        )
        assert (transfer.amount_minor, transfer.currency, transfer.reference) == (11900, "EUR", "RF18539007547034")
        assert (transfer.source_counterparty_id, transfer.source_account_id) == (
            plan.source.counterparty_id,
            plan.source.account_id,
        )
        assert (transfer.destination_counterparty_id, transfer.destination_account_id) == (
            plan.destination_counterparty_id,
            plan.destination_account_id,
        )
        assert (transfer.destination_iban, transfer.destination_bic, transfer.destination_name) == (
            plan.iban,
            plan.bic,
            plan.name,
        )
        assert (transfer.requested_execution_date, transfer.blockers) == (date(2026, 3, 30), [])
        assert (transfer.created_by, transfer.modified_by) == ("job", "job")

    def test_a_second_run_of_the_job_brings_the_same_draft_up_to_date(self) -> None:
        customer = a_customer()
        plan, upload, job_id = a_plan(customer), an_upload(customer), uuid4()
        first = store_draft(job_id=job_id, customer=customer, upload=upload, draft=unresolved(plan), by="first run")

        second = store_draft(job_id=job_id, customer=customer, upload=upload, draft=plan, by="second run")

        assert second.pk == first.pk
        transfer = Transfer.objects.get()
        assert (transfer.destination_iban, transfer.blockers) == (plan.iban, [])
        assert (transfer.created_by, transfer.modified_by) == ("first run", "second run")

    def test_what_is_no_longer_known_is_taken_back(self) -> None:
        customer = a_customer()
        plan, upload, job_id = a_plan(customer), an_upload(customer), uuid4()
        store_draft(job_id=job_id, customer=customer, upload=upload, draft=plan, by="job")

        store_draft(job_id=job_id, customer=customer, upload=upload, draft=unresolved(plan), by="job")

        transfer = Transfer.objects.get()
        assert (transfer.destination_account, transfer.destination_iban) == (None, "")
        assert transfer.blockers == ["account_unknown"]

    def test_a_draft_that_a_person_has_edited_is_left_alone(self) -> None:
        customer = a_customer()
        plan, upload, job_id = a_plan(customer), an_upload(customer), uuid4()
        store_draft(job_id=job_id, customer=customer, upload=upload, draft=plan, by="job")
        Transfer.objects.update(amount_minor=5000, edited_at=NOW, edited_by="key:abcd1234")

        kept = store_draft(job_id=job_id, customer=customer, upload=upload, draft=plan, by="job")

        assert (kept.amount_minor, Transfer.objects.get().amount_minor) == (5000, 5000)

    def test_a_draft_that_was_cancelled_or_finalised_is_left_alone(self) -> None:
        customer = a_customer()
        plan, upload = a_plan(customer), an_upload(customer)
        cancelled, finalised = uuid4(), uuid4()
        for job_id in (cancelled, finalised):
            store_draft(job_id=job_id, customer=customer, upload=upload, draft=plan, by="job")
        cancel_transfer(transfer_id=Transfer.objects.get(ocr_job_id=cancelled).pk, by="person", now=NOW)
        finalize_transfer(transfer_id=Transfer.objects.get(ocr_job_id=finalised).pk, by="person", now=NOW)

        changed = replace(plan, amount_minor=1)
        statuses = [
            store_draft(job_id=job_id, customer=customer, upload=upload, draft=changed, by="job").status
            for job_id in (cancelled, finalised)
        ]

        assert statuses == ["cancelled", "superseded"]
        assert set(Transfer.objects.values_list("amount_minor", flat=True)) == {11900}
        assert Transfer.objects.count() == 3

    def test_a_job_never_has_two_drafts(self) -> None:
        customer = a_customer()
        first = a_draft(customer)

        with pytest.raises(IntegrityError), transaction.atomic():
            Transfer.objects.create(customer=customer, ocr_job_id=first.ocr_job_id)

    def test_drafts_without_a_job_are_not_in_each_others_way(self) -> None:
        customer = a_customer()
        for _ in range(2):
            Transfer.objects.create(customer=customer)

        assert Transfer.objects.filter(ocr_job_id=None).count() == 2


class TestWhenceItIsPaid:
    def source(self, customer: Customer, currency: str | None = "EUR") -> UUID | None:
        return default_source(customer_id=customer.pk, currency=currency).account_id

    def test_the_primary_account_in_the_currency_pays(self) -> None:
        customer = a_customer()
        own_account(customer, SECOND_OWN_IBAN)
        primary = own_account(customer, OWN_IBAN, is_primary=True)
        own_account(customer, "CH9300762011623852957", currency="CHF", is_primary=True)

        assert default_source(customer_id=customer.pk, currency="EUR") == SourceAccount(
            counterparty_id=primary.counterparty_id, account_id=primary.id
        )

    def test_the_only_account_in_the_currency_pays_even_if_it_is_not_primary(self) -> None:
        customer = a_customer()
        only = own_account(customer)

        assert self.source(customer) == only.id

    def test_of_several_accounts_without_a_primary_none_is_guessed(self) -> None:
        customer = a_customer()
        own = own_account(customer)
        own_account(customer, SECOND_OWN_IBAN)

        assert default_source(customer_id=customer.pk, currency="EUR") == SourceAccount(
            counterparty_id=own.counterparty_id
        )

    @pytest.mark.parametrize("currency", ["CHF", "", None])
    def test_an_account_in_another_currency_does_not_pay(self, currency: str | None) -> None:
        customer = a_customer()
        own_account(customer, is_primary=True)

        assert self.source(customer, currency) is None

    def test_an_inactive_account_does_not_pay(self) -> None:
        customer = a_customer()
        own_account(customer, is_primary=True)
        CounterpartyAccount.objects.update(active=False)

        assert self.source(customer) is None

    def test_neither_a_supplier_nor_another_customer_pays(self) -> None:
        customer, neighbour = a_customer(), a_customer("Brindle & Co")
        suppliers_account(customer, is_primary=True)
        own_account(neighbour, is_primary=True)

        assert default_source(customer_id=customer.pk, currency="EUR") == SourceAccount()
