"""Every number on the sheet, read in the one number format that the document as a whole speaks for.

`1.471,60`, `1'234.50` and `1 234,50` say themselves what they mean; `1.234` does not. So all numbers vote on the
decimal mark first, and only then is any of them read.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ocr.extraction.currency_signs import CurrencySign, sign_after, sign_before
from ocr.extraction.lines import Segment, Sheet
from ocr.reading.document import Box

MAX_FIGURES = 4_000

_BODY = re.compile(r"[0-9]+(?:[.,'’´`][0-9]+)*")
_GROUP_START = re.compile(r"\d{3}(?:(?:[.,'’]\d{3})*[.,]\d{1,4})?(?![\d.,'’]*\d)")
_GROUPED_OTHERWISE = re.compile(
    r"(?<![\d.,'’])\d{1,3}(?:\.\d{3})+,\d{2}(?!\d)|(?<![\d.,'’])\d{1,3}(?:,\d{3})+\.\d{2}(?!\d)"
)
_GROUPED_BY_APOSTROPHE = re.compile(r"(?<![\d.,'’])\d{1,3}(?:['’]\d{3})+[.,]\d{2}(?!\d)")
_GROUPED_BY_BLANK = re.compile(r"(?<![\d.,'’])\d{1,3}(?:\s\d{3})+[.,]\d{2}(?![\d.,])")
_NOT_GROUPED = re.compile(r"(?<![\d.,'’ ])\d{4,7}[.,]\d{2}(?![\d.,])")
_FONT_BLANK = 0.75
_FIGURE_BLANK = 1.3
_WIDER_ON_SCANS = 1.35
"""Widths of a digit: most fonts' blank is half as wide as their digits, a figure space just as wide."""

_PERCENT_AFTER = re.compile(r"\s?(?:%|°/o|percent\b|pct\b|v\.?\s?H\.)")
_SIGN_BEFORE = re.compile(r"(?:^|[\s(:€$£])(?P<sign>[-−–])\s?(?:[€$£]\s?)?$")
_MISREAD_EURO = re.compile(r"ø(?!\w)")
"""What an engine makes of a small euro sign right behind an amount; as a currency it counts for nothing."""
_HAS_CENTS = re.compile(r"[.,]\d{2}$")
_DASH_CENTS = re.compile(r"[.,](?:--?|–|—)")
_COMMA_COUNTRIES = frozenset({"de", "fr", "it", "es", "nl", "pt", "pl", "cs", "sv", "da", "nb"})

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number where it stands. `decimals` are the digits after its mark; `currency` what stands beside it.

    `plain` is a number without mark, grouping or currency: rather a count or a code than money.
    """

    value: Decimal
    raw: str
    segment: Segment
    start: int
    end: int
    decimals: int
    percent: bool
    currency: CurrencySign | None

    @property
    def plain(self) -> bool:
        return self.raw.isdigit() and self.currency is None

    @property
    def money(self) -> bool:
        return not self.percent and (self.decimals == 2 or self.currency is not None)

    @property
    def box(self) -> Box:
        return self.segment.span_box(start=self.start, end=self.end)


@dataclass(frozen=True, slots=True)
class _Found:
    segment: Segment
    start: int
    end: int
    body: str


def find_figures(*, sheet: Sheet, taken: dict[int, list[Span]], languages: Sequence[str]) -> list[Figure]:
    """All numbers in reading order; `taken` names spans by segment index that are dates, accounts or the like."""
    found: list[_Found] = []
    widest = _widest_blank(sheet)
    for segment in sheet.segments:
        found.extend(_bodies(segment, taken.get(segment.index, []), widest))
        if len(found) > MAX_FIGURES:
            break
    mark = decimal_mark(bodies=[each.body for each in found], languages=languages)
    figures = (_figure(each, mark) for each in found)
    return [figure for figure in figures if figure is not None]


def decimal_mark(*, bodies: Sequence[str], languages: Sequence[str] = ()) -> str | None:
    """`.` or `,` as the document writes decimals; None when its numbers do not tell and its language is unknown."""
    votes: Counter[str] = Counter()
    for body in bodies:
        mark, weight = _vote(body)
        if mark:
            votes[mark] += weight
    point, comma = votes["."], votes[","]
    if max(point, comma) >= 2 and point != comma:
        return "." if point > comma else ","
    if not languages:
        return None
    return "," if languages[0] in _COMMA_COUNTRIES else "."


def read_number(*, body: str, mark: str | None) -> tuple[Decimal, int] | None:
    """The value and its count of decimals; None when the text is no number or cannot be read without guessing."""
    digits = re.sub(r"['’´`\s]", "", body)
    marks = [letter for letter in digits if letter in ".,"]
    if not marks:
        return (Decimal(digits), 0) if digits.isdigit() else None
    last = marks[-1]
    whole, _, fraction = digits.rpartition(last)
    if last in whole:
        return _grouped(digits, last)
    if len(marks) > 1:
        other = marks[0]
        head, *groups = whole.split(other)
        if not _are_groups(head, groups):
            return None
        return Decimal(f"{whole.replace(other, '')}.{fraction}"), len(fraction)
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0" and digits == body:
        if mark is None:
            return None
        if last != mark:
            return Decimal(whole + fraction), 0
    return (Decimal(f"{whole}.{fraction}"), len(fraction)) if f"{whole}{fraction}".isdecimal() else None


def _grouped(digits: str, mark: str) -> tuple[Decimal, int] | None:
    head, *groups = digits.split(mark)
    if not _are_groups(head, groups):
        return None
    return Decimal(head + "".join(groups)), 0


def _are_groups(head: str, groups: list[str]) -> bool:
    return 1 <= len(head) <= 3 and all(len(group) == 3 and group.isdigit() for group in groups)


def _vote(body: str) -> tuple[str, int]:
    marks = [letter for letter in body if letter in ".,"]
    if not marks:
        return "", 0
    last = marks[-1]
    fraction = body.rpartition(last)[2]
    if len(set(marks)) == 2 and marks.count(last) == 1:
        return last, 4
    if marks.count(last) > 1:
        return ("," if last == "." else ".", 2) if read_number(body=body, mark=None) else ("", 0)
    if len(fraction) == 2:
        return last, 2
    return (last, 1) if len(fraction) in {1, 4, 5} else ("", 0)


def _widest_blank(sheet: Sheet) -> float:
    """How wide a blank may be that groups thousands, in widths of a digit.

    A document that mostly groups with another mark has none; one that writes thousands without any has only the blank
    of its font, and in all others it may be as wide as a digit, as figure spaces are.
    """
    texts = [segment.text for segment in sheet.segments]
    otherwise, by_blank = (
        sum(len(pattern.findall(text)) for text in texts) for pattern in (_GROUPED_OTHERWISE, _GROUPED_BY_BLANK)
    )
    if otherwise and otherwise >= by_blank:
        return 0.0
    # A Swiss payment slip groups by blanks, whatever the invoice over it does (SIX IG QR-bill).
    told = any(_NOT_GROUPED.search(text) or _GROUPED_BY_APOSTROPHE.search(text) for text in texts)
    return _FONT_BLANK if told else _FIGURE_BLANK


def _bodies(segment: Segment, taken: Sequence[Span], widest: float) -> list[_Found]:
    text, found = segment.text, []
    matches = list(_BODY.finditer(text))
    at = 0
    while at < len(matches):
        start, end = matches[at].span()
        at += 1
        while at < len(matches) and _continues(
            segment, start=start, end=end, next_start=matches[at].start(), widest=widest
        ):
            end = matches[at].end()
            at += 1
        if _stands_alone(text, start, end) and not any(start < stop and end > begin for begin, stop in taken):
            found.append(_Found(segment, start, end, text[start:end]))
    return found


def _continues(segment: Segment, *, start: int, end: int, next_start: int, widest: float) -> bool:
    """Whether a blank here groups thousands: `1 234,50`. Three digits follow, and the gap is no column's."""
    text = segment.text
    if segment.source == "ocr" and _is_split(text, start=start, end=end, next_start=next_start):
        return True
    if next_start != end + 1 or not _GROUP_START.match(text, next_start):
        return False
    head = text[start:end].rsplit(None, 1)[-1]  # no-break and narrow blanks too
    if not head.isdigit() or len(head) > 3 or (start != end - len(head) and len(head) != 3) or text[start] == "0":
        return False
    if start and text[start - 1].isalnum():
        return False
    if end not in {at - 1 for at in segment.starts}:
        return True
    before, after = segment.span_box(start=start, end=end), segment.span_box(start=next_start, end=next_start + 3)
    digit = (after.x1 - after.x0) / 3
    # An engine's boxes end a little inside the ink, so that its blanks are wider.
    return after.x0 - before.x1 <= widest * digit * (_WIDER_ON_SCANS if segment.source == "ocr" else 1.0)


def _is_split(text: str, *, start: int, end: int, next_start: int) -> bool:
    """Whether an engine saw a blank behind the decimal mark, `479, 98€`, as it does where all letters are equally wide:
    the amount, with its currency, is all that the segment says."""
    before, mark, after = text[:start], text[end:next_start], text[next_start + 2 :]
    if mark not in {", ", ". "} or not re.match(r"\d\d(?!\d)", text[next_start:]):
        return False
    left, right = sign_before(text=text, start=start), sign_after(text=text, end=next_start + 2)
    rest = text[: left.start] if left else before, text[right.end :] if right else after
    return not any(each.strip() for each in rest)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Not part of a code, a time, a date or a fraction."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and (before.isalpha() or before in "/:_#.,@°"):
        glued = sign_before(text=text, start=start) is not None and not (before.isalpha() and text[start:end].isdigit())
        if not glued and not (before in ":.," and not text[max(0, start - 2) : start - 1].isdigit()):
            return False
    if before and before in "-–" and text[max(0, start - 2) : start - 1].isalnum():
        return False
    if after and (after.isalpha() or after in "_@°:/"):
        if after == ":" and not text[end + 1 : end + 2].isdigit():
            return True
        if _MISREAD_EURO.match(text, end) and _HAS_CENTS.search(text[start:end]):
            return True
        return sign_after(text=text, end=end) is not None
    return not (after and after in "-–" and text[end + 1 : end + 2].isalnum())


def _figure(found: _Found, mark: str | None) -> Figure | None:
    read = read_number(body=found.body, mark=mark)
    if read is None or len(found.body) > 24:
        return None
    value, decimals = read
    text, start, end = found.segment.text, found.start, found.end
    if dash := _DASH_CENTS.match(text, end):
        end, decimals = dash.end(), 2
    percent = bool(_PERCENT_AFTER.match(text, end))
    before = None if percent else sign_before(text=text, start=start)
    after = None if percent else sign_after(text=text, end=end)
    negative = _is_negative(text, before.start if before else start, start, after.end if after else end)
    return Figure(
        value=-value if negative else value,
        raw=text[start:end],
        segment=found.segment,
        start=start,
        end=end,
        decimals=decimals,
        percent=percent,
        currency=(after or before),
    )


def _is_negative(text: str, outer_start: int, start: int, end: int) -> bool:
    if _SIGN_BEFORE.search(text[:start]) or _SIGN_BEFORE.search(text[:outer_start]):
        return True
    if re.match(r"\s?[-−–](?:$|\s*$|\s(?!\d))", text[end:]):
        return True
    # Only alone is it a bookkeeper's minus; in a sentence, `(9,50 €)` is an aside.
    return text[:outer_start].strip() == "(" and text[end:].strip() == ")"
