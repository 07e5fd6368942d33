"""The issue date (BT-2) and the due date (BT-9), printed or computed from payment terms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from customers.sentences import Sentence
from ocr.extraction.calendar_dates import PrintedDate
from ocr.extraction.date_places import (
    SURE_DATES,
    follows_place,
    heads_column,
    is_print_stamp,
    written_together,
)
from ocr.extraction.evidence import Evidence, after_label, best_of, candidate
from ocr.extraction.fields import Candidate, DocumentWarning
from ocr.extraction.lexicon import Label
from ocr.extraction.paying_sentences import asks_for_instalments, paying_dates
from ocr.extraction.payment_terms import due_by_term, payment_term


@dataclass(frozen=True, slots=True)
class DateReading:
    """Candidates for `issue_date` and `due_date`, best first; the note says why a date seen is not given."""

    issue: tuple[Candidate, ...] = ()
    due: tuple[Candidate, ...] = ()
    issue_note: str = ""
    due_note: str = ""
    warnings: tuple[DocumentWarning, ...] = ()


def read_dates(evidence: Evidence) -> DateReading:
    """The dates that labels announce; a date whose day and month cannot be told apart gives none, with a note."""
    issue, unclear_issue = _labelled(evidence, "issue_date", "date")
    due, unclear_due = _labelled(evidence, "due_date")
    due = due or _in_sentences(evidence)
    if not any(each.confidence >= 0.7 for each in issue):
        issue += [*_after_number(evidence), *_unlabelled(evidence)]
    issue_best = best_of(issue)
    issued = date.fromisoformat(issue_best[0].value) if issue_best else None
    due = [each for each in due if issued is None or _plausible(issued, date.fromisoformat(each.value))]
    if not due and issued and (term := payment_term(evidence.sheet)):
        due = [due_by_term(term=term, issued=issued)]
    warnings: tuple[DocumentWarning, ...] = ()
    if asks_for_instalments(evidence):
        message = Sentence(
            "The document asks to be paid in parts; enter the part that is to be paid now, and its date."
        )
        warnings = (DocumentWarning("instalments", message, "due_date"),)
        due, unclear_due = [], False
    note = "The day and the month of the date cannot be told apart."
    return DateReading(
        issue=tuple(issue_best),
        due=tuple(best_of(due)),
        issue_note=note if unclear_issue and not issue else "",
        due_note=note if unclear_due and not due else "",
        warnings=warnings,
    )


def _in_sentences(evidence: Evidence) -> list[Candidate]:
    """Dates until which a sentence asks to pay."""
    return [
        candidate(value=made.isoformat(), raw=printed.raw, placed=printed, confidence=0.8, checks=("paying_sentence",))
        for printed in paying_dates(evidence)
        if (made := printed.read(evidence.day_order))
    ]


def _plausible(issued: date, due: date) -> bool:
    return issued - timedelta(days=70) <= due <= issued + timedelta(days=400)


def _labelled(evidence: Evidence, kind: str, weak: str = "") -> tuple[list[Candidate], bool]:
    found: list[Candidate] = []
    unclear = False
    for label in evidence.labels.of(kind, *([weak] if weak else [])):
        if kind not in label.kinds and not _may_head_document(evidence, label):
            continue
        base = 0.95 if kind in label.kinds else 0.75
        for printed, confidence in _dates_after(evidence, label, base):
            if _is_discounted(printed, kind):
                continue
            made = printed.read(evidence.day_order)
            if made is None:
                unclear = True
                continue
            checks = () if printed.ambiguous else ("date_unambiguous",)
            value = candidate(
                value=made.isoformat(), raw=printed.raw, placed=printed, confidence=confidence, checks=checks
            )
            found.append(value)
    return found, unclear


def _dates_after(evidence: Evidence, label: Label, base: float) -> Iterator[tuple[PrintedDate, float]]:
    """The first date behind, right of or under the label, unless another date's label comes between."""
    for place in after_label(sheet=evidence.sheet, labels=evidence.labels, label=label, columns=3):
        dates = [each for each in evidence.dates_by_segment.get(place.segment.index, ()) if each.start >= place.start]
        first = dates[0] if dates else written_together(evidence=evidence, place=place, label=label)
        if first is None:
            continue
        if (
            place.where == "below"
            and label.kinds.isdisjoint(SURE_DATES)
            and heads_column(evidence=evidence, first=first)
        ):
            return
        if label.phrase in _OPEN_ENDS and not _ends_payment(evidence, label):
            return
        between = [
            other
            for other in evidence.labels.within(place.segment)
            if place.start <= other.start < first.start and not other.kinds.isdisjoint(_DATE_KINDS)
        ]
        if between:
            if place.where == "same":
                return
            continue
        gap = first.start - place.start
        penalty = (
            {"same": 0.0, "right": 0.02, "below": 0.08}[place.where] + 0.05 * place.step + (0.2 if gap > 30 else 0.0)
        )
        yield first, base - penalty
        return


_OPEN_ENDS = frozenset({"biszum", "bis", "until"})
_PAYING = re.compile(
    r"zahl|überw|ueberw|fällig|faellig|abzug|netto|begleich|ausgleich|konto|pay|due|settle|remit", re.IGNORECASE
)


def _ends_payment(evidence: Evidence, label: Label) -> bool:
    """`until 30 May` is a due date where the sentence speaks of paying, and no date before makes it a period's end."""
    segment = label.segment
    if any(each.end <= label.start for each in evidence.dates_by_segment.get(segment.index, ())):
        return "ohne abzug" in segment.text[label.end :].lower()
    above = [
        other.text for line in evidence.sheet.lines[max(0, segment.line - 1) : segment.line] for other in line.segments
    ]
    return bool(_PAYING.search(" ".join([*above, segment.text])))


_DATE_KINDS = frozenset({"issue_date", "due_date", "other_date"})


def _may_head_document(evidence: Evidence, label: Label) -> bool:
    """`Date` alone names the issue date in the head of the first page, not in a table or a foot."""
    segment = label.segment
    if "date" not in label.kinds or not label.opens:
        return False
    line = evidence.sheet.lines[segment.line]
    kinds = {kind for other in line.segments for each in evidence.labels.within(other) for kind in each.kinds}
    in_table_head = len(line.segments) >= 4 and not any(map(str.isdigit, line.text))
    if in_table_head and not kinds & {"invoice_number", "due_date", "issue_date"}:
        return False
    height = evidence.sheet.page_heights.get(segment.page, 842.0)
    return segment.page == evidence.sheet.lines[0].page and segment.box.y0 < 0.6 * height


_DISCOUNTS = ("skonto", "escompte", "sconto", "discount", "korting", "rabat", "desc.", "desconto", "descuento", "sleva")


def _is_discounted(printed: PrintedDate, kind: str) -> bool:
    """Whether the date is the one until which a discount may be taken."""
    if kind != "due_date":
        return False
    text = printed.segment.text.lower()
    before = text[max(0, printed.start - 70) : printed.start]
    clause = re.split(r",(?!\d)|;|\d{2,4}[-./]\d{2}[-./]\d{2,4}", before)[-1]
    after = re.split(r"[,;.]\s|bis |until |\s-\s", text[printed.end :])[0]
    text = f"{clause} {after}"
    return any(word in text for word in _DISCOUNTS) and "ohne" not in text


def _after_number(evidence: Evidence) -> list[Candidate]:
    """`Rechnung Nr. 4711 vom 15.11.2024`: the date on the line that opens with the document's title and number."""
    found = []
    for printed in evidence.dates:
        labels = evidence.labels.within(printed.segment)
        titled = any(label.opens and not label.kinds.isdisjoint(_TITLES) for label in labels)
        titled = titled or follows_place(evidence=evidence, printed=printed)
        if is_print_stamp(evidence=evidence, printed=printed):
            continue
        if (titled or _beside_title(evidence, printed)) and (made := printed.read(evidence.day_order)):
            confidence = 0.85 if titled else 0.76
            found.append(candidate(value=made.isoformat(), raw=printed.raw, placed=printed, confidence=confidence))
    return found[:3]


_NUMBER_SIGN = re.compile(r"(?:n[°º.]|nr\b|no\b|№|#)\s*[.:°]?\s*\S*\d", re.IGNORECASE)
_TITLES = frozenset({"title", "credit_title", "invoice_number"})


def _beside_title(evidence: Evidence, printed: PrintedDate) -> bool:
    """Whether nothing but the date, or a place and the date, stands right of the title or right under it."""
    segment = printed.segment
    alone = len(segment.text) - (printed.end - printed.start) <= 25 and printed.end >= len(segment.text) - 2
    if not alone or _claimed(evidence, printed):
        return False
    lines = evidence.sheet.lines
    near = [*lines[segment.line].segments]
    near += [
        other
        for line in lines[max(0, segment.line - 2) : segment.line]
        for other in line.segments
        if abs(other.box.x0 - segment.box.x0) < 15 and segment.box.y0 - other.box.y1 < 1.3 * segment.height
    ]
    near += [
        title
        for other in lines[segment.line].segments
        if _NUMBER_SIGN.match(other.text)
        for line in lines[max(0, segment.line - 2) : segment.line]
        for title in line.segments
        if abs(title.box.x0 - other.box.x0) < 15 and other.box.y0 - title.box.y1 < 4 * other.height
    ]
    return any(
        label.opens and not label.kinds.isdisjoint(_TITLES)
        for other in near
        if other.page == segment.page and other is not segment and other.box.x0 <= segment.box.x0 + 5
        for label in evidence.labels.within(other)
    )


def _unlabelled(evidence: Evidence) -> list[Candidate]:
    """The only date of the first page's upper half that no label claims for something else."""
    if not evidence.sheet.lines:
        return []
    first_page = evidence.sheet.lines[0].page
    half = 0.5 * evidence.sheet.page_heights.get(first_page, 842.0)
    free = [
        each
        for each in evidence.dates
        if each.segment.page == first_page and each.segment.box.y0 < half and not _claimed(evidence, each)
        if not is_print_stamp(evidence=evidence, printed=each)
    ]
    made = {each.read(evidence.day_order): each for each in free}
    value, printed = next(iter(made.items()), (None, None))
    if len(made) != 1 or value is None or printed is None:
        return []
    return [candidate(value=value.isoformat(), raw=printed.raw, placed=printed, confidence=0.66)]


def _claimed(evidence: Evidence, printed: PrintedDate) -> bool:
    left = [
        other for other in evidence.sheet.lines[printed.segment.line].segments if other.box.x0 <= printed.segment.box.x0
    ]
    return any(
        not label.kinds.isdisjoint(_DATE_KINDS | {"other_number"})
        for segment in left
        for label in evidence.labels.within(segment)
        if segment is not printed.segment or label.start < printed.start
    )
