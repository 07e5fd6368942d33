"""The invoice number (BT-1), told from the order, customer, delivery and tax numbers around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ocr.extraction.evidence import Evidence, Place, after_label, best_of, candidate
from ocr.extraction.fields import Candidate
from ocr.extraction.lexicon import Label, any_words
from ocr.extraction.lines import Segment, compact
from ocr.extraction.party_names import is_zip_line
from ocr.extraction.sum_fields import document_type_of
from ocr.reading.document import Box

LONGEST_NUMBER = 30
_NEXT_COLUMN = 60.0
_SAME_EDGE = 4.0
"""Points."""

_SKIP = re.compile(
    r"^[\s:.#°º=>,;|–—-]*(?:\([^()]{1,12}\)[\s:.]*)?"
    r"(?:(?:n[or]?|nr|num|number|nummer|numero|código)\s*[.:°º]+\s*)?[\s:.#°º=>|-]*",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[A-Za-z0-9À-ž][A-Za-z0-9À-ž/._\-–+*]*")
_GROUPED = re.compile(r"\d{1,3}(?:['’]\d{3})+(?!\d)")
_NUMBER_SIGN = re.compile(
    r"(?:n[°º.]|no[.:\s°]|nr[.:\s]|num[.:\s]|№|#|num(?:mer|ber|[eé]ro)\s?:|n[uú]mero\s?:)[\s.:°]*", re.IGNORECASE
)
_PLAIN = re.compile(r"\s*(?P<label>[^\W\d_]{2,9}(?:\s(?:No|Nr|Number)\b)?)(?:\s*[.:]*\s*$|[\s.:]+(?=\S*\d))")
_MORE = re.compile(r"\s?([-/]\s?[A-Za-z0-9]+)+(?![A-Za-z0-9])")
"""What belongs to a number behind blanks: `4711 / 2026`."""
_CODE = re.compile(r"[\s.:/-](?:FT|FR|FS|FA|FAC|FV|FC|NC|ND|INV|RE|RG|RN|GS|AV)$")
"""Kinds of documents as the series of their numbers begin; in Portugal by law (Portaria 302/2016)."""
_HEAD_LINES = 4.5
_PREFIX = re.compile(r"[A-Z]{1,5}[-/]?")


def read_invoice_number(evidence: Evidence) -> tuple[Candidate, ...]:
    """Candidates, best first. A number that the document repeats is worth more, one that another label claims less."""
    found: list[Candidate] = []
    claimed = set(_claimed(evidence))
    is_credit_note = document_type_of(evidence) == "credit_note"
    for label in evidence.labels.of("invoice_number", "title", "credit_title"):
        strong = "invoice_number" in label.kinds
        if not strong and not _is_title(evidence, label):
            continue
        if _inside_reference(evidence, label) or (is_credit_note and not label.opens) or _names_other(label):
            continue  # `Credit for our invoice no. 4711` names the other document
        for place in _places(evidence, _without_code(label)):
            if not strong and place.where == "below" and not _heads_table(evidence, label):
                break
            made = _value_at(evidence, place, strong=strong)
            if made is None:
                if place.where == "same" and strong and _has_other_label(evidence, place):
                    break
                continue
            found.append(_scored(evidence, made, place=place, strong=strong, claimed=claimed))
            break
    found.extend(_under_title(evidence, claimed))
    return tuple(best_of(_without_parts(found) or _in_head_block(evidence)))


def _without_parts(found: Sequence[Candidate]) -> list[Candidate]:
    """Without what is the end of a longer number at the same place: a label may be read into the number itself."""
    return [
        each
        for each in found
        if not any(
            other.page == each.page
            and other.value != each.value
            and re.fullmatch(rf"[A-Z]{{1,5}}[ /-]{re.escape(each.value)}", other.value)
            and other.box
            and each.box
            and other.box.x0 <= each.box.x0 < other.box.x1
            and abs(other.box.y0 - each.box.y0) < each.box.y1 - each.box.y0
            for other in found
        )
    ]


def _without_code(label: Label) -> Label:
    """`Fatura FT 2026/318`, `Facture FAC-2026-12`: the letters before the digits are a part of the number, not of what
    announces it."""
    text = label.segment.text
    match = _CODE.search(text, label.start, label.end)
    if match is None or not re.match(r"[-/]?\s?[A-Z]{0,2}\d", text[label.end :]):
        return label
    return replace(label, end=match.start())


def _places(evidence: Evidence, label: Label) -> list[Place]:
    """As `after_label`, but what stands right under the label's left edge before what stands a column away."""
    places = list(after_label(sheet=evidence.sheet, labels=evidence.labels, label=label, columns=2))
    own = label.segment.box

    def is_far(place: Place) -> bool:
        return place.where == "right" and place.segment.box.x0 - own.x1 > _NEXT_COLUMN

    under = [each for each in places if each.where == "below" and abs(each.segment.box.x0 - own.x0) < _SAME_EDGE]
    if under and any(map(is_far, places)):
        return [*(each for each in places if not is_far(each) and each not in under), *under, *filter(is_far, places)]
    return places


def _under_title(evidence: Evidence, claimed: set[str]) -> Iterator[Candidate]:
    """`No. 4711` alone on a line near under the title of the document."""
    for label in evidence.labels.of("title", "credit_title"):
        if not label.opens or not label.closes:
            continue
        for segment in evidence.sheet.below(label.segment, reach=4.0):
            sign = _NUMBER_SIGN.match(segment.text)
            if sign and (made := _value_at(evidence, Place(segment, sign.end(), "below", 0), strong=True)):
                yield _scored(
                    evidence, made, place=Place(segment, sign.end(), "right", 0), strong=False, claimed=claimed
                )


def _in_head_block(evidence: Evidence) -> list[Candidate]:
    """`Number: 4711` beside the date of the invoice, where all such labels of the page say the same number."""
    dates = [each.segment for each in evidence.labels.of("issue_date", "date") if each.opens]
    found: list[Candidate] = []
    for segment in evidence.sheet.segments:
        match = _PLAIN.match(segment.text)
        joined = compact(match["label"]) if match else ""
        if match is None or joined not in any_words("plain_numbers") or not _is_beside(segment, dates):
            continue
        label = Label(frozenset({"invoice_number"}), joined, segment, match.start("label"), match.end("label"))
        for place in _places(evidence, label):
            if place.where == "below" and not label.closes:
                break
            if made := _value_at(evidence, place, strong=False):
                found.append(_scored(evidence, made, place=place, strong=False, claimed=set()))
                break
    return found if len({each.value for each in found}) == 1 else []


def _is_beside(segment: Segment, dates: Sequence[Segment]) -> bool:
    """On the first page, few lines from one of them."""
    reach = _HEAD_LINES * segment.height
    return segment.page == 1 and any(
        each.page == 1 and abs(each.box.y0 - segment.box.y0) < reach and each is not segment for each in dates
    )


@dataclass(frozen=True, slots=True)
class _Number:
    """A number where it stands; its text may lack marks that are printed."""

    text: str
    segment: Segment
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def box(self) -> Box:
        return self.segment.span_box(start=self.start, end=self.end)


def _is_title(evidence: Evidence, label: Label) -> bool:
    """The title of the document: it opens its segment and stands in the upper part of a page."""
    height = evidence.sheet.page_heights.get(label.segment.page, 842.0)
    return label.opens and label.segment.box.y0 < 0.75 * height


def _names_other(label: Label) -> bool:
    """`A storno della fattura n. 12`, `zu Rechnung Nr. 4711`: the number of the document that this one is about."""
    before = label.segment.tokens
    return any(token.text in any_words("about_another") for token in before if token.end <= label.start)


def _heads_table(evidence: Evidence, label: Label) -> bool:
    """`Invoice | Date` over `4711 | 1 May`: the title as the head of a column."""
    line = evidence.sheet.lines[label.segment.line]
    kinds = {kind for segment in line.segments for other in evidence.labels.within(segment) for kind in other.kinds}
    return label.closes and len(line.segments) > 1 and bool(kinds & {"date", "issue_date", "due_date"})


def _inside_reference(evidence: Evidence, label: Label) -> bool:
    """`Payment reference: Customer no. 1 Invoice no. 2`: words of the reference, not labels of their own."""
    left = [*evidence.sheet.lines[label.segment.line].segments]
    return any(
        "reference" in other.kinds and "invoice_number" not in other.kinds and other.opens
        for segment in left
        if segment.box.x0 <= label.segment.box.x0
        for other in evidence.labels.within(segment)
        if segment is not label.segment or other.start < label.start
    )


def _value_at(evidence: Evidence, place: Place, *, strong: bool) -> _Number | None:
    """The first token with a digit that is no date and no amount, where it directly follows the label."""
    text = place.segment.text
    start = place.start
    skipped = _SKIP.match(text[start:])
    start += skipped.end() if skipped else 0
    match = _VALUE.match(text, start)
    if match is None:
        return None
    if grouped := _GROUPED.match(text, match.start()):
        match = grouped
    value, begin = re.sub(r"['’]", "", match.group()).rstrip("._-–,/"), match.start()
    runs_into_label = text[match.end() : match.end() + 1] == ":" and "/" in value
    if runs_into_label:
        value = value.rpartition("/")[0]
    if _PREFIX.fullmatch(value) and (follow := _VALUE.match(text, match.end() + 1)):
        if text[match.end() : match.end() + 1] == " " and any(letter.isdigit() for letter in follow.group()):
            value = f"{value} {follow.group().rstrip('._-–,/')}"
    elif (
        not runs_into_label
        and (follow := _MORE.match(text, begin + len(value), _end_before_date(evidence, place, begin + len(value))))
        and any(map(str.isdigit, value))
    ):
        value += follow.group()
    value = re.sub(r"(?<=\d)(?:vom|von|du|del|dated|from|of|van|dnia)$", "", value)  # a blank that an engine lost
    if is_zip_line(text) and match.start() == 0:
        return None
    if not _looks_like_number(value) or (not strong and sum(map(str.isdigit, value)) < 2):
        return None
    end = begin + len(value)
    if any(each.start < end and each.end > begin for each in evidence.dates_by_segment.get(place.segment.index, ())):
        return None
    for figure in evidence.figures_by_segment.get(place.segment.index, ()):
        if (
            figure.start < end
            and figure.end > begin
            and (figure.percent or figure.currency or (figure.decimals == 2 and not figure.raw.isdigit()))
        ):
            return None
    return _Number(text=value, segment=place.segment, start=begin)


def _end_before_date(evidence: Evidence, place: Place, start: int) -> int:
    """Where the next date begins, or the text ends: `4711 / 20.05.2026` is a number and its date."""
    dates = evidence.dates_by_segment.get(place.segment.index, ())
    return min((each.start for each in dates if each.start >= start), default=len(place.segment.text))


def _looks_like_number(value: str) -> bool:
    digits = sum(map(str.isdigit, value))
    return bool(digits) and 2 <= len(value) <= LONGEST_NUMBER and digits * 4 >= len(value.replace(" ", "")) - 8


def _has_other_label(evidence: Evidence, place: Place) -> bool:
    return any(label.start >= place.start for label in evidence.labels.within(place.segment))


def _scored(evidence: Evidence, made: _Number, *, place: Place, strong: bool, claimed: set[str]) -> Candidate:
    confidence = (
        (0.95 if strong else 0.84) - {"same": 0.0, "right": 0.02, "below": 0.06}[place.where] - 0.05 * place.step
    )
    checks = []
    key = compact(made.text)
    if evidence.sheet.compact.count(key) > 1 and len(key) >= 4:
        confidence += 0.03
        checks.append("seen_again")
    if key in claimed:
        confidence -= 0.08 if strong else 0.3
    if len(key) < 3:
        confidence -= 0.15
    if made.segment.source == "ocr":
        confidence -= 0.03
    return candidate(value=made.text, raw=made.text, placed=made, confidence=confidence, checks=checks)


def _claimed(evidence: Evidence) -> Iterator[str]:
    """Numbers that stand behind a label of another number."""
    for label in evidence.labels.of("other_number", "vat_id"):
        if "invoice_number" in label.kinds:
            continue
        for place in after_label(sheet=evidence.sheet, labels=evidence.labels, label=label, columns=1):
            if place.where != "below" and (match := _VALUE.search(place.segment.text, place.start)):
                yield compact(match.group())
                break
