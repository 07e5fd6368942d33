"""The payment reference that the payer must quote (BT-83): structured ones by their check digits, others by label."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ocr.extraction.checks import (
    belgian_reference_of,
    creditor_reference_of,
    finnish_reference_of,
    norwegian_reference_of,
    qr_reference_of,
    swedish_reference_of,
)
from ocr.extraction.evidence import Evidence, Place, Spot, after_label, best_of, candidate
from ocr.extraction.fields import Candidate
from ocr.extraction.lexicon import Label, any_words
from ocr.extraction.lines import compact
from ocr.extraction.repairs import (
    repaired_belgian_reference,
    repaired_creditor_reference,
    repaired_qr_reference,
)
from ocr.reading.document import Box

LONGEST_REFERENCE = 140
"""Characters of unstructured remittance information in SEPA (EPC130-08)."""

LONGEST_OWN = 40
"""Characters of a reference that a house makes of its numbers; more is a sentence."""

LEAST_PROOF = 4
"""Characters of an invoice number that is not found in another number by chance."""

_QR = re.compile(r"(?<!\d)\d{2}(?:\s?\d{5}){5}(?!\s?\d)|(?<!\d)\d{27}(?!\d)")
_RF = re.compile(r"(?<![A-Z0-9])RF\d{2}(?:\s?[0-9A-Z]{1,4}){1,6}")
_BELGIAN = re.compile(r"(?:\+{3}|\*{3})\s?\d{3}\s?/\s?\d{4}\s?/\s?\d{5}\s?(?:\+{3}|\*{3})")
_MISREAD_QR = re.compile(r"(?<!\w)[0-9OQDILZSGB]{2}(?:\s?[0-9OQDILZSGB]{5}){5}(?!\w)", re.IGNORECASE)
_MISREAD_RF = re.compile(r"(?<![A-Z0-9])RF\s?[0-9OQDILZSGB]{2}(?:\s?[0-9A-Z]{1,4}){1,6}", re.IGNORECASE)
_MISREAD_BELGIAN = re.compile(
    r"(?:\+{3}|\*{3})\s?[0-9A-Z]{3}\s?/\s?[0-9A-Z]{4}\s?/\s?[0-9A-Z]{5}\s?(?:\+{3}|\*{3})", re.IGNORECASE
)
_QUOTE = re.compile(
    r"angeben|angabe|verwendungszweck|vermerken|quote|mention|reference|rappel|indiquer|communication|indicare|causale|"
    r"indicar|concepto|vermeld|kenmerk|tytul|uvád|uveď|ange\b|oppgi|angiv",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"rechnungs?-?\s?(?:nummer|nr)|invoice\s(?:number|no)|num[eé]ro\s(?:de\s)?(?:la\s)?facture|n°\s?(?:de\s)?facture|"
    r"numero\s(?:di\s)?fattura|n[uú]mero\sde\sfactura|factuurnummer|numer\sfaktury|faktur[ae]n(?:umme)?r",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w.,/-])\d[\d ]{2,30}(?:-(?=\s|$))?(?![\w/]|[.,]\d|-\w)")
"""A run of digits that is a word of its own, not a part of `668839-2023-7544`."""
_TEXT = re.compile(r"[\s:.=>–-]*(?P<text>\S.*)")


def read_reference(*, evidence: Evidence, invoice_numbers: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Candidates, best first. Where the document only asks to quote its number, that number is the reference."""
    structured = [*_structured(evidence)] or [*_misread(evidence)]
    found = best_of([*structured, *_labelled(evidence, invoice_numbers)])
    if not found and invoice_numbers and (line := _asks_for_number(evidence)):
        number = invoice_numbers[0]
        found = [
            replace(
                number,
                source="derived",
                raw=line,
                confidence=min(0.85, number.confidence),
                checks_passed=("asked_for",),
            )
        ]
    return tuple(found)


def _asks_for_number(evidence: Evidence) -> str | None:
    """The line that asks to quote the invoice number when paying, `bitte bei Zahlung Rechnungsnummer angeben`."""
    for line in evidence.sheet.lines:
        text = line.text
        if 20 <= len(text) <= 300 and _QUOTE.search(text) and _NUMBER.search(text):
            return text
    return None


def _structured(evidence: Evidence) -> Iterator[Candidate]:
    patterns: tuple[tuple[re.Pattern[str], Callable[[str], str | None], str], ...] = (
        (_QR, qr_reference_of, "qr_reference"),
        (_RF, creditor_reference_of, "iso_11649"),
        (_BELGIAN, belgian_reference_of, "belgian_reference"),
    )
    for segment in evidence.sheet.segments:
        for pattern, check, name in patterns:
            for match in pattern.finditer(segment.text):
                value = _longest_valid(match.group(), check)
                if value:
                    place = Spot(segment=segment, start=match.start(), end=match.end())
                    yield candidate(value=value, raw=match.group(), placed=place, confidence=0.96, checks=(name,))


def _misread(evidence: Evidence) -> Iterator[Candidate]:
    """Structured references in which an engine took one or two digits for letters."""
    patterns: tuple[tuple[re.Pattern[str], Callable[[str], str | None], str], ...] = (
        (_MISREAD_QR, repaired_qr_reference, "qr_reference"),
        (_MISREAD_RF, repaired_creditor_reference, "iso_11649"),
        (_MISREAD_BELGIAN, repaired_belgian_reference, "belgian_reference"),
    )
    for segment in evidence.sheet.segments:
        for pattern, repair, name in patterns if segment.source == "ocr" else ():
            for match in pattern.finditer(segment.text):
                if value := repair(match.group().strip()):
                    place = Spot(segment=segment, start=match.start(), end=match.end())
                    yield candidate(
                        value=value, raw=match.group(), placed=place, confidence=0.88, checks=(name, "repaired")
                    )


def structured_references(evidence: Evidence) -> Iterator[tuple[Spot, str | None, str | None]]:
    """All that has the form of a structured reference: where, its value, and else what a repair makes of it."""
    patterns = (
        (_QR, _MISREAD_QR, qr_reference_of, repaired_qr_reference),
        (_RF, _MISREAD_RF, creditor_reference_of, repaired_creditor_reference),
        (_BELGIAN, _MISREAD_BELGIAN, belgian_reference_of, repaired_belgian_reference),
    )
    for segment in evidence.sheet.segments:
        for printed, misread, check, repair in patterns:
            pattern = misread if segment.source == "ocr" else printed
            for match in pattern.finditer(segment.text):
                value = _longest_valid(match.group().upper(), check)
                repaired = None if value else repair(match.group().strip())
                yield Spot(segment=segment, start=match.start(), end=match.end()), value, repaired


def _longest_valid(text: str, check: Callable[[str], str | None]) -> str | None:
    """The reference may be followed by a word that looks like its last group."""
    parts = text.split(" ")
    for size in range(len(parts), 0, -1):
        if value := check(" ".join(parts[:size])):
            return value
    return None


def _labelled(evidence: Evidence, invoice_numbers: Sequence[Candidate]) -> Iterator[Candidate]:
    nordic = bool(evidence.labels.languages) and evidence.labels.languages[0] in {"sv", "da", "nb"}
    for label in evidence.labels.of("reference"):
        for place in after_label(
            sheet=evidence.sheet, labels=evidence.labels, label=label, columns=1, reach=2.0, over_labels=True
        ):
            if nordic and (found := _nordic(place)):
                yield found
                break
            if label.phrase in any_words("weak_references"):
                if found := _proved_by_number(label, place, invoice_numbers):
                    yield found
                    break
                continue
            if place.where == "below" and not label.closes:
                continue
            if found := _free_text(label, place):
                yield found
                break


def _proved_by_number(label: Label, place: Place, invoice_numbers: Sequence[Candidate]) -> Candidate | None:
    """What a label says that may also announce anybody's file number, where the invoice number stands in it."""
    found = _free_text(label, place) if place.where != "below" or label.closes else None
    if found is None or not invoice_numbers or len(found.value) > LONGEST_OWN:
        return None
    own = invoice_numbers[0]
    if found.page == own.page and _overlap(found.box, own.box):
        return None  # this label names the invoice, and no reference
    number, said = compact(own.value), compact(found.value)
    digits = re.sub(r"\D", "", number).lstrip("0")
    if (len(number) >= LEAST_PROOF and number in said) or (len(digits) >= LEAST_PROOF and said.lstrip("0") == digits):
        return replace(found, checks_passed=(*found.checks_passed, "seen_again"))
    return None


def _overlap(one: Box | None, other: Box | None) -> bool:
    if one is None or other is None:
        return False
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


def _nordic(place: Place) -> Candidate | None:
    for match in _DIGITS.finditer(place.segment.text, place.start):
        for check, name in (
            (norwegian_reference_of, "kid"),
            (swedish_reference_of, "ocr_reference"),
            (finnish_reference_of, "viitenumero"),
        ):
            if value := check(match.group().strip()):
                found = Spot(segment=place.segment, start=match.start(), end=match.end())
                return candidate(value=value, raw=match.group(), placed=found, confidence=0.85, checks=(name,))
    return None


def _free_text(label: Label, place: Place) -> Candidate | None:
    match = _TEXT.match(place.segment.text, place.start)
    if match is None:
        return None
    text = match["text"].strip().strip('"„“»«').rstrip(".")
    if not any(letter.isdigit() for letter in text) or len(text) > LONGEST_REFERENCE or len(text) < 3:
        return None
    if (
        place.where == "same"
        and ":" not in match.group()[: len(match.group()) - len(match["text"])]
        and text.count(" ") > 2
    ):
        return None
    found = Spot(segment=place.segment, start=match.start("text"), end=match.end("text"))
    confidence = 0.86 - (0.08 if place.where == "below" else 0.0)
    return candidate(value=text, raw=text, placed=found, confidence=confidence, checks=(f"label:{label.phrase}",))
