"""VAT identification numbers, wherever they are printed, and whose they are called."""

import re
from collections.abc import Iterator, Sequence

from ocr.extraction.bank import find_ibans
from ocr.extraction.checks import vat_id_form_of, vat_id_of
from ocr.extraction.contacts import Printed
from ocr.extraction.evidence import Evidence
from ocr.extraction.lexicon import Label
from ocr.extraction.lines import Segment
from ocr.extraction.repairs import repaired_vat_id

_VAT = re.compile(
    r"(?<![A-Z0-9])(?=(?P<value>(?:AT|BE|BG|CH|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|GR|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK|XI)"
    r"[\s-]?[A-Z0-9](?:[\s./-]?[A-Z0-9+*]){4,14})(?![A-Z0-9]))"
)
"""At every place, for a word before the number may look like its beginning: `CHE-MWST CHE-123.456.788`."""

_MISREAD_VAT = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[AEU]?[\s-]?[A-Z0-9](?:[\s./-]?[A-Z0-9]){7,11}(?![A-Z0-9])", re.I)
_RUN_ON_VAT = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[EU]?[\s-]?\d(?:[\s./-]?\d){7,11}(?=[A-Za-z|])")
_BARE_VAT = re.compile(
    r"(?<![A-Z0-9])(?<![A-Z]-)(?:[A-Z][-. ]?)?\d[\d.\s/-]{5,15}\d(?:-?[A-Z]|\s?(?:MWST|TVA|IVA|MVA))?(?![A-Z0-9])"
)
_DECLARED = (
    ("NO", re.compile(r"(?<![\d.,])(\d{3}[ .]?\d{3}[ .]?\d{3}[ ,]?\s?MVA)\b")),
    ("IT", re.compile(r"\bP\.?\s?I(?:\.|VA|\.?V\.?A\.?)?[\s:]*(?:IT\s?)?(\d{11})(?![\d])", re.IGNORECASE)),
    ("AU", re.compile(r"\bA\.?B\.?N\.?(?:\s(?:no|number)\.?)?[\s:]*(\d{2}\s?\d{3}\s?\d{3}\s?\d{3})(?!\d)", re.I)),
)
"""Numbers whose ending or name belongs to one country: Norway's MVA, Italy's partita IVA, Australia's ABN."""

_EMPLOYER_NUMBER = re.compile(r"\s*\d{2}-\d{7}\s*")
"""The form of an EIN of the United States, where there is no VAT."""

_SIGNS_OF_COUNTRY = {
    "GB": re.compile(
        r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b|\bGB\d{2}\s?[A-Z]{4}|\+44\b|\.uk\b|£|\bUnited Kingdom\b|\bEngland\b"
    ),
    "IE": re.compile(r"\bIE\d{2}\s?[A-Z]{4}|\+353\b|\.ie\b|\bIreland\b|\bÉire\b|\bEircode\b"),
}
"""Where English is written in several countries, the document has to speak of the one whose prefix is taken."""

_PREFIXES = {
    "de": ("DE", "AT", "CH"),
    "it": ("IT",),
    "es": ("ES",),
    "nl": ("NL", "BE"),
    "fr": ("FR", "BE"),
    "pl": ("PL",),
    "pt": ("PT",),
    "da": ("DK",),
    "nb": ("NO",),
    "sv": ("SE", "NO"),
    "cs": ("CZ", "SK"),
    "en": ("GB", "IE"),
}


def find_vat_ids(evidence: Evidence) -> list[Printed]:
    """All VAT identification numbers: with their prefix anywhere, without it behind a label only.

    Never a part of an IBAN, whose beginning may pass a country's check by chance.
    """
    found: list[Printed] = []
    ibans = list(find_ibans(evidence))
    for segment in evidence.sheet.segments:
        labels = [
            label for label in evidence.labels.within(segment) if not label.kinds.isdisjoint({"vat_id", "buyer_vat_id"})
        ]
        near = list(_left_and_above(evidence, segment))
        around = list(_labels_of(near, evidence, segment))
        labels = labels or around
        of_buyer = any("buyer_vat_id" in label.kinds for label in (*labels, *around))
        for match in _VAT.finditer(segment.text):
            if each := _checked(match.group("value")):
                value, proven, length = each
                taken = any(other.segment is segment and match.start() < other.end for other in found)
                taken |= any(iban.segment is segment and iban.start <= match.start() < iban.end for iban in ibans)
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
        if not any(each.segment is segment for each in found):
            found.extend(_declared(near, segment, of_buyer))
        if labels and not any(each.segment is segment for each in found):
            found.extend(_without_prefix(evidence, segment, of_buyer))
    return found


def _declared(near: Sequence[Segment], segment: Segment, of_buyer: bool) -> Iterator[Printed]:
    """Numbers that say of themselves whose country's they are, by a word before or behind them."""
    if not any(map(str.isdigit, segment.text)):
        return
    for before in ("", *(f"{other.text} " for other in near)):
        for prefix, pattern in _DECLARED:
            for match in pattern.finditer(before + segment.text):
                start, end = match.start(1) - len(before), match.end(1) - len(before)
                if start >= 0 and (value := vat_id_of(prefix + match.group(1))):
                    yield Printed(value, match.group(1), segment, start, end, True, True, of_buyer)
                    return


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
        if _EMPLOYER_NUMBER.fullmatch(match.group()):
            continue
        for language in evidence.labels.languages[:2]:
            for prefix in _PREFIXES.get(language, ()):
                value = vat_id_of(prefix + match.group())
                if value and _speaks_of(evidence, prefix):
                    yield Printed(value, match.group(), segment, match.start(), match.end(), True, True, of_buyer)
                    return


def _speaks_of(evidence: Evidence, country: str) -> bool:
    sign = _SIGNS_OF_COUNTRY.get(country)
    return sign is None or any(sign.search(segment.text) for segment in evidence.sheet.segments)


def _labels_of(near: Sequence[Segment], evidence: Evidence, segment: Segment) -> Iterator[Label]:
    for other in near:
        for label in evidence.labels.within(other):
            if (other.line == segment.line or label.closes) and label.kinds & {"vat_id", "buyer_vat_id"}:
                yield label


def _left_and_above(evidence: Evidence, segment: Segment) -> Iterator[Segment]:
    """The segment before it on its line, and those right above it with its left edge."""
    left = [other for other in evidence.sheet.lines[segment.line].segments if other.box.x1 <= segment.box.x0 + 1]
    yield from left[-1:]
    for line in evidence.sheet.lines[max(0, segment.line - 2) : segment.line]:
        for other in line.segments:
            close = segment.box.y0 - other.box.y1 < segment.height
            if other.page == segment.page and abs(other.box.x0 - segment.box.x0) < 25 and close:
                yield other
