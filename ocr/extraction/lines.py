"""Words → text lines and segments, in reading order.

A segment is a run of words on one baseline without a gap a table column would leave: the unit in which people read
`Invoice no.: 4711` or one cell of a table. A line is all segments on one baseline.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from ocr.extraction.remembering import remembered
from ocr.extraction.skew import slope_of
from ocr.reading.document import Box, DocumentText, Page, PageSource, Word

MAX_WORDS = 12_000
"""Beyond this many words only the first and the last pages are looked at: the head and the sums stand there."""

MAX_SEGMENT_WORDS = 80
LONGEST_WORD = 300
"""Bounds for one segment and one word, so that no crafted page makes the patterns run long."""

COLUMN_GAP = 0.62
"""A gap wider than this share of the word height separates two segments (an ordinary blank is about 0.25)."""

RECOGNISED_GAP = 0.85
"""The same for words of an OCR engine, whose boxes are tighter than type and end a little off."""

BULLET_GAP = 1.6
"""The same beside a bullet that parts the pieces of one line, as in a sender's address."""

_BULLETS = frozenset("•·∙|◦■●▪–—-")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[%#]")
_ALPHANUMERIC = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Token:
    """A folded run of letters or of digits, or `%`, or `#`; `start` and `end` are offsets in its segment's text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """`index` counts through the document, `line` through the document's lines, `starts` are the words' offsets."""

    index: int
    line: int
    page: int
    source: PageSource
    text: str
    box: Box
    words: tuple[Word, ...]
    starts: tuple[int, ...]
    tokens: tuple[Token, ...]

    @property
    def height(self) -> float:
        return self.box.y1 - self.box.y0

    @property
    def as_read(self) -> str:
        """The text before any letter of it was put right; of the same length."""
        return " ".join(word.text for word in self.words)

    def span_box(self, *, start: int, end: int) -> Box:
        """The box of the words that the text from `start` to `end` touches; a part of a word is interpolated."""
        touched = [
            _part(word=word, start=start - at, end=end - at)
            for word, at in zip(self.words, self.starts, strict=True)
            if at < end and at + len(word.text) > start
        ]
        return union(touched) if touched else self.box


@dataclass(frozen=True, slots=True)
class Line:
    index: int
    page: int
    box: Box
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        return "  ".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole document as lines. `compact` is its text as capital letters and digits only, for "does it say…"."""

    lines: tuple[Line, ...]
    segments: tuple[Segment, ...]
    page_heights: dict[int, float] = field(default_factory=dict)
    page_widths: dict[int, float] = field(default_factory=dict)
    compact: str = ""

    def right_of(self, segment: Segment) -> tuple[Segment, ...]:
        """The segments to the right at the same height, nearest first; a value may be set a little off its label."""
        found = [
            other
            for line in self.lines[max(0, segment.line - 2) : segment.line + 3]
            if line.page == segment.page
            for other in line.segments
            if other.box.x0 >= segment.box.x1 - 1 and (other.line == segment.line or _beside(segment.box, other.box))
        ]
        return tuple(sorted(found, key=lambda other: (other.box.x0, abs(other.line - segment.line))))

    def below(self, segment: Segment, *, reach: float = 3.2, box: Box | None = None) -> Iterator[Segment]:
        """Segments that start under the segment (or the box within it), nearest line first, at most `reach` of its
        heights away, overlapping it horizontally."""
        box = box or segment.box
        limit = box.y1 + reach * (box.y1 - box.y0)
        for line in self.lines[segment.line + 1 : segment.line + 60]:
            if line.page != segment.page or line.box.y0 > limit:
                return
            for other in line.segments:
                if other.box.y0 < limit and other.box.y0 > box.y0 and overlaps(one=box, other=other.box):
                    yield other

    def mentions(self, value: str) -> bool:
        """Whether the document's text holds the value, blanks, punctuation and case aside."""
        wanted = compact(value)
        return bool(wanted) and wanted in self.compact


def union(boxes: list[Box]) -> Box:
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def _beside(one: Box, other: Box) -> bool:
    """Whether two boxes share at least a third of the lower one's height."""
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    return shared > 0.36 * min(one.y1 - one.y0, other.y1 - other.y0)


def overlaps(*, one: Box, other: Box) -> bool:
    """Whether the two share horizontal ground, with a little tolerance."""
    return one.x0 < other.x1 + 2 and other.x0 < one.x1 + 2


@remembered
def fold(text: str) -> str:
    """Lower case without accents: `Müller` and the `Muller` of a weak OCR engine become the same."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@remembered
def compact(text: str) -> str:
    """Only letters and digits, folded."""
    return "".join(_ALPHANUMERIC.findall(fold(text)))


@remembered
def tokens_of(text: str) -> tuple[Token, ...]:
    return tuple(Token(fold(match.group()), match.start(), match.end()) for match in _TOKEN.finditer(text))


def sheet_of(document: DocumentText) -> Sheet:
    """The document's lines in reading order. Huge documents are cut to their first and last pages."""
    lines: list[Line] = []
    segments: list[Segment] = []
    for page in _pages_worth_reading(document.pages):
        slope = slope_of(page.words) if page.source == "ocr" else 0.0
        for words in _baselines(page.words, slope):
            cells = [
                _segment(words=cell, page=page, line=len(lines), index=len(segments) + place)
                for place, cell in enumerate(_cells(words, RECOGNISED_GAP if page.source == "ocr" else COLUMN_GAP))
            ]
            segments.extend(cells)
            box = union([cell.box for cell in cells])
            lines.append(Line(index=len(lines), page=page.number, box=box, segments=tuple(cells)))
    return Sheet(
        lines=tuple(lines),
        segments=tuple(segments),
        page_heights={page.number: page.height for page in document.pages},
        page_widths={page.number: page.width for page in document.pages},
        compact="".join(token.text for segment in segments for token in segment.tokens if token.text not in "%#"),
    )


def _pages_worth_reading(pages: tuple[Page, ...]) -> list[Page]:
    """From both ends inwards, while the budget of words lasts; a single monstrous page is cut as well."""
    order = sorted(range(len(pages)), key=lambda at: min(at, (len(pages) - 1 - at) + 0.5))
    kept: dict[int, Page] = {}
    budget = MAX_WORDS
    for at in order:
        page = pages[at]
        if budget <= 0:
            break
        if len(page.words) > budget:
            page = Page(page.number, page.width, page.height, page.source, page.words[:budget], page.engine)
        budget -= len(page.words)
        kept[at] = page
    return [kept[at] for at in sorted(kept)]


def _baselines(words: tuple[Word, ...], slope: float) -> Iterator[list[Word]]:
    """Groups of words whose middles lie on one height, the page's slant taken out, top to bottom."""
    usable = [
        word if len(word.text) <= LONGEST_WORD else Word(word.text[:LONGEST_WORD], word.box, word.confidence)
        for word in words
        if word.text.strip() and word.box.y1 > word.box.y0
    ]
    usable.sort(key=lambda word: (_middle(word, slope), word.box.x0))
    row: list[Word] = []
    for word in usable:
        if row and not _same_baseline(row, word, slope):
            yield row
            row = []
        row.append(word)
    if row:
        yield row


def _same_baseline(row: list[Word], word: Word, slope: float) -> bool:
    last = row[-1] if len(row) < 3 else row[len(row) // 2]
    middle, height = _middle(last, slope), last.box.y1 - last.box.y0
    own_middle, own_height = _middle(word, slope), word.box.y1 - word.box.y0
    return abs(own_middle - middle) < 0.42 * min(max(height, 0.5 * own_height), max(own_height, 0.5 * height))


def _middle(word: Word, slope: float) -> float:
    return (word.box.y0 + word.box.y1 - slope * (word.box.x0 + word.box.x1)) / 2


def _cells(words: list[Word], gap: float) -> Iterator[list[Word]]:
    words = sorted(words, key=lambda word: word.box.x0)
    height = median(word.box.y1 - word.box.y0 for word in words)
    cell: list[Word] = []
    edge = 0.0
    for word in words:
        bullet = word.text in _BULLETS or (cell and cell[-1].text in _BULLETS)
        full = len(cell) >= MAX_SEGMENT_WORDS
        if full or (cell and word.box.x0 - edge > (BULLET_GAP if bullet else gap) * height):
            yield cell
            cell = []
        edge = max(edge, word.box.x1) if cell else word.box.x1
        cell.append(word)
    if cell:
        yield cell


def _segment(*, words: list[Word], page: Page, line: int, index: int) -> Segment:
    starts: list[int] = []
    at = 0
    for word in words:
        starts.append(at)
        at += len(word.text) + 1
    text = " ".join(word.text for word in words)
    return Segment(
        index=index,
        line=line,
        page=page.number,
        source=page.source,
        text=text,
        box=union([word.box for word in words]),
        words=tuple(words),
        starts=tuple(starts),
        tokens=tokens_of(text),
    )


def _part(*, word: Word, start: int, end: int) -> Box:
    """The share of a word's box that its characters from `start` to `end` take; OCR boxes a whole run as one word."""
    length = len(word.text)
    start, end = max(0, start), min(length, end)
    if start == 0 and end == length:
        return word.box
    step = (word.box.x1 - word.box.x0) / max(1, length)
    return Box(word.box.x0 + start * step, word.box.y0, word.box.x0 + end * step, word.box.y1)
