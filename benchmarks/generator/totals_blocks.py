"""The sums under the items, and the analysis of the tax by rates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.generator.billing import TaxRow
from benchmarks.generator.draft import Draft
from benchmarks.generator.item_tables import ItemTable
from benchmarks.generator.marks import EMPTY, Block, Mark, Rule, Said, Text, beside, framed, stacked


@dataclass(frozen=True, slots=True)
class SumRow:
    label: str
    value: str
    said: tuple[Said, ...] = ()
    strong: bool = False


def sum_rows(draft: Draft) -> list[SumRow]:
    """The rows from the sum of the lines to what is to be paid, those left out that this invoice does not have."""
    sums, case = draft.invoice.sums, draft.invoice.case
    rows: list[SumRow] = []
    if sums.discount or (sums.shipping and draft.chance.random() < 0.6):
        rows.append(SumRow(draft.label("lines_sum"), draft.money(sums.lines_sum)))
    if sums.discount:
        label = draft.label("discount", rate=draft.formats.plain(sums.discount_rate))
        rows.append(SumRow(label, draft.money(-sums.discount)))
    if sums.shipping:
        rows.append(SumRow(draft.label("shipping"), draft.money(sums.shipping)))
    rows += _tax_part(draft)
    if sums.rounding:
        rows.append(SumRow(draft.label("rounding"), draft.money(sums.rounding)))
    strong = not sums.prepaid or draft.chance.random() < 0.4
    rows.append(_stated("total", draft.label("total"), draft.money(sums.total), strong=strong))
    if sums.prepaid:
        rows.append(SumRow(draft.label("prepaid"), draft.money(-sums.prepaid)))
        rows.append(_stated("amount_due", draft.label("payable"), draft.money(sums.payable), strong=True))
    elif draft.chance.random() < 0.12 and not case.credit_note:
        rows.append(_stated("amount_due", draft.label("payable"), draft.money(sums.total), strong=True))
    return rows


def _stated(field: str, label: str, value: str, *, strong: bool = False) -> SumRow:
    return SumRow(label, value, (Said(field, value),), strong)


def _tax_part(draft: Draft) -> list[SumRow]:
    """Net sum and tax in the way of this invoice. Prices with tax in them may leave the net sum to the analysis."""
    sums, case = draft.invoice.sums, draft.invoice.case
    if case.untaxed:
        rows = []
        if draft.structure.taxes == "rows" or sums.shipping or sums.discount:
            rows.append(_stated("subtotal", draft.label("subtotal"), draft.money(sums.subtotal)))
        if draft.structure.taxes == "rows":
            rows.append(
                _stated(
                    "sales_tax_amount",
                    draft.label("tax", rate="0", base=draft.figure(sums.subtotal)),
                    draft.money(sums.tax),
                )
            )
        return rows
    rows = [_stated("subtotal", draft.label("subtotal"), draft.money(sums.subtotal))]
    if draft.structure.taxes == "plain":
        return [*rows, _stated("sales_tax_amount", draft.label("tax_plain"), draft.money(sums.tax))]
    if draft.structure.taxes == "table":
        if draft.chance.random() < 0.6:
            rows.append(_stated("sales_tax_amount", draft.label("tax_plain"), draft.money(sums.tax)))
        return rows
    for tax in sums.taxes:
        rows.append(_tax_row(draft, tax))
    return rows


def _tax_row(draft: Draft, tax: TaxRow) -> SumRow:
    rate, value = draft.formats.plain(tax.rate), draft.money(tax.amount)
    label = draft.label("tax", rate=rate, base=draft.figure(tax.base))
    if len(draft.invoice.sums.taxes) > 1:
        return SumRow(label, value)
    return SumRow(label, value, (Said("sales_tax_amount", value), Said("sales_tax_percentage", rate)))


def totals(draft: Draft, *, table: ItemTable) -> Block:
    """The sums, set as the structure says; as wide as the text area."""
    rows = sum_rows(draft)
    style, room = draft.structure.totals, draft.room
    if style == "in_table":
        return stacked(
            [table.sum_row(label=row.label, value=row.value, said=row.said, bold=row.strong) for row in rows]
        )
    if style == "strip":
        return _strip(draft, rows)
    width = room if style == "wide" else min(room * 0.55, 260.0)
    block = _column(draft, rows, width)
    if style == "boxed":
        block = framed(block, padding=7, frame=draft.type.hairline, fill=draft.chance.choice(("", "#f4f4f2")))
    left = 0.0 if style in {"left", "wide"} else room - block.width
    return Block(room, block.height, block.at(x=left, y=0))


def _column(draft: Draft, rows: Sequence[SumRow], width: float) -> Block:
    type_, blocks = draft.type, []
    for row in rows:
        step = 1.0 if row.strong else 0.0
        value = type_.line(row.value, step=step, bold=row.strong)
        value = Block(value.width, value.height, _saying(value, row.said))
        label = type_.line(row.label, step=step, bold=row.strong, room=width - value.width - 12)
        block = beside([label, value], at=[0, width - value.width])
        if row.strong:
            rule = Rule(0, -1.5, width, -1.5, 0.8, type_.accent)
            block = Block(width, block.height + 2, (rule, *block.marks))
        blocks.append(block)
    return stacked(blocks, gap=draft.chance.choice((2.0, 3.5, 5.0)))


def _saying(block: Block, said: tuple[Said, ...]) -> tuple[Mark, ...]:
    return tuple(replace(mark, said=said) if isinstance(mark, Text) else mark for mark in block.marks)


def _strip(draft: Draft, rows: Sequence[SumRow]) -> Block:
    """A table whose head names the sums and whose one row gives them, over as many tiers as it takes."""
    type_, room = draft.type, draft.room
    per_tier = 4
    tiers = []
    for start in range(0, len(rows), per_tier):
        part = rows[start : start + per_tier]
        column = room / per_tier
        cells = []
        for row in part:
            value = type_.line(row.value, bold=row.strong, room=column - 10)
            value = Block(value.width, value.height, _saying(value, row.said))
            cells.append(stacked([type_.line(row.label, step=-1, colour=type_.muted, room=column - 10), value], gap=2))
        offset = room - len(part) * column
        tier = beside(cells, at=[offset + 5 + index * column for index in range(len(part))])
        tiers.append(framed(Block(room - 8, tier.height, tier.marks), padding=4, frame=type_.hairline))
    return stacked(tiers, gap=3)


def tax_analysis(draft: Draft) -> Block:
    """Rate, base and tax of each rate as a small table; empty where the structure has none."""
    if draft.structure.taxes not in {"table", "both"}:
        return EMPTY
    type_, sums = draft.type, draft.invoice.sums
    heads = [draft.label("tax_rate"), draft.label("base"), draft.label("tax_amount"), draft.label("gross")]
    single = len(sums.taxes) == 1
    column, rows = 72.0, []
    rows.append(_cells(draft, heads, column, bold=True))
    for tax in sums.taxes:
        texts = [
            f"{draft.formats.plain(tax.rate)} %",
            draft.figure(tax.base),
            draft.figure(tax.amount),
            draft.figure(tax.base + tax.amount),
        ]
        fields = ["sales_tax_percentage", "", "sales_tax_amount", ""] if single else ["", "", "", ""]
        rows.append(_cells(draft, texts, column, fields=fields))
    if not single:
        texts = ["", draft.figure(sums.subtotal), draft.figure(sums.tax), draft.figure(sums.subtotal + sums.tax)]
        rows.append(_cells(draft, texts, column, fields=["", "subtotal", "sales_tax_amount", ""], bold=True))
    head = type_.line(draft.label("analysis"), bold=True) if draft.chance.random() < 0.5 else EMPTY
    return stacked([head, *rows], gap=2)


def _cells(
    draft: Draft, texts: Sequence[str], column: float, *, fields: Sequence[str] = ("", "", "", ""), bold: bool = False
) -> Block:
    blocks, places = [], []
    for index, (text, field) in enumerate(zip(texts, fields, strict=True)):
        value = text.removesuffix(" %")
        block = draft.type.line(text, step=-0.5, bold=bold, field=field, value=value, room=column - 6)
        blocks.append(block)
        places.append(index * column if index == 0 else (index + 1) * column - 6 - block.width)
    return beside(blocks, at=places)
