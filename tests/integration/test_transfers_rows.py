"""What the database refuses to store as a transfer, and how the back office shows one."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.ledger import a_customer, a_draft
from transfers.finalizing import finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def finalised(transfer: Transfer) -> Transfer:
    return finalize_transfer(transfer_id=transfer.pk, by="person", now=NOW)


class TestTheDatabaseHolds:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"status": "sent"},
            {"status": "pending"},
            {"currency": "eur"},
            {"amount_minor": 1, "currency": ""},
            {"destination_account": None},
            {"destination_account": None, "destination_iban": ""},
            {"source_counterparty": None},
            {"edited_by": "person"},
            {"edited_at": NOW},
            {"status": "cancelled"},
            {"cancelled_at": NOW},
        ],
    )
    def test_a_draft_that_cannot_be(self, wrong: dict[str, Any]) -> None:
        draft = a_draft(a_customer())

        with pytest.raises(IntegrityError), transaction.atomic():
            Transfer.objects.filter(pk=draft.pk).update(**wrong)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"amount_minor": 0},
            {"amount_minor": None},
            {"currency": ""},
            {"source_account": None},
            {"destination_iban": ""},
            {"destination_name": ""},
            {"requested_execution_date": None},
            {"blockers": ["amount_missing"]},
            {"supersedes": None},
            {"status": "draft"},
        ],
    )
    def test_a_pending_transfer_that_cannot_be(self, wrong: dict[str, Any]) -> None:
        pending = finalised(a_draft(a_customer()))

        with pytest.raises(IntegrityError), transaction.atomic():
            Transfer.objects.filter(pk=pending.pk).update(**wrong)

    def test_a_draft_has_one_successor(self) -> None:
        draft = a_draft(a_customer())
        pending = finalised(draft)

        pending.pk = uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            pending.save(force_insert=True)

    def test_paying_from_the_account_that_is_paid_to(self) -> None:
        draft = a_draft(a_customer())

        with pytest.raises(IntegrityError), transaction.atomic():
            Transfer.objects.filter(pk=draft.pk).update(
                source_account=draft.destination_account, source_counterparty=draft.destination_counterparty
            )


class TestBackOffice:
    def page(self, transfer_id: UUID) -> str:
        client = Client()
        client.force_login(get_user_model().objects.create_superuser("operator", password="a long password"))
        return client.get(reverse("admin:transfers_transfer_change", args=[transfer_id])).content.decode()

    def test_the_page_leads_to_document_and_successor(self) -> None:
        draft = a_draft(a_customer())
        pending = finalised(draft)

        page = self.page(draft.pk)

        assert reverse("admin:invoices_upload_change", args=[draft.upload_id]) in page
        assert reverse("admin:transfers_transfer_change", args=[pending.pk]) in page
        assert "119.00 EUR" in page

    def test_the_page_of_a_draft_says_what_has_to_be_done(self) -> None:
        draft = a_draft(a_customer(), amount_minor=None, currency="", blockers=["amount_missing", "currency_missing"])

        page = self.page(draft.pk)

        assert "Enter the amount. Enter the currency." in page
        assert 'name="_save"' not in page
