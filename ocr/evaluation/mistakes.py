"""What kind of mistake a wrong or empty field is, and what would mend it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from rapidfuzz.distance import Levenshtein

from ocr.evaluation.comparison import Expected, fails_its_check, is_same, normal_form
from ocr.extraction.fields import FieldName

REMEDIES = {
    "not found": "a label, a format or a place that is not known yet",
    "seen, not trusted": "more evidence for the right candidate, or a threshold nearer to its true reliability",
    "another value seen, not trusted": "candidates that reach the right place, then a choice between them",
    "fails its check": "nothing: the document states a number that cannot be",
    "not read": "a reader that survives the document",
    "misread": "a better picture or OCR model, or a check digit that proves the repair",
    "more or less than the value": "the bounds of the value: where it begins and ends",
    "value of another field": "labels told apart, or a joint choice of the sums, dates or parties",
    "separators": "the number format decided from all amounts of the document",
    "day and month swapped": "more evidence for the order of day and month",
    "impossible account given": "its check digits refuse it",
    "another value": "a choice between candidates that knows more than label and place",
}
_AMOUNTS: frozenset[FieldName] = frozenset({"total", "subtotal", "sales_tax_amount", "sales_tax_percentage"})
_DATES: frozenset[FieldName] = frozenset({"due_date", "issue_date"})
_MISREAD_SHARE = 0.2


def kind_of_empty(*, name: FieldName, truth: Expected, runners_up: Sequence[str]) -> str:
    """Why a field is empty that should not be; `runners_up` are the values seen and not chosen."""
    if fails_its_check(name=name, values=truth.values):
        return "fails its check"
    if any(is_same(name=name, value=seen, truth=each) for seen in runners_up for each in truth.values):
        return "seen, not trusted"
    return "another value seen, not trusted" if runners_up else "not found"


def kind_of_wrong(*, name: FieldName, value: str, truths: Mapping[FieldName, Expected]) -> str:
    """What the value given has to do with the right one, or with those of the other fields."""
    right = truths[name].values
    if not right:
        return "impossible account given"
    if name in _DATES and any(_is_swapped(value, each) for each in right):
        return "day and month swapped"
    if name in _AMOUNTS and any(_differs_by_separators(value, each) for each in right):
        return "separators"
    if any(other != name and _states(other, truth, value) for other, truth in truths.items()):
        return "value of another field"
    given = normal_form(name=name, value=value)
    forms = [normal_form(name=name, value=each) for each in right]
    if name not in _DATES and any(given in form or form in given for form in forms):
        return "more or less than the value"
    if any(Levenshtein.distance(given, form) <= max(1, len(form) * _MISREAD_SHARE) for form in forms):
        return "misread"
    return "another value"


def _states(name: FieldName, truth: Expected, value: str) -> bool:
    return any(is_same(name=name, value=value, truth=each) for each in truth.values)


def _is_swapped(value: str, truth: str) -> bool:
    year, month, day = truth.split("-")
    return value == f"{year}-{day}-{month}" and day != month


def _differs_by_separators(value: str, truth: str) -> bool:
    try:
        given, right = Decimal(value), Decimal(truth)
    except InvalidOperation:
        return False
    return given != right and right != 0 and any(given == right.scaleb(power) for power in (-3, -2, -1, 1, 2, 3))
