"""What earlier jobs of the same seller became, where a person decided it: evidence for the next match.

A job counts when a person chose its counterparty, or when its draft was finalised and the payment stands; what the
payment went to counts then. An unfinished or cancelled payment on which nobody decided says nothing, so no mistake of
the machine confirms itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q

from counterparties.candidates import counterparty_rows
from counterparties.evidence import Confirmed, CounterpartyRow, PayeeEvidence
from counterparties.names import name_key
from ocr.learning import refused_aliases
from ocr.models import FieldName, OcrCorrection, OcrField, OcrJob
from transfers.models import Transfer

MOST_JOBS = 30
_TOLD = (
    FieldName.SELLER_NAME,
    FieldName.SELLER_VAT_ID,
    FieldName.SELLER_EMAIL,
    FieldName.IBAN,
    FieldName.INVOICE_NUMBER,
)


def confirmed_payees(*, customer_id: UUID, evidence: PayeeEvidence, job_id: UUID) -> dict[UUID, Confirmed]:
    """For each counterparty that people confirmed for documents of this seller's name, what those documents said: of
    the newest thirty jobs of the customer with this name, without the job itself."""
    key = name_key(evidence.name or "")[:300]
    if not key:
        return {}
    decisions = OcrCorrection.objects.filter(target="counterparty_id")
    is_decided = Exists(decisions.filter(job=OuterRef("pk")))
    is_paid = Q(transfer__status=Transfer.Status.SUPERSEDED)
    alike = OcrJob.objects.of([customer_id]).filter(is_decided | is_paid, seller_key=key).exclude(pk=job_id)
    # Of most names nobody has decided anything yet, which a list of ids tells for little.
    newest = list(alike.order_by("-created_at").values_list("pk", flat=True)[:MOST_JOBS])
    if not newest:
        return {}
    jobs = (
        OcrJob.objects.filter(pk__in=newest)
        .select_related("transfer__superseded_by")
        .prefetch_related(
            Prefetch("corrections", decisions.order_by("id")),
            Prefetch("fields", OcrField.objects.filter(name__in=_TOLD, value__isnull=False)),
        )
        .order_by("-created_at")
    )
    by_payee: dict[UUID, list[OcrJob]] = defaultdict(list)
    for job in jobs:
        if payee := _confirmed_payee(job):
            by_payee[payee].append(job)
    refused = refused_aliases(customer_id=customer_id, name=evidence.name or "") if by_payee else frozenset()
    return {payee: _told(each) for payee, each in by_payee.items() if payee not in refused}


def with_confirmed(
    *, customer_id: UUID, rows: tuple[CounterpartyRow, ...], confirmed: dict[UUID, Confirmed]
) -> tuple[CounterpartyRow, ...]:
    """The candidates with what people confirmed of them, and those among the confirmed that no look-up found, as far
    as they are still active."""
    known = {row.id for row in rows}
    missing = [payee for payee in confirmed if payee not in known]
    if missing:
        rows += counterparty_rows(customer_id=customer_id, counterparty_ids=missing)
    return tuple(replace(row, confirmed=confirmed[row.id]) if row.id in confirmed else row for row in rows)


def _confirmed_payee(job: OcrJob) -> UUID | None:
    """Where the money went, else whom the newest decision names; None when that was taken back."""
    payment = getattr(job.transfer, "superseded_by", None) if job.transfer else None
    if payment is not None and payment.status == Transfer.Status.PENDING:
        payee: UUID | None = payment.destination_counterparty_id
        return payee
    decisions = list(job.corrections.all())
    return UUID(decisions[-1].after) if decisions and decisions[-1].after else None


def _told(jobs: Iterable[OcrJob]) -> Confirmed:
    values: dict[str, dict[str, None]] = defaultdict(dict)
    for job in jobs:
        for field in job.fields.all():
            values[field.name][field.value or ""] = None
    return Confirmed(
        names=tuple(values[FieldName.SELLER_NAME]),
        vat_ids=tuple(values[FieldName.SELLER_VAT_ID]),
        emails=tuple(values[FieldName.SELLER_EMAIL]),
        ibans=tuple(values[FieldName.IBAN]),
        invoice_numbers=tuple(values[FieldName.INVOICE_NUMBER]),
    )
