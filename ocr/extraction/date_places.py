"""Where dates stand: in a table, in the margin, behind a place, written in one with nothing between."""

import re
from datetime import date

from ocr.extraction.calendar_dates import PrintedDate
from ocr.extraction.evidence import Evidence, Place
from ocr.extraction.lexicon import Label

SURE_DATES = frozenset({"issue_date", "due_date"})
"""Kinds of labels that leave no doubt about which date they announce."""

_SAME_EDGE = 6.0
"""Points."""
_TOGETHER = re.compile(r"[\s:.]*(?P<digits>(?:20)?\d{6})\s*$")


def written_together(*, evidence: Evidence, place: Place, label: Label) -> PrintedDate | None:
    """`20260402`, or `260402` as only Swedes write it, alone behind the label of a date."""
    match = _TOGETHER.match(place.segment.text, place.start)
    if match is None or label.kinds.isdisjoint(SURE_DATES):
        return None
    digits = match["digits"]
    if len(digits) == 6 and (not evidence.labels.languages or evidence.labels.languages[0] != "sv"):
        return None
    try:
        made = date.fromisoformat(digits if len(digits) == 8 else f"20{digits}")
    except ValueError:
        return None
    return PrintedDate((made,), digits, place.segment, match.start("digits"), match.end("digits"))


def heads_column(*, evidence: Evidence, first: PrintedDate) -> bool:
    """Whether further dates stand under this one, with no label between: the days of a table, none of which is the
    document's."""
    own = first.segment
    for line in evidence.sheet.lines[own.line + 1 : own.line + 5]:
        for segment in line.segments:
            if segment.page != own.page or abs(segment.box.x0 - own.box.x0) >= _SAME_EDGE:
                continue
            if any(label.opens for label in evidence.labels.within(segment)):
                return False
            if any(each.start == first.start for each in evidence.dates_by_segment.get(segment.index, ())):
                return True
    return False


_TIME = re.compile(r",?\s?\d{1,2}[:.]\d{2}\b")
_MARGIN = 0.045


def is_print_stamp(*, evidence: Evidence, printed: PrintedDate) -> bool:
    """`23.06.26, 11:09` in the margin: when a browser printed the page."""
    segment = printed.segment
    height = evidence.sheet.page_heights.get(segment.page, 842.0)
    is_outside = segment.box.y0 < _MARGIN * height or segment.box.y1 > (1 - _MARGIN) * height
    return is_outside and bool(_TIME.match(segment.text, printed.end))


_PLACE = re.compile(
    r"[A-ZÀ-ÖØ-ÞĀ-Ž][^\W\d]+(?:[ ./-][^\W\d]+){0,3}(?:\s\([^()]{2,4}\))?,?\s(?:(?:den|le|lì|li|a|am|the|op)\s)?$"
)


def follows_place(*, evidence: Evidence, printed: PrintedDate) -> bool:
    """`Köln, den 16. November 2026` in the upper half of the first page: place and date of a letter."""
    segment = printed.segment
    height = evidence.sheet.page_heights.get(segment.page, 842.0)
    if segment.page != evidence.sheet.lines[0].page or segment.box.y0 > 0.5 * height:
        return False
    before, after = segment.text[: printed.start], segment.text[printed.end :]
    return bool(_PLACE.fullmatch(before)) and len(after.strip(" .")) == 0 and not evidence.labels.within(segment)
