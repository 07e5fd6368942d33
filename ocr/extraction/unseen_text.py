"""Text that nobody can see on the page, and that names an account: written for machines, or left from an older bill."""

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

from customers.sentences import Sentence
from ocr.extraction.checks import iban_of
from ocr.extraction.fields import Candidate, DocumentWarning
from ocr.extraction.iban_structures import structure_of
from ocr.extraction.lines import Sheet, compact
from ocr.reading.document import Page

_START = re.compile(r"(?=[A-Z]{2}[0-9]{2})")
_READ_ALIKE = 90.0
"""Likeness 0..100 from which a hidden account is one that an engine read on the picture, a letter or two wrong."""


def unseen_account(*, pages: Iterable[Page], sheet: Sheet, stated: Iterable[Candidate]) -> DocumentWarning | None:
    """The warning about the first valid IBAN (ISO 13616) in hidden text that neither the visible text names nor
    `stated`, what machine-readable witnesses say. None for none, as where a scan's hidden text says what it shows."""
    known = {each.value for each in stated}
    for page in pages:
        for iban in _ibans(page.unseen):
            if iban not in known and not _is_seen(iban, sheet, page):
                message = Sentence(
                    "Page {number} names the account {iban} in text that cannot be seen; it was left out.",
                    number=page.number,
                    iban=iban,
                )
                return DocumentWarning("hidden_text", message, "iban")
    return None


def _is_seen(iban: str, sheet: Sheet, page: Page) -> bool:
    if sheet.mentions(iban):
        return True
    if page.source != "ocr":
        return False
    # What was read and is an IBAN itself is no misreading of the hidden one, however alike the two are.
    shown = sheet.compact
    for other in _ibans([shown]):
        shown = shown.replace(other, " ")
    return fuzz.partial_ratio(compact(iban), shown) >= _READ_ALIKE


def _ibans(lines: Iterable[str]) -> Iterator[str]:
    """All valid IBANs, also such as run over several lines."""
    text = re.sub(r"[^A-Z0-9]", "", " ".join(lines).upper())
    for match in _START.finditer(text):
        structure = structure_of(text[match.start() : match.start() + 2])
        if structure and (iban := iban_of(text[match.start() : match.start() + 4 + len(structure)])):
            yield iban
