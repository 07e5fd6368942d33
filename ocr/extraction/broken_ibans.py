"""What is called an IBAN on the page and is none: a digit wrong, too few or too many. On a page of text nobody misread
it; somebody wrote it so."""

import re
from collections.abc import Collection, Iterator

from ocr.extraction.checks import iban_of
from ocr.extraction.iban_structures import structure_of
from ocr.extraction.lines import Segment, Sheet

_START = re.compile(r"(?<![A-Z0-9])([A-Z]{2}) ?[0-9]{2}(?=[ .\-]?[0-9A-Z])")
_LABEL = re.compile(r"\bIBAN", re.IGNORECASE)
_MISSED = 2
"""Characters that may be missing or too many."""

_LINES_ABOVE = 2

Span = tuple[Segment, int, int]


def broken_ibans(*, sheet: Sheet, taken: Collection[Span]) -> tuple[str, ...]:
    """The texts with the form of an IBAN that stand behind, beside or under the word, and are none (ISO 13616), as they
    are printed. `taken` is where valid ones stand. Nothing that an engine recognised is among them: it may be misread.
    """
    return tuple(dict.fromkeys(text for segment in sheet.segments for text in _in_segment(sheet, segment, taken)))


def _in_segment(sheet: Sheet, segment: Segment, taken: Collection[Span]) -> Iterator[str]:
    if segment.source == "ocr":
        return
    for match in _START.finditer(segment.text):
        end = _end_of(segment.text, match.start())
        if end is None or iban_of(segment.text[match.start() : end]):
            continue
        if any(other is segment and match.start() < stop and end > begin for other, begin, stop in taken):
            continue
        if _is_called_iban(sheet, segment, match.start()):
            yield segment.text[match.start() : end]


def _end_of(text: str, start: int) -> int | None:
    """Where the text that has nearly the form of the country's IBAN ends; None where it has not."""
    structure = structure_of(text[start : start + 2])
    if structure is None:
        return None
    wanted = f"aann{structure}"
    kept = [place for place in range(start, len(text)) if text[place].isascii() and text[place].isalnum()]
    fitting = 0
    for place, kind in zip(kept, wanted, strict=False):
        if not _fits(text[place], kind) or (fitting and not _joins(text[kept[fitting - 1] + 1 : place])):
            break
        fitting += 1
    if fitting < len(wanted) - _MISSED:
        return None
    end = kept[fitting - 1] + 1
    surplus = re.match(r"[0-9]*", text[end:])
    more = len(surplus.group()) if surplus and fitting == len(wanted) else 0
    return end + more if more <= _MISSED else None


def _fits(letter: str, kind: str) -> bool:
    return letter.isdigit() if kind == "n" else letter.isalpha() and letter.isupper() if kind == "a" else True


def _joins(between: str) -> bool:
    return between in {"", " ", ".", "-", "\u00a0"}


def _is_called_iban(sheet: Sheet, segment: Segment, start: int) -> bool:
    """Whether the word stands before it in its segment, left of it on its line, or right above it."""
    if _LABEL.search(segment.text, 0, start):
        return True
    left = [other for other in sheet.lines[segment.line].segments if other.box.x1 <= segment.box.x0 + 1]
    if left and _LABEL.search(left[-1].text):
        return True
    return any(
        _LABEL.search(other.text)
        for line in sheet.lines[max(0, segment.line - _LINES_ABOVE) : segment.line]
        for other in line.segments
        if other.page == segment.page and other.box.x0 < segment.box.x1 and segment.box.x0 < other.box.x1
    )
