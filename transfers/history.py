"""The database half of comparing a bill with what came before: a few indexed look-ups within one customer."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from transfers.amount_patterns import amount_warnings
from transfers.blockers import PaymentWarning
from transfers.duplicates import Bill, EarlierBill, duplicate_warnings
from transfers.models import Transfer

MOST_BILLS = 50
MOST_AMOUNTS = 50
# What `bill_of` and `_earlier` look at, so that a hundred bills of one supplier cost little.
_OF_A_BILL = (
    "ocr_job",
    "destination_counterparty",
    "destination_name",
    "invoice_number",
    "number_key",
    "amount_minor",
    "currency",
    "issue_date",
    "upload",
    "upload__sha256",
)


@dataclass(frozen=True, slots=True)
class History:
    """The transfers of one customer as the bill of one job sees them: those of documents that came before its own."""

    customer_id: UUID
    job_id: UUID
    arrived_at: datetime
    sha256: str = ""

    def warnings(self, bill: Bill) -> tuple[PaymentWarning, ...]:
        """What the bill's draft has to be looked at for: `duplicate_invoice`, `amount_out_of_pattern`."""
        return (
            *duplicate_warnings(bill=bill, earlier=self.earlier_bills(bill)),
            *amount_warnings(
                amount_minor=bill.amount_minor, currency=bill.currency, earlier=self.earlier_amounts(bill)
            ),
        )

    def earlier_bills(self, bill: Bill) -> tuple[EarlierBill, ...]:
        """At most 150 bills: of the same document, with this number, or with this amount of this day, the newest first.

        Of documents that came later only those that are paid: who pays the first of two bills after the second pays
        twice all the same.
        """
        of_document = Q(upload__customer=self.customer_id, upload__sha256=self.sha256) if self.sha256 else None
        of_number = Q(number_key=bill.number_key) if bill.number_key else None
        of_day = None
        if bill.issue_date and bill.amount_minor is not None:
            of_day = Q(issue_date=bill.issue_date, amount_minor=bill.amount_minor, currency=bill.currency)
        found = chain.from_iterable(
            self._drafts().only(*_OF_A_BILL).filter(wanted).order_by("-created_at")[:MOST_BILLS]
            for wanted in (of_document, of_number, of_day)
            if wanted
        )
        return tuple({transfer.pk: self._earlier(transfer) for transfer in found}.values())

    def earlier_amounts(self, bill: Bill) -> tuple[int, ...]:
        """What the payee's last bills in this currency asked for, in minor units; empty while nobody is matched.

        Bills that still wait for a person tell nothing: a forger could send a few to make his amount look usual.
        """
        if bill.counterparty_id is None or not bill.currency:
            return ()
        asked = self._drafts().filter(
            Q(is_paid=True) | Q(blockers=[]),
            destination_counterparty=bill.counterparty_id,
            currency=bill.currency,
            amount_minor__gt=0,
            upload__created_at__lt=self.arrived_at,
        )
        amounts = asked.order_by("-created_at").values_list("amount_minor", flat=True)[:MOST_AMOUNTS]
        return tuple(amount for amount in amounts if amount is not None)

    def _drafts(self) -> QuerySet[Transfer]:
        """One row for each other bill: the draft that its document made, whatever became of it, unless it was
        cancelled. `is_paid` says whether a payment that supersedes it stands."""
        paid = Transfer.objects.filter(supersedes=OuterRef("pk"), status=Transfer.Status.PENDING)
        return (
            Transfer.objects.filter(customer=self.customer_id, supersedes__isnull=True)
            .exclude(ocr_job_id=self.job_id)
            .exclude(status=Transfer.Status.CANCELLED)
            .select_related("upload")
            .annotate(is_paid=Exists(paid))
            .filter(Q(upload__created_at__lt=self.arrived_at) | Q(is_paid=True))
            .exclude(status=Transfer.Status.SUPERSEDED, is_paid=False)
        )

    def _earlier(self, transfer: Transfer) -> EarlierBill:
        return EarlierBill(
            bill=bill_of(transfer),
            transfer_id=transfer.pk,
            job_id=transfer.ocr_job_id,
            upload_id=transfer.upload_id,
            is_paid=transfer.is_paid,  # type: ignore[attr-defined]  # annotated by `_drafts`
            is_same_document=bool(self.sha256 and transfer.upload and transfer.upload.sha256 == self.sha256),
        )


def bill_of(transfer: Transfer) -> Bill:
    """What the transfer pays, for comparison."""
    return Bill(
        counterparty_id=transfer.destination_counterparty_id,
        payee_name=transfer.destination_name,
        number=transfer.invoice_number,
        number_key=transfer.number_key,
        amount_minor=transfer.amount_minor,
        currency=transfer.currency,
        issue_date=transfer.issue_date,
    )
