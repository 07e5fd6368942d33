"""Payment terms (BT-20) such as `30 days net`, and the due date they make."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ocr.extraction.fields import Candidate
from ocr.extraction.lexicon import words
from ocr.extraction.lines import Line, Sheet

LONGEST_TERM = 180
"""Days; a longer "payment term" is something else."""

_DAYS = re.compile(r"(?<![\d.,])(?P<count>\d{1,3})\s*(?P<unit>[^\W\d_]{1,10})\.?")


@dataclass(frozen=True, slots=True)
class PaymentTerm:
    """`days` after the issue date, as printed on the line."""

    days: int
    line: Line
    raw: str


def payment_term(sheet: Sheet) -> PaymentTerm | None:
    """The longest number of days that payment words stand beside and no discount does."""
    found: list[PaymentTerm] = []
    for line in sheet.lines:
        tokens = [token.text for segment in line.segments for token in segment.tokens]
        joined = "".join(tokens)
        if not any(word in joined for word in words("days")) or not any(word in joined for word in _strong_terms()):
            continue
        for match in _DAYS.finditer(line.text):
            unit = match["unit"].lower()
            days = int(match["count"])
            if (
                unit in words("days")
                and 0 < days <= LONGEST_TERM
                and not _near_discount(line.text, match.start(), match.end())
            ):
                found.append(PaymentTerm(days, line, match.group()))
    return max(found, key=lambda term: term.days, default=None)


def _strong_terms() -> Sequence[str]:
    return [word for word in words("net_words") if len(word) > 3]


def _near_discount(text: str, start: int, end: int) -> bool:
    """`10 days 3 %`, `2 % within 10 days`: the term of a discount."""
    before = re.split(r"[,;]", text[max(0, start - 40) : start])[-1]
    after = re.split(r"[,;]", text[end : end + 30])[0]
    clause = f"{before} {after}".lower()
    return "%" in clause or any(word in clause for word in words("discount_words") if len(word) > 3)


def due_by_term(*, term: PaymentTerm, issued: date) -> Candidate:
    """The due date that the term gives, marked as computed."""
    return Candidate(
        value=(issued + timedelta(days=term.days)).isoformat(),
        raw=term.raw,
        source="derived",
        confidence=0.8,
        page=term.line.page,
        box=term.line.box,
        checks_passed=("computed_from_payment_terms",),
    )
