"""From a document with an unknown IBAN of a known counterparty to a change of bank details that two people decide on.

Once it is confirmed, the jobs whose documents name the account are matched again and find it.
"""

import logging
from datetime import datetime
from typing import Any

from counterparties import bank_details
from counterparties.bank_changes import AskedAccount, ChangeRefused, Origin, ask_for_change
from counterparties.bank_details_change import BankDetailsChange
from ocr.models import OcrJob, Stage
from ocr.review import JobStillRunning, ask_again
from transfers.models import Transfer

logger = logging.getLogger(__name__)

CHANGED = "bank_details_changed"
_SAID = ("seller_name", "invoice_number", "issue_date", "total", "iban", "bic")


def has_changed_account(job: OcrJob) -> bool:
    """Whether the document names an account that is not on file of the counterparty that it was matched to, and that
    takes two people: another one than before, or the first one of a counterparty that could be taken for another."""
    if job.state != OcrJob.State.FINISHED or job.counterparty is None or not job.result.get("iban"):
        return False
    if any(warning["code"] == CHANGED for warning in job.warnings):
        return True
    return job.counterparty.has_established_bank_details() and not job.counterparty.accounts.exists()


def ask_for_read_account(*, job: OcrJob, by: str, now: datetime) -> BankDetailsChange:
    """The pending change to the IBAN that was read, with what the document says.

    Raises ChangeRefused, also when the document names no account that could be asked for.
    """
    if job.counterparty_id is None or not has_changed_account(job):
        raise ChangeRefused(
            f"{job.upload.file_name} names no changed account of a counterparty that was found; correct the "
            "counterparty or the IBAN first, if one of them was misread."
        )
    iban, bic = job.result["iban"], job.result.get("bic") or ""
    return ask_for_change(
        customer_id=job.customer_id,
        counterparty_id=job.counterparty_id,
        account=AskedAccount(
            iban=iban,
            # A BIC that does not belong to the IBAN is no reason against the account; it only is not taken over.
            bic="" if bank_details.problems(iban=iban, bic=bic) else bic,
            currency=job.result.get("currency_code") or job.customer.default_currency,
        ),
        origin=origin_of(job),
        by=by,
        now=now,
    )


def origin_of(job: OcrJob) -> Origin:
    """The document as where a change comes from, with what it says."""
    return Origin(source=BankDetailsChange.Source.OCR, source_id=job.pk, document_says=_words_of(job))


def changes_of(job: OcrJob) -> list[BankDetailsChange]:
    """All changes to the IBAN on the document at its counterparty, whoever asked for them; the newest first."""
    changes = BankDetailsChange.objects.of([job.customer_id])
    return list(changes.filter(counterparty=job.counterparty_id, iban=job.result.get("iban") or ""))


def match_those_that_wait(*, change: BankDetailsChange, by: str, **_: Any) -> None:
    """Queues every job again that names the confirmed account and whose draft nobody has decided on or edited."""
    waiting = OcrJob.objects.filter(
        customer=change.customer_id,
        counterparty=change.counterparty_id,
        state=OcrJob.State.FINISHED,
        transfer__status=Transfer.Status.DRAFT,
        transfer__edited_at__isnull=True,
        fields__name="iban",
        fields__value=change.iban,
    )
    for job in waiting:
        try:
            ask_again(job=job, from_stage=Stage.MATCH, by=by)
        except JobStillRunning:
            # Taken up or rejected this very moment; its page and the next run see the account.
            logger.info("Job %s is not matched again for the account that was confirmed", job.pk)


def _words_of(job: OcrJob) -> str:
    read = {field.name: field for field in job.fields.all()}
    lines = [f"{job.upload.file_name}, received {job.created_at:%Y-%m-%d}"]
    lines += [
        f"{name}: {field.value} (read from: {field.source}{f', page {field.page}' if field.page else ''})"
        for name in _SAID
        if (field := read.get(name)) and field.value
    ]
    lines += [f"{warning['code']}: {warning['message']}" for warning in job.warnings]
    return "\n".join(lines)
