"""The joint choice: witnesses in order of trust, compared field by field.

An e-invoice is believed before a payment code, that before the text layer, and that before OCR. What two witnesses
say alike is confirmed; what they say differently is left empty with a warning.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from customers.sentences import Sentence
from ocr.extraction.field_labels import FIELD_LABELS
from ocr.extraction.fields import Candidate, DocumentWarning, FieldName, FieldReading, Testimony
from ocr.extraction.lines import compact
from ocr.extraction.page_reading import PageReading
from ocr.extraction.party_names import core_of, same_party
from ocr.extraction.thresholds import CONFIRMED, CONTRADICTS, LEAST_STATED, USUAL, Strictness, least_given

_AMOUNTS: frozenset[FieldName] = frozenset({"total", "subtotal", "sales_tax_amount", "sales_tax_percentage"})
_NAMES: frozenset[FieldName] = frozenset({"seller_name", "customer_name"})
_DATES: frozenset[FieldName] = frozenset({"due_date", "issue_date"})
_DECISIVE: frozenset[FieldName] = frozenset({"total", "currency_code", "iban", "bic", "invoice_number", "seller_name"})
"""Fields in which a sure reading of the page silences a machine-readable value that the page does not show."""

MOST_RUNNERS_UP = 4


def choose(
    *, name: FieldName, testimonies: Sequence[Testimony], page: PageReading, strictness: Strictness = USUAL
) -> tuple[FieldReading, DocumentWarning | None]:
    """The reading of one field from machine-readable witnesses in order of trust and the pages.

    `strictness` is how sure a printed value must be to be given.
    """
    stated = [_best(name, testimony) for testimony in testimonies]
    spoken = [each for each in stated if each is not None]
    printed = page.candidates.get(name, ())
    others = tuple(each for testimony in testimonies for key, each in testimony.candidates if key == name)
    if not spoken:
        return _from_page(name, printed, others, page, strictness), None
    first = spoken[0]
    rival = next((each for each in spoken[1:] if not same_value(name=name, one=each.value, other=first.value)), None)
    explained = any(each.code in {"amount_due_differs", "instalments"} for each in page.warnings)
    if name == "total" and first.source == "qr" and explained and (due := _differing_due(first, printed)):
        return due
    if rival is None and name in _DECISIVE and printed and not shows(name=name, value=first.value, page=page):
        top = printed[0]
        if top.confidence >= CONTRADICTS and not same_value(name=name, one=top.value, other=first.value):
            rival = top
    if rival is not None:
        return _contradicted(name, first, rival, (*others, *printed))
    confirmed = len(spoken) > 1 or shows(name=name, value=first.value, page=page)
    chosen = first
    if confirmed:
        passed = tuple(dict.fromkeys((*first.checks_passed, "sources_agree")))
        where = next((each for each in printed if same_value(name=name, one=each.value, other=first.value)), None)
        chosen = replace(
            first,
            confidence=max(first.confidence, CONFIRMED) if first.confidence >= LEAST_STATED[name] else first.confidence,
            checks_passed=passed,
            page=first.page or (where.page if where else None),
            box=first.box or (where.box if where else None),
        )
    return _decided(name, chosen, (*others, *printed), "", LEAST_STATED[name]), None


def _differing_due(coded: Candidate, printed: Sequence[Candidate]) -> tuple[FieldReading, DocumentWarning] | None:
    """Where the page says that less than its total is to be paid, a payment code names that: an instalment, or what a
    prepayment left. The total is the page's then; None where both are the same or the page is not sure of another."""
    if not printed or printed[0].confidence < CONTRADICTS:
        return None
    total = printed[0]
    if same_value(name="total", one=total.value, other=coded.value):
        return None
    message = Sentence(
        "The payment code asks for {coded}, which is not the total {total}.",
        coded=coded.value,
        total=total.value,
    )
    reading = FieldReading("total", total, _distinct((coded, *printed[1:])), "")
    return reading, DocumentWarning("amount_due_differs", message, "total")


def shows(*, name: FieldName, value: str, page: PageReading) -> bool:
    """Whether the pages show the value, wherever it stands."""
    if any(same_value(name=name, one=each.value, other=value) for each in page.candidates.get(name, ())):
        return True
    if name in _AMOUNTS:
        return abs(Decimal(value)) in page.amounts
    if name in _DATES:
        return date.fromisoformat(value) in page.dates
    if name in _NAMES:
        return page.sheet.mentions(core_of(value))
    return len(compact(value)) >= 3 and page.sheet.mentions(value)


def same_value(*, name: FieldName, one: str, other: str) -> bool:
    """Whether two spellings are one value of the field."""
    if one == other:
        return True
    if name in _AMOUNTS:
        return Decimal(one) == Decimal(other)
    if name in _NAMES:
        return same_party(one=one, other=other)
    if name == "bic":
        return one.removesuffix("XXX") == other.removesuffix("XXX")
    return compact(one) == compact(other)


def _best(name: FieldName, testimony: Testimony) -> Candidate | None:
    own = [each for key, each in testimony.candidates if key == name]
    sure = [each for each in own if each.confidence >= LEAST_STATED[name]]
    return max(sure, key=lambda each: each.confidence, default=None)


def _from_page(
    name: FieldName,
    printed: Sequence[Candidate],
    others: Sequence[Candidate],
    page: PageReading,
    strictness: Strictness,
) -> FieldReading:
    note = page.notes.get(name, "")
    if not printed:
        return FieldReading(name, None, tuple(others[:MOST_RUNNERS_UP]), note)
    least = least_given(name=name, strictness=strictness)
    return _decided(name, printed[0], (*printed[1:], *others), note, least)


def _decided(name: FieldName, best: Candidate, rest: Sequence[Candidate], note: str, least: float) -> FieldReading:
    if best.confidence < least:
        why = note or "Something was seen, but it is not sure enough."
        return FieldReading(name, None, _distinct((best, *rest)), why)
    if best.source == "derived" and not note:
        note = f"Computed from “{best.raw}”."
    return FieldReading(
        name,
        best,
        _distinct(each for each in rest if not same_value(name=name, one=each.value, other=best.value)),
        note,
    )


def _contradicted(
    name: FieldName, first: Candidate, rival: Candidate, rest: Sequence[Candidate]
) -> tuple[FieldReading, DocumentWarning]:
    what = FIELD_LABELS[name]
    message = Sentence(
        "The {what} is {first_value} ({first_source}) in one place and {rival_value} ({rival_source}) in another.",
        what=what,
        first_value=first.value,
        first_source=first.source,
        rival_value=rival.value,
        rival_source=rival.source,
    )
    reading = FieldReading(name, None, _distinct((first, rival, *rest)), message)
    return reading, DocumentWarning("sources_disagree", message, name)


def _distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    seen: dict[tuple[str, str], Candidate] = {}
    for each in candidates:
        seen.setdefault((each.value, each.source), each)
    return tuple(seen.values())[:MOST_RUNNERS_UP]
