"""The payment reference that the payer must quote (BT-83): structured ones by their check digits, others by label."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ocr.extraction.asked_references import asked_references, names_no_value
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
from ocr.extraction.lines import compact, fold
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
_DANISH = re.compile(r"\+?(?:71|75)\s?<\s?(?P<number>\d{15,16})\s?\+\s?\d{7,8}\s?<")
"""The line of a Danish payment slip that machines read: kind of card, payer's number with its check digit, creditor."""
_MISREAD_QR = re.compile(r"(?<!\w)[0-9OQDILZSGB]{2}(?:\s?[0-9OQDILZSGB]{5}){5}(?!\w)", re.IGNORECASE)
_MISREAD_RF = re.compile(r"(?<![A-Z0-9])RF\s?[0-9OQDILZSGB]{2}(?:\s?[0-9A-Z]{1,4}){1,6}", re.IGNORECASE)
_MISREAD_BELGIAN = re.compile(
    r"(?:\+{3}|\*{3})\s?[0-9A-Z]{3}\s?/\s?[0-9A-Z]{4}\s?/\s?[0-9A-Z]{5}\s?(?:\+{3}|\*{3})", re.IGNORECASE
)
_DIGITS = re.compile(r"(?<![\w.,/-])\d[\d ]{2,30}(?:-(?=\s|$))?(?![\w/]|[.,]\d|-\w)")
"""A run of digits that is a word of its own, not a part of `668839-2023-7544`."""
_PAYING = re.compile(r"zahl|uberw|\bpay|wire|remit|transfer|regl|virement|bonifico|transferencia|betal|przelew|plat")
_SENTENCE = 15
"""Letters before a label that make it a part of a sentence."""
_TEXT = re.compile(r"[\s:.=>–-]*(?P<text>\S.*)")


def read_reference(*, evidence: Evidence, invoice_numbers: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Candidates, best first. Where the document only asks to quote its number, that number is the reference."""
    structured = [*_structured(evidence)] or [*_misread(evidence)]
    found = best_of([*structured, *_labelled(evidence, invoice_numbers)])
    return tuple(found or asked_references(evidence=evidence, invoice_numbers=invoice_numbers))


def _structured(evidence: Evidence) -> Iterator[Candidate]:
    patterns: tuple[tuple[re.Pattern[str], Callable[[str], str | None], str], ...] = (
        (_QR, qr_reference_of, "qr_reference"),
        (_RF, creditor_reference_of, "iso_11649"),
        (_BELGIAN, belgian_reference_of, "belgian_reference"),
    )
    for segment in evidence.sheet.segments:
        for match in _DANISH.finditer(segment.text):
            if value := swedish_reference_of(match["number"]):  # modulus 10 as well
                place = Spot(segment=segment, start=match.start("number"), end=match.end("number"))
                yield candidate(value=value, raw=match.group(), placed=place, confidence=0.96, checks=("fik",))
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
        for place in _places(evidence, label):
            if nordic and (found := _nordic(place)):
                yield found
                break
            is_weak = label.phrase in any_words("weak_references") and not _in_paying_sentence(label, place)
            if is_weak or place.where == "wrapped":
                if found := _proved_by_number(evidence, label, place, invoice_numbers):
                    yield found
                    break
                continue
            if place.where == "below" and (not label.closes or names_no_value(label)):
                continue
            if found := _free_text(evidence, label, place):
                yield found
                break


def _places(evidence: Evidence, label: Label) -> Iterator[Place]:
    """As `after_label`, and at last the beginning of the next line, on which a line that is full goes on."""
    sheet = evidence.sheet
    yield from after_label(sheet=sheet, labels=evidence.labels, label=label, columns=1, reach=2.0, over_labels=True)
    line, following = sheet.lines[label.segment.line], sheet.lines[label.segment.line + 1 : label.segment.line + 2]
    for other in following if label.closes and line.segments[-1] is label.segment else ():
        first = other.segments[0]
        is_near = other.page == line.page and first.box.y0 - line.box.y1 < first.height
        if is_near and first.box.x0 < label.segment.box.x0 and first.text[:1].isdigit():
            yield Place(first, 0, "wrapped", 0)


def _in_paying_sentence(label: Label, place: Place) -> bool:
    """`Please transfer the amount using the following reference: 4711`: the sentence says what the label does not."""
    before = fold(label.segment.text[: label.start])
    behind = label.segment.text[label.end :].lstrip()
    return place.where == "same" and len(before) > _SENTENCE and behind[:1] == ":" and bool(_PAYING.search(before))


def _proved_by_number(
    evidence: Evidence, label: Label, place: Place, invoice_numbers: Sequence[Candidate]
) -> Candidate | None:
    """What a label says that may also announce anybody's file number, where the invoice number stands in it."""
    found = _free_text(evidence, label, place) if place.where != "below" or label.closes else None
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


def _free_text(evidence: Evidence, label: Label, place: Place) -> Candidate | None:
    match = _TEXT.match(place.segment.text, place.start)
    if match is None:
        return None
    text = match["text"].strip().strip('"„“»«').rstrip(".")
    if not any(letter.isdigit() for letter in text) or len(text) > LONGEST_REFERENCE or len(text) < 3:
        return None
    if _BANK_DETAILS.search(text):
        return None  # the next line, where the reference itself was set on the one between
    if (
        place.where == "same"
        and ":" not in match.group()[: len(match.group()) - len(match["text"])]
        and text.count(" ") > 2
    ):
        return None
    if _is_amount_or_date(evidence, place, match.start("text")):
        return None
    found = Spot(segment=place.segment, start=match.start("text"), end=match.end("text"))
    confidence = 0.86 - (0.08 if place.where == "below" else 0.0)
    made = candidate(value=text, raw=text, placed=found, confidence=confidence, checks=(f"label:{label.phrase}",))
    if place.segment.source == "ocr" and any(evidence.sheet.compact.count(run) < 2 for run in _digit_runs(text)):
        return replace(made, checks_failed=("no_digit_run",))
    return made


_BANK_DETAILS = re.compile(r"\b(?:IBAN|SWIFT|BIC)\b|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}", re.IGNORECASE)
"""What says an account; no reference does."""


def _digit_runs(text: str) -> list[str]:
    """The numbers with four equal digits on end or more, of which an engine that reads by change easily loses one: on
    scans they need a second place that says the same."""
    return [word for word in re.findall(r"\w+", text.upper()) if re.search(r"(\d)\1{3}", word)]


def _is_amount_or_date(evidence: Evidence, place: Place, start: int) -> bool:
    """Whether nothing but an amount or a date stands there."""
    index = place.segment.index
    spans = [
        (each.start, each.end) for each in evidence.figures_by_segment.get(index, ()) if each.money or each.percent
    ]
    spans += [(each.start, each.end) for each in evidence.dates_by_segment.get(index, ())]
    for begin, end in spans:
        if begin >= start - 4:
            left = place.segment.text[start:begin] + place.segment.text[end:]
            if sum(letter.isalnum() for letter in left) <= 3:
                return True
    return False
