"""Readings, fields, candidates and warnings as rows, and back: what the pipeline's data look like in the database."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from counterparties.evidence import Match, MatchWarning, Reason
from counterparties.names import name_key
from customers.sentences import plain_sentence, sentence_from_plain
from ocr.corrections import Decisions, Place
from ocr.extraction.fields import (
    FIELD_NAMES,
    RESULT_NAMES,
    Candidate,
    DocumentType,
    DocumentWarning,
    FieldName,
    FieldReading,
    InvoiceFields,
    SellerContacts,
    Source,
    TaxLine,
)
from ocr.models import OcrField, OcrJob, OcrMatchCandidate, OcrReading
from ocr.reading.document import Box, DocumentText, note_from_plain
from transfers.blockers import PaymentWarning

MAX_RUNNERS_UP = 5
MAX_CANDIDATES = 10
INVOICE_NUMBER_LENGTH = 200
SELLER_KEY_LENGTH = 300

# Where a warning comes from: extracting or matching again replaces its own and keeps the others'.
EXTRACTION = "extraction"
MATCHING = "matching"
INTAKE = "intake"
HISTORY = "history"


def result_of(fields: InvoiceFields) -> dict[str, str | None]:
    """The 13 result fields by name, in the contract's order."""
    return {name: fields.value(name) for name in RESULT_NAMES}


def save_reading(*, job: OcrJob, document: DocumentText, engine: str, now: datetime) -> None:
    """Stores what was read, in the place of an earlier reading."""
    reading = OcrReading(job=job, document=document.to_plain(), engine=engine, read_at=now)
    OcrReading.objects.bulk_create(
        [reading],
        update_conflicts=True,
        unique_fields=["job"],
        update_fields=["document", "engine", "read_at"],
    )


def save_fields(*, job: OcrJob, fields: InvoiceFields) -> None:
    """Replaces the job's field rows, and fills `result` and what else the (unsaved) job keeps of them."""
    OcrField.objects.filter(job=job).delete()
    OcrField.objects.bulk_create(_field_row(job, reading) for reading in fields.readings)
    job.result = result_of(fields)
    job.invoice_number = (fields.value("invoice_number") or "")[:INVOICE_NUMBER_LENGTH]
    job.seller_key = name_key(fields.value("seller_name") or "")[:SELLER_KEY_LENGTH]
    job.seller_contacts = {name: list(values) for name, values in asdict(fields.seller_contacts).items()}
    job.document_type = fields.document_type
    job.notes = [note.to_plain() for note in fields.notes]
    job.tax_breakdown = [
        {"rate": _text(line.rate), "basis": _text(line.basis), "amount": _text(line.amount), "category": line.category}
        for line in fields.tax_breakdown
    ]


def load_fields(job: OcrJob) -> InvoiceFields:
    """The inverse of `save_fields`: what the job's rows say, corrections and extraction warnings included."""
    rows = {row.name: row for row in job.fields.all()}
    return InvoiceFields(
        readings=tuple(_reading(name, rows.get(name)) for name in FIELD_NAMES),
        tax_breakdown=tuple(
            TaxLine(
                rate=_decimal(line["rate"]),
                basis=_decimal(line["basis"]),
                amount=_decimal(line["amount"]),
                category=line["category"],
            )
            for line in job.tax_breakdown
        ),
        warnings=tuple(
            DocumentWarning(code=warning["code"], message=sentence_from_plain(warning), field=warning["field"])
            for warning in job.warnings
            if warning["origin"] == EXTRACTION
        ),
        notes=tuple(map(note_from_plain, job.notes)),
        document_type=cast(DocumentType, job.document_type or "invoice"),
        seller_contacts=SellerContacts(**{name: tuple(values) for name, values in job.seller_contacts.items()}),
    )


def save_match(*, job: OcrJob, match: Match) -> None:
    """Replaces the job's candidate rows, and fills the match columns of the (unsaved) job."""
    OcrMatchCandidate.objects.filter(job=job).delete()
    OcrMatchCandidate.objects.bulk_create(
        OcrMatchCandidate(
            job=job,
            rank=rank,
            counterparty_id=candidate.counterparty_id,
            legal_name=candidate.legal_name,
            score=candidate.score,
            reasons=_reasons(candidate.reasons),
            against=_reasons(candidate.against),
        )
        for rank, candidate in enumerate(match.candidates[:MAX_CANDIDATES], start=1)
    )
    job.counterparty_match = match.counterparty
    job.counterparty_id = match.counterparty_id
    job.account_id = match.account_id
    job.recipient_match = recipient_match(match)
    job.name_check = asdict(match.name_check) if match.name_check else None


def recipient_match(match: Match) -> str:
    """`found` when counterparty and account are, `ambiguous` when one of the two is, else `not_found`."""
    outcomes = {match.counterparty, match.account}
    if outcomes == {"found"}:
        return "found"
    return "ambiguous" if "ambiguous" in outcomes else "not_found"


def warning_rows(
    *,
    fields: InvoiceFields,
    match: Match,
    history: Iterable[PaymentWarning] = (),
    intake: Iterable[dict[str, Any]],
) -> list[dict[str, Any]]:
    """All warnings of the job as they are stored (see `warning_row`), each code and field once."""
    warnings = [
        *intake,
        *(warning_row(one, origin=EXTRACTION) for one in fields.warnings),
        *(warning_row(one, origin=MATCHING) for one in match.warnings),
        *(warning_row(one, origin=HISTORY) for one in history),
    ]
    return list({(one["code"], one["field"]): one for one in reversed(warnings)}.values())[::-1]


def warning_row(warning: DocumentWarning | MatchWarning | PaymentWarning, *, origin: str) -> dict[str, Any]:
    """A warning as it is stored; `sentence_from_plain` gives its message back."""
    return {"code": warning.code, **plain_sentence(warning.message), "field": warning.field, "origin": origin}


def decisions_of(job: OcrJob) -> Decisions:
    """The newest correction of each target."""
    newest = {correction.target: correction for correction in job.corrections.order_by("id")}
    payee, account = newest.pop("counterparty_id", None), newest.pop("cp_account_id", None)
    placed = {name: each for name, each in newest.items() if each.after is not None and each.page and each.box}
    return Decisions(
        values=tuple((cast(FieldName, name), each.after) for name, each in newest.items()),
        places=tuple(
            (cast(FieldName, name), Place(page=each.page or 0, box=Box(*each.box or ()), raw=each.raw))
            for name, each in placed.items()
        ),
        counterparty_id=UUID(payee.after) if payee and payee.after else None,
        account_id=UUID(account.after) if account and account.after else None,
    )


def _field_row(job: OcrJob, reading: FieldReading) -> OcrField:
    chosen = reading.chosen
    row = OcrField(
        job=job,
        name=reading.name,
        note=reading.note,
        runners_up=[_candidate_plain(one) for one in reading.runners_up[:MAX_RUNNERS_UP]],
    )
    if chosen is not None:
        row.value = chosen.value
        row.raw = chosen.raw
        row.source = chosen.source
        row.page = chosen.page
        row.box = _box_plain(chosen.box)
        row.confidence = chosen.confidence
        row.checks_passed = list(chosen.checks_passed)
        row.checks_failed = list(chosen.checks_failed)
    return row


def _reading(name: FieldName, row: OcrField | None) -> FieldReading:
    if row is None:
        return FieldReading(name=name)
    chosen = None
    if row.value is not None:
        chosen = Candidate(
            value=row.value,
            raw=row.raw,
            source=cast(Source, row.source),
            confidence=row.confidence or 0.0,
            page=row.page,
            box=Box(*row.box) if row.box else None,
            checks_passed=tuple(row.checks_passed),
            checks_failed=tuple(row.checks_failed),
        )
    return FieldReading(
        name=name, chosen=chosen, runners_up=tuple(_candidate(one) for one in row.runners_up), note=row.note
    )


def _candidate_plain(candidate: Candidate) -> dict[str, Any]:
    return {**asdict(candidate), "box": _box_plain(candidate.box)}


def _candidate(plain: dict[str, Any]) -> Candidate:
    box = plain["box"]
    return Candidate(
        **{
            **plain,
            "box": Box(*box) if box else None,
            "checks_passed": tuple(plain["checks_passed"]),
            "checks_failed": tuple(plain["checks_failed"]),
        }
    )


def _box_plain(box: Box | None) -> list[float] | None:
    return [round(side, 2) for side in (box.x0, box.y0, box.x1, box.y1)] if box else None


def _reasons(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [asdict(reason) for reason in reasons]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
