"""Names without a heading: the address in the window, the sender's line above it, the head and the foot of the page."""

import re
from collections.abc import Iterator
from statistics import median

from ocr.extraction.blocks import Block
from ocr.extraction.contacts import Printed, domains_in
from ocr.extraction.evidence import Evidence
from ocr.extraction.lexicon import any_words
from ocr.extraction.lines import Line, Segment, compact
from ocr.extraction.paper import is_till_strip
from ocr.extraction.party_headings import lines_under
from ocr.extraction.party_names import (
    SEPARATORS,
    core_of,
    has_legal_form,
    is_sender_line,
    is_street_line,
    is_zip_line,
    name_of,
    up_to_legal_form,
    up_to_predicate,
)
from ocr.extraction.party_options import NameOption, best_name, name_in, option
from ocr.extraction.sender_lines import sender_lines

_BANK = re.compile("bank|banque|banc[ao]|institut|istituto|entidad|ustav|pankki")
_INDENT = 45.0
"""Points by which a sender's line may be set in from the address under it."""

_IN_SENTENCE = re.compile(
    r"^(?:(?:Firmens|S)itz|.*\b(?:durch|an|für|von|mit|bei|vertreten))\s(?:der|die|das)\s(?=[A-ZÄÖÜ])"
)
"""What stands before a company's name in small print: `Sitz der …`, `Lieferung durch die …`."""


def window_names(*, evidence: Evidence, blocks: list[Block]) -> Iterator[NameOption]:
    """Buyers: address blocks where a window envelope shows them, and such as have a sender's line above."""
    lines = list(sender_lines(evidence))
    for block in blocks:
        first = block.segments[0]
        height = page_height(evidence=evidence, page=block.page)
        if block.page != evidence.sheet.lines[0].page or not block.is_address or block.box.y0 > 0.45 * height:
            continue
        if _is_headed(evidence, block, {"seller", "other_party"}):
            continue
        inside = is_sender_line(first.text)
        segments = block.segments[1:] if inside else block.segments
        found = best_name(evidence=evidence, segments=segments)
        if found is None:
            continue
        sender = inside or any(_stands_over(line, first) for line in lines)
        if not sender and is_till_strip(sheet=evidence.sheet, page=block.page):
            continue  # a till prints the shop's address and nobody else's
        score = 0.88 if sender else (0.5 if block.box.y0 > 0.1 * height else 0.4)
        if _speaks_of_itself(evidence, block) and not sender:
            if not _has_mail_of_its_own(evidence, block):
                continue
            score -= 0.1
        if any(compact(other.text) in any_words("salutations") for other in block.segments[:2]):
            score += 0.2
        yield option(
            found=found, score=score, reason="sender_line_above" if sender else "address_window", blocks=[block]
        )


def addressed_names(*, evidence: Evidence, blocks: list[Block]) -> Iterator[NameOption]:
    """Buyers: the name in the lines under a sender's line, however widely they are set."""
    for segment in sender_lines(evidence):
        height = page_height(evidence=evidence, page=segment.page)
        if segment.box.y0 > 0.4 * height:
            continue
        lines = lines_under(evidence=evidence, segment=segment)
        if any(is_zip_line(line.text) for line in lines[:7]) and (
            found := best_name(evidence=evidence, segments=lines)
        ):
            yield option(found=found, score=0.86, reason="sender_line_above", blocks=blocks)


def sender_names(evidence: Evidence) -> Iterator[NameOption]:
    """Sellers: one-line addresses, small above the window or at the foot."""
    for segment in sender_lines(evidence):
        if len(segment.text) < 25:
            continue
        labels = [label for label in evidence.labels.within(segment) if label.opens]
        if any(label.kinds & {"buyer", "other_party"} for label in labels):
            continue
        if found := name_in(evidence=evidence, segment=segment):
            top = segment.box.y0 < 0.35 * page_height(evidence=evidence, page=segment.page)
            yield option(found=found, score=0.84 if top else 0.74, reason="sender_line" if top else "foot_line")


def foot_names(*, evidence: Evidence, vat_ids: list[Printed], emails: list[Printed]) -> Iterator[NameOption]:
    """Sellers: names with a legal form at the foot of a page, or beside a tax number or a mail address."""
    speaking = {each.segment.line for each in vat_ids if not each.of_buyer} | {each.segment.line for each in emails}
    registered = {line.index for line in evidence.sheet.lines if _speaks_of_a_register(line)}
    for line in evidence.sheet.lines:
        foot = line.box.y0 > 0.84 * page_height(evidence=evidence, page=line.page)
        around = range(line.index - 2, line.index + 3)
        near = any(index in speaking for index in around)
        in_register = any(index in registered for index in around)
        if not foot and not near and not in_register:
            continue
        for segment in line.segments:
            if _names_a_bank(evidence, segment):
                continue
            text = up_to_legal_form(up_to_predicate(segment.text))
            name = name_of(_IN_SENTENCE.sub("", SEPARATORS.split(text)[0]))
            if name and has_legal_form(name) and len(name) < 60:
                found = (name, segment, max(0, segment.text.find(name)))
                reason = "foot" if foot else "register" if in_register else "beside_tax_number"
                yield option(found=found, score=0.6 if foot or in_register else 0.45, reason=reason)


def _speaks_of_a_register(line: Line) -> bool:
    """`HRB 4711`, `Registered in England`, `Registro Mercantil`: what a company has to say of itself."""
    words = {token.text for segment in line.segments for token in segment.tokens}
    return not words.isdisjoint(any_words("register_words"))


def _names_a_bank(evidence: Evidence, segment: Segment) -> bool:
    """`Bank: Example Bank AG`, `Geldinstitut Example Bank AG`: whoever keeps the account."""
    return any(
        label.opens and not label.closes and "contact" in label.kinds and _BANK.search(label.phrase)
        for label in evidence.labels.within(segment)
    )


def brand_names(*, evidence: Evidence, blocks: list[Block]) -> Iterator[NameOption]:
    """Sellers: a name whose letters are those of a web or mail domain that is printed somewhere else on the page."""
    witnesses = [(each, set(domains_in(each))) for each in evidence.sheet.segments if "." in each.text]
    for segment in evidence.sheet.segments:
        name = name_of(segment.text) if len(segment.text) < 50 else None
        if name is None or evidence.labels.within(segment):
            continue
        letters = {compact(name), compact(core_of(name))}
        block = next((each for each in blocks if each.holds(segment)), None)
        if block and (_is_headed(evidence, block, {"buyer", "other_party"}) or _holds_buyers_number(evidence, block)):
            continue
        if any(
            len(domain) > 3 and compact(domain) in letters and not (block and block.holds(each)) and each is not segment
            for each, domains in witnesses
            for domain in domains - any_words("mail_providers")
        ):
            yield option(found=(name, segment, 0), score=0.5, reason="domain_equals", blocks=blocks)


def head_names(*, evidence: Evidence, blocks: list[Block]) -> Iterator[NameOption]:
    """Sellers: address blocks of the head and its most prominent lines."""
    if not evidence.sheet.lines:
        return
    page = evidence.sheet.lines[0].page
    height = page_height(evidence=evidence, page=page)
    is_strip = is_till_strip(sheet=evidence.sheet, page=page)
    for block in blocks:
        if block.page != page or block.box.y0 > 0.45 * height or not block.is_address:
            continue
        found = best_name(evidence=evidence, segments=block.segments)
        if (
            found is None
            or (is_strip and not has_legal_form(found[0]))  # set in the middle: no edge tells what belongs together
            or _is_headed(evidence, block, {"buyer", "other_party"})
            or _holds_buyers_number(evidence, block)
        ):
            continue
        score = (
            0.55 + (0.15 if _speaks_of_itself(evidence, block) else 0.0) + (0.1 if has_legal_form(found[0]) else 0.0)
        )
        yield option(found=found, score=score, reason="letterhead_address", blocks=[block])
    usual = median(segment.height for segment in evidence.sheet.segments)
    topmost = True
    for line in evidence.sheet.lines[:10]:
        if line.page != page or line.box.y0 > 0.25 * height:
            break
        for segment, text in _runs(line):
            name = name_of(up_to_legal_form(text))
            if (
                name is None
                or (any(map(str.isdigit, name)) and not has_legal_form(name))
                or _follows_street(segment, blocks)
                or (evidence.labels.within(segment) and not has_legal_form(name))
            ):
                continue
            score = (0.5 if has_legal_form(name) else 0.36) - 0.015 * line.index
            score += 0.1 if segment.height > 1.35 * usual else 0.0
            found_here = option(found=(name, segment, 0), score=score, reason="top_of_page")
            if topmost and _heads_address(evidence, segment):
                topmost = False
                found_here.score += 0.2
                found_here.reasons.append("over_address")
            yield found_here


def _follows_street(segment: Segment, blocks: list[Block]) -> bool:
    """A town, in an address whose street stands above it."""
    block = next((each for each in blocks if each.holds(segment)), None)
    above = [each for each in block.segments if each.index < segment.index] if block else []
    return any(is_street_line(each.text) and not has_legal_form(each.text) for each in above)


def _runs(line: Line) -> Iterator[tuple[Segment, str]]:
    """Segments of a line; words set wide apart, as large letters are, belong together."""
    at = 0
    while at < len(line.segments):
        first = last = line.segments[at]
        text = first.text
        at += 1
        while at < len(line.segments) and line.segments[at].box.x0 - last.box.x1 < 1.6 * first.height:
            last = line.segments[at]
            text = f"{text} {last.text}"
            at += 1
        yield first, text


def _heads_address(evidence: Evidence, segment: Segment) -> bool:
    """Whether a street, a town or a phone number follows in the lines under it: the sender's letterhead."""
    for other in evidence.sheet.below(segment, reach=6.5):
        kinds = {kind for label in evidence.labels.within(other) for kind in label.kinds if label.opens}
        if kinds & {"buyer", "title", "invoice_number", "issue_date"}:
            return False
        if is_zip_line(other.text) or is_street_line(other.text) or "contact" in kinds or "@" in other.text:
            return True
    return False


def page_height(*, evidence: Evidence, page: int) -> float:
    return evidence.sheet.page_heights.get(page, 842.0)


def _speaks_of_itself(evidence: Evidence, block: Block) -> bool:
    """Phone, bank or web beside an address: its owner wants to be reached, or paid."""
    text = " ".join(segment.text for segment in block.segments)
    if "@" in text or re.search(r"\bwww\.", text):
        return True
    kinds = {kind for segment in block.segments for label in evidence.labels.within(segment) for kind in label.kinds}
    return bool(kinds & {"iban", "bic"}) or sum(kind in kinds for kind in ("contact", "vat_id")) > 1


def _has_mail_of_its_own(evidence: Evidence, block: Block) -> bool:
    """Whether an address below another one has a mail address of a domain that stands nowhere else: the buyer's, as
    whom the seller wrote it in."""
    if any(label.kinds & {"iban", "bic"} for each in block.segments for label in evidence.labels.within(each)):
        return False
    outside = [each for each in evidence.sheet.segments if not block.holds(each)]
    above = [each for each in outside if each.index < block.segments[0].index]
    own = {domain for each in block.segments for domain in domains_in(each)}
    others = {domain for each in outside for domain in domains_in(each)}
    is_second = any(is_sender_line(each.text) or is_zip_line(each.text) or domains_in(each) for each in above)
    alike = any(one in other or other in one for one in own for other in others)
    return is_second and len(own) == 1 and bool(others) and not alike


def _holds_buyers_number(evidence: Evidence, block: Block) -> bool:
    return any("buyer_vat_id" in label.kinds for each in block.segments for label in evidence.labels.within(each))


def _is_headed(evidence: Evidence, block: Block, kinds: set[str]) -> bool:
    """Whether the block, or what stands right above it, opens with a label of these parties."""
    segments = [*block.segments[:2], *_above(evidence, block.segments[0])]
    return any(
        label.kinds & kinds and (label.closes or ":" in segment.text[label.end : label.end + 2])
        for segment in segments
        for label in evidence.labels.within(segment)
        if label.opens
    )


def _stands_over(line: Segment, first: Segment) -> bool:
    """Whether a sender's line stands right over the first line of an address, a little indented perhaps."""
    gap = first.box.y0 - line.box.y1
    near = first.line - 4 <= line.line < first.line and gap < 2.5 * first.height
    return near and line.page == first.page and abs(line.box.x0 - first.box.x0) < _INDENT


def _above(evidence: Evidence, segment: Segment) -> list[Segment]:
    return [
        other
        for line in evidence.sheet.lines[max(0, segment.line - 4) : segment.line]
        for other in line.segments
        if other.page == segment.page
        and segment.box.y0 - other.box.y1 < 2.5 * segment.height
        and abs(other.box.x0 - segment.box.x0) < 30
    ]
