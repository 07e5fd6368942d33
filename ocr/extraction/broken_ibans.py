"""What is called an IBAN on the page and is none: a digit wrong, too few or too many. On a page of text nobody misread
it; somebody wrote it so. On a scan either may be, which a person has to tell by the paper."""

import re
from collections.abc import Collection, Iterator
from itertools import chain, islice

from customers.sentences import Sentence
from ocr.extraction.checks import iban_of
from ocr.extraction.fields import DocumentWarning
from ocr.extraction.iban_structures import structure_of
from ocr.extraction.lines import Segment, Sheet

_START = re.compile(r"(?<![A-Z0-9])([A-Z]{2}) ?[0-9]{2}(?=[ .\-]?[0-9A-Z])")
_LABEL = re.compile(r"\bIBAN", re.IGNORECASE)
_POLISH_NUMBER = re.compile(r"(?<![A-Z0-9])(?<![^A-Za-z][A-Z]{2} )[0-9]{2}(?: [0-9]{4}){6}(?! ?[0-9])")
"""As Polish invoices print their accounts, without the country."""

_IN_FOURS = re.compile(r"[A-Z]{2}[0-9]{2}(?:[ \u00a0][0-9A-Z]{4}){2,}(?:[ \u00a0][0-9A-Z]{1,3})?")
"""The printed form of ISO 13616, which is that of nothing else."""

_MISSED = 2
"""Characters that may be missing or too many."""

_LINES_ABOVE = 2

Span = tuple[Segment, int, int]


def broken_iban_warnings(*, sheet: Sheet, taken: Collection[Span], is_polish: bool) -> tuple[DocumentWarning, ...]:
    """`iban_invalid`, at most once: a text with the form of an IBAN that stands behind, beside or under the word, or in
    groups of four, and is none (ISO 13616); on a Polish page also one without the country.

    `taken` is where valid ones stand. What an engine recognised may be misread: it is told of where it has the length
    of an IBAN and the document shows no valid one, so that nobody takes the document for one without an account.
    """
    written = (
        Sentence("The document shows {text} as an IBAN; its check digits or its length are wrong.", text=text)
        for segment in sheet.segments
        if segment.source != "ocr"
        for text in (*_in_segment(sheet, segment, taken), *(_polish(segment, taken) if is_polish else ()))
    )
    recognised = (
        Sentence(
            "The scan seems to show {text} as an IBAN, and its check digits are wrong: compare it with the paper, "
            "where it may be wrong as well.",
            text=text,
        )
        for segment in sheet.segments
        if segment.source == "ocr" and not taken
        for text in _in_segment(sheet, segment, taken)
        if _has_whole_length(text)
    )
    found = islice(chain(written, recognised), 1)
    return tuple(DocumentWarning("iban_invalid", message, "iban") for message in found)


def _polish(segment: Segment, taken: Collection[Span]) -> Iterator[str]:
    for match in _POLISH_NUMBER.finditer(segment.text):
        if not iban_of(f"PL{match.group()}") and not _is_taken(segment, match.start(), match.end(), taken):
            yield match.group()


def _in_segment(sheet: Sheet, segment: Segment, taken: Collection[Span]) -> Iterator[str]:
    for match in _START.finditer(segment.text):
        end = _end_of(segment.text, match.start())
        if end is None or iban_of(segment.text[match.start() : end]):
            continue
        if _is_taken(segment, match.start(), end, taken):
            continue
        text = segment.text[match.start() : end]
        is_in_fours = _IN_FOURS.fullmatch(text) is not None
        if _is_called_iban(sheet, segment, match.start()) or (is_in_fours and _has_whole_length(text)):
            yield text


def _has_whole_length(text: str) -> bool:
    return len(re.sub(r"[^A-Z0-9]", "", text)) == 4 + len(structure_of(text[:2]) or "")


def _is_taken(segment: Segment, start: int, end: int, taken: Collection[Span]) -> bool:
    return any(other is segment and start < stop and end > begin for other, begin, stop in taken)


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
