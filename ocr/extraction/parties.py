"""Who bills and who is billed: seller and payer, from labels, address blocks, letterhead and foot of the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from ocr.extraction.blocks import Block, find_blocks
from ocr.extraction.contacts import Printed, web_names
from ocr.extraction.evidence import Evidence, after_label
from ocr.extraction.lexicon import Label
from ocr.extraction.lines import Segment, compact
from ocr.extraction.party_names import core_of, has_legal_form, is_zip_line, name_of, same_party

_SEPARATORS = re.compile(r"\s*[•·∙|*◦■–—]\s*|\s+-\s+|\s*,\s+")
_LEAD_NOISE = re.compile(r"^(?:GLN\s*:?\s*\d+\s*|©\s*|\d{4}\s+)", re.IGNORECASE)


@dataclass(slots=True)
class NameOption:
    """A name that may be a party's: `score` adds up, `reasons` say from what."""

    name: str
    segment: Segment
    start: int
    end: int
    score: float
    reasons: list[str] = field(default_factory=list)
    block: Block | None = None

    @property
    def box(self):  # type: ignore[no-untyped-def]
        return self.segment.span_box(start=self.start, end=self.end)


@dataclass(frozen=True, slots=True)
class Parties:
    sellers: tuple[NameOption, ...] = ()
    buyers: tuple[NameOption, ...] = ()
    blocks: tuple[Block, ...] = ()


def find_parties(*, evidence: Evidence, vat_ids: list[Printed], emails: list[Printed]) -> Parties:
    """Names for seller and buyer, best first. The known payer is never among the sellers."""
    blocks = find_blocks(evidence.sheet)
    buyers = _merged([*_labelled(evidence, "buyer", blocks), *_known_payer(evidence), *_windows(evidence, blocks)])
    payer_names = evidence.payer.names
    top_buyer = buyers[0] if buyers else None
    seller_options = [
        *_labelled(evidence, "seller", blocks),
        *_sender_lines(evidence),
        *_foot_lines(evidence, vat_ids, emails),
        *_letterhead(evidence, blocks, top_buyer),
    ]
    sellers = _merged(seller_options)
    _supported(sellers, evidence)
    sellers = [
        each
        for each in sellers
        if not any(same_party(each.name, name) for name in payer_names)
        and not (top_buyer and same_party(each.name, top_buyer.name) and top_buyer.score >= each.score)
    ]
    buyers = [each for each in buyers if not (sellers and same_party(each.name, sellers[0].name))]
    return Parties(tuple(sellers[:5]), tuple(buyers[:5]), tuple(blocks))


def _labelled(evidence: Evidence, kind: str, blocks: list[Block]) -> Iterator[NameOption]:
    for label in evidence.labels.of(kind):
        if not label.opens or (label.segment.line > 0 and _is_table_head(evidence, label)):
            continue
        short = len(label.phrase) <= 4
        colon = ":" in label.segment.text[label.end : label.end + 2]
        if not label.closes and not colon:
            continue
        if named := _name_row(evidence, label):
            yield _option(named, 0.95 if not short else 0.8, f"label:{label.phrase}", blocks)
            continue
        for place in after_label(sheet=evidence.sheet, labels=evidence.labels, label=label, columns=1, reach=2.6):
            text = place.segment.text[place.start :]
            if place.where == "right" and label.closes and not colon:
                continue
            found = _first_name(evidence, place.segment, place.start)
            if found is None:
                continue
            score = (0.92 if not short else 0.7) - 0.06 * place.step - (0.05 if not text.strip() else 0.0)
            yield _option(found, score, f"label:{label.phrase}", blocks)
            break


def _is_table_head(evidence: Evidence, label: Label) -> bool:
    line = evidence.sheet.lines[label.segment.line]
    kinds = [kind for segment in line.segments for each in evidence.labels.within(segment) for kind in each.kinds]
    return kinds.count("other_amount") >= 2


def _name_row(evidence: Evidence, label: Label) -> tuple[str, Segment, int] | None:
    """`Name: …` in the rows under a party's heading, before the next party's."""
    limit = label.segment.line + 14
    for line in evidence.sheet.lines[label.segment.line + 1 : limit]:
        if line.page != label.segment.page and line.index > label.segment.line + 8:
            return None
        for segment in line.segments:
            if abs(segment.box.x0 - label.segment.box.x0) > 60:
                continue
            for other in evidence.labels.within(segment):
                if (
                    other.opens
                    and not other.kinds.isdisjoint({"seller", "buyer", "other_party"})
                    and "name" not in other.kinds
                ):
                    return None
                if "name" in other.kinds and other.opens and ":" in segment.text[other.end : other.end + 2]:
                    for place in after_label(
                        sheet=evidence.sheet, labels=evidence.labels, label=other, columns=1, reach=0.5
                    ):
                        text = place.segment.text[place.start :].lstrip(" :.")
                        if name := name_of(text):
                            return name, place.segment, place.segment.text.find(text)
    return None


def _first_name(evidence: Evidence, segment: Segment, start: int) -> tuple[str, Segment, int] | None:
    """The name that the segment holds, or the one in the line under it where it holds a form of address."""
    text = segment.text[start:].lstrip(" :.-")
    text = _LEAD_NOISE.sub("", text)
    at = segment.text.find(text) if text else start
    for label in evidence.labels.within(segment):
        if (
            label.start >= at
            and label.kinds
            & {"other_number", "contact", "other_party", "buyer", "seller", "invoice_number", "issue_date", "vat_id"}
            and label.start <= at + 1
        ):
            return _next_line(evidence, segment) if "other_number" in label.kinds and start == 0 else None
    if compact(text) in {
        "firma",
        "herr",
        "herrn",
        "frau",
        "an",
        "mr",
        "mrs",
        "ms",
        "messrs",
        "spettle",
        "anfirma",
        "family",
        "familie",
    }:
        return _next_line(evidence, segment)
    parts = _SEPARATORS.split(text)
    if len(parts) > 2 and any(is_zip_line(part) for part in parts):
        text = parts[0]
    name = name_of(text)
    return (name, segment, max(at, 0)) if name else None


def _next_line(evidence: Evidence, segment: Segment) -> tuple[str, Segment, int] | None:
    for other in evidence.sheet.below(segment, reach=1.6):
        if abs(other.box.x0 - segment.box.x0) < 20 and (name := name_of(other.text)):
            return name, other, 0
    return None


def _option(found: tuple[str, Segment, int], score: float, reason: str, blocks: list[Block]) -> NameOption:
    name, segment, start = found
    block = next((block for block in blocks if block.holds(segment)), None)
    return NameOption(name, segment, start, min(len(segment.text), start + len(name)), score, [reason], block)


def _known_payer(evidence: Evidence) -> Iterator[NameOption]:
    """The customer's own name, wherever it is printed."""
    for name in evidence.payer.names:
        core = compact(core_of(name))
        if len(core) < 3 or core not in evidence.sheet.compact:
            continue
        for segment in evidence.sheet.segments:
            if core in compact(segment.text) and len(segment.text) < 2 * len(name) + 25:
                yield NameOption(name_of(segment.text) or name, segment, 0, len(segment.text), 0.97, ["known_payer"])
                break


def _windows(evidence: Evidence, blocks: list[Block]) -> Iterator[NameOption]:
    """Address blocks where a window envelope shows them, and such as have a sender line above."""
    for block in blocks:
        first = block.segments[0]
        height = evidence.sheet.page_heights.get(block.page, 842.0)
        if block.page != evidence.sheet.lines[0].page or not block.is_address or block.box.y0 > 0.45 * height:
            continue
        if _speaks_of_itself(evidence, block):
            continue
        found = next((each for segment in block.segments[:2] if (each := _first_name(evidence, segment, 0))), None)
        if found is None or _has_party_label(evidence, block):
            continue
        sender = _is_sender_line(first.text) or any(_is_sender_line(other.text) for other in _above(evidence, first))
        score = 0.86 if sender else (0.62 if 0.1 * height < block.box.y0 else 0.4)
        if _is_sender_line(first.text):
            found = next(
                (each for segment in block.segments[1:3] if (each := _first_name(evidence, segment, 0))), found
            )
        yield _option(found, score, "sender_line_above" if sender else "address_window", [block])


def _speaks_of_itself(evidence: Evidence, block: Block) -> bool:
    """Phone, bank or web beside an address: its owner wants to be reached, or paid."""
    text = " ".join(segment.text for segment in block.segments)
    if "@" in text or re.search(r"\bwww\.", text):
        return True
    kinds = {kind for segment in block.segments for label in evidence.labels.within(segment) for kind in label.kinds}
    return bool(kinds & {"iban", "bic"}) or sum(kind in kinds for kind in ("contact", "vat_id")) > 1


def _has_party_label(evidence: Evidence, block: Block) -> bool:
    kinds = {
        kind for segment in block.segments[:2] for label in evidence.labels.within(segment) for kind in label.kinds
    }
    above = {
        kind
        for segment in _above(evidence, block.segments[0])
        for label in evidence.labels.within(segment)
        for kind in label.kinds
    }
    return bool((kinds | above) & {"seller", "other_party"})


def _above(evidence: Evidence, segment: Segment) -> list[Segment]:
    return [
        other
        for line in evidence.sheet.lines[max(0, segment.line - 4) : segment.line]
        for other in line.segments
        if other.page == segment.page
        and segment.box.y0 - other.box.y1 < 2.5 * segment.height
        and abs(other.box.x0 - segment.box.x0) < 30
    ]


def _is_sender_line(text: str) -> bool:
    """`Acme GmbH · Hauptstr. 1 · 12345 Town` in one line."""
    parts = [part for part in _SEPARATORS.split(text) if part]
    return len(parts) >= 3 and any(is_zip_line(part) for part in parts[1:]) and name_of(parts[0]) is not None


def _sender_lines(evidence: Evidence) -> Iterator[NameOption]:
    for segment in evidence.sheet.segments:
        height = evidence.sheet.page_heights.get(segment.page, 842.0)
        if len(segment.text) > 25 and _is_sender_line(segment.text):
            parts = _SEPARATORS.split(segment.text)
            name = name_of(parts[0])
            if name and not any(
                label.kinds & {"buyer", "other_party"} for label in evidence.labels.within(segment) if label.opens
            ):
                top = segment.box.y0 < 0.35 * height
                yield _option((name, segment, 0), 0.84 if top else 0.74, "sender_line" if top else "foot_line", [])


def _foot_lines(evidence: Evidence, vat_ids: list[Printed], emails: list[Printed]) -> Iterator[NameOption]:
    """Names with a legal form near the foot of a page, or beside a tax number, an account or a register entry."""
    speaking = {each.segment.line for each in vat_ids if not each.of_buyer} | {each.segment.line for each in emails}
    for line in evidence.sheet.lines:
        height = evidence.sheet.page_heights.get(line.page, 842.0)
        foot = line.box.y0 > 0.84 * height
        near = any(index in speaking for index in range(line.index - 2, line.index + 3))
        if not foot and not near:
            continue
        for segment in line.segments:
            part = _SEPARATORS.split(segment.text)[0]
            name = name_of(part)
            if name and has_legal_form(name) and len(name) < 60:
                yield _option(
                    (name, segment, max(0, segment.text.find(name))),
                    0.6 if foot else 0.45,
                    "foot" if foot else "beside_tax_number",
                    [],
                )


def _letterhead(evidence: Evidence, blocks: list[Block], buyer: NameOption | None) -> Iterator[NameOption]:
    """The top of the first page: address blocks that are not the buyer's, and prominent lines."""
    if not evidence.sheet.lines:
        return
    page = evidence.sheet.lines[0].page
    height = evidence.sheet.page_heights.get(page, 842.0)
    for block in blocks:
        if block.page != page or block.box.y0 > 0.45 * height or not block.is_address:
            continue
        found = next((each for segment in block.segments[:2] if (each := _first_name(evidence, segment, 0))), None)
        if found is None or (buyer and same_party(found[0], buyer.name)) or _has_buyer_label(evidence, block):
            continue
        score = (
            0.55 + (0.15 if _speaks_of_itself(evidence, block) else 0.0) + (0.1 if has_legal_form(found[0]) else 0.0)
        )
        yield _option(found, score, "letterhead_address", [block])
    for line in evidence.sheet.lines[:8]:
        if line.page != page or line.box.y0 > 0.22 * height:
            break
        for segment in line.segments:
            name = name_of(segment.text)
            if name and not evidence.labels.within(segment) and not any(map(str.isdigit, name)):
                yield _option(
                    (name, segment, 0), (0.5 if has_legal_form(name) else 0.36) - 0.02 * line.index, "top_of_page", []
                )


def _has_buyer_label(evidence: Evidence, block: Block) -> bool:
    segments = [block.segments[0], *_above(evidence, block.segments[0])]
    return any(
        label.kinds & {"buyer", "other_party"}
        for segment in segments
        for label in evidence.labels.within(segment)
        if label.opens
    )


def _merged(options: list[NameOption] | Iterator[NameOption]) -> list[NameOption]:
    """One option a party: the best of its places, with a bonus for every further kind of place."""
    merged: list[NameOption] = []
    for each in sorted(options, key=lambda option: -option.score):
        twin = next((other for other in merged if same_party(other.name, each.name)), None)
        if twin is None:
            merged.append(each)
        elif each.reasons[0] not in twin.reasons:
            twin.reasons.append(each.reasons[0])
            twin.score = min(1.1, twin.score + 0.12)
            if has_legal_form(each.name) and not has_legal_form(twin.name) and each.score > 0.5:
                twin.name, twin.segment, twin.start, twin.end = each.name, each.segment, each.start, each.end
            twin.block = twin.block or each.block
    return merged


def _supported(sellers: list[NameOption], evidence: Evidence) -> None:
    """A web or mail domain that resembles the name speaks for it."""
    domains = set(web_names(evidence))
    for each in sellers:
        core = compact(core_of(each.name))
        if any(
            fuzz.partial_ratio(core, compact(domain)) >= 85 for domain in domains if len(domain) > 3 and len(core) > 3
        ):
            each.score += 0.14
            each.reasons.append("domain_resembles")
        count = evidence.sheet.compact.count(core) if len(core) > 4 else 1
        if count > 1:
            each.score += 0.04 * min(3, count - 1)
    sellers.sort(key=lambda option: -option.score)
