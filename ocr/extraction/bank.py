"""The payee's account: IBAN and BIC as printed, with blanks, line breaks and the joins of OCR engines."""

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from customers.sentences import Sentence
from ocr.extraction.broken_ibans import broken_iban_warnings
from ocr.extraction.checks import bic_fits_iban, bic_of, iban_of
from ocr.extraction.evidence import Evidence, Spot, candidate
from ocr.extraction.fields import Candidate, DocumentWarning
from ocr.extraction.iban_structures import structure_of
from ocr.extraction.lexicon import Label
from ocr.extraction.lines import Segment, Sheet
from ocr.extraction.national_accounts import keeps_national_check, repaired_iban
from ocr.extraction.repairs import is_ambiguous
from ocr.reading.document import Box

_START = re.compile(r"(?<![0-9])([A-Z]{2})\s?([0-9OIl]{2})(?=[\s.\-]?[0-9A-ZOIl])")
_MISREAD_START = re.compile(r"(?<![0-9])(?=[A-Z]{2}\s?[0-9OILSBZDQG]{2}[\s.\-]?[0-9A-Z])")
"""The same in words that an engine recognised, at every place: labels and what follows them may have run together."""
_CAPITALS = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
"""Of these letters alone: `ß` in capitals is two letters, and no place after it would be right."""
_BIC = re.compile(r"(?<![A-Z0-9])([A-Z]{4}\s?[A-Z]{2}\s?[A-Z0-9]{2}(?:\s?[A-Z0-9]{3})?)(?![A-Z0-9])")


_POLISH_NUMBER = re.compile(r"(?<![A-Z0-9])(?<![^A-Za-z][A-Z]{2} )(\d{2}(?: ?\d{4}){6})(?![ ]?\d)")
"""Numer rachunku bankowego: a Polish IBAN without its country, as invoices within Poland print it."""

SEVERAL_IBANS = "several_ibans"

_NEXT_LINE = 3.0
"""Heights of a line: what stands further away, say in the foot of the page, speaks of something else."""


@dataclass(frozen=True, slots=True)
class PrintedIban:
    """A valid IBAN where it stands. `repaired`: up to two characters that an engine had taken for their likes were put
    right, which the check digits prove."""

    value: str
    raw: str
    segment: Segment
    start: int
    end: int
    box: Box
    repaired: bool = False
    debited: bool = False
    payee: bool = False


@dataclass(frozen=True, slots=True)
class BankReading:
    """Candidates for `iban` and `bic`, best first, and what a person must know."""

    ibans: tuple[Candidate, ...] = ()
    bics: tuple[Candidate, ...] = ()
    warnings: tuple[DocumentWarning, ...] = ()
    iban_note: str = ""
    printed: tuple[PrintedIban, ...] = ()


def read_bank(evidence: Evidence) -> BankReading:
    """The account to pay to. Several accounts without a sign which one is meant give none and `several_ibans`."""
    printed = tuple(find_ibans(evidence))
    warnings: list[DocumentWarning] = []
    own = {re.sub(r"\s", "", each).upper() for each in evidence.payer.ibans}
    if any(each.value in own for each in printed):
        message = Sentence("The document shows the payer's own account; it is not taken for the payee's.")
        warnings.append(DocumentWarning("iban_is_own_account", message, "iban"))
    payable = usable = [each for each in printed if each.value not in own and not each.debited]
    values = list(dict.fromkeys(each.value for each in usable))
    note = ""
    if len(values) > 1:
        marked = {each.value for each in usable if each.payee}
        if len(marked) == 1:
            usable = [each for each in usable if each.value in marked]
        else:
            warnings.append(several_ibans(len(values)))
            note = warnings[-1].message
    elif not values and any(each.debited for each in printed):
        note = "The only account on the document is the one that will be debited."
    taken = [(each.segment, each.start, each.end) for each in printed]
    is_polish = "pl" in evidence.labels.languages[:2]
    warnings += broken_iban_warnings(sheet=evidence.sheet, taken=taken, is_polish=is_polish)
    ibans = _candidates(usable, doubtful=bool(note))
    # Also those that are not marked as the payee's: that they stand there is for the books to judge.
    ibans += _candidates([each for each in payable if each not in usable], doubtful=True)
    chosen = usable[0] if usable and not note else None
    bics, mismatch = _bics(evidence, chosen, printed)
    return BankReading(ibans, bics, (*warnings, *mismatch), note, printed)


def several_ibans(number: int) -> DocumentWarning:
    """That so many accounts are named and nothing says which one is meant."""
    message = Sentence("The document names {number} accounts and does not say which one to pay to.", number=number)
    return DocumentWarning(SEVERAL_IBANS, message, "iban")


def find_ibans(evidence: Evidence) -> Iterator[PrintedIban]:
    """All valid IBANs in reading order, also such as run on in the next line or cell."""
    sheet = evidence.sheet
    for segment in sheet.segments:
        yield from _polish_numbers(evidence, segment)
        recognised = segment.source == "ocr"
        starts = (_MISREAD_START if recognised else _START).finditer(
            segment.text.translate(_CAPITALS) if recognised else segment.text
        )
        for match in starts:
            found = _iban_at(sheet, segment, match.start())
            if found is None:
                continue
            value, end, is_repaired = found
            end = min(end, len(segment.text))
            yield PrintedIban(
                value=value,
                raw=segment.text[match.start() : end],
                segment=segment,
                start=match.start(),
                end=end,
                box=segment.span_box(start=match.start(), end=end),
                repaired=is_repaired,
                debited=_is_debited(evidence, segment),
                payee=_is_payee(evidence, segment),
            )


def _polish_numbers(evidence: Evidence, segment: Segment) -> Iterator[PrintedIban]:
    """Its own check digit must hold as well, so that no other number
    of 26 digits is taken for one."""
    for match in _POLISH_NUMBER.finditer(segment.text) if "pl" in evidence.labels.languages[:2] else ():
        value = iban_of(f"PL{match.group(1)}")
        if value and keeps_national_check(value):
            yield PrintedIban(
                value=value,
                raw=match.group(1),
                segment=segment,
                start=match.start(1),
                end=match.end(1),
                box=segment.span_box(start=match.start(1), end=match.end(1)),
                debited=_is_debited(evidence, segment),
                payee=_is_payee(evidence, segment),
            )


def _iban_at(sheet: Sheet, segment: Segment, start: int) -> tuple[str, int, bool] | None:
    tail = segment.text[start:]
    for text in (tail, *(f"{tail} {more}" for more in _continuations(sheet, segment))):
        kept = [
            (place, letter)
            for place, letter in enumerate(text.translate(_CAPITALS))
            if letter.isalnum() and letter.isascii()
        ]
        structure = structure_of(text[:2].upper())
        if structure is None:
            return None
        length = 4 + len(structure)
        if len(kept) < length:
            continue
        raw = "".join(letter for _, letter in kept[:length])
        end = start + kept[length - 1][0] + 1
        if not _ends_cleanly(text, kept, length):
            continue
        places, recognised = f"aann{structure}", segment.source == "ocr"
        if value := iban_of(raw):
            return (
                None if recognised and is_ambiguous(text=raw, structure=places, check=iban_of) else (value, end, False)
            )
        if recognised and (value := repaired_iban(text=raw, structure=places)):
            return value, end, True
    return None


def _ends_cleanly(text: str, kept: Sequence[tuple[int, str]], length: int) -> bool:
    """The digits must not run on: `one character more` is another number, not this IBAN with a tail."""
    if len(kept) == length:
        return True
    here, following = kept[length - 1][0], kept[length][0]
    return following > here + 1 or not text[following].isdigit()


def _continuations(sheet: Sheet, segment: Segment) -> list[str]:
    """What may be the rest of an IBAN that fills its cell: the next cell, or the cell below."""
    rest = [other.text for other in sheet.right_of(segment)[:1]]
    rest += [other.text for other in sheet.below(segment, reach=1.6)][:1]
    return [text for text in rest if re.match(r"[\dA-Z]", text)]


def _is_debited(evidence: Evidence, segment: Segment) -> bool:
    """Whether the text around names the account that will be debited: the payer's."""
    lines = evidence.sheet.lines
    for index in range(max(0, segment.line - 1), min(len(lines), segment.line + 2)):
        for other in lines[index].segments:
            near = other.page == segment.page and abs(other.box.x0 - segment.box.x0) < 200
            near = near and abs(other.box.y0 - segment.box.y0) < _NEXT_LINE * segment.height
            if near and any("debit" in label.kinds for label in evidence.labels.within(other)):
                return True
    return False


def _is_payee(evidence: Evidence, segment: Segment) -> bool:
    """Whether a label such as `payable to` stands in the lines right above, or before it."""
    lines = evidence.sheet.lines
    for index in range(max(0, segment.line - 2), segment.line + 1):
        for other in lines[index].segments:
            beside = other.page == segment.page and other.box.x0 < segment.box.x1
            labels = evidence.labels.within(other) if beside else ()
            if any("seller" in label.kinds and len(label.phrase) > 8 for label in labels):
                return True
    return False


def _candidates(usable: Sequence[PrintedIban], *, doubtful: bool) -> tuple[Candidate, ...]:
    seen: dict[str, Candidate] = {}
    for each in usable:
        confidence = (0.9 if each.repaired else 0.985) * (0.4 if doubtful else 1.0)
        checks = ("iban_mod97", "iban_structure", *(("repaired",) if each.repaired else ()))
        made = candidate(value=each.value, raw=each.raw, placed=each, confidence=confidence, checks=checks)
        made = replace(made, checks_failed=("one_of_several",) if doubtful else ())
        if each.value not in seen or seen[each.value].confidence < made.confidence:
            seen[each.value] = made
    return tuple(seen.values())


def _bics(
    evidence: Evidence, chosen: PrintedIban | None, printed: Sequence[PrintedIban]
) -> tuple[tuple[Candidate, ...], tuple[DocumentWarning, ...]]:
    found: list[tuple[float, Candidate]] = []
    mismatched: list[str] = []
    for segment in evidence.sheet.segments:
        for match in _BIC.finditer(segment.text):
            value = bic_of(re.sub(r"\s", "", match.group(1)))
            label = _bic_label(evidence, segment, match.start()) if value else None
            near = chosen is not None and _distance(chosen, segment) < 4.5
            if value is None or (label is None and (not near or chosen is None or value[4:6] != chosen.value[:2])):
                continue
            if label is None and (" " in match.group(1) or (value.isalpha() and len(value) == 8 and not near)):
                continue
            if chosen and not bic_fits_iban(bic=value, iban=chosen.value):
                mismatched.append(value)
                continue
            if _belongs_to_other(printed, chosen, segment):
                continue
            place = Spot(segment, match.start(1), match.end(1))
            confidence = (0.95 if label else 0.8) if chosen else 0.8
            checks = ("bic_structure", "bic_country_fits_iban") if chosen else ("bic_structure",)
            made = candidate(value=value, raw=match.group(1), placed=place, confidence=confidence, checks=checks)
            found.append((_distance(chosen, segment) if chosen else 0.0, made))
    found.sort(key=lambda each: (-each[1].confidence, each[0]))
    distinct = list(dict.fromkeys(made.value for _, made in found))
    if chosen is None and len(distinct) > 1:
        found = [(gap, _lowered(made)) for gap, made in found]
    warnings: tuple[DocumentWarning, ...] = ()
    if mismatched and not found:
        message = Sentence("The BIC {bic} is of another country than the IBAN.", bic=mismatched[0])
        warnings = (DocumentWarning("bic_iban_mismatch", message, "bic"),)
    unique: dict[str, Candidate] = {}
    for _, made in found:
        unique.setdefault(made.value, made)
    return tuple(unique.values()), warnings


def _bic_label(evidence: Evidence, segment: Segment, start: int) -> Label | None:
    """A BIC label before the word in its segment, left of it on the line, or right above it."""
    before = [label for label in evidence.labels.within(segment) if "bic" in label.kinds and label.end <= start]
    if before:
        return before[-1]
    left = [other for other in evidence.sheet.lines[segment.line].segments if other.box.x1 <= segment.box.x0 + 1]
    for other in reversed(left[-2:]):
        for label in reversed(evidence.labels.within(other)):
            if "bic" in label.kinds:
                return label
    for line in evidence.sheet.lines[max(0, segment.line - 2) : segment.line]:
        for other in line.segments:
            close = other.page == segment.page and segment.box.y0 - other.box.y1 < 1.5 * segment.height
            if close and abs(other.box.x0 - segment.box.x0) < 60:
                for label in evidence.labels.within(other):
                    if "bic" in label.kinds and label.closes:
                        return label
    return None


def _distance(chosen: PrintedIban | None, segment: Segment) -> float:
    """Lines between the IBAN and the segment; far when on another page."""
    if chosen is None or chosen.segment.page != segment.page:
        return 99.0
    return abs(chosen.segment.box.y0 - segment.box.y0) / max(1.0, chosen.segment.height)


def _belongs_to_other(printed: Sequence[PrintedIban], chosen: PrintedIban | None, segment: Segment) -> bool:
    """Whether another account, say the one to be debited, stands closer."""
    if chosen is None:
        return any(each.debited and _distance(each, segment) < 1.5 for each in printed)
    others = [_distance(each, segment) for each in printed if each.value != chosen.value]
    return bool(others) and min(others) < _distance(chosen, segment)


def _lowered(each: Candidate) -> Candidate:
    return Candidate(
        each.value, each.raw, each.source, 0.3, each.page, each.box, each.checks_passed, ("one_of_several",)
    )
