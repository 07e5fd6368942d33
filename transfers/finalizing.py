"""From a draft to a payment that may go out, and back: decided once, under a row lock."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from counterparties.models import Counterparty, CounterpartyAccount
from invoices.models import Upload
from transfers.blockers import in_order, sentences
from transfers.drafting import SourceAccount, missing_blockers
from transfers.duplicates import DUPLICATE_INVOICE, likeness
from transfers.history import bill_of
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


class FinalizeBlocked(Exception):
    """Something about the draft is missing or unsafe; `blockers` are the machine codes."""

    def __init__(self, blockers: Iterable[str]) -> None:
        self.blockers = in_order(blockers)
        super().__init__(f"The transfer cannot be finalised yet. {sentences(self.blockers)}")


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
            raise NotADraft(f"The transfer is {draft.status}; only a draft can be finalised.")
        # Whether the bill is paid is asked anew: the payment that stood in the way may have been cancelled since.
        blockers = {*draft.blockers} - {DUPLICATE_INVOICE}
        blockers |= {*_missing(draft), *_no_longer_true(draft), *_paid_already(draft)}
        if blockers:
            raise FinalizeBlocked(blockers)
        pending = _successor(draft=draft, by=by, now=now)
        draft.status = Transfer.Status.SUPERSEDED
        draft.modified_by = by
        draft.save(update_fields=["status", "modified_by", "modified_at"])
        pending.save(force_insert=True)
        _attach_upload(draft=draft, by=by)
        return pending


def cancel_transfer(*, transfer_id: UUID, by: str, now: datetime) -> Transfer:
    """The draft or pending transfer, cancelled; one that is cancelled already is handed back as it stands.

    A draft that has been finalised stays superseded: it is its successor that can be cancelled. Raises `NotADraft`
    for such a draft, and `Transfer.DoesNotExist`.
    """
    with transaction.atomic():
        transfer = Transfer.objects.select_for_update().get(pk=transfer_id)
        if transfer.status == Transfer.Status.CANCELLED:
            return transfer
        if transfer.status == Transfer.Status.SUPERSEDED:
            raise NotADraft("The draft has been finalised; cancel the transfer that superseded it.")
        transfer.status = Transfer.Status.CANCELLED
        transfer.cancelled_at = now
        transfer.modified_by = by
        transfer.save(update_fields=["status", "cancelled_at", "modified_by", "modified_at"])
        return transfer


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


def _attach_upload(*, draft: Transfer, by: str) -> None:
    if draft.upload_id is None:
        return
    upload = Upload.objects.select_for_update().get(pk=draft.upload_id)
    upload.status = Upload.Status.ATTACHED
    upload.modified_by = by
    upload.save(update_fields=["status", "modified_by", "modified_at"])


def _missing(draft: Transfer) -> list[str]:
    return missing_blockers(
        amount_minor=draft.amount_minor,
        currency=draft.currency,
        source=SourceAccount(counterparty_id=draft.source_counterparty_id, account_id=draft.source_account_id),
        destination_counterparty_id=draft.destination_counterparty_id,
        destination_account_id=draft.destination_account_id,
    )


def _no_longer_true(draft: Transfer) -> list[str]:
    """What has changed since the draft was written: it may be weeks old, and money leaves on its word."""
    blockers = []
    if draft.destination_counterparty_id is not None:
        payee = Counterparty.objects.filter(pk=draft.destination_counterparty_id, customer=draft.customer_id).first()
        if payee is None or not payee.active:
            blockers.append("counterparty_inactive")
        elif payee.is_own:
            blockers.append("iban_is_own_account")
    if draft.destination_account_id is not None:
        blockers += _account_blockers(draft=draft, account_id=draft.destination_account_id)
    if draft.source_account_id is not None and not _is_own_account(draft=draft, account_id=draft.source_account_id):
        blockers.append("source_account_missing")
    return blockers


def _paid_already(draft: Transfer) -> list[str]:
    """The same bill may have been paid through another document since the draft was written, or this very moment: two
    finalisations of one payee wait for each other."""
    if draft.destination_counterparty_id is None or not draft.number_key:
        return []
    Counterparty.objects.select_for_update().filter(pk=draft.destination_counterparty_id).first()
    paid = Transfer.objects.filter(
        customer=draft.customer_id,
        number_key=draft.number_key,
        destination_counterparty=draft.destination_counterparty_id,
        status=Transfer.Status.PENDING,
    ).exclude(supersedes=draft)
    bill = bill_of(draft)
    return [DUPLICATE_INVOICE] if any(likeness(one=bill, other=bill_of(each)) == "number" for each in paid) else []


def _account_blockers(*, draft: Transfer, account_id: UUID) -> list[str]:
    account = CounterpartyAccount.objects.filter(
        pk=account_id, counterparty=draft.destination_counterparty_id, active=True
    ).first()
    if account is None:
        return ["account_inactive"]
    blockers = []
    if (account.iban, account.bic) != (draft.destination_iban, draft.destination_bic):
        blockers.append("bank_details_changed")
    if CounterpartyAccount.objects.filter(
        customer=draft.customer_id, counterparty__is_own=True, iban=account.iban, active=True
    ).exists():
        blockers.append("iban_is_own_account")
    return blockers


def _is_own_account(*, draft: Transfer, account_id: UUID) -> bool:
    return CounterpartyAccount.objects.filter(
        pk=account_id,
        counterparty=draft.source_counterparty_id,
        counterparty__customer=draft.customer_id,
        counterparty__is_own=True,
        counterparty__active=True,
        active=True,
    ).exists()
