"""One document's fields against its truth: right, wrong or empty, and whether it would have gone through."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal

from ocr.evaluation.comparison import Expected, is_same
from ocr.evaluation.mistakes import kind_of_empty, kind_of_wrong
from ocr.extraction.acceptance import HARMLESS_WARNINGS, NEEDED, accepted
from ocr.extraction.fields import RESULT_NAMES, FieldName, InvoiceFields, Source

Outcome = Literal["right", "wrong", "empty"]

BESIDE_THE_PAYMENT: frozenset[FieldName] = frozenset({"seller_address", "issue_date"})
"""Shown as evidence and given to nobody: scored like every field, but no document is a false success for their sake."""

_OF_THE_PAYMENT: frozenset[FieldName] = frozenset(
    (*(name for name in RESULT_NAMES if name != "currency_symbol"), "seller_name")
)
_DOUBTS = frozenset({"low_confidence"})


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
    """`confidence` and `source` are those of the value given; None for an empty field. `mistake` is the kind of
    mistake (`ocr.evaluation.mistakes`), empty for a right field."""

    name: FieldName
    outcome: Outcome
    value: str | None
    truth: tuple[str, ...]
    confidence: float | None
    source: Source | None
    mistake: str = ""


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """`acceptance` is the probability that all values are right, 0 where a person is asked anyway.

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
    def could_pass(self) -> bool:
        """Whether the document is known to state all that a payment needs; without it nothing may pass."""
        return {field.name for field in self.fields if field.truth}.issuperset(NEEDED)

    @property
    def has_wrong_field(self) -> bool:
        return any(field.outcome == "wrong" and field.name not in BESIDE_THE_PAYMENT for field in self.fields)


def score(
    *, subject: Subject, truth: Mapping[FieldName, Expected], fields: InvoiceFields | None, error: str = ""
) -> ScoredDocument:
    """Every field whose truth is known. Values of fields whose truth is unknown count neither way.

    `fields` is None for a document that could not be read.
    """
    scored = tuple(_scored(name=name, truths=truth, fields=fields) for name in truth)
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
    """0..1, what the curve of coverage and false success runs over: the probability that every value of the payment
    is right, as if they went wrong independently; 0 where no confidence would make up for what is missing."""
    total = fields.amount("total")
    if total is None or total <= 0 or fields.document_type != "invoice":
        return 0.0
    if any(fields.value(name) is None for name in NEEDED):
        return 0.0
    if any(warning.code not in {*HARMLESS_WARNINGS, *_DOUBTS} for warning in fields.warnings):
        return 0.0
    given = [reading.chosen for reading in fields.readings if reading.name in _OF_THE_PAYMENT and reading.chosen]
    return prod(each.confidence for each in given)


def _scored(*, name: FieldName, truths: Mapping[FieldName, Expected], fields: InvoiceFields | None) -> ScoredField:
    truth = truths[name]
    if fields is None:
        return ScoredField(name, "empty", None, truth.values, None, None, "not read")
    reading = fields.reading(name)
    if (chosen := reading.chosen) is None:
        if not truth.values:
            return ScoredField(name, "right", None, truth.values, None, None)
        mistake = kind_of_empty(name=name, truth=truth, runners_up=[each.value for each in reading.runners_up])
        return ScoredField(name, "empty", None, truth.values, None, None, mistake)
    is_right = any(is_same(name=name, value=chosen.value, truth=each) for each in truth.values)
    return ScoredField(
        name,
        "right" if is_right else "wrong",
        chosen.value,
        truth.values,
        chosen.confidence,
        chosen.source,
        "" if is_right else kind_of_wrong(name=name, value=chosen.value, truths=truths),
    )
