"""What an OCR engine read that fails a check it should pass: the few places that are worth a second look."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ocr.extraction.bank import find_ibans
from ocr.extraction.checks import bic_of
from ocr.extraction.evidence import Evidence, Placed, Spot, after_label
from ocr.extraction.figures import Figure
from ocr.extraction.iban_structures import structure_of
from ocr.extraction.lines import Segment, union
from ocr.extraction.payment_reference import structured_references
from ocr.extraction.sum_fields import contradict
from ocr.extraction.totals import Sums, choose_sums
from ocr.extraction.vat_numbers import find_vat_ids
from ocr.reading.document import Box, Region

CheckKind = Literal["iban", "amounts", "reference", "bic", "vat_id"]
CHECK_NAMES: dict[CheckKind, str] = {
    "iban": "iban_mod97",
    "amounts": "net_and_tax_make_total",
    "reference": "reference_check_digits",
    "bic": "bic_structure",
    "vat_id": "vat_check_digits",
}

_IBAN_START = re.compile(
    r"(?<![A-Z0-9])(?=[A-Z]{2}\s?[0-9OILSBZDQG]{2}[\s.\-]?[0-9A-Z])|(?<=IBAN)(?=[A-Z]{2}[0-9OILSBZDQG]{2})"
)
_BESIDE_LABEL = re.compile(r"IBAN\W{0,4}(?=[A-Z0-9][A-Z0-9 .\-]{13,})")
_BIC_FORM = re.compile(r"\W*([A-Z0-9]{8}(?:[A-Z0-9]{3})?)(?![A-Z0-9])")
_LIKE_DIGITS = "OQDILZSGB"
_FEWEST_DIGITS = 10
_DIGITS_SHARE = 0.75
_MISSED = 2
"""Characters that may have been lost from an IBAN, or come to it, for it to be one that was misread."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that fails its check, or passes it only once it was repaired (then `repaired` is what it became).

    `regions` are the places where it stands, whole words, and `read` what was read at each.
    """

    kind: CheckKind
    regions: tuple[Region, ...]
    read: tuple[str, ...]
    repaired: str | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """A value that passes its check as it was read, and where it stands."""

    kind: CheckKind
    value: str
    regions: tuple[Region, ...]


def find_doubts(evidence: Evidence) -> tuple[Doubt, ...]:
    """The doubts on pages that were OCRed, those that decide about money first."""
    return (
        *_ibans(evidence),
        *_amounts(evidence),
        *_references(evidence),
        *_bics(evidence),
        *_vat_ids(evidence),
    )


def find_proven(*, evidence: Evidence, kind: CheckKind) -> tuple[Proven, ...]:
    """What passes its check as it was read, without any repair."""
    if kind == "iban":
        return tuple(Proven(kind, each.value, (_region(each),)) for each in find_ibans(evidence) if not each.repaired)
    if kind == "vat_id":
        return tuple(
            Proven(kind, each.value, (_region(each),))
            for each in find_vat_ids(evidence)
            if each.proven and not each.repaired
        )
    if kind == "reference":
        return tuple(
            Proven(kind, value, (_region(spot),)) for spot, value, _ in structured_references(evidence) if value
        )
    if kind == "bic":
        return tuple(
            Proven(kind, value, (_region(spot),)) for spot, text in _labelled_bics(evidence) if (value := bic_of(text))
        )
    sums = choose_sums(evidence)
    figures = _figures_of(sums)
    if not sums.adds_up or len(figures) < 3:
        return ()
    value = " + ".join(str(each.value) for each in figures)
    return (Proven(kind, value, tuple(_region(each) for each in figures)),)


def _ibans(evidence: Evidence) -> Iterator[Doubt]:
    valid = list(find_ibans(evidence))
    for each in valid:
        if each.repaired:
            yield Doubt("iban", (_region(each),), (each.raw,), each.value)
    for segment in _recognised(evidence):
        text = segment.text.upper()
        if len(text) != len(segment.text):
            continue
        taken = [(each.start, each.end) for each in valid if each.segment.index == segment.index]
        for start, end in _almost_ibans(text):
            if not any(start < stop and end > begin for begin, stop in taken):
                taken.append((start, end))
                yield Doubt("iban", (_region(Spot(segment, start, end)),), (segment.text[start:end],))


def _almost_ibans(text: str) -> Iterator[tuple[int, int]]:
    for match in _IBAN_START.finditer(text):
        structure = structure_of(text[match.start() : match.start() + 2])
        if structure and (end := _end_of_iban(text, match.start(), structure)):
            yield match.start(), end
    for match in _BESIDE_LABEL.finditer(text):
        kept = re.match(r"[A-Z0-9 .\-]{14,42}", text[match.end() :])
        if kept and sum(letter.isdigit() for letter in kept.group()) >= _FEWEST_DIGITS:
            yield match.end(), match.end() + len(kept.group().rstrip(" .-"))


def _end_of_iban(text: str, start: int, structure: str) -> int | None:
    """Where the text that has nearly the form of the country's IBAN ends; None where it has not."""
    wanted = 4 + len(structure)
    kept = [place for place in range(start, len(text)) if text[place].isascii() and text[place].isalnum()]
    # Past its length only what is written on without a blank can belong to it.
    places = kept[:wanted]
    for place in kept[wanted : wanted + _MISSED]:
        if place != places[-1] + 1:
            break
        places.append(place)
    while places and structure[-1] == "n" and text[places[-1]].isalpha() and text[places[-1]] not in _LIKE_DIGITS:
        places.pop()
    if len(places) < wanted - _MISSED:
        return None
    digits = [text[place].isdigit() for place, kind in zip(places[4:], structure, strict=False) if kind != "a"]
    if sum(digits) < _FEWEST_DIGITS or sum(digits) < _DIGITS_SHARE * len(digits):
        return None
    return places[-1] + 1


def _vat_ids(evidence: Evidence) -> Iterator[Doubt]:
    for each in find_vat_ids(evidence):
        if each.segment.source == "ocr" and (not each.proven or each.repaired):
            yield Doubt("vat_id", (_region(each),), (each.raw,), each.value if each.repaired else None)


def _references(evidence: Evidence) -> Iterator[Doubt]:
    for spot, value, repaired in structured_references(evidence):
        if value is None and spot.segment.source == "ocr":
            yield Doubt("reference", (_region(spot),), (spot.segment.text[spot.start : spot.end],), repaired)


def _bics(evidence: Evidence) -> Iterator[Doubt]:
    for spot, text in _labelled_bics(evidence):
        if spot.segment.source == "ocr" and bic_of(text) is None:
            yield Doubt("bic", (_region(spot),), (text,))


def _labelled_bics(evidence: Evidence) -> Iterator[tuple[Spot, str]]:
    """What stands right behind a BIC label and is as long as one."""
    for label in evidence.labels.of("bic"):
        for place in after_label(sheet=evidence.sheet, labels=evidence.labels, label=label, columns=1):
            match = _BIC_FORM.match(place.segment.text.upper(), place.start)
            if match and not match.group(1).isdigit():
                yield Spot(place.segment, match.start(1), match.end(1)), match.group(1)
            break


def _amounts(evidence: Evidence) -> Iterator[Doubt]:
    """A net amount, a tax and a total, each with a label of its own, that do not add up."""
    sums = choose_sums(evidence)
    if sums.total is None or sums.adds_up or not contradict(sums):
        return
    figures = [each.figure for each in (sums.total, sums.subtotals[0], sums.taxes[0]) if each.figure]
    if len(figures) == 3 and all(each.segment.source == "ocr" for each in figures):
        yield Doubt("amounts", tuple(map(_region, figures)), tuple(str(each.value) for each in figures))


def _figures_of(sums: Sums) -> Sequence[Figure]:
    return [each.figure for each in (sums.total, sums.subtotal, sums.tax) if each and each.figure]


def _recognised(evidence: Evidence) -> Iterator[Segment]:
    return (segment for segment in evidence.sheet.segments if segment.source == "ocr")


def _region(placed: Placed) -> Region:
    """The whole words that the value touches: an engine may have boxed it together with its label."""
    segment = placed.segment
    boxes: list[Box] = [
        word.box
        for word, at in zip(segment.words, segment.starts, strict=True)
        if at < placed.end and at + len(word.text) > placed.start
    ]
    return Region(segment.page, union(boxes) if boxes else segment.box)
