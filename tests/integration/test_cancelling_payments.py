"""A payment that was approved wrongly is cancelled on its page, by who may approve, knowing what the bank has."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from customers.audit.models import AuditEntry
from tests.ledger import a_customer, a_draft
from transfers.exporting import hand_out
from transfers.finalizing import cancel_transfer, finalize_transfer
from transfers.models import PaymentExport, Transfer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BUTTON = "Cancel this payment …"


def member(group: str) -> Client:
    user = get_user_model().objects.create_user(group.lower(), password="a-long-password", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def payment() -> Transfer:
    return finalize_transfer(transfer_id=a_draft(a_customer()).pk, by="anna", now=NOW)


def page_of(transfer: Transfer) -> str:
    return reverse("admin:transfers_transfer_change", args=[transfer.pk])


def cancelling(transfer: Transfer) -> str:
    return reverse("admin:transfers_transfer_cancel", args=[transfer.pk])


def test_an_approver_cancels_a_payment_after_a_second_question(payment: Transfer) -> None:
    approver = member("Approver")
    page = approver.get(page_of(payment)).content.decode()
    assert BUTTON in page
    assert cancelling(payment) in page

    question = approver.get(cancelling(payment)).content.decode()
    assert "No bank is told of it." in question
    assert "It has not been taken out in a payment file." in question
    assert Transfer.objects.get(pk=payment.pk).status == "pending"

    done = approver.post(cancelling(payment), follow=True).content.decode()

    assert "The payment is cancelled. No bank was told of it." in done
    assert "payment file" not in done
    assert BUTTON not in done
    cancelled = Transfer.objects.get(pk=payment.pk)
    assert (cancelled.status, cancelled.modified_by) == ("cancelled", "approver")
    assert AuditEntry.objects.get(action="transfer.cancelled").actor == "approver"


def test_a_payment_whose_file_is_out_is_cancelled_with_the_name_of_the_file(payment: Transfer) -> None:
    hand_out(transfer_id=payment.pk, again=False, is_look=False, by="key:erp", now=NOW)
    file = PaymentExport.objects.get()
    approver = member("Approver")

    question = approver.get(cancelling(payment)).content.decode()
    done = approver.post(cancelling(payment), follow=True).content.decode()

    assert f"It is already in the payment file {file.message_id}" in question
    assert f"It is in the payment file {file.message_id}, which key:erp took out on 2026-03-02 at 09:00 UTC" in done


@pytest.mark.parametrize("group", ["Viewer", "Reviewer"])
def test_who_may_not_approve_does_not_cancel(payment: Transfer, group: str) -> None:
    client = member(group)

    assert BUTTON not in client.get(page_of(payment)).content.decode()
    assert [client.get(cancelling(payment)).status_code, client.post(cancelling(payment)).status_code] == [403, 403]
    assert Transfer.objects.get(pk=payment.pk).status == "pending"


def test_a_draft_and_what_is_cancelled_are_not_cancelled_here(payment: Transfer) -> None:
    draft = a_draft(a_customer("Quince Holding AG"))
    cancel_transfer(transfer_id=payment.pk, by="berta", now=NOW)
    approver = member("Approver")

    for transfer in (draft, payment):
        assert BUTTON not in approver.get(page_of(transfer)).content.decode()
        answer = approver.post(cancelling(transfer), follow=True).content.decode()
        assert "only a pending payment is cancelled here" in answer
    assert Transfer.objects.get(pk=draft.pk).status == "draft"
    assert Transfer.objects.get(pk=payment.pk).modified_by == "berta"
    nobodys = cancelling(payment).replace(str(payment.pk), "00000000-0000-0000-0000-000000000000")
    assert approver.get(nobodys).status_code == 404
