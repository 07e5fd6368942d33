"""The fields of a job as the review page shows them: value, where from, how sure, what else was seen."""

from dataclasses import dataclass, field
from typing import Any

from ocr.models import OcrCorrection, OcrField, OcrJob
from transfers.blockers import BLOCKER_OF_WARNING

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Payment", ("total", "currency_code", "iban", "bic", "reference", "due_date")),
    ("Sums", ("subtotal", "sales_tax_percentage", "sales_tax_amount")),
    ("Document", ("invoice_number", "issue_date")),
    ("Seller", ("seller_name", "seller_vat_id", "seller_email", "seller_address")),
    ("Billed to", ("customer_name", "customer_email")),
)
LABELS = {
    "total": "Total",
    "currency_code": "Currency",
    "iban": "IBAN",
    "bic": "BIC",
    "reference": "Reference",
    "due_date": "Due date",
    "subtotal": "Subtotal",
    "sales_tax_percentage": "Tax rate %",
    "sales_tax_amount": "Tax",
    "invoice_number": "Invoice number",
    "issue_date": "Issue date",
    "seller_name": "Seller",
    "seller_vat_id": "VAT number",
    "seller_email": "E-mail",
    "seller_address": "Address",
    "customer_name": "Name",
    "customer_email": "E-mail",
    "currency_symbol": "Currency sign",
    "counterparty_id": "Counterparty",
    "cp_account_id": "Bank account",
}
SOURCES = {
    "xml": "e-invoice",
    "qr": "payment code",
    "text": "text",
    "ocr": "scan",
    "derived": "derived",
    "operator": "person",
}
UNSURE_BELOW = 0.9


@dataclass(frozen=True, slots=True)
class Place:
    """Page and box as the script takes them: `x0 y0 x1 y1` in points; empty where nothing is known."""

    page: int | None
    box: str

    @classmethod
    def of(cls, *, page: Any, box: Any) -> "Place":
        if not page or not box:
            return cls(None, "")
        return cls(int(page), " ".join(f"{float(side):.2f}" for side in box))


@dataclass(frozen=True, slots=True)
class RunnerUp:
    number: int
    value: str
    raw: str
    source: str
    percent: str
    place: Place
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldRow:
    name: str
    label: str
    value: str | None
    raw: str
    source: str
    percent: str
    is_unsure: bool
    place: Place
    passed: tuple[str, ...]
    failed: tuple[str, ...]
    note: str
    by: str
    runners_up: tuple[RunnerUp, ...]
    warnings: tuple[str, ...] = ()
    is_blocking: bool = False
    is_long: bool = field(default=False)


def field_groups(job: OcrJob) -> list[tuple[str, list[FieldRow]]]:
    """All fields in groups, each with the warnings that are about it."""
    rows = {row.name: row for row in job.fields.all()}
    people = {each.target: each for each in job.corrections.order_by("id")}
    return [
        (group, [_row(name=name, row=rows.get(name), job=job, correction=people.get(name)) for name in names])
        for group, names in GROUPS
    ]


def _row(*, name: str, row: OcrField | None, job: OcrJob, correction: OcrCorrection | None) -> FieldRow:
    row = row or OcrField(name=name)
    warnings = [each for each in job.warnings if each["field"] == name]
    is_person = row.source == "operator" or (correction is not None and row.value is None)
    is_derived = row.source == "derived"
    return FieldRow(
        name=name,
        label=LABELS[name],
        value=row.value,
        raw=row.raw if row.raw != (row.value or "") or is_derived else "",
        source=SOURCES.get(row.source, ""),
        percent="" if row.confidence is None or is_person else f"{row.confidence:.0%}",
        is_unsure=row.confidence is not None and row.confidence < UNSURE_BELOW,
        place=Place.of(page=row.page, box=row.box),
        passed=_plain(row.checks_passed),
        failed=_plain(row.checks_failed),
        note="" if is_person else row.note,
        by=f"{correction.corrected_by}, {correction.corrected_at:%Y-%m-%d %H:%M}" if is_person and correction else "",
        runners_up=tuple(_runner_up(number, each) for number, each in enumerate(_others(row), start=1)),
        warnings=tuple(each["message"] for each in warnings),
        is_blocking=any(each["code"] in BLOCKER_OF_WARNING for each in warnings),
        is_long=name == "seller_address",
    )


def _others(row: OcrField) -> list[dict[str, Any]]:
    """Each value that was also seen, once."""
    others = {each["value"]: each for each in reversed(row.runners_up) if each["value"] != row.value}
    return list(others.values())[::-1]


def _runner_up(number: int, plain: dict[str, Any]) -> RunnerUp:
    return RunnerUp(
        number=number,
        value=plain["value"],
        raw=plain["raw"],
        source=SOURCES.get(plain["source"], plain["source"]),
        percent=f"{plain['confidence']:.0%}",
        place=Place.of(page=plain["page"], box=plain["box"]),
        failed=_plain(plain["checks_failed"]),
    )


def _plain(codes: list[str]) -> tuple[str, ...]:
    return tuple(code.replace("_", " ") for code in codes)
