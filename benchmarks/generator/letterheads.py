"""The seller's head of the page, its logo, the address window, and the parties' boxes."""

from benchmarks.generator.draft import Draft
from benchmarks.generator.marks import EMPTY, Block, Field, Rule, Shape, beside, framed, stacked
from benchmarks.generator.parties import Party


def logo(draft: Draft) -> Block:
    """A drawn mark, alone or with the brand's name set large."""
    if draft.structure.logo == "none":
        return EMPTY
    chance, type_ = draft.chance, draft.type
    side = chance.uniform(22, 40)
    kind = chance.choice(("square", "triangle", "bars", "word", "word"))
    mark: Block
    if kind == "square":
        inner = Field(side * 0.28, side * 0.28, side * 0.44, side * 0.44, "#ffffff")
        mark = Block(side, side, (Field(0, 0, side, side, type_.accent), inner))
    elif kind == "triangle":
        mark = Block(side, side, (Shape(0, 0, ((0, side), (side / 2, 0), (side, side)), type_.accent),))
    elif kind == "bars":
        bars = tuple(
            Field(i * side / 4, side * (3 - i) / 4, side / 6, side * (i + 1) / 4, type_.accent) for i in range(4)
        )
        mark = Block(side, side, bars)
    else:
        mark = EMPTY
    word = type_.line(draft.invoice.seller.brand, step=chance.uniform(5, 12), bold=True, colour=type_.accent, room=200)
    if kind == "word" or chance.random() < 0.5:
        return word if kind == "word" else beside([mark, word], at=[0, side + 8])
    return mark


def seller_head(draft: Draft, *, width: float) -> Block:
    """Name, address and how to reach the seller, as far as this letterhead gives it; empty where it has none."""
    if draft.structure.letterhead == "none":
        return EMPTY
    seller, type_, chance = draft.invoice.seller, draft.type, draft.chance
    name = type_.line(
        seller.name, step=chance.choice((0, 1.5, 3)), bold=True, colour=type_.accent, field="seller_name", room=width
    )
    if chance.random() < 0.3:
        joined = " · ".join(seller.address)
        lines = [type_.paragraph(joined, width=width, step=-0.5)]
    else:
        lines = [type_.line(line, room=width) for line in seller.address]
    lines += contact_lines(draft, seller, width=width)
    if seller.vat_printed and chance.random() < 0.45:
        text = f"{draft.wording.vat_label()} {seller.vat_printed}"
        lines.append(type_.line(text, field="seller_vat_id", value=seller.vat_printed, room=width))
    return stacked([name, *lines], align=draft.structure.letterhead)


def contact_lines(draft: Draft, party: Party, *, width: float) -> list[Block]:
    chance, type_ = draft.chance, draft.type
    lines = []
    if chance.random() < 0.8:
        lines.append(type_.line(f"{draft.label('phone')} {party.phones[0]}", room=width))
    if chance.random() < 0.2:
        lines.append(type_.line(f"Fax {party.phones[1]}", room=width))
    if chance.random() < 0.7:
        email = party.emails[0]
        label = draft.label("email").rstrip(":")
        text = email if chance.random() < 0.3 else f"{label}: {email}"
        lines.append(type_.line(text, field="seller_email", value=email, room=width))
    if chance.random() < 0.5:
        lines.append(type_.line(f"www.{party.domain}", room=width))
    return lines


def sender_line(draft: Draft) -> Block:
    """The small return address over the window, underlined."""
    if not draft.structure.sender_line:
        return EMPTY
    seller = draft.invoice.seller
    text = draft.chance.choice((" · ", " - ", ", ", " | ")).join((seller.name, *seller.address))
    block = draft.type.line(text, step=-2.5, colour=draft.type.muted, field="seller_name", value=seller.name, room=230)
    rule = Rule(0, block.height, max(block.width, 200), block.height, 0.3, draft.type.hairline)
    return Block(block.width, block.height + 5, (*block.marks, rule))


def buyer_block(draft: Draft, *, width: float, label: bool) -> Block:
    """The customer as the address window shows it."""
    buyer, type_, chance = draft.invoice.buyer, draft.type, draft.chance
    blocks = []
    if label:
        blocks.append(type_.line(draft.label("bill_to") + type_.colon, bold=chance.random() < 0.6, colour=type_.muted))
    size = chance.choice((0, 1))
    blocks.append(type_.line(buyer.name, step=size, bold=chance.random() < 0.3, field="buyer_name", room=width))
    if draft.invoice.buyer_attention:
        text = chance.choice(draft.invoice.locale.words("labels", "attention")).format(name=buyer.person)
        blocks.append(type_.line(text, step=size, room=width))
    blocks += [type_.line(line, step=size, room=width) for line in buyer.address]
    if buyer.locale.country != draft.invoice.locale.country:
        blocks.append(type_.line(buyer.locale.habits("country_name").upper(), step=size))
    if draft.structure.buyer_vat and chance.random() < 0.6:
        text = f"{draft.label('buyer_vat')}: {buyer.vat_printed}"
        blocks.append(type_.line(text, field="buyer_vat_id", value=buyer.vat_printed, room=width))
    if draft.structure.buyer_email:
        blocks.append(type_.line(buyer.emails[0], field="buyer_email", room=width))
    return stacked(blocks)


def seller_box(draft: Draft, *, width: float) -> Block:
    """The seller under its label, for pages that set both parties side by side."""
    seller, type_ = draft.invoice.seller, draft.type
    blocks = [
        type_.line(draft.label("seller") + type_.colon, bold=True, colour=type_.muted),
        type_.line(seller.name, step=0.5, bold=True, field="seller_name", room=width),
        *(type_.line(line, room=width) for line in seller.address),
    ]
    if seller.vat_printed:
        text = f"{draft.wording.vat_label()}: {seller.vat_printed}"
        blocks.append(type_.line(text, field="seller_vat_id", value=seller.vat_printed, room=width))
    return stacked([*blocks, *contact_lines(draft, seller, width=width)])


def ship_to_block(draft: Draft, *, width: float) -> Block:
    """Where the goods went, when that is another place; empty otherwise."""
    if not draft.invoice.ship_to:
        return EMPTY
    type_, buyer = draft.type, draft.invoice.buyer
    head = type_.line(draft.label("ship_to") + type_.colon, bold=True, colour=type_.muted)
    return stacked([head, *(type_.line(line, room=width) for line in (buyer.brand, *draft.invoice.ship_to))])


def party_boxes(draft: Draft, *, seller_too: bool) -> Block:
    """Buyer, place of delivery and, where the letterhead does not name it, the seller, in columns; framed or not."""
    width = draft.room
    columns = []
    count = seller_too + 1 + bool(draft.invoice.ship_to)
    column = width / max(2, count)
    if seller_too:
        columns.append(seller_box(draft, width=column - 20))
    columns.append(buyer_block(draft, width=column - 20, label=True))
    if draft.invoice.ship_to:
        columns.append(ship_to_block(draft, width=column - 20))
    if draft.chance.random() < 0.5:
        tallest = max(block.height for block in columns)
        columns = [Block(block.width, tallest, block.marks) for block in columns]
        columns = [framed(block, padding=6, frame=draft.type.hairline, width=column - 6) for block in columns]
    return beside(columns, at=[index * column for index in range(len(columns))])
