"""Puts the parts on pages: head, items over as many pages as they take, sums, payment, foot and slip."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from benchmarks.generator.draft import Draft
from benchmarks.generator.footers import footer, page_number
from benchmarks.generator.item_tables import lay_out_items
from benchmarks.generator.letterheads import buyer_block, logo, party_boxes, seller_head, sender_line, ship_to_block
from benchmarks.generator.marks import Align, Block, Mark, Rule, Text, beside, stacked
from benchmarks.generator.particulars import intro, particulars, particulars_row, title
from benchmarks.generator.payments import pay_area, with_code
from benchmarks.generator.slips import SLIP_HEIGHT, epc_code, giro, qr_bill
from benchmarks.generator.totals_blocks import tax_analysis, totals

_TOP = 36.0
_GAP = 14.0


@dataclass(slots=True)
class Pages:
    """Pages that fill from the top; `bottom` is where the foot of every page begins, `head` what all but the first
    page begin with."""

    margin: float
    bottom: float
    head: Block
    done: list[list[Mark]] = field(default_factory=lambda: [[]])
    y: float = _TOP

    def fits(self, height: float) -> bool:
        return self.y + height <= self.bottom

    def put(self, block: Block, *, gap: float = _GAP, x: float | None = None) -> None:
        """At the current height, on a new page where it does not fit any more."""
        if not block.height:
            return
        if not self.fits(block.height):
            self.turn()
        self.done[-1] += block.at(x=self.margin if x is None else x, y=self.y)
        self.y += block.height + gap

    def turn(self) -> None:
        self.done.append(list(self.head.at(x=self.margin, y=_TOP)))
        self.y = _TOP + self.head.height + _GAP


def assemble(draft: Draft) -> list[list[Mark]]:
    """The marks of every page."""
    structure = draft.structure
    height = structure.page_size[1]
    foot = footer(draft)
    pages = Pages(structure.margin, height - 44 - foot.height, _running_head(draft))
    _put_head(draft, pages)
    _put_items(draft, pages)
    _put_end(draft, pages)
    _put_slip(draft, pages)
    _put_feet(draft, pages, foot)
    return pages.done


def _put_head(draft: Draft, pages: Pages) -> None:
    structure, room = draft.structure, draft.room
    top_title = structure.title_place in {"top", "right"}
    brand, head = logo(draft), seller_head(draft, width=room * 0.45)
    heading = title(draft)
    if structure.title_place == "right" and structure.letterhead in {"left", "none"} and structure.logo != "right":
        head = _spread(room, [(brand, structure.logo), (head, structure.letterhead), (heading, "right")])
        top_title = False
        title_done = True
    else:
        head = _spread(room, [(brand, structure.logo), (head, structure.letterhead)])
        title_done = False
    pages.put(head, gap=18)
    if top_title and not title_done:
        pages.put(heading)
        title_done = True
    _put_parties(draft, pages)
    if not title_done:
        pages.put(heading)
    pages.put(intro(draft))


def _spread(room: float, blocks: Sequence[tuple[Block, str]]) -> Block:
    """Blocks at their sides of the page; those at the same side one under the other."""
    sides: dict[str, list[Block]] = {}
    for block, side in blocks:
        if block.height:
            sides.setdefault("left" if side == "none" else side, []).append(block)
    columns = {side: stacked(parts, gap=6, align=_align(side)) for side, parts in sides.items()}
    if sum(block.width for block in columns.values()) > room - 20:
        return stacked(
            [Block(room, block.height, block.at(x=_x(room, block, side), y=0)) for side, block in columns.items()],
            gap=6,
        )
    if "centre" in columns and len(columns) > 1:
        centre = columns.pop("centre")
        rest = beside(list(columns.values()), at=[_x(room, block, side) for side, block in columns.items()])
        return stacked([Block(room, centre.height, centre.at(x=_x(room, centre, "centre"), y=0)), rest], gap=6)
    return beside(list(columns.values()), at=[_x(room, block, side) for side, block in columns.items()])


def _align(side: str) -> Align:
    return "right" if side == "right" else "centre" if side == "centre" else "left"


def _x(room: float, block: Block, side: str) -> float:
    return {"right": room - block.width, "centre": (room - block.width) / 2}.get(side, 0.0)


def _put_parties(draft: Draft, pages: Pages) -> None:
    structure, room = draft.structure, draft.room
    side_by_side = structure.frame in {"window_left", "window_right"} and structure.info_side != "header"
    if structure.frame == "two_boxes":
        pages.put(party_boxes(draft, seller_too=structure.letterhead == "none"))
        pages.put(_info_under(draft))
        return
    window = stacked([sender_line(draft), buyer_block(draft, width=room * 0.42, label=structure.party_labels)])
    if not side_by_side:
        x = room * 0.55 if structure.frame == "window_right" else 0.0
        pages.put(window, x=structure.margin + x)
        pages.put(ship_to_block(draft, width=room * 0.5))
        pages.put(_info_under(draft))
        return
    info = particulars(draft, width=room * 0.42)
    drop = draft.chance.choice((0.0, 0.0, 20.0))
    info = Block(info.width, info.height + drop, info.at(x=0, y=drop))
    left, right = (window, info) if structure.frame == "window_left" else (info, window)
    pages.put(beside([left, right], at=[0, room * 0.55]), gap=22)
    pages.put(ship_to_block(draft, width=room * 0.5))


def _info_under(draft: Draft) -> Block:
    if draft.structure.info_side == "header" or draft.structure.frame == "sheet":
        return particulars_row(draft)
    return particulars(draft, width=draft.room * 0.5)


def _put_items(draft: Draft, pages: Pages) -> None:
    table = lay_out_items(draft)
    head = table.head
    if not pages.fits(head.height + 40):
        pages.turn()
    pages.put(head, gap=0)
    carried = Decimal(0)
    for index, line in enumerate(draft.invoice.lines):
        row = table.row(index=index, line=line)
        if not pages.fits(row.height + 24):
            sum_text = draft.money(carried)
            pages.put(table.sum_row(label=draft.label("carried"), value=sum_text), gap=0)
            pages.turn()
            pages.put(head, gap=0)
            pages.put(table.sum_row(label=draft.label("brought"), value=sum_text), gap=0)
        pages.put(row, gap=0)
        carried += line.amount
    pages.y += 8
    block = totals(draft, table=table)
    analysis = tax_analysis(draft)
    if draft.structure.analysis_before_totals:
        pages.put(analysis)
    pages.put(block)
    if not draft.structure.analysis_before_totals:
        pages.put(analysis)


def _running_head(draft: Draft) -> Block:
    """What further pages repeat: the seller's brand, and the invoice's number and date."""
    invoice = draft.invoice
    text = f"{draft.wording.title(is_credit=invoice.case.credit_note)} {invoice.number}"
    left = draft.type.line(invoice.seller.brand, bold=True, colour=draft.type.accent, room=draft.room * 0.45)
    right = draft.type.line(
        f"{text}, {draft.formats.date(invoice.issue_date)}", colour=draft.type.muted, room=draft.room * 0.5
    )
    return beside([left, right], at=[0, draft.room - right.width])


def _put_end(draft: Draft, pages: Pages) -> None:
    code = epc_code(draft)
    width = draft.room - (code.width + 20 if code.height else 0)
    block = pay_area(draft, width=width)
    pages.put(with_code(draft, block, code) if code.height else block)


def _put_slip(draft: Draft, pages: Pages) -> None:
    """At the lower edge of the last page, or on a page of its own."""
    height, margin = draft.structure.page_size[1], draft.structure.margin
    if draft.structure.slip == "qr_bill":
        slip = qr_bill(draft)
        if pages.y > height - SLIP_HEIGHT - 10:
            pages.turn()
        pages.done[-1] += slip.at(x=0, y=height - SLIP_HEIGHT)
    elif draft.structure.slip == "giro":
        slip = giro(draft)
        if not pages.fits(slip.height + 10):
            pages.turn()
        pages.done[-1] += slip.at(x=margin, y=pages.bottom - slip.height - 6)


def _put_feet(draft: Draft, pages: Pages, foot: Block) -> None:
    structure = draft.structure
    width, height = structure.page_size
    count = len(pages.done)
    numbered = count > 1 or draft.chance.random() < 0.4
    everywhere = draft.chance.random() < 0.7
    for number, marks in enumerate(pages.done, start=1):
        is_slip_page = structure.slip == "qr_bill" and number == count
        if structure.fold_marks and number == 1:
            marks += [Rule(10, y, 20, y, 0.35, "#9a9da3") for y in (height * 105 / 297, height * 210 / 297)]
        if is_slip_page:
            top = height - SLIP_HEIGHT - foot.height - 8
            if foot.height and (everywhere or number == 1) and pages.y < top:
                marks += foot.at(x=structure.margin, y=top)
            continue
        if foot.height and (everywhere or number == 1):
            marks += foot.at(x=structure.margin, y=pages.bottom + 8)
        if numbered:
            block = page_number(draft, number=number, count=count)
            marks += block.at(x=width - structure.margin - block.width, y=height - 26)


def printed_values(pages: Sequence[Sequence[Mark]]) -> dict[str, list[str]]:
    """Each field that the pages state, with the texts that state it, in the order of printing."""
    found: dict[str, list[str]] = {}
    for marks in pages:
        for mark in marks:
            for said in mark.said if isinstance(mark, Text) else ():
                texts = found.setdefault(said.field, [])
                if said.text not in texts:
                    texts.append(said.text)
    return found
