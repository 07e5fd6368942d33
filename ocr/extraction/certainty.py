"""The values that a person should compare with the document before it is paid: those that leave too much doubt."""

from dataclasses import replace
from math import prod

from customers.sentences import Sentence
from ocr.extraction.field_labels import FIELD_LABELS
from ocr.extraction.fields import RESULT_NAMES, DocumentWarning, FieldName, FieldReading, InvoiceFields
from ocr.extraction.thresholds import Strictness, least_unseen

LOW_CONFIDENCE = "low_confidence"

LOOKED_AT: tuple[FieldName, ...] = (
    *(name for name in RESULT_NAMES if name != "currency_symbol"),
    "seller_name",
    "seller_vat_id",
)
"""What a payment is made of, each once: the symbol is only the currency again."""


def certainty(fields: InvoiceFields) -> float:
    """The probability that every given value is right, as if they were wrong independently of each other; 0..1."""
    return prod(reading.chosen.confidence for reading in fields.readings if _is_looked_at(reading) and reading.chosen)


def doubted(*, fields: InvoiceFields, strictness: Strictness) -> InvoiceFields:
    """The fields with a warning `low_confidence` for each of the least sure values that, once a person has confirmed
    them, leave the others sure enough together. Earlier warnings of that kind are forgotten."""
    warnings = [warning for warning in fields.warnings if warning.code != LOW_CONFIDENCE]
    unsure = sorted(
        (reading for reading in fields.readings if _is_looked_at(reading)), key=lambda reading: _confidence(reading)
    )
    left = certainty(fields)
    for reading in unsure:
        if left >= least_unseen(strictness):
            break
        left /= max(_confidence(reading), 1e-6)
        warnings.append(_warning(reading))
    return replace(fields, warnings=tuple(warnings))


def _is_looked_at(reading: FieldReading) -> bool:
    return reading.chosen is not None and reading.name in LOOKED_AT


def _confidence(reading: FieldReading) -> float:
    return reading.chosen.confidence if reading.chosen else 1.0


def _warning(reading: FieldReading) -> DocumentWarning:
    message = Sentence(
        "The {what} {value} is {share} sure; compare it with the document and confirm it.",
        what=FIELD_LABELS[reading.name],
        value=reading.value,
        share=format(_confidence(reading), ".0%"),
    )
    return DocumentWarning(LOW_CONFIDENCE, message, reading.name)
