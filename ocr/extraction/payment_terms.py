"""Payment terms (BT-20) such as `30 days net`, and the due date they make."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ocr.extraction.fields import Candidate
from ocr.extraction.lexicon import words
from ocr.extraction.lines import Line, Sheet, fold

LONGEST_TERM = 180
"""Days; a longer "payment term" is something else."""

_DAYS = re.compile(r"(?<![\d.,])(?P<count>\d{1,3})\s*(?P<unit>[^\W\d_]{1,10})\.?")

_NET = re.compile(r"(?<![\w.,])net\s?(?P<count>\d{1,3})(?![\w.,%])", re.IGNORECASE)
"""`Net 30`, as it is written in America."""

_END_OF_MONTH = re.compile(
    r"fin de mois|\bf\.?d\.?m\b|end of (?:the )?(?:\w+ )?month|\be\.?o\.?m\b|monatsende|ende (?:des )?monats?\b|"
    r"fine mese|\bd\.?f\.?f\.?m\b|\bf\.m\.|fin de mes\b|fim (?:do|de) mes|einde (?:van de )?maand|"
    r"lobende maned|manedens utgang|manadens slut|koniec miesiaca|konca miesiaca|konci mesice|konce mesice"
)
"""In folded text: days that run on to the end of a month, which houses count in different ways."""


@dataclass(frozen=True, slots=True)
class PaymentTerm:
    """`days` after the issue date, as printed on the line."""

    days: int
    line: Line
    raw: str


def payment_term(sheet: Sheet) -> PaymentTerm | None:
    """The longest number of days that payment words stand beside and no discount does; None also where the days run
    on to the end of a month."""
    found: list[PaymentTerm] = []
    for line in sheet.lines:
        found.extend(_net_days(line))
        tokens = [token.text for segment in line.segments for token in segment.tokens]
        joined = "".join(tokens)
        if not any(word in joined for word in words("days")) or not any(word in joined for word in _strong_terms()):
            continue
        for match in _DAYS.finditer(line.text):
            unit = fold(match["unit"])
            days = int(match["count"])
            if (
                unit in words("days")
                and 0 < days <= LONGEST_TERM
                and not _near_discount(line.text, match.start(), match.end())
            ):
                if _END_OF_MONTH.search(fold(line.text)):
                    return None
                found.append(PaymentTerm(days, line, match.group()))
    return max(found, key=lambda term: term.days, default=None)


def _net_days(line: Line) -> Iterator[PaymentTerm]:
    """`Net 30` alone in its cell, or on a line that speaks of terms; elsewhere it is the head of an amount."""
    for segment in line.segments:
        match = _NET.search(segment.text)
        if match and 0 < int(match["count"]) <= LONGEST_TERM:
            alone = match.group() == segment.text.strip(" .")
            if alone or re.search(r"\bterms\b", line.text, re.IGNORECASE):
                yield PaymentTerm(int(match["count"]), line, match.group())


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
