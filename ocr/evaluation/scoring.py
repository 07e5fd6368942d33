"""One document's fields against its truth: right, wrong or empty, and whether it would have gone through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ocr.evaluation.comparison import Expected, is_same
from ocr.extraction.acceptance import HARMLESS_WARNINGS, NEEDED, accepted
from ocr.extraction.fields import FieldName, InvoiceFields, Source

Outcome = Literal["right", "wrong", "empty"]

BESIDE_THE_PAYMENT: frozenset[FieldName] = frozenset({"seller_address", "issue_date"})
"""Shown as evidence and given to nobody: scored like every field, but no document is a false success for their sake."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is scored. `group` is the supplier or layout family: documents of one group are not independent."""

    id: str
    group: str
    kind: str = ""
    language: str = ""
    variant: str = "as_is"
    segment: str = ""
    may_be_published: bool = False


@dataclass(frozen=True, slots=True)
class ScoredField:
    """`confidence` and `source` are those of the value given; None for an empty field."""

    name: FieldName
    outcome: Outcome
    value: str | None
    truth: tuple[str, ...]
    confidence: float | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """`acceptance` is the least confidence among the fields a payment needs, 0 where a person is asked anyway.

    `error` says why a document could not be read; all its fields are empty then.
    """

    subject: Subject
    fields: tuple[ScoredField, ...]
    is_accepted: bool
    acceptance: float
    warnings: tuple[str, ...] = ()
    error: str = ""

    @property
    def is_false_success(self) -> bool:
        """Went through, although a field whose truth is known is wrong."""
        return self.is_accepted and self.has_wrong_field

    @property
    def has_wrong_field(self) -> bool:
        return any(field.outcome == "wrong" and field.name not in BESIDE_THE_PAYMENT for field in self.fields)


def score(
    *, subject: Subject, truth: Mapping[FieldName, Expected], fields: InvoiceFields | None, error: str = ""
) -> ScoredDocument:
    """Every field whose truth is known. Values of fields whose truth is unknown count neither way.

    `fields` is None for a document that could not be read.
    """
    scored = tuple(_scored(name=name, truth=each, fields=fields) for name, each in truth.items())
    if fields is None:
        return ScoredDocument(subject, scored, is_accepted=False, acceptance=0.0, error=error)
    return ScoredDocument(
        subject,
        scored,
        is_accepted=accepted(fields),
        acceptance=acceptance_score(fields),
        warnings=tuple(warning.code for warning in fields.warnings),
    )


def acceptance_score(fields: InvoiceFields) -> float:
    """0..1, what the curve of coverage and false success runs over; 0 where no confidence would help."""
    total = fields.amount("total")
    if total is None or total <= 0 or fields.document_type != "invoice":
        return 0.0
    if any(warning.code not in HARMLESS_WARNINGS for warning in fields.warnings):
        return 0.0
    chosen = [fields.reading(name).chosen for name in NEEDED]
    return min(each.confidence if each else 0.0 for each in chosen)


def _scored(*, name: FieldName, truth: Expected, fields: InvoiceFields | None) -> ScoredField:
    chosen = fields.reading(name).chosen if fields else None
    if chosen is None:
        outcome: Outcome = "right" if fields and (truth.may_be_empty or not truth.values) else "empty"
        return ScoredField(name, outcome, None, truth.values, None, None)
    is_right = any(is_same(name=name, value=chosen.value, truth=each) for each in truth.values)
    return ScoredField(
        name, "right" if is_right else "wrong", chosen.value, truth.values, chosen.confidence, chosen.source
    )
