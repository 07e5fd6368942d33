"""A job as the API shows it: `JobResponseV2`, and the evidence behind it. Keys and their order are the contract's."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet

from counterparties.models import Address, Contact, Counterparty
from customers.sentences import sentence_from_plain
from customers.translations import say, translated
from ocr.extraction.fields import EVIDENCE_NAMES, RESULT_NAMES
from ocr.models import OcrField, OcrJob
from transfers.models import Transfer

ACCEPTED, FINISHED, FAILED = 202, 200, 422
STATUS_OF_STATE = {
    OcrJob.State.QUEUED: ACCEPTED,
    OcrJob.State.RUNNING: ACCEPTED,
    OcrJob.State.FINISHED: FINISHED,
    OcrJob.State.FAILED: FAILED,
}
STATES_OF_STATUS: dict[str, list[str]] = {
    str(status): [state.value for state, of_state in STATUS_OF_STATE.items() if of_state == status]
    for status in (ACCEPTED, FINISHED, FAILED)
}


_SHOWN = (
    "state",
    "upload",
    "recipient_match",
    "counterparty_match",
    "result",
    "message",
    "message_parts",
    "purged_at",
    "counterparty__legal_name",
    "counterparty__type",
    "counterparty__customer",
    "counterparty__created_at",
    "account__iban",
    "account__bic",
    "transfer__blockers",
    "transfer__superseded_by__supersedes",
)


def job_status(job: OcrJob) -> int:
    """202 queued or running, 200 finished, 422 failed for good."""
    return STATUS_OF_STATE[OcrJob.State(job.state)]


def job_response(job: OcrJob) -> dict[str, Any]:
    """`JobResponseV2`; every key is there, unknown is None. Of many jobs, see `with_what_is_shown`."""
    result = job.result or {}
    return {
        "job_id": str(job.pk),
        "status": job_status(job),
        "upload_id": str(job.upload_id),
        "transfer_id": _text(job.transfer_id),
        "recipient_match": job.recipient_match,
        "counterparty_match": job.counterparty_match,
        "counterparty_id": _text(job.counterparty_id),
        "cp_account_id": _text(job.account_id),
        "result": {name: result.get(name) for name in RESULT_NAMES},
        "recipient": _recipient(job),
        "transaction_id": _transaction_id(job.transfer),
        "message": _message(job),
    }


def with_what_is_shown(jobs: QuerySet[OcrJob]) -> QuerySet[OcrJob]:
    """The jobs with all that `job_response` shows of them and nothing else, in as many queries for a hundred as for
    one. For showing, not for saving."""
    return (
        jobs.select_related("counterparty", "account", "transfer", "transfer__superseded_by")
        .prefetch_related(
            Prefetch("counterparty__contacts", Contact.objects.filter(active=True, type=Contact.Type.EMAIL)),
            Prefetch("counterparty__addresses", Address.objects.filter(active=True)),
        )
        .only(*_SHOWN)
    )


def job_evidence(job: OcrJob) -> dict[str, Any]:
    """Why: each field's value, source, place, confidence, checks and runners-up; match, warnings, notes,
    corrections, runs."""
    rows = {row.name: row for row in job.fields.all()}
    return {
        "job_id": str(job.pk),
        "document_type": job.document_type or None,
        "fields": {name: _field(rows.get(name)) for name in (*RESULT_NAMES, *EVIDENCE_NAMES)},
        "tax_breakdown": job.tax_breakdown,
        "match": {
            "counterparty_match": job.counterparty_match,
            "recipient_match": job.recipient_match,
            "name_check": job.name_check,
            "candidates": [
                {
                    "counterparty_id": str(candidate.counterparty_id),
                    "legal_name": candidate.legal_name,
                    "score": candidate.score,
                    "reasons": candidate.reasons,
                    "against": candidate.against,
                }
                for candidate in job.match_candidates.all()
            ],
        },
        "warnings": [
            {"code": warning["code"], "message": _said(warning), "field": warning["field"]} for warning in job.warnings
        ],
        "notes": [{"code": note["code"], "message": _said(note)} for note in job.notes],
        "corrections": [
            {
                "target": correction.target,
                "before": correction.before,
                "after": correction.after,
                "corrected_at": correction.corrected_at.isoformat(),
                "corrected_by": correction.corrected_by,
                "reason": correction.reason,
            }
            for correction in job.corrections.all()
        ],
        "runs": [
            {
                "from_stage": run.from_stage,
                "attempt": run.attempt,
                "outcome": run.outcome,
                "asked_by": run.asked_by,
                "engine": run.engine or None,
                "pipeline_version": run.pipeline_version,
                "started_at": run.started_at.isoformat(),
                "ended_at": run.ended_at.isoformat() if run.ended_at else None,
                "seconds": run.seconds,
                "error": run.error or None,
            }
            for run in job.runs.all()
        ],
    }


def _field(row: OcrField | None) -> dict[str, Any]:
    if row is None:
        row = OcrField()
    return {
        "value": row.value,
        "raw": row.raw or None,
        "source": row.source or None,
        "page": row.page,
        "box": row.box,
        "confidence": row.confidence,
        "checks_passed": row.checks_passed,
        "checks_failed": row.checks_failed,
        "candidates": row.runners_up,
        "note": row.note or None,
    }


def _recipient(job: OcrJob) -> dict[str, Any] | None:
    counterparty = job.counterparty
    if counterparty is None:
        return None
    contacts = counterparty.contacts.all()
    email = next((one.value for one in contacts if one.active and one.type == Contact.Type.EMAIL), None)
    account = job.account
    return {
        "id": str(counterparty.pk),
        "legal_name": counterparty.legal_name,
        "email": email,
        "iban": account.iban if account else None,
        "bic": (account.bic or None) if account else None,
        "type": counterparty.type,
        "customer_id": str(counterparty.customer_id),
        "address": _address(counterparty),
        "created_at": counterparty.created_at.isoformat(),
    }


def _address(counterparty: Counterparty) -> dict[str, str | None] | None:
    addresses = [one for one in counterparty.addresses.all() if one.active]
    if not addresses:
        return None
    # The model's order is preferred first, then newest; a billing address goes before the others.
    address = min(
        addresses, key=lambda one: (not (one.preferred and one.kind == Address.Kind.BILLING), not one.preferred)
    )
    return {name: getattr(address, name) or None for name in ("street", "city", "zip", "country", "state")}


def _transaction_id(transfer: Transfer | None) -> str | None:
    if transfer is None:
        return None
    successor = getattr(transfer, "superseded_by", None)
    return None if successor is None else str(successor.pk)


def _message(job: OcrJob) -> str:
    """About the state, in the language of the answer."""
    if job.state == OcrJob.State.FAILED or job.purged_at is not None:
        return _said({"message": job.message, "parts": job.message_parts})
    if job.state == OcrJob.State.QUEUED:
        return say("The document is waiting to be read; ask again as Retry-After says.")
    if job.state == OcrJob.State.RUNNING:
        return say("The document is being read; ask again as Retry-After says.")
    blockers = job.transfer.blockers if job.transfer else []
    if not blockers:
        return say("The draft transfer is ready to be finalised.")
    return say("The draft transfer needs a person first: {blockers}.", blockers=", ".join(blockers))


def _said(stored: Mapping[str, Any]) -> str:
    """A stored sentence in the language of the answer."""
    return translated(sentence_from_plain(stored))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
