"""Every calendar date on the sheet, with day and month told apart by the evidence of the whole document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ocr.extraction.lexicon import month_names
from ocr.extraction.lines import Segment, Sheet, fold
from ocr.reading.document import Box

DayOrder = Literal["day_first", "month_first"]
EARLIEST_YEAR = 1990
LATEST_YEAR = 2079

_NUMERIC = re.compile(
    r"(?<![\d.,/-])(?P<a>\d{1,4})\s?(?P<mark>[./\-–])\s?(?P<b>\d{1,2})\s?(?P=mark)\s?(?P<c>\d{4}|\d{2})(?![\d/]|[.,-]\d)"
)
_DANISH = re.compile(
    r"(?<![\d.,/-])(?P<day>\d{1,2})\s?/\s?(?P<month>\d{1,2})\s?[-–]\s?(?P<year>\d{4}|\d{2})(?![\d/]|[.,-]\d)"
)
"""`27/07-25`, as Denmark and Norway write."""
_NAMED = re.compile(
    r"(?<![\d.,/])(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?[\s.\-/]{0,2}(?:de\s|of\s|d['’])?"
    r"(?P<month>[^\W\d_]{3,12})\.?,?[\s.\-/]{0,2}(?:de\s|del\s)?(?P<year>\d{4}|['’]?\d{2})(?!\d)"
)
_MONTH_FIRST = re.compile(
    r"(?P<month>[^\W\d_]{3,12})\.?[\s\-]{0,2}(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s?,?[\s\-]{1,2}(?P<year>\d{4}|['’]\d{2})|(?P<short>['’]\d{2}))(?!\d)"
)
_YEAR_MONTH_NAMED = re.compile(r"(?P<year>\d{4})[\s\-./](?P<month>[^\W\d_]{3,12})[\s\-./](?P<day>\d{1,2})(?!\d)")
_ASIAN = re.compile(r"(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})")


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """`readings` are the dates it can be: one, or two where day and month could be swapped (day first, month first)."""

    readings: tuple[date, ...]
    raw: str
    segment: Segment
    start: int
    end: int

    @property
    def box(self) -> Box:
        return self.segment.span_box(start=self.start, end=self.end)

    @property
    def ambiguous(self) -> bool:
        return len(self.readings) > 1

    def read(self, order: DayOrder | None) -> date | None:
        """The date under an order; None where the order is needed and unknown."""
        if not self.ambiguous:
            return self.readings[0]
        if order is None:
            return None
        return self.readings[0 if order == "day_first" else 1]


def find_dates(sheet: Sheet) -> list[PrintedDate]:
    """All dates in reading order."""
    return [found for segment in sheet.segments for found in _dates_in(segment)]


def day_order(
    *, dates: Sequence[PrintedDate], countries: Sequence[str] = (), languages: Sequence[str] = ()
) -> DayOrder | None:
    """Which order the document's ambiguous dates have; None when nothing tells.

    A date with a day above 12 decides, then the countries that the document speaks of (only the United States write
    the month first), then any language other than English.
    """
    proven = set(decisive_orders(dates))
    if proven:
        return proven.pop() if len(proven) == 1 else None
    if "US" in countries and all(country == "US" for country in countries):
        # Nobody there writes `23.06.2026`: a browser that prints dates so has perhaps printed all of them.
        return None if any(_is_dotted(each) for each in dates) else "month_first"
    if countries and "US" not in countries:
        return "day_first"
    if languages and languages[0] != "en":
        return "day_first"
    return None


def _is_dotted(printed: PrintedDate) -> bool:
    match = _NUMERIC.match(printed.raw)
    return bool(match and match["mark"] == "." and len(match["a"]) <= 2)


def decisive_orders(dates: Sequence[PrintedDate]) -> list[DayOrder]:
    """The orders that the dates with slashes or dashes and a day above 12 prove."""
    orders: list[DayOrder] = []
    for each in dates:
        match = _NUMERIC.match(each.raw)
        if match and match["mark"] != "." and len(match["a"]) <= 2:
            first, second = int(match["a"]), int(match["b"])
            if first > 12 >= second:
                orders.append("day_first")
            elif second > 12 >= first:
                orders.append("month_first")
    return orders


def _dates_in(segment: Segment) -> Iterator[PrintedDate]:
    text = segment.text
    if sum(letter.isdigit() for letter in text) < 3:
        return
    taken: list[tuple[int, int]] = []
    found: list[PrintedDate] = []
    for pattern in (_ASIAN, _NUMERIC, _DANISH, _NAMED, _MONTH_FIRST, _YEAR_MONTH_NAMED):
        for match in pattern.finditer(text):
            if any(match.start() < stop and match.end() > begin for begin, stop in taken):
                continue
            if readings := _readings(match):
                taken.append(match.span())
                found.append(PrintedDate(readings, match.group(), segment, match.start(), match.end()))
    yield from sorted(found, key=lambda each: each.start)


def _readings(match: re.Match[str]) -> tuple[date, ...]:
    parts = match.groupdict()
    if "mark" in parts:
        return _numeric_readings(parts["a"], parts["mark"], parts["b"], parts["c"])
    name = parts["month"]
    month = int(name) if name.isdigit() else _month(name)
    made = _made(year=_year(parts["year"] or parts["short"]), month=month, day=int(parts["day"]))
    return (made,) if made else ()


def _month(name: str) -> int | None:
    folded = fold(name)
    names = month_names()
    return names.get(folded) or (names.get(folded[:3]) if folded[:3] in names and len(folded) == 4 else None)


def _numeric_readings(first: str, mark: str, second: str, third: str) -> tuple[date, ...]:
    if len(first) == 4:
        made = _made(year=int(first), month=int(second), day=int(third)) if len(third) == 2 else None
        return (made,) if made else ()
    if len(first) == 3:
        return ()
    year = _year(third)
    by_day = _made(year=year, month=int(second), day=int(first))
    by_month = _made(year=year, month=int(first), day=int(second)) if mark != "." else None
    if by_day and by_month and by_day != by_month:
        return (by_day, by_month)
    made = by_day or by_month
    return (made,) if made else ()


def _year(text: str) -> int:
    digits = text.strip("'’")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _made(*, year: int, month: int | None, day: int) -> date | None:
    if not month or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
