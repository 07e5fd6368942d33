"""A name that may be a party's, and picking the name out of the lines of an address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ocr.extraction.blocks import Block
from ocr.extraction.evidence import Evidence
from ocr.extraction.lexicon import any_words, words
from ocr.extraction.lines import Segment, compact, fold
from ocr.extraction.party_names import (
    BULLETS,
    SEPARATORS,
    has_legal_form,
    is_half_a_name,
    is_sender_line,
    is_street_line,
    is_zip_line,
    name_of,
    up_to_legal_form,
)
from ocr.reading.document import Box

_LEAD_NOISE = re.compile(
    r"^(?:GLN\s*:?\s*\d+\s*|©\s*|(?:attn|att|c/o|z\.?\s?hd|t\.a\.v|a/c|fao)\b[.:]*\s*|à\sl['’]attention\sde\s*:?\s*)",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:Herrn?|Frau|Mr|Mrs|Ms|Miss|Monsieur|Madame|Mme|Signora?|Sig|Sra?|Dhr|Mevr|Pan|Pani)\b\.?\s+"
    r"(?=(?:[A-ZÀ-ÖØ-ÞŁŚŻČŘŠŽ][^\W\d_.'’-]*[.'’-]?\S*\s?){2,4}$)"
)
"""A form of address before a person's name and surname."""

_ATTENTION = re.compile(r"^(?:attn|att|z\.?\s?hd|t\.a\.v|fao|à\sl['’]attention)\b", re.IGNORECASE)
_UNFINISHED = re.compile(
    r"(?:\b(?:und|and|et|e|y|i|en|och|og|a|für|for|pour|de|der|des|di|für|of|van)|[&+,-])$", re.IGNORECASE
)
"""How a line ends whose name goes on in the next."""

_ROW_KINDS = frozenset(
    {"other_number", "contact", "other_party", "invoice_number", "issue_date", "due_date", "vat_id", "iban", "bic"}
    | {
        "buyer",
        "seller",
        "buyer_vat_id",
        "other_date",
        "reference",
        "date",
        "title",
        "currency",
        "other_amount",
        "name",
    }
    | {"total", "total_plain", "payable", "subtotal", "tax"}
)

Found = tuple[str, Segment, int]
"""A name, its segment and where it starts in its text."""


@dataclass(slots=True)
class NameOption:
    """`score` adds up over the places of the name, `reasons` say which; `block` is the address it stands in."""

    name: str
    segment: Segment
    start: int
    end: int
    score: float
    reasons: list[str] = field(default_factory=list)
    block: Block | None = None

    @property
    def box(self) -> Box:
        return self.segment.span_box(start=self.start, end=self.end)


def option(*, found: Found, score: float, reason: str, blocks: Sequence[Block] = ()) -> NameOption:
    """An option from a name found, with the block that holds it."""
    name, segment, start = found
    block = next((block for block in blocks if block.holds(segment)), None)
    return NameOption(name, segment, start, min(len(segment.text), start + len(name)), score, [reason], block)


def best_name(*, evidence: Evidence, segments: Sequence[Segment], start: int = 0) -> Found | None:
    """The party's name in the lines of an address: the first name, or the one with a legal form that follows it
    before street and town, because a person's name often stands above the company's."""
    first: Found | None = None
    person: Found | None = None
    for place, segment in enumerate(segments[:9]):
        text = segment.text[start if place == 0 else 0 :]
        if (first or person) and (is_zip_line(text) or (is_street_line(text) and not has_legal_form(text))):
            break
        found = name_in(evidence=evidence, segment=segment, start=start if place == 0 else 0)
        if found is None:
            if first:
                break
            continue
        if _is_attention(evidence, segment) and not has_legal_form(found[0]):
            person = person or found
            continue
        if first and _runs_on(first[0], found[0]):
            return f"{first[0]} {found[0]}", first[1], first[2]
        if place + 1 < len(segments) and (rest := _rest_of_form(found[0], segments[place + 1].text)):
            return f"{found[0]} {rest}", found[1], found[2]
        if has_legal_form(found[0]) or (first and fold(found[0]).startswith(f"{fold(first[0])} ")):
            return found
        first = first or found
    return first or person


def _is_attention(evidence: Evidence, segment: Segment) -> bool:
    """`Attn: Jane Birch`, `z. Hd. Frau Birke`: the person in the company, which stands in another line."""
    return any(label.opens and label.phrase in any_words("attention") for label in evidence.labels.within(segment)) or (
        bool(_ATTENTION.match(segment.text))
    )


def _runs_on(name: str, following: str) -> bool:
    """Whether a name goes on in the line under it: `Trade und` over `Consulting GmbH`, `Acme` over `GmbH & Co. KG`.

    A person over the company is no such case.
    """
    if has_legal_form(name):
        return False
    return bool(_UNFINISHED.search(name)) or compact(following) in words("legal_forms") or is_half_a_name(following)


def _rest_of_form(name: str, following: str) -> str | None:
    """What the next line adds to the legal form at a name's end: `(haftungsbeschränkt)` to UG, `& Co. KG` to GmbH."""
    rest = following.strip(" ,;")
    ends = [compact(" ".join(name.split()[-size:])) for size in (1, 2, 3) if size < len(name.split())]
    longer = any(end and f"{end}{compact(rest)}" in words("legal_forms") for end in ends)
    return rest if has_legal_form(name) and compact(rest) and longer else None


def name_in(*, evidence: Evidence, segment: Segment, start: int = 0) -> Found | None:
    """The name that a segment holds from `start` on; None for a form of address, a labelled row or an address."""
    text = segment.text[start:].lstrip(" :.-")
    at = len(segment.text) - len(text)
    text = _TITLE.sub("", _LEAD_NOISE.sub("", text))
    if compact(text) in any_words("salutations"):
        return None
    if is_sender_line(text):
        text = BULLETS.split(text)[0] if len(BULLETS.split(text)) > 2 else SEPARATORS.split(text)[0]
    name = name_of(up_to_legal_form(text))
    if name is None:
        return None
    if not has_legal_form(name):
        if evidence.dates_by_segment.get(segment.index):
            return None
        for label in evidence.labels.within(segment):
            if at - 1 <= label.start <= at + 1 and label.kinds & _ROW_KINDS:
                return None
    return name, segment, max(0, segment.text.find(name, start))
