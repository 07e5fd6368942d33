"""The table of an invoice's items, cut into rows that can be carried over to further pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from benchmarks.generator.billing import Line
from benchmarks.generator.draft import Draft
from benchmarks.generator.marks import Align, Block, Field, Mark, Rule, Said, moved, stacked

_LEFT = {"position", "article", "description", "unit"}
_PADDING = 4.0


@dataclass(frozen=True, slots=True)
class Column:
    """`x` is its left edge; its text is set against the edge that `align` names."""

    name: str
    title: str
    x: float
    width: float
    align: Align


@dataclass(frozen=True, slots=True)
class ItemTable:
    draft: Draft
    columns: tuple[Column, ...]

    @property
    def head(self) -> Block:
        type_, style = self.draft.type, self.draft.structure.table
        cells = []
        for column in self.columns:
            block = type_.paragraph(column.title, width=column.width - 2 * _PADDING, bold=True, step=-0.5)
            cells.append(_against(block, column))
        height = max(cell.height for cell in cells) + 7
        marks: list[Mark] = [mark for cell in cells for mark in cell.at(x=0, y=3.5)]
        if style in {"band", "zebra"}:
            marks.insert(0, Field(0, 0, self.draft.room, height, "#e4e7ea"))
        elif style in {"grid", "framed"}:
            marks += self._frame(height)
        else:
            marks.append(Rule(0, height, self.draft.room, height, 0.9, type_.accent))
        return Block(self.draft.room, height, tuple(marks))

    def row(self, *, index: int, line: Line) -> Block:
        type_ = self.draft.type
        cells = []
        for column in self.columns:
            text = _cell(self.draft, column.name, index, line)
            room = column.width - 2 * _PADDING
            block = (
                stacked([type_.paragraph(text, width=room), *self._detail(line, room)])
                if column.name == "description"
                else type_.line(text, room=room)
            )
            cells.append(_against(block, column))
        return self._ruled(cells, index)

    def sum_row(self, *, label: str, value: str, said: Sequence[Said] = (), bold: bool = False) -> Block:
        """A row with nothing but a label and an amount under the last column: a sum carried over, or a total."""
        type_ = self.draft.type
        last = next(column for column in self.columns if column.name == "amount")
        amount = type_.line(value, bold=bold, field=said[0].field if said else "", room=120)
        right = last.x + last.width - _PADDING
        name = type_.line(label, bold=bold, room=right - amount.width - 20)
        return Block(
            self.draft.room,
            amount.height + 6,
            (
                *name.at(x=max(_PADDING, right - amount.width - 24 - max(60, name.width)), y=3),
                *amount.at(x=right - amount.width, y=3),
            ),
        )

    def _detail(self, line: Line, room: float) -> list[Block]:
        type_ = self.draft.type
        return [type_.line(line.detail, step=-1.5, colour=type_.muted, room=room)] if line.detail else []

    def _ruled(self, cells: list[Block], index: int) -> Block:
        style, hairline = self.draft.structure.table, self.draft.type.hairline
        height = max(cell.height for cell in cells) + 5
        marks: list[Mark] = [mark for cell in cells for mark in cell.at(x=0, y=2.5)]
        if style == "zebra" and index % 2:
            marks.insert(0, Field(0, 0, self.draft.room, height, "#f3f5f6"))
        if style in {"ruled", "band"}:
            marks.append(Rule(0, height, self.draft.room, height, 0.3, hairline))
        if style in {"grid", "framed"}:
            marks += self._frame(height, inner=style == "grid")
        return Block(self.draft.room, height, tuple(marks))

    def _frame(self, height: float, *, inner: bool = True) -> list[Mark]:
        room, hairline = self.draft.room, self.draft.type.hairline
        edges = [0.0, room] if not inner else [*(column.x for column in self.columns), room]
        rules: list[Mark] = [Rule(x, 0, x, height, 0.4, hairline) for x in edges]
        if inner:
            rules += [Rule(0, y, room, y, 0.4, hairline) for y in (0.0, height)]
        return rules


def _against(block: Block, column: Column) -> Block:
    """The block moved so that each of its lines stands against the column's edge."""
    slack = column.width - 2 * _PADDING - block.width
    dx = column.x + _PADDING + {"left": 0.0, "right": slack, "centre": slack / 2}[column.align]
    return Block(column.x + column.width, block.height, tuple(moved(mark, dx=dx, dy=0) for mark in block.marks))


def lay_out_items(draft: Draft) -> ItemTable:
    """Columns as wide as their figures; the description takes what is left, the other columns give way to it."""
    names = draft.structure.columns
    numeric_align: Align = "right"
    widths = {name: _needed(draft, name) for name in names if name != "description"}
    rest = draft.room - sum(widths.values())
    if rest < 120:
        scale = (draft.room - 120) / sum(widths.values())
        widths = {name: width * scale for name, width in widths.items()}
        rest = 120.0
    widths["description"] = rest
    columns, x = [], 0.0
    for name in names:
        align: Align = "left" if name in _LEFT else numeric_align
        if name == "quantity" and draft.structure.columns[0] == "quantity":
            align = "left"
        columns.append(Column(name, draft.label(_LABELS.get(name, name)), x, widths[name], align))
        x += widths[name]
    return ItemTable(draft, tuple(columns))


_LABELS = {"amount": "amount"}


def _needed(draft: Draft, name: str) -> float:
    texts = [_cell(draft, name, index, line) for index, line in enumerate(draft.invoice.lines)]
    longest_word = max(draft.label(_LABELS.get(name, name)).split(" "), key=len)
    title = draft.type.line(longest_word, bold=True, step=-0.5).width
    return max([title, *(draft.type.line(text).width for text in texts)]) + 2 * _PADDING + 5


def _cell(draft: Draft, name: str, index: int, line: Line) -> str:
    formats = draft.formats
    cells = {
        "position": lambda: f"{index + 1}",
        "article": lambda: line.code,
        "description": lambda: line.description,
        "quantity": lambda: _quantity(draft, line),
        "unit": lambda: line.unit,
        "price": lambda: formats.number(line.price),
        "discount_rate": lambda: f"{formats.plain(line.discount)} %" if line.discount else "",
        "tax_rate": lambda: f"{formats.plain(line.rate)}%" if not draft.invoice.case.untaxed else "–",
        "amount": lambda: draft.figure(line.amount),
        "gross_amount": lambda: draft.figure(_gross(line)),
    }
    return cells[name]()


def _quantity(draft: Draft, line: Line) -> str:
    plain = draft.formats.plain(line.quantity)
    if (
        "unit" not in draft.structure.columns
        and "article" not in draft.structure.columns
        and not draft.structure.fold_marks
    ):
        return f"{plain} {line.unit}"
    return plain


def _gross(line: Line) -> Decimal:
    return (line.amount * (100 + line.rate) / 100).quantize(Decimal("0.01"))
