"""Who bills and who is billed: the names of seller and buyer, from all their places."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from ocr.extraction.blocks import Block, find_blocks
from ocr.extraction.contacts import Printed, web_names
from ocr.extraction.evidence import Evidence
from ocr.extraction.letterhead import addressed_names, brand_names, foot_names, head_names, sender_names, window_names
from ocr.extraction.lines import compact
from ocr.extraction.party_headings import headed_names
from ocr.extraction.party_names import core_of, has_legal_form, name_of, same_party
from ocr.extraction.party_options import NameOption
from ocr.extraction.payer_spelling import spell_as_known
from ocr.extraction.seller_marks import marks_of

_SURE_SELLER = 0.18
"""What an address without a heading gains as the buyer's where the seller is somebody else for sure."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Options for both, best first, and the page's blocks."""

    sellers: tuple[NameOption, ...] = ()
    buyers: tuple[NameOption, ...] = ()
    blocks: tuple[Block, ...] = ()


def find_parties(*, evidence: Evidence, vat_ids: list[Printed], emails: list[Printed]) -> Parties:
    """Names for seller and buyer, best first. The known payer is never among the sellers."""
    if not evidence.sheet.lines:
        return Parties()
    blocks = find_blocks(evidence.sheet)
    buyers = _merged(
        [
            *headed_names(evidence=evidence, kind="buyer", blocks=blocks),
            *_known_payer(evidence),
            *window_names(evidence=evidence, blocks=blocks),
            *addressed_names(evidence=evidence, blocks=blocks),
        ]
    )
    sellers = _merged(
        [
            *headed_names(evidence=evidence, kind="seller", blocks=blocks),
            *headed_names(evidence=evidence, kind="account_holder", blocks=blocks),
            *sender_names(evidence),
            *foot_names(evidence=evidence, vat_ids=vat_ids, emails=emails),
            *head_names(evidence=evidence, blocks=blocks),
            *brand_names(evidence=evidence, blocks=blocks),
        ]
    )
    _support(sellers, evidence)
    sellers = [each for each in sellers if not _is_payer(evidence, each)][:8]
    chosen_sellers, chosen_buyers = _assigned(sellers, buyers[:8])
    for each in chosen_buyers:
        spell_as_known(option=each, evidence=evidence)
    if chosen_sellers:
        chosen_sellers[0].reasons += marks_of(evidence=evidence, best=chosen_sellers[0])
    return Parties(tuple(chosen_sellers[:5]), tuple(chosen_buyers[:5]), tuple(blocks))


def _is_payer(evidence: Evidence, each: NameOption) -> bool:
    """Whether it is the customer's own name, in whatever legal form, or stands over a tax number or mail of theirs."""
    payer = evidence.payer
    if any(same_party(one=each.name, other=name) for name in payer.names):
        return True
    marks = {compact(mark) for mark in (payer.vat_id, *payer.emails) if len(compact(mark)) > 6}
    text = "".join(compact(segment.text) for segment in each.block.segments) if each.block else ""
    return any(mark in text for mark in marks)


def _assigned(sellers: list[NameOption], buyers: list[NameOption]) -> tuple[list[NameOption], list[NameOption]]:
    """Both roles at once: nobody bills himself, so the best pair of two different parties is taken.

    Each list comes back with its chosen option first and without the other role's party; the score of a choice is
    lowered where another pair would have been almost as good.
    """
    pairs: list[tuple[float, NameOption | None, NameOption | None]] = []
    for seller in [*sellers, None]:
        for buyer in [*buyers, None]:
            if seller and buyer and same_party(one=seller.name, other=buyer.name):
                continue
            score = (seller.score if seller else 0.0) + (buyer.score if buyer else 0.0)
            if seller and buyer and seller.score >= 0.6 and _is_unheaded(buyer):
                score += _SURE_SELLER
            pairs.append((score, seller, buyer))
    pairs.sort(key=lambda pair: -pair[0])
    best, seller, buyer = pairs[0]
    if buyer and seller and seller.score >= 0.6 and _is_unheaded(buyer):
        buyer.score += _SURE_SELLER
    for role, chosen in (("seller", seller), ("buyer", buyer)):
        if chosen is None:
            continue
        rival = next((pair[0] for pair in pairs if _is_rival(pair, role, seller, chosen)), 0.0)
        if best - rival < 0.08:
            chosen.score -= 0.12
    return _led_by(seller, buyer, sellers), _led_by(buyer, seller, buyers)


def _is_rival(
    pair: tuple[float, NameOption | None, NameOption | None],
    role: str,
    seller: NameOption | None,
    chosen: NameOption,
) -> bool:
    """Another seller, with whatever buyer; or another buyer for the same seller."""
    if role == "seller":
        return pair[1] is not None and pair[1] is not chosen
    return pair[1] is seller and pair[2] is not None and pair[2] is not chosen


def _is_unheaded(buyer: NameOption) -> bool:
    return buyer.score < 0.65 and "address_window" in buyer.reasons


def _led_by(chosen: NameOption | None, other: NameOption | None, options: list[NameOption]) -> list[NameOption]:
    if chosen is None:
        return []
    rest = [
        each for each in options if each is not chosen and not (other and same_party(one=each.name, other=other.name))
    ]
    return [chosen, *rest]


def _known_payer(evidence: Evidence) -> Iterator[NameOption]:
    """The customer's own name, wherever it is printed."""
    for name in evidence.payer.names:
        core = compact(core_of(name))
        if len(core) < 3 or core not in evidence.sheet.compact:
            continue
        for segment in evidence.sheet.segments:
            if core in compact(segment.text) and len(segment.text) < 2 * len(name) + 25:
                shown = name_of(segment.text) or name
                yield NameOption(shown, segment, 0, len(segment.text), 0.97, ["known_payer"])
                break


def _merged(options: Iterable[NameOption]) -> list[NameOption]:
    """One option a party: the best of its places, with a bonus for every further kind of place."""
    merged: list[NameOption] = []
    for each in sorted(options, key=lambda found: -found.score):
        twin = next((other for other in merged if same_party(one=other.name, other=each.name)), None)
        if twin is None:
            merged.append(each)
        elif each.reasons[0] not in twin.reasons:
            twin.reasons += each.reasons
            twin.score = min(1.1, twin.score + 0.12)
            if each.score > 0.5 and _is_fuller(each, twin):
                twin.name, twin.segment, twin.start, twin.end = each.name, each.segment, each.start, each.end
            twin.block = twin.block or each.block
    return merged


def _is_fuller(each: NameOption, twin: NameOption) -> bool:
    """Whether another spelling is the name rather: with its legal form, or over the address and not in the logo."""
    if has_legal_form(twin.name):
        return False
    over_address = {"letterhead_address", "sender_line"}.intersection(each.reasons)
    return has_legal_form(each.name) or bool(
        over_address and twin.reasons[0] == "top_of_page" and core_of(each.name).startswith(f"{core_of(twin.name)} ")
    )


def _support(sellers: list[NameOption], evidence: Evidence) -> None:
    """A web or mail domain that resembles the name speaks for it, and so does being printed again."""
    domains = {compact(domain) for domain in web_names(evidence)}
    for each in sellers:
        core = compact(core_of(each.name))
        if len(core) > 3 and any(fuzz.partial_ratio(core, domain) >= 85 for domain in domains if len(domain) > 3):
            each.score += 0.18
            each.reasons.append("domain_resembles")
        if len(core) > 4:
            each.score += 0.04 * min(3, max(0, evidence.sheet.compact.count(core) - 1))
    sellers.sort(key=lambda found: -found.score)
