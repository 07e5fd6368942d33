"""What corrections have taught about a supplier's documents, tried before the machine's own choice.

A hint never touches what a machine-readable witness states or a person decided. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import groupby

from ocr.extraction.checks import currency_symbol
from ocr.extraction.fields import Candidate, FieldName, FieldReading, InvoiceFields
from ocr.extraction.hint_places import Found, Hint, conventions_once, find
from ocr.extraction.lines import sheet_of
from ocr.extraction.thresholds import Strictness, least_given
from ocr.reading.document import DocumentText

HINT = "hint"
"""The check that a value passed which a hint found, or agrees with."""

_AMOUNTS: tuple[FieldName, ...] = ("total", "subtotal", "sales_tax_amount")
_STATED = frozenset({"xml", "qr", "operator"})


@dataclass(frozen=True, slots=True)
class Used:
    """A hint that found a value on a document."""

    hint_id: int
    field: FieldName
    value: str


def hinted(
    *, fields: InvoiceFields, document: DocumentText, hints: Sequence[Hint], strictness: Strictness
) -> tuple[InvoiceFields, tuple[Used, ...]]:
    """The fields with what the hints found, the newest hint of a field first, and the hints that found something.

    Amounts that no longer add up are left as they were.
    """
    sheet, conventions = sheet_of(document), conventions_once(document, fields.value("currency_code"))
    changed: dict[FieldName, FieldReading] = {}
    used: list[Used] = []
    for name, group in groupby(sorted(hints, key=lambda hint: (hint.field, -hint.id)), key=lambda hint: hint.field):
        reading = fields.reading(name)
        if reading.chosen is not None and reading.chosen.source in _STATED:
            continue
        for hint in group:
            found = find(sheet, hint=hint, conventions=conventions)
            if found is None or not _may_replace(reading=reading, hint=hint, found=found, strictness=strictness):
                continue
            changed[name] = _reading(reading=reading, hint=hint, found=found)
            used.append(Used(hint_id=hint.id, field=name, value=found.value))
            break
    result = _with(fields, changed)
    if _adds_up(fields) is not False and _adds_up(result) is False:
        kept = {name: reading for name, reading in changed.items() if name not in _AMOUNTS}
        return _with(fields, kept), tuple(each for each in used if each.field not in _AMOUNTS)
    return result, tuple(used)


def _may_replace(*, reading: FieldReading, hint: Hint, found: Found, strictness: Strictness) -> bool:
    """A value that the machine chose is given up only for one beside a label that people pointed at, or for the very
    value that they gave."""
    if reading.value == found.value:
        return True
    if hint.confidence < least_given(name=reading.name, strictness=strictness):
        return False
    return reading.chosen is None or bool(hint.label) or found.value == hint.value


def _reading(*, reading: FieldReading, hint: Hint, found: Found) -> FieldReading:
    if reading.chosen is not None and reading.chosen.value == found.value:
        sure = max(reading.chosen.confidence, hint.confidence)
        checks = (*reading.chosen.checks_passed, HINT)
        return replace(reading, chosen=replace(reading.chosen, confidence=sure, checks_passed=checks))
    chosen = Candidate(
        value=found.value,
        raw=found.raw,
        source=found.segment.source,
        confidence=hint.confidence,
        page=found.segment.page,
        box=found.segment.span_box(start=found.start, end=found.end),
        checks_passed=(HINT,),
    )
    where = f"beside “{' '.join(hint.label)}”" if hint.label else "in this place"
    seen = ((reading.chosen,) if reading.chosen else ()) + tuple(
        each for each in reading.runners_up if each.value != found.value
    )
    note = f"A person took it from {where} on an earlier document of this supplier."
    return FieldReading(name=reading.name, chosen=chosen, runners_up=seen, note=note)


def _with(fields: InvoiceFields, changed: dict[FieldName, FieldReading]) -> InvoiceFields:
    """The symbol goes with its currency."""
    if not changed:
        return fields
    code = changed["currency_code"].chosen if "currency_code" in changed else None
    if code is not None and code.value != fields.value("currency_code"):
        symbol = currency_symbol(code.value)
        chosen = replace(code, value=symbol, source="derived") if symbol else None
        changed = {**changed, "currency_symbol": FieldReading(name="currency_symbol", chosen=chosen)}
    readings = tuple(changed.get(reading.name, reading) for reading in fields.readings)
    return replace(fields, readings=readings)


def _adds_up(fields: InvoiceFields) -> bool | None:
    """Whether net and tax make the total; None where one of the three is missing."""
    try:
        total, net, tax = (Decimal(fields.value(name) or "") for name in _AMOUNTS)
    except InvalidOperation:
        return None
    return abs(net + tax - total) <= Decimal("0.02")
