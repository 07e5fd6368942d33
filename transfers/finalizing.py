"""From a draft to a payment that may go out, and back: decided once, under a row lock."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from customers.audit.recording import record
from customers.sentences import Sentence
from customers.webhooks.events import EventType
from customers.webhooks.outbox import record_event
from invoices.models import Upload
from transfers.blockers import in_order, message_of, sentences
from transfers.checks import FROM_OTHER_PAYMENTS, blockers_of, current_blockers
from transfers.models import Transfer

CARRIED_OVER = (
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
    "upload_id",
    "ocr_job_id",
    "invoice_number",
    "number_key",
    "issue_date",
)

TOLD = (
    "amount_minor",
    "currency",
    "source_account_id",
    "destination_counterparty_id",
    "destination_account_id",
    "destination_iban",
    "reference",
    "invoice_number",
    "requested_execution_date",
    "upload_id",
    "ocr_job_id",
    "supersedes_id",
)


class FinalizeBlocked(Exception):
    """Something about the draft is missing or unsafe; `details` has the codes and their sentences."""

    def __init__(self, blockers: Iterable[str]) -> None:
        self.blockers = in_order(blockers)
        self.details = {"blockers": [{"code": code, "message": message_of(code)} for code in self.blockers]}
        super().__init__(
            Sentence("The transfer cannot be finalised yet. {blockers}", blockers=sentences(self.blockers))
        )


class NotADraft(Exception):
    """Only a draft can be finalised, and only a draft or a pending transfer cancelled."""


def finalize_transfer(*, transfer_id: UUID, by: str, now: datetime) -> Transfer:
    """The pending transfer that supersedes the draft; repeated and concurrent calls give the same one.

    What the draft says is checked again against the counterparty's and the customer's accounts as they are now. An
    execution date that is missing or has passed becomes the day of `now`. Raises `FinalizeBlocked`, `NotADraft`, and
    `Transfer.DoesNotExist`.
    """
    with transaction.atomic():
        draft = Transfer.objects.select_for_update().get(pk=transfer_id)
        if draft.status == Transfer.Status.SUPERSEDED:
            return Transfer.objects.get(supersedes=draft)
        if draft.status != Transfer.Status.DRAFT:
            raise NotADraft(Sentence("The transfer is {status}; only a draft can be finalised.", status=draft.status))
        if blockers := _with_own(draft, blockers_of(draft)):
            raise FinalizeBlocked(blockers)
        pending = _successor(draft=draft, by=by, now=now)
        draft.status = Transfer.Status.SUPERSEDED
        draft.modified_by = by
        draft.save(update_fields=["status", "modified_by", "modified_at"])
        pending.save(force_insert=True)
        _attach_upload(draft=draft, by=by)
        _record(pending, now=now)
        record(action="transfer.finalized", by=by, subject=pending, customer_id=draft.customer_id, detail=told(pending))
        return pending


def cancel_transfer(*, transfer_id: UUID, by: str, now: datetime) -> Transfer:
    """The draft or pending transfer, cancelled; one that is cancelled already is handed back as it stands.

    No bank hears of it: where the payment's file was taken out before, other drafts of the same bill are blocked until
    somebody says to have looked into it (`payment_file_out`).

    A draft that has been finalised stays superseded: it is its successor that can be cancelled. Raises `NotADraft`
    for such a draft, and `Transfer.DoesNotExist`.
    """
    with transaction.atomic():
        transfer = Transfer.objects.select_for_update().get(pk=transfer_id)
        if transfer.status == Transfer.Status.CANCELLED:
            return transfer
        if transfer.status == Transfer.Status.SUPERSEDED:
            raise NotADraft(Sentence("The draft has been finalised; cancel the transfer that superseded it."))
        detail = {"was": transfer.status, **told(transfer)}
        transfer.status = Transfer.Status.CANCELLED
        transfer.cancelled_at = now
        transfer.modified_by = by
        transfer.save(update_fields=["status", "cancelled_at", "modified_by", "modified_at"])
        record(action="transfer.cancelled", by=by, subject=transfer, customer_id=transfer.customer_id, detail=detail)
        return transfer


def told(transfer: Transfer) -> dict[str, Any]:
    """What of a transfer the audit trail holds."""
    return {name: getattr(transfer, name) for name in TOLD}


def open_blockers(draft: Transfer) -> tuple[str, ...]:
    """What would keep the draft from being finalised just now, to look at."""
    return in_order(_with_own(draft, current_blockers(draft)))


def _with_own(draft: Transfer, current: Iterable[str]) -> set[str]:
    """Whether the bill is paid is asked anew: the payment that stood in the way may have been cancelled since."""
    return ({*draft.blockers} - FROM_OTHER_PAYMENTS) | {*current}


def _successor(*, draft: Transfer, by: str, now: datetime) -> Transfer:
    today = timezone.localdate(now)
    return Transfer(
        **{name: getattr(draft, name) for name in CARRIED_OVER},
        status=Transfer.Status.PENDING,
        requested_execution_date=max(draft.requested_execution_date or today, today),
        metadata=dict(draft.metadata),
        supersedes=draft,
        created_by=by,
        modified_by=by,
    )


def _record(pending: Transfer, *, now: datetime) -> None:
    data = {
        "transfer_id": pending.pk,
        "customer_id": pending.customer_id,
        "supersedes_id": pending.supersedes_id,
        "upload_id": pending.upload_id,
        "ocr_job_id": pending.ocr_job_id,
        "status": pending.status,
    }
    record_event(customer_id=pending.customer_id, type_=EventType.TRANSFER_FINALIZED, data=data, now=now)


def _attach_upload(*, draft: Transfer, by: str) -> None:
    if draft.upload_id is None:
        return
    upload = Upload.objects.select_for_update().get(pk=draft.upload_id)
    upload.status = Upload.Status.ATTACHED
    upload.modified_by = by
    upload.save(update_fields=["status", "modified_by", "modified_at"])
