"""Names under headings such as `Bill to`, `Verkäufer` or `Destinataire`."""

import re
from collections.abc import Iterator

from ocr.extraction.blocks import Block
from ocr.extraction.evidence import Evidence, after_label
from ocr.extraction.lexicon import Label, any_words
from ocr.extraction.lines import Segment
from ocr.extraction.party_names import name_of
from ocr.extraction.party_options import Found, NameOption, best_name, option

_ROW_GAP = 140.0
"""Points between a row's label and its value; a heading of a neighbouring column stands further away."""

_ENDS_PARTY = frozenset({"seller", "buyer", "other_party", "contact", "iban", "bic"})
"""Headings at which the lines of a party end; what stands under `Bank:` is the bank's name."""

_BANK_BOX = 60.0
"""Points up and down within which a bank's details stand together."""

_PARTIES = frozenset({"seller", "buyer", "other_party"})


def headed_names(*, evidence: Evidence, kind: str, blocks: list[Block]) -> Iterator[NameOption]:
    """The names that labels of the kind (`seller`, `buyer` or `account_holder`) announce."""
    for label in evidence.labels.of(kind):
        if kind == "account_holder" and not label.opens and (within := _holder_within(evidence, label)):
            yield option(found=within, score=0.5, reason=f"label:{label.phrase}", blocks=blocks)
        if not label.opens or _is_table_head(evidence, label) or (kind == "buyer" and _is_payee(evidence, label)):
            continue
        colon = ":" in label.segment.text[label.end : label.end + 2]
        if not label.closes and not colon:
            continue
        score = 0.92 if len(label.phrase) > 4 else 0.72
        if kind == "account_holder":
            score = 0.5
        if label.phrase in any_words("attention"):
            score = 0.42  # the person whom the letter is for, where the company is not found
        if any(word in label.phrase for word in any_words("guests")):
            score = 0.56  # who slept there: the bill may go to somebody else
        if "name" in label.kinds or (kind == "buyer" and "seller" in label.kinds):
            score -= 0.2
        beside = None if colon else _beside(evidence, label)
        if beside and not evidence.labels.within(beside):
            # A row, not a heading: its value is the name, or it names something else, such as a number.
            if found := best_name(evidence=evidence, segments=[beside]):
                yield option(found=found, score=score - 0.05, reason=f"label:{label.phrase}", blocks=blocks)
            continue
        found = None if not label.closes else _named_row(evidence, label)
        if found is None and not label.closes:
            found = best_name(evidence=evidence, segments=[label.segment], start=label.end)
            if found is None:
                continue  # `Customer: 2` is a row that names something else
        if found is None and label.closes and colon:
            right = [each for each in evidence.sheet.right_of(label.segment)[:1] if _is_near(label, each)]
            found = best_name(evidence=evidence, segments=right) if right else None
        if found is None:
            found = best_name(evidence=evidence, segments=lines_under(evidence=evidence, segment=label.segment))
        if found:
            yield option(found=found, score=score, reason=f"label:{label.phrase}", blocks=blocks)


def _holder_within(evidence: Evidence, label: Label) -> Found | None:
    """`Bank: Example Bank – Account holder: Acme Ltd, IBAN …`: the name up to the next label or stroke."""
    text = label.segment.text
    if not re.search(r"[:|/·•–—,;-]\s*$", text[: label.start]) and text[label.end : label.end + 2].strip()[:1] != ":":
        return None
    following = [other.start for other in evidence.labels.within(label.segment) if other.start > label.end]
    value = re.split(r"\s[/|·•–—-]\s|;", text[label.end : min([len(text), *following])].lstrip(" :."))[0]
    name = name_of(value.rstrip(" ,/|"))
    return (name, label.segment, text.find(name, label.end)) if name and name in text else None


def _is_payee(evidence: Evidence, label: Label) -> bool:
    """Whether `Recipient` stands among the bank details in the lower half: whom to pay, not who is billed."""
    segment = label.segment
    if segment.box.y0 < 0.5 * evidence.sheet.page_heights.get(segment.page, 842.0):
        return False
    return any(
        other.segment.page == segment.page and abs(other.segment.box.y0 - segment.box.y0) < _BANK_BOX
        for other in evidence.labels.of("iban", "bic")
    )


def _is_near(label: Label, segment: Segment) -> bool:
    """Whether it stands close enough to the label to be its value, and not a column of its own."""
    return segment.box.x0 - label.segment.box.x1 < _ROW_GAP


def _beside(evidence: Evidence, label: Label) -> Segment | None:
    """What stands on the label's own line, close enough to be its value."""
    for segment in evidence.sheet.right_of(label.segment)[:1]:
        if segment.line == label.segment.line and _is_near(label, segment):
            return segment
    return None


def lines_under(*, evidence: Evidence, segment: Segment) -> list[Segment]:
    """The lines under a heading or a sender's line that share one left edge, down to the next heading."""
    lines: list[Segment] = []
    head = last = segment
    for segment in evidence.sheet.below(head, reach=max(11.0, 120.0 / max(1.0, head.height))):
        if lines and abs(segment.box.x0 - lines[0].box.x0) > 22:
            continue
        if segment.box.y0 - last.box.y1 > 3.0 * max(last.height, segment.height):
            break
        if any(other.opens and other.closes and other.kinds & _ENDS_PARTY for other in evidence.labels.within(segment)):
            break
        lines.append(segment)
        last = segment
    return lines


def _is_table_head(evidence: Evidence, label: Label) -> bool:
    line = evidence.sheet.lines[label.segment.line]
    kinds = [kind for segment in line.segments for each in evidence.labels.within(segment) for kind in each.kinds]
    return kinds.count("other_amount") >= 2


def _named_row(evidence: Evidence, label: Label) -> Found | None:
    """`Name: …` in the rows under a heading, before the next one."""
    for line in evidence.sheet.lines[label.segment.line + 1 : label.segment.line + 14]:
        if line.page != label.segment.page and line.index > label.segment.line + 8:
            return None
        for segment in line.segments:
            if abs(segment.box.x0 - label.segment.box.x0) > 60:
                continue
            for other in evidence.labels.within(segment):
                if other.opens and other.kinds & _PARTIES and "name" not in other.kinds and other.closes:
                    return None
                if "name" in other.kinds and other.opens and ":" in segment.text[other.end : other.end + 2]:
                    return _value(evidence, other)
    return None


def _value(evidence: Evidence, label: Label) -> Found | None:
    for place in after_label(sheet=evidence.sheet, labels=evidence.labels, label=label, columns=1, reach=0.5):
        text = place.segment.text[place.start :].lstrip(" :.")
        if name := name_of(text, is_announced=True):
            return name, place.segment, place.segment.text.find(text)
    return None
