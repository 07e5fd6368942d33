"""The one draft that a job keeps, as rows."""

from uuid import UUID

from customers.models import Customer
from customers.sentences import Sentence
from invoices.models import Upload
from transfers.drafting import MAX_INVOICE_NUMBER, TransferDraft
from transfers.models import Transfer


def store_draft(*, job_id: UUID, customer: Customer, upload: Upload, draft: TransferDraft, by: str) -> Transfer:
    """The draft transfer of the job, made or brought up to date; call it inside the caller's transaction.

    A draft that a person has edited, and one that is no longer a draft, is handed back as it stands.
    """
    transfer = Transfer.objects.select_for_update().filter(ocr_job_id=job_id, supersedes__isnull=True).first()
    if transfer is None:
        transfer = Transfer(ocr_job_id=job_id, customer=customer, upload=upload, created_by=by)
    elif transfer.status != Transfer.Status.DRAFT or transfer.edited_at is not None:
        return _with_bill(transfer=transfer, draft=draft)
    transfer.amount_minor = draft.amount_minor
    transfer.currency = draft.currency
    transfer.source_counterparty_id = draft.source.counterparty_id
    transfer.source_account_id = draft.source.account_id
    transfer.destination_counterparty_id = draft.destination_counterparty_id
    transfer.destination_account_id = draft.destination_account_id
    transfer.destination_iban = draft.iban
    transfer.destination_bic = draft.bic
    transfer.destination_name = draft.name[:300]
    transfer.reference = draft.reference
    _set_bill(transfer, draft)
    transfer.requested_execution_date = draft.requested_execution_date
    transfer.blockers = list(draft.blockers)
    transfer.modified_by = by
    transfer.save()
    return transfer


def why_kept(upload: Upload) -> str | None:
    """Why the document cannot be discarded, as a sentence; None when no draft asks to pay it."""
    draft = Transfer.objects.filter(upload=upload).exclude(status=Transfer.Status.CANCELLED).first()
    if draft is None:
        return None
    return Sentence("The transfer {transfer_id} pays this document; cancel that first.", transfer_id=draft.pk)


def _with_bill(*, transfer: Transfer, draft: TransferDraft) -> Transfer:
    """The edited draft with number and day of the bill as they are read now: they tell what it pays, and no edit of
    the payment changes them. A transfer that is no draft any more keeps what it was finalised with."""
    if transfer.status == Transfer.Status.DRAFT:
        _set_bill(transfer, draft)
        transfer.save(update_fields=["invoice_number", "number_key", "issue_date"])
    return transfer


def _set_bill(transfer: Transfer, draft: TransferDraft) -> None:
    transfer.invoice_number = draft.invoice_number
    transfer.number_key = draft.bill.number_key[:MAX_INVOICE_NUMBER]
    transfer.issue_date = draft.issue_date
