"""What a person enters for a field, the counterparty or the account, checked before it is stored."""

from uuid import UUID

from counterparties.models import Counterparty, CounterpartyAccount
from ocr.extraction.entered_values import Conventions, NotUnderstood, conventions_of, entered_value
from ocr.extraction.fields import FIELD_NAMES
from ocr.models import OcrCorrection, OcrJob, OcrReading
from ocr.reading.document import document_from_plain


class CorrectionRejected(ValueError):
    """The corrected value fails its own check."""


def checked_correction(*, job: OcrJob, target: str, after: str | None) -> str | None:
    """The value as it is stored, None for an empty one. Raises `CorrectionRejected` when it fails its own check."""
    value = (after or "").strip()
    if target not in dict(OcrCorrection.TARGETS):
        raise CorrectionRejected(f"{target!r} is nothing that can be corrected; choose one of the job's fields.")
    if not value:
        return None
    if target == "counterparty_id":
        return _known_counterparty(job=job, value=value)
    if target == "cp_account_id":
        return _known_account(job=job, value=value)
    if target not in FIELD_NAMES or value in _read_values(job=job, target=target):
        return value
    try:
        return entered_value(name=target, text=value, conventions=lambda: _conventions(job))
    except NotUnderstood as error:
        raise CorrectionRejected(f"{value!r} cannot be the {target}: {_lower(str(error))}") from error


def _read_values(*, job: OcrJob, target: str) -> set[str]:
    """What the field has and what was also seen: values already, never to be read anew as the document writes. Three
    decimals of a dinar would else become thousands when somebody confirms them."""
    row = job.fields.filter(name=target).first()
    return set() if row is None else {row.value or "", *(each["value"] for each in row.runners_up)} - {""}


def _conventions(job: OcrJob) -> Conventions:
    """How the job's document writes numbers and dates; nothing is known of one that was not read."""
    currency = job.result.get("currency_code") or None
    reading = OcrReading.objects.filter(job=job).first()
    if reading is None:
        return Conventions(currency=currency)
    return conventions_of(document_from_plain(reading.document), currency=currency)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


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
