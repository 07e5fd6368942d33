"""The place of a value on a supplier's documents: learnt from where a person took it, and found again on the next.

What stands in another shape, fails the check of its field, or is found as several values is not believed. Pure.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from ocr.extraction.entered_values import Conventions, NotUnderstood, conventions_of, entered_value
from ocr.extraction.fields import FIELD_NAMES, FieldName
from ocr.extraction.lines import Segment, Sheet, overlaps, sheet_of
from ocr.reading.document import Box, DocumentText

TAUGHT: frozenset[FieldName] = frozenset({*FIELD_NAMES} - {"currency_symbol", "seller_address"})
"""The symbol follows from the currency, and an address has no label and several lines."""

OF_THE_SUPPLIER: frozenset[FieldName] = frozenset({"seller_name", "seller_vat_id", "seller_email", "iban", "bic"})
"""What is the same on every document of a supplier, and may be known again by itself."""

_BY_SHAPE: frozenset[FieldName] = frozenset({"invoice_number", "reference"})
_NAMES: frozenset[FieldName] = frozenset({"seller_name", "customer_name"})
_MOST_LABEL_WORDS = 6
_LEAST_LABEL_LETTERS = 3
_LONGEST_VALUE = 140
_SLACK = 0.02
"""By how much of the page's width or height a value may stand off the place where the last one stood."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Where a value of the supplier's documents stands.

    `label` are the folded words before it, `side` where it stands from them: `same` piece of text, `right` or `below`;
    both empty where nothing labels it. `page` counts from 1, or from the end when it is negative; `box` is in shares of
    the page's width and height. `shape` is the value with every run of digits as 9 and of letters as A, `value` what
    the person gave. `right` and `wrong` count the documents on which people agreed and did not.
    """

    id: int
    field: FieldName
    label: tuple[str, ...] = ()
    side: str = ""
    page: int = 1
    box: tuple[float, float, float, float] = (0, 0, 0, 0)
    shape: str = ""
    value: str = ""
    right: int = 0
    wrong: int = 0

    @property
    def confidence(self) -> float:
        """As nine right ones of ten would give, moved by what has come since; 0..1."""
        return (9 + self.right) / (10 + self.right + self.wrong)


@dataclass(frozen=True, slots=True)
class Found:
    segment: Segment
    start: int
    end: int
    value: str

    @property
    def raw(self) -> str:
        return self.segment.text[self.start : self.end]


def learnt(*, document: DocumentText, name: FieldName, page: int, box: Box, value: str = "") -> Hint | None:
    """The hint that a value in this place of the document gives, with id 0; None where no words stand there."""
    if name not in TAUGHT:
        return None
    sheet = sheet_of(document)
    place = _span_at(sheet, page=page, box=box)
    if place is None:
        return None
    segment, start, end = place
    label, side = _label_of(sheet, segment=segment, start=start)
    height, width = sheet.page_heights[page], sheet.page_widths[page]
    is_last = page > 1 and page == max(sheet.page_heights)
    at = segment.span_box(start=start, end=end)
    return Hint(
        id=0,
        field=name,
        label=label,
        side=side,
        page=-1 if is_last else page,
        box=(
            round(at.x0 / width, 4),
            round(at.y0 / height, 4),
            round(at.x1 / width, 4),
            round(at.y1 / height, 4),
        ),
        shape=shape_of(segment.text[start:end]),
        value=value,
    )


def place_of(*, document: DocumentText, name: FieldName, value: str) -> tuple[int, Box] | None:
    """The one place of the document that says this value, for what a person typed; None where none or several do."""
    places = places_of(document=document, name=name, value=value)
    return places[0] if len(places) == 1 else None


def places_of(*, document: DocumentText, name: FieldName, value: str) -> list[tuple[int, Box]]:
    """Page (from 1) and box of everything on the document that says this value, in reading order."""
    sheet, conventions = sheet_of(document), conventions_once(document, None)
    said = [each for segment in sheet.segments for each in _saying(segment, name, value, conventions)]
    return [(each.segment.page, each.segment.span_box(start=each.start, end=each.end)) for each in said]


def _saying(segment: Segment, name: FieldName, value: str, conventions: Callable[[], Conventions]) -> Iterator[Found]:
    """The shortest runs of words that say the value, none within another."""
    end = len(segment.text) + 1
    for start in reversed(segment.starts):
        runs = _readings(segment, name=name, start=start, shape=None, conventions=conventions)
        shortest = [each for each in runs if each.value == value and each.end < end][-1:]
        if shortest:
            end = shortest[0].start + 1
            yield shortest[0]


def shape_of(text: str) -> str:
    """`RE-2024/0012` and `RE-2025/0047` are both `A-9/9`."""
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "9", " ".join(text.split())))


def conventions_once(document: DocumentText, currency: str | None) -> Callable[[], Conventions]:
    """Worked out once, and only when a text does not say its value alone."""
    return cache(lambda: conventions_of(document, currency=currency))


def _span_at(sheet: Sheet, *, page: int, box: Box) -> tuple[Segment, int, int] | None:
    """The piece of text whose words' middles lie in the box: the segment, and the first of it and behind its last."""
    best: tuple[Segment, int, int] | None = None
    most = 0
    for segment in sheet.segments:
        if segment.page != page:
            continue
        inside = [
            (at, at + len(word.text))
            for word, at in zip(segment.words, segment.starts, strict=True)
            if box.x0 - 1 <= (word.box.x0 + word.box.x1) / 2 <= box.x1 + 1
            and box.y0 - 1 <= (word.box.y0 + word.box.y1) / 2 <= box.y1 + 1
        ]
        if inside and inside[-1][1] - inside[0][0] > most:
            most = inside[-1][1] - inside[0][0]
            best = segment, inside[0][0], inside[-1][1]
    return best


def _label_of(sheet: Sheet, *, segment: Segment, start: int) -> tuple[tuple[str, ...], str]:
    if label := _words(segment, end=start):
        return label, "same"
    row = sheet.lines[segment.line].segments
    for other in reversed([each for each in row if each.box.x1 <= segment.box.x0 + 1]):
        if label := _words(other, end=len(other.text)):
            return label, "right"
    for line in reversed(sheet.lines[max(0, segment.line - 3) : segment.line]):
        near = line.page == segment.page and segment.box.y0 - line.box.y1 < 2 * segment.height
        for other in line.segments if near else ():
            if overlaps(one=segment.box, other=other.box) and (label := _words(other, end=len(other.text))):
                return label, "below"
    return (), ""


def _words(segment: Segment, *, end: int) -> tuple[str, ...]:
    """The last words before this offset, as a label; empty where they are too few letters to be one."""
    words = tuple(token.text for token in segment.tokens if token.end <= end and token.text.isalpha())
    words = words[-_MOST_LABEL_WORDS:]
    return words if sum(map(len, words)) >= _LEAST_LABEL_LETTERS else ()


def find(sheet: Sheet, *, hint: Hint, conventions: Callable[[], Conventions]) -> Found | None:
    """The one value that the hint finds: of several beside its label the one in its very place; else what is the same
    on every document of the supplier, wherever it stands. None where it finds none, or cannot tell which."""
    beside = _found(_beside_label(sheet, hint), hint=hint, conventions=conventions) if hint.label else {}
    if len(beside) == 1:
        return next(iter(beside.values()))
    in_place = _found(_at_place(sheet, hint), hint=hint, conventions=conventions)
    if hint.label:
        in_place = {value: each for value, each in in_place.items() if value in beside}
    # A place alone tells a number by its shape; of names it would take any.
    if len(in_place) == 1 and (hint.label or hint.field != "seller_name"):
        return next(iter(in_place.values()))
    if hint.field not in OF_THE_SUPPLIER or not hint.value:
        return None
    again = (each for segment in sheet.segments for each in _saying(segment, hint.field, hint.value, conventions))
    return next(again, None)


def _found(
    places: Iterator[tuple[Segment, int]], *, hint: Hint, conventions: Callable[[], Conventions]
) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for segment, start in places:
        for each in _readings(segment, name=hint.field, start=start, shape=hint.shape, conventions=conventions):
            found.setdefault(each.value, each)
            break
    return found


def _beside_label(sheet: Sheet, hint: Hint) -> Iterator[tuple[Segment, int]]:
    """Where a value of the hint may begin: behind its label, whether or not the two were set apart this time."""
    for segment in sheet.segments:
        for end in _ends_of(segment, hint.label):
            rest = segment.text[end:].strip(" :.#-–—")
            if rest and hint.side != "below":
                yield segment, end
            elif hint.side == "below":
                yield from ((other, 0) for other in _nearest(sheet.below(segment)))
            else:
                yield from ((other, 0) for other in sheet.right_of(segment)[:1])


def _nearest(segments: Iterator[Segment]) -> list[Segment]:
    first = next(segments, None)
    return [first] if first is not None else []


def _ends_of(segment: Segment, label: tuple[str, ...]) -> Iterator[int]:
    """The offsets behind the label's words, wherever the segment says them in a row."""
    words = [token for token in segment.tokens if token.text.isalpha()]
    for at in range(len(words) - len(label) + 1):
        if tuple(token.text for token in words[at : at + len(label)]) == label:
            yield words[at + len(label) - 1].end


def _at_place(sheet: Sheet, hint: Hint) -> Iterator[tuple[Segment, int]]:
    """Where a value without a label stood last time: only what begins there and is as high."""
    page = hint.page if hint.page > 0 else max(sheet.page_heights, default=0)
    width, height = sheet.page_widths.get(page, 0.0), sheet.page_heights.get(page, 0.0)
    for segment in sheet.segments:
        if segment.page != page or not width or not height:
            continue
        for word, at in zip(segment.words, segment.starts, strict=True):
            middle = (word.box.y0 + word.box.y1) / 2 / height
            if (
                abs(word.box.x0 / width - hint.box[0]) <= _SLACK
                and hint.box[1] - _SLACK <= middle <= hint.box[3] + _SLACK
            ):
                yield segment, at
                break


def _readings(
    segment: Segment, *, name: FieldName, start: int, shape: str | None, conventions: Callable[[], Conventions]
) -> Iterator[Found]:
    """What the text from here on says as a value of the field, in this shape where shape tells, the longest first."""
    while start < len(segment.text) and segment.text[start] in " :.#-–—":
        start += 1
    ends = [at + len(word.text) for word, at in zip(segment.words, segment.starts, strict=True)]
    for end in sorted((end for end in ends if end > start), reverse=True):
        text = segment.text[start:end]
        if len(text) > _LONGEST_VALUE or (name in _BY_SHAPE and shape is not None and shape_of(text) != shape):
            continue
        if name in _NAMES and (end != ends[-1] or not any(map(str.isalpha, text))):
            continue
        try:
            value = entered_value(name=name, text=text, conventions=conventions)
        except NotUnderstood:
            continue
        yield Found(segment=segment, start=start, end=end, value=value)
