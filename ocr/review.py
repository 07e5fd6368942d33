"""What people decide about a job: corrections, and asking for it to be processed again."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from counterparties.models import Counterparty, CounterpartyAccount
from ocr.extraction import checks
from ocr.models import OcrCorrection, OcrJob
from ocr.tasks import announce


class JobStillRunning(Exception):
    """The job has not ended yet, so it cannot be processed again."""


class CorrectionRejected(ValueError):
    """The corrected value fails its own check."""


def ask_again(*, job: OcrJob, from_stage: str, by: str, is_announced: bool = True) -> OcrJob:
    """Queues an ended job again from this stage on; corrections, upload and draft stay. Raises `JobStillRunning`.

    Without `is_announced` the caller processes the job itself.
    """
    now = timezone.now()
    with transaction.atomic():
        asked = OcrJob.objects.filter(pk=job.pk, state__in=[OcrJob.State.FINISHED, OcrJob.State.FAILED]).update(
            state=OcrJob.State.QUEUED,
            from_stage=from_stage,
            asked_by=by,
            attempts=0,
            claim_token=None,
            lease_expires_at=None,
            announced_at=now,
            modified_at=now,
        )
        if not asked:
            raise JobStillRunning("The job is still queued or running; ask again once it has ended.")
        if is_announced:
            transaction.on_commit(partial(announce, job.pk))
    job.refresh_from_db()
    return job


def correct(*, job: OcrJob, target: str, after: str | None, by: str, reason: str = "") -> OcrCorrection:
    """Stores what a person decided about a field, the counterparty or the account; None empties the field.

    The job changes when it is next processed from the match stage. Raises `CorrectionRejected`.
    """
    value = checked_correction(job=job, target=target, after=after)
    return OcrCorrection.objects.create(
        job=job, target=target, before=_current(job=job, target=target), after=value, corrected_by=by, reason=reason
    )


def checked_correction(*, job: OcrJob, target: str, after: str | None) -> str | None:
    """The value as it is stored, None for an empty one. Raises `CorrectionRejected` when it fails its own check."""
    return _checked(job=job, target=target, value=after.strip()) if after and after.strip() else None


def _current(*, job: OcrJob, target: str) -> str | None:
    if target == "counterparty_id":
        return str(job.counterparty_id) if job.counterparty_id else None
    if target == "cp_account_id":
        return str(job.account_id) if job.account_id else None
    field = job.fields.filter(name=target).first()
    return field.value if field else None


def _checked(*, job: OcrJob, target: str, value: str) -> str:
    if target == "counterparty_id":
        return _known_counterparty(job=job, value=value)
    if target == "cp_account_id":
        return _known_account(job=job, value=value)
    check, advice = CHECKS.get(target, (str, ""))
    checked = check(value)
    if checked is None:
        raise CorrectionRejected(f"{value!r} cannot be the {target}: {advice}")
    return checked


def _known_counterparty(*, job: OcrJob, value: str) -> str:
    row = Counterparty.objects.of([job.customer_id]).filter(pk=_uuid(value), active=True, is_own=False).first()
    if row is None:
        raise CorrectionRejected("There is no such active counterparty of this customer; copy its id from its page.")
    return str(row.pk)


def _known_account(*, job: OcrJob, value: str) -> str:
    accounts = CounterpartyAccount.objects.of([job.customer_id]).filter(active=True, counterparty__active=True)
    row = accounts.filter(pk=_uuid(value), counterparty__is_own=False).first()
    if row is None:
        raise CorrectionRejected("There is no such active bank account of this customer's; copy its id from its page.")
    return str(row.pk)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise CorrectionRejected(f"{text!r} is no id; copy the id from the page of the row that you mean.") from error


def _amount_of(text: str) -> str | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return f"{amount:f}" if amount.is_finite() else None


def _date_of(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


AMOUNT_ADVICE = "write it as a plain decimal with a dot, such as 1234.50."
DATE_ADVICE = "write it as YYYY-MM-DD (ISO 8601)."
CHECKS: dict[str, tuple[Callable[[str], str | None], str]] = {
    "iban": (
        checks.iban_of,
        "its check digits (ISO 13616, mod 97) or its length are wrong; compare it with the document.",
    ),
    "bic": (checks.bic_of, "a BIC has 8 or 11 characters, of which the 5th and 6th are a country (ISO 9362)."),
    "currency_code": (checks.currency_code_of, "write the ISO 4217 code, such as EUR."),
    "seller_vat_id": (checks.vat_id_of, "its check digit or form is wrong; write it with its country, such as DE…"),
    "customer_email": (checks.email_of, "write an address such as invoices@example.com."),
    "seller_email": (checks.email_of, "write an address such as invoices@example.com."),
    "due_date": (_date_of, DATE_ADVICE),
    "issue_date": (_date_of, DATE_ADVICE),
    "total": (_amount_of, AMOUNT_ADVICE),
    "subtotal": (_amount_of, AMOUNT_ADVICE),
    "sales_tax_amount": (_amount_of, AMOUNT_ADVICE),
    "sales_tax_percentage": (_amount_of, AMOUNT_ADVICE),
}
