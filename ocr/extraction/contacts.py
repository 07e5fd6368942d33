"""E-mail addresses and VAT identification numbers, each with the party whose they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ocr.extraction.checks import email_of, vat_id_form_of, vat_id_of
from ocr.extraction.evidence import Evidence
from ocr.extraction.lexicon import Label
from ocr.extraction.lines import Segment
from ocr.extraction.repairs import repaired_vat_id
from ocr.reading.document import Box

_EMAIL = re.compile(r"[\w.+'&-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_WEB = re.compile(r"(?:https?://|www\.)?([a-z0-9-]{2,}(?:\.[a-z0-9-]+)*\.[a-z]{2,6})(?![\w@])", re.IGNORECASE)
_VAT = re.compile(
    r"(?<![A-Z0-9])(?=(?P<value>(?:AT|BE|BG|CH|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|GR|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK|XI)"
    r"[\s-]?[A-Z0-9](?:[\s./-]?[A-Z0-9+*]){4,14})(?![A-Z0-9]))"
)
"""At every place, for a word before the number may look like its beginning: `CHE-MWST CHE-123.456.788`."""

_MISREAD_VAT = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[AEU]?[\s-]?[A-Z0-9](?:[\s./-]?[A-Z0-9]){7,11}(?![A-Z0-9])", re.I)
_RUN_ON_VAT = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[EU]?[\s-]?\d(?:[\s./-]?\d){7,11}(?=[A-Za-z|])")
_BARE_VAT = re.compile(
    r"(?<![A-Z0-9])(?<![A-Z]-)[A-Z]?\d[\d.\s/-]{5,15}\d(?:[A-Z]|\s?(?:MWST|TVA|IVA|MVA))?(?![A-Z0-9])"
)
_PREFIXES = {
    "de": ("DE", "AT", "CH"),
    "it": ("IT",),
    "es": ("ES",),
    "nl": ("NL", "BE"),
    "fr": ("FR", "BE"),
    "pl": ("PL",),
    "pt": ("PT",),
    "da": ("DK",),
    "sv": ("SE", "NO"),
    "cs": ("CZ", "SK"),
    "en": ("GB", "IE"),
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A value where it stands. `proven` is False where only its form, not its check digits, could be confirmed,
    `repaired` True where the check digits prove that an engine took one or two digits for letters."""

    value: str
    raw: str
    segment: Segment
    start: int
    end: int
    proven: bool = True
    labelled: bool = False
    of_buyer: bool = False
    repaired: bool = False

    @property
    def box(self) -> Box:
        return self.segment.span_box(start=self.start, end=self.end)


def find_emails(evidence: Evidence) -> list[Printed]:
    """All e-mail addresses, in reading order."""
    found = []
    for segment in evidence.sheet.segments:
        if "@" not in segment.text:
            continue
        for match in _EMAIL.finditer(segment.text):
            if value := email_of(re.sub(r"\s", "", match.group())):
                found.append(Printed(value, match.group(), segment, match.start(), match.end()))
    return found


def web_names(evidence: Evidence) -> list[str]:
    """The names within the document's domains: `acme` of `www.acme.example` and of `info@acme.example`."""
    found = []
    for segment in evidence.sheet.segments:
        if "." not in segment.text:
            continue
        for match in _WEB.finditer(segment.text.replace("@", " ")):
            parts = match.group(1).lower().split(".")
            if len(parts) >= 2 and len(parts[-2]) > 2:
                found.append(parts[-2])
    return found


def find_vat_ids(evidence: Evidence) -> list[Printed]:
    """All VAT identification numbers: with their prefix anywhere, without it behind a label only."""
    found: list[Printed] = []
    for segment in evidence.sheet.segments:
        labels = [
            label for label in evidence.labels.within(segment) if not label.kinds.isdisjoint({"vat_id", "buyer_vat_id"})
        ]
        around = list(_labels_left_or_above(evidence, segment))
        labels = labels or around
        of_buyer = any("buyer_vat_id" in label.kinds for label in (*labels, *around))
        for match in _VAT.finditer(segment.text):
            if each := _checked(match.group("value")):
                value, proven, length = each
                taken = any(other.segment is segment and match.start() < other.end for other in found)
                if (proven or labels) and not taken:
                    end = match.start() + length
                    found.append(
                        Printed(
                            value,
                            segment.text[match.start() : end],
                            segment,
                            match.start(),
                            end,
                            proven,
                            bool(labels),
                            of_buyer,
                        )
                    )
        here = [each for each in found if each.segment is segment]
        if labels and segment.source == "ocr" and not any(each.proven for each in here):
            found.extend(_misread(segment, of_buyer))
        if labels and not any(each.segment is segment for each in found):
            found.extend(_without_prefix(evidence, segment, of_buyer))
    return found


def _checked(text: str) -> tuple[str, bool, int] | None:
    """The longest head of the text that is a VAT number, preferably one with right check digits."""
    ends = [match.end() for match in re.finditer(r"[A-Z0-9+*](?![A-Z0-9+*])", text)] or [len(text)]
    for check, proven in ((vat_id_of, True), (vat_id_form_of, False)):
        for end in sorted({len(text), *ends}, reverse=True):
            if value := check(text[:end]):
                return value, proven, end
    return None


def _misread(segment: Segment, of_buyer: bool) -> Iterator[Printed]:
    """Numbers behind a label in which an engine took digits for letters, or which it joined with the next word or a
    rule that it took for a letter."""
    for pattern, check in ((_RUN_ON_VAT, vat_id_of), (_MISREAD_VAT, repaired_vat_id)):
        for match in pattern.finditer(segment.text):
            if value := check(match.group()):
                start, end = match.span()
                yield Printed(value, match.group(), segment, start, end, True, True, of_buyer, repaired=True)
                return


def _without_prefix(evidence: Evidence, segment: Segment, of_buyer: bool) -> Iterator[Printed]:
    for match in _BARE_VAT.finditer(segment.text):
        for language in evidence.labels.languages[:2]:
            for prefix in _PREFIXES.get(language, ()):
                if value := vat_id_of(prefix + match.group()):
                    yield Printed(value, match.group(), segment, match.start(), match.end(), True, True, of_buyer)
                    return


def _labels_left_or_above(evidence: Evidence, segment: Segment) -> Iterator[Label]:
    left = [other for other in evidence.sheet.lines[segment.line].segments if other.box.x1 <= segment.box.x0 + 1]
    for other in left[-1:]:
        yield from (
            label for label in evidence.labels.within(other) if not label.kinds.isdisjoint({"vat_id", "buyer_vat_id"})
        )
    for line in evidence.sheet.lines[max(0, segment.line - 2) : segment.line]:
        for other in line.segments:
            if (
                other.page == segment.page
                and abs(other.box.x0 - segment.box.x0) < 25
                and segment.box.y0 - other.box.y1 < segment.height
            ):
                yield from (
                    label
                    for label in evidence.labels.within(other)
                    if label.closes and not label.kinds.isdisjoint({"vat_id", "buyer_vat_id"})
                )
