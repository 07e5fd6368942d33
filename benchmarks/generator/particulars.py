"""Number, dates and the other particulars of an invoice, and its title."""

from benchmarks.generator.draft import Draft
from benchmarks.generator.marks import EMPTY, Block, Rule, Said, beside, framed, stacked
from benchmarks.generator.typesetting import Pair

LETTER_SPACED = 0.15
"""The share of titles that are set with wide gaps between their letters."""


def title(draft: Draft) -> Block:
    """What the document is, alone or with its number and perhaps its date."""
    type_, chance, invoice = draft.type, draft.chance, draft.invoice
    text = draft.wording.title(is_credit=invoice.case.credit_note)
    step, colour = chance.uniform(4, 10), chance.choice((type_.accent, type_.ink))
    if draft.structure.title_place in {"with_number", "dated"}:
        name = "dated" if draft.structure.title_place == "dated" else "numbered"
        day = draft.formats.date(invoice.issue_date)
        full = draft.wording.numbered_title(name).format(title=text, number=invoice.number, date=day)
        said = [Said("invoice_number", invoice.number)] + ([Said("issue_date", day)] if name == "dated" else [])
        return type_.paragraph(full, width=draft.room, step=min(step, 5), bold=True, colour=colour, said=said)
    spacing = chance.uniform(2, 5) if chance.random() < LETTER_SPACED else 0.0
    return type_.line(text, step=step, bold=chance.random() < 0.8, colour=colour, spacing=spacing, room=draft.room)


def pairs_of(draft: Draft) -> list[Pair]:
    """The particulars in the order in which this sender gives them, with some that are beside the point."""
    invoice, chance, structure = draft.invoice, draft.chance, draft.structure
    name = "credit_number" if invoice.case.credit_note else "number"
    in_title = structure.title_place in {"with_number", "dated"} and chance.random() < 0.7
    core: list[Pair] = [] if in_title else [(draft.label(name), invoice.number, "invoice_number")]
    if not (in_title and structure.title_place == "dated"):
        core.append(draft.date_pair("issue_date", invoice.issue_date, field="issue_date"))
    if structure.due in {"date", "date_and_sentence"} and not invoice.case.credit_note:
        core.append(draft.date_pair("due_date", invoice.terms.due_date, field="due_date"))
    if chance.random() < 0.2:
        core.reverse()
    others = _others(draft)
    chance.shuffle(others)
    others = others[: chance.randint(0, 4)]
    if draft.formats.money_pattern == "{}" and chance.random() < 0.6:
        others.append((draft.label("currency"), invoice.currency, "currency_code"))
    if structure.bank == "head" and invoice.reference.value:
        others.append((draft.reference_label, invoice.reference.printed, "reference"))
    return [*others[:1], *core, *others[1:]] if chance.random() < 0.3 else [*core, *others]


def _others(draft: Draft) -> list[Pair]:
    invoice = draft.invoice
    pairs = [
        (draft.label("customer_number"), invoice.customer_number, ""),
        (draft.label("order_number"), invoice.order_number, ""),
        draft.date_pair("order_date", invoice.order_date),
        draft.date_pair("delivery_date", invoice.delivery_date),
        (draft.label("delivery_note"), invoice.delivery_note, ""),
        (draft.label("project"), invoice.project, ""),
        (draft.label("contact"), invoice.seller.person, ""),
        (draft.label("email"), invoice.seller.emails[1], "seller_email_other"),
    ]
    if draft.structure.buyer_vat:
        pairs.append((draft.label("buyer_vat"), invoice.buyer.vat_printed, "buyer_vat_id"))
    return pairs


def particulars(draft: Draft, *, width: float) -> Block:
    """The pairs as a block for a column of the page."""
    side = draft.structure.info_side
    pairs = pairs_of(draft)
    if side in {"above", "broken"} and len(pairs) > 3:
        return _cells(draft, pairs, columns=2, width=width)
    block = draft.type.pairs(pairs, side="tab" if side == "header" else side, width=width)
    if draft.chance.random() < 0.2:
        return framed(block, padding=6, frame=draft.type.hairline, width=max(width, block.width + 12))
    return block


def particulars_row(draft: Draft) -> Block:
    """The pairs across the page: a table of one row, or ruled cells with the label over the value."""
    pairs = pairs_of(draft)
    if draft.structure.info_side == "header":
        return draft.type.pairs(pairs, side="header", width=draft.room)
    return _cells(draft, pairs, columns=draft.structure.info_cells, width=draft.room, ruled=True)


def _cells(draft: Draft, pairs: list[Pair], *, columns: int, width: float, ruled: bool = False) -> Block:
    """As many columns as asked for, or as few as it takes for every value to fit."""
    widest = max((draft.type.line(value).width for _, value, _ in pairs), default=0.0)
    while columns > 1 and widest > width / columns - 12:
        columns -= 1
    column = width / columns
    broken = draft.structure.info_side == "broken"
    rows = []
    for start in range(0, len(pairs), columns):
        cells = [draft.type.over(pair, width=column - 12, broken=broken) for pair in pairs[start : start + columns]]
        row = beside(cells, at=[4 + index * column for index in range(len(cells))])
        row = Block(width, row.height + 5, row.marks)
        if ruled:
            rules = [Rule(0, row.height, width, row.height, 0.4, draft.type.hairline)]
            rules += [
                Rule(i * column, 0, i * column, row.height, 0.4, draft.type.hairline) for i in range(1, len(cells))
            ]
            row = Block(width, row.height, (*row.marks, *rules))
        rows.append(row)
    return stacked(rows, gap=3)


def intro(draft: Draft) -> Block:
    """A sentence before the items, on some invoices; on a credit note, which invoice it corrects."""
    if draft.invoice.case.credit_note:
        text, said = draft.filled("credit")
        return draft.type.paragraph(text, width=draft.room, said=said)
    if draft.chance.random() < 0.4:
        return draft.type.paragraph(draft.wording.sentence("intro"), width=draft.room)
    return EMPTY
