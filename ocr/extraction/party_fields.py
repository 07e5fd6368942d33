"""From the parties found on the page to candidates for names, e-mail addresses, VAT number and address."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from ocr.extraction.blocks import Block, address_in_line, address_of
from ocr.extraction.contacts import Printed, find_emails
from ocr.extraction.evidence import Evidence, best_of, candidate
from ocr.extraction.fields import Candidate
from ocr.extraction.lexicon import any_words
from ocr.extraction.lines import Segment, compact
from ocr.extraction.parties import Parties, find_parties
from ocr.extraction.party_names import core_of
from ocr.extraction.party_options import NameOption
from ocr.extraction.payer_spelling import SPELT_AS_KNOWN
from ocr.extraction.vat_numbers import find_vat_ids

_HEADING_REACH = 18
"""Lines below a party's heading that still speak of it."""

_FURTHEST = 0.22
"""Share of the page's height over which it may do so."""

_FOOT = 0.86
"""Where the foot of a page begins, which speaks of the seller."""

_ALIKE = 80.0
"""Likeness 0..100 from which a mail address is taken for the party's whose name its domain resembles."""


@dataclass(frozen=True, slots=True)
class PartyReading:
    sellers: tuple[Candidate, ...] = ()
    buyers: tuple[Candidate, ...] = ()
    seller_emails: tuple[Candidate, ...] = ()
    buyer_emails: tuple[Candidate, ...] = ()
    vat_ids: tuple[Candidate, ...] = ()
    addresses: tuple[Candidate, ...] = ()


def read_parties(evidence: Evidence) -> PartyReading:
    """Candidates for the parties' fields, best first."""
    vat_ids, emails = find_vat_ids(evidence), find_emails(evidence)
    parties = find_parties(evidence=evidence, vat_ids=vat_ids, emails=emails)
    seller_emails, buyer_emails = _emails(evidence, parties, emails)
    return PartyReading(
        sellers=_names(parties.sellers),
        buyers=_names(parties.buyers),
        seller_emails=seller_emails,
        buyer_emails=buyer_emails,
        vat_ids=_vat_ids(evidence, parties, vat_ids),
        addresses=_addresses(evidence, parties),
    )


def owner_of(*, evidence: Evidence, parties: Parties, segment: Segment) -> str | None:
    """`seller`, `buyer` or `other_party` whose text the segment is; None when nothing tells."""
    for kind, options in (("seller", parties.sellers), ("buyer", parties.buyers)):
        if options and options[0].block and options[0].block.holds(segment):
            return kind
    for kind, options in (("seller", parties.sellers), ("buyer", parties.buyers)):
        if options and options[0].block and _hangs_under(options[0].block, segment):
            return kind
    best: tuple[float, str] | None = None
    lines = evidence.sheet.lines
    for line in lines[max(0, segment.line - _HEADING_REACH) : segment.line + 1]:
        for other in line.segments:
            if other.box.x0 > segment.box.x0 + 5:
                continue
            for label in evidence.labels.within(other):
                kinds = label.kinds & {"seller", "buyer", "other_party"}
                if (
                    not kinds
                    or not label.opens
                    or len(label.phrase) < 3
                    or (not label.closes and line.index != segment.line and ":" not in other.text)
                ):
                    continue
                if not _reaches(evidence, other, segment):
                    continue
                distance = (segment.line - line.index) + (6 if segment.box.x0 - other.box.x0 > 260 else 0)
                if best is None or distance <= best[0]:
                    best = (distance, "other_party" if "other_party" in kinds else next(iter(kinds)))
    return best[1] if best else None


def _reaches(evidence: Evidence, heading: Segment, segment: Segment) -> bool:
    """Whether a heading can still speak of a text under it: near it on its page, and not down in the foot."""
    height = evidence.sheet.page_heights.get(segment.page, 842.0)
    if heading.page != segment.page or segment.box.y0 - heading.box.y1 > _FURTHEST * height:
        return False
    return segment.box.y0 < _FOOT * height or heading.box.y0 > _FOOT * height


def _hangs_under(block: Block, segment: Segment) -> bool:
    """Set a little below an address with its left edge: a mail address or a tax number, mostly."""
    gap = segment.box.y0 - block.box.y1
    close = -1 < gap < 2.8 * segment.height and abs(segment.box.x0 - block.box.x0) < 6
    return close and segment.page == block.page


def _names(options: Sequence[NameOption]) -> tuple[Candidate, ...]:
    made = []
    for place, option in enumerate(options):
        confidence = min(0.97, option.score)
        if place:
            confidence = min(confidence, 0.55)
        checks = [f"place:{reason}" for reason in option.reasons]
        made.append(
            candidate(value=option.name, raw=_as_read(option), placed=option, confidence=confidence, checks=checks)
        )
    return tuple(made)


def _as_read(option: NameOption) -> str:
    """The name with the letters that were read, where it stands in one piece."""
    span = slice(option.start, option.end)
    is_one_piece = option.segment.text[span] == option.name or SPELT_AS_KNOWN in option.reasons
    return option.segment.as_read[span] if is_one_piece else option.name


def _emails(
    evidence: Evidence, parties: Parties, emails: Sequence[Printed]
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    sellers: list[Candidate] = []
    buyers: list[Candidate] = []
    own = {each.lower() for each in evidence.payer.emails}
    own |= {
        each.rpartition("@")[2]
        for each in own
        if each.rpartition("@")[2].split(".")[0] not in any_words("mail_providers")
    }
    seller = parties.sellers[0] if parties.sellers else None
    buyer = parties.buyers[0] if parties.buyers else None
    for each in emails:
        owner = owner_of(evidence=evidence, parties=parties, segment=each.segment)
        to_seller, to_buyer = _likeness(each.value, seller), _likeness(each.value, buyer)
        like_seller, like_buyer = to_seller >= max(_ALIKE, to_buyer), to_buyer >= max(_ALIKE, to_seller)
        parts = {each.value.lower(), each.value.lower().rpartition("@")[2]}
        if parts & own or (owner == "buyer" and not like_seller) or (like_buyer and not like_seller):
            confidence = 0.93 if owner == "buyer" else 0.75
            buyers.append(
                candidate(value=each.value, raw=each.raw, placed=each, confidence=confidence, checks=("email_form",))
            )
        elif owner != "other_party" or (like_seller and not like_buyer):
            confidence = 0.66 + (0.2 if like_seller else 0.0) + (0.22 if owner == "seller" else 0.0)
            sellers.append(
                candidate(value=each.value, raw=each.raw, placed=each, confidence=confidence, checks=("email_form",))
            )
    return tuple(best_of(_unsure_when_many(sellers))), tuple(best_of(buyers))


def _unsure_when_many(candidates: list[Candidate]) -> list[Candidate]:
    """Several addresses of equal worth: none of them is the one."""
    best = max((each.confidence for each in candidates), default=0.0)
    rivals = {each.value.lower() for each in candidates if each.confidence > best - 0.02}
    if len(rivals) < 2 or best > 0.8:
        return candidates
    return [
        Candidate(each.value, each.raw, each.source, each.confidence - 0.2, each.page, each.box, each.checks_passed)
        for each in candidates
    ]


def _likeness(email: str, option: NameOption | None) -> float:
    """Of the mail's domain and the party's name, 0..100."""
    if option is None:
        return 0.0
    domain = compact(email.rpartition("@")[2].rpartition(".")[0])
    core = compact(core_of(option.name))
    return fuzz.partial_ratio(domain, core) if len(domain) > 2 and len(core) > 2 else 0.0


def _vat_ids(evidence: Evidence, parties: Parties, printed: Sequence[Printed]) -> tuple[Candidate, ...]:
    """The seller's number: never the known payer's, nor one that stands with the buyer or is called the customer's."""
    made: list[Candidate] = []
    own = compact(evidence.payer.vat_id) or "none"
    values = {each.value for each in printed if not each.of_buyer}
    of_buyer = {each.value for each in printed if each.of_buyer}
    for each in printed:
        owner = owner_of(evidence=evidence, parties=parties, segment=each.segment)
        if each.value in of_buyer or owner in {"buyer", "other_party"} or compact(each.value).endswith(own):
            continue
        height = evidence.sheet.page_heights.get(each.segment.page, 842.0)
        alone = 0.84 if len(values) == 1 or each.segment.box.y0 > 0.82 * height else 0.72
        confidence = 0.9 if owner == "seller" else alone
        checks, failed = ["vat_form"], []
        if each.proven:
            checks.append("vat_check_digits")
            if each.repaired:
                checks.append("repaired")
                confidence -= 0.06
        else:
            confidence -= 0.25
            failed.append("vat_check_digits")
        base = candidate(value=each.value, raw=each.raw, placed=each, confidence=confidence, checks=checks)
        made.append(
            Candidate(
                base.value,
                base.raw,
                base.source,
                base.confidence,
                base.page,
                base.box,
                base.checks_passed,
                tuple(failed),
            )
        )
    best = best_of(made)
    if len(best) > 1 and best[0].confidence - best[1].confidence < 0.05 and best[0].value[:2] == best[1].value[:2]:
        return tuple(Candidate(each.value, each.raw, each.source, 0.4, each.page, each.box) for each in best)
    return tuple(best)


def _addresses(evidence: Evidence, parties: Parties) -> tuple[Candidate, ...]:
    for option in parties.sellers[:1]:
        lines = [option.segment, *list(evidence.sheet.below(option.segment, reach=2.5))[:2]]
        for segment in lines:
            if text := address_in_line(segment.text):
                placed = NameOption(text, segment, 0, len(segment.text), option.score)
                return (candidate(value=text, raw=segment.text, placed=placed, confidence=min(0.9, option.score)),)
        if option.block and (text := address_of(block=option.block.segments, labels=evidence.labels)):
            placed = NameOption(text, option.block.segments[0], 0, len(option.block.segments[0].text), option.score)
            return (candidate(value=text, raw=text, placed=placed, confidence=min(0.9, option.score)),)
    return ()
