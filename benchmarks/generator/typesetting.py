"""Texts become blocks: single lines, paragraphs, and pairs of label and value in the ways that invoices set them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from benchmarks.generator.fonts import Face, width_of
from benchmarks.generator.marks import EMPTY, Align, Block, Mark, Rule, Said, Text, beside, stacked

LabelSide = Literal["colon", "tab", "tab_right", "above", "broken", "header"]
"""Where a label stands: in one run with its value, in a column before it, above it in small print, on the line before
it, or as the head of a table of one row."""

Pair = tuple[str, str, str]
"""Label, value, and the field of the truth that the value states, or an empty text."""

SMALLEST = 6.2


@dataclass(frozen=True, slots=True)
class Typesetter:
    """The face, sizes and colours of one invoice."""

    face: Face
    base: float
    ink: str
    accent: str
    muted: str
    hairline: str
    bold_labels: bool
    colon: str

    def size(self, step: float = 0.0) -> float:
        """The size of running text, larger or smaller by steps of a point."""
        return max(SMALLEST, self.base + step) * self.face.scale

    def line(
        self,
        text: str,
        *,
        step: float = 0.0,
        bold: bool = False,
        italic: bool = False,
        colour: str = "",
        field: str = "",
        value: str = "",
        spacing: float = 0.0,
        room: float | None = None,
    ) -> Block:
        """One line; `room` makes it smaller until it fits. `value` is the part that states the field, or all of it."""
        if not text:
            return EMPTY
        font, size = self._font(bold, italic), self.size(step)
        width = width_of(text=text, font=font, size=size) + spacing * (len(text) - 1)
        if room is not None and width > room:
            size *= room / width
            spacing, width = 0.0, width_of(text=text, font=font, size=size)
        said = (Said(field, value or text),) if field else ()
        mark = Text(0, size * 0.95, text, font, size, colour or self.ink, spacing=spacing, said=said)
        return Block(width, size * 1.28, (mark,))

    def paragraph(
        self,
        text: str,
        *,
        width: float,
        said: Sequence[Said] = (),
        step: float = 0.0,
        bold: bool = False,
        italic: bool = False,
        colour: str = "",
        align: Align = "left",
    ) -> Block:
        """Broken at blanks to fit the width, but never inside a value; the fields are stated by its first line."""
        kept = text
        for each in said:
            kept = kept.replace(each.text, each.text.replace(" ", "\x00"))
        rows = self._rows(kept.split(" "), width, self._font(bold, italic), self.size(step))
        blocks = [
            self.line(row.replace("\x00", " "), step=step, bold=bold, italic=italic, colour=colour, room=width)
            for row in rows
        ]
        block = stacked(blocks, align=align)
        return Block(block.width, block.height, _stating(block.marks, tuple(said)))

    def pairs(self, pairs: Sequence[Pair], *, side: LabelSide, width: float, step: float = 0.0) -> Block:
        """All pairs one under the other, or side by side where the label is `above` or a `header`."""
        if not pairs:
            return EMPTY
        if side == "header":
            return self._header_row(pairs, width, step)
        if side in {"tab", "tab_right"}:
            return self._tabbed(pairs, width, step, to_the_right=side == "tab_right")
        if side == "colon":
            return stacked([self._joined(pair, width, step) for pair in pairs])
        return stacked([self.over(pair, width=width, step=step, broken=side == "broken") for pair in pairs], gap=2)

    def over(self, pair: Pair, *, width: float, step: float = 0.0, broken: bool = False) -> Block:
        """The label over its value."""
        label, value, field = pair
        small = 0.0 if broken else -1.5
        head = self.line(
            label + (self.colon if broken else ""),
            step=step + small,
            bold=self.bold_labels,
            colour="" if broken else self.muted,
            room=width,
        )
        return stacked([head, self.line(value, step=step, field=field, room=width)])

    def _joined(self, pair: Pair, width: float, step: float) -> Block:
        label, value, field = pair
        text = f"{label}{self.colon} {value}" if label else value
        return self.line(text, step=step, field=field, value=value, room=width)

    def _tabbed(self, pairs: Sequence[Pair], width: float, step: float, *, to_the_right: bool) -> Block:
        labels = [
            self.line(label + self.colon if label else "", step=step, bold=self.bold_labels) for label, _, _ in pairs
        ]
        column = min(max(label.width for label in labels) + 8, width * 0.6)
        rows = []
        for (label, value, field), block in zip(pairs, labels, strict=True):
            if block.width > column - 4:
                block = self.line(label + self.colon, step=step, bold=self.bold_labels, room=column - 4)
            said = self.line(value, step=step, field=field, room=width - column)
            rows.append(beside([block, said], at=[0, width - said.width if to_the_right else column]))
        return stacked(rows, gap=1)

    def _header_row(self, pairs: Sequence[Pair], width: float, step: float) -> Block:
        """Labels across the width with a rule, the values under them; as many to a row as fit."""
        blocks = [self.over(pair, width=width, step=step) for pair in pairs]
        per_row = len(blocks)
        while per_row > 1 and max(block.width for block in blocks) > width / per_row - 8:
            per_row -= 1
        rows = []
        for start in range(0, len(blocks), per_row):
            part = blocks[start : start + per_row]
            places = [index * width / per_row for index in range(len(part))]
            row = beside(part, at=places)
            rule = Rule(0, row.height * 0.47, width, row.height * 0.47, 0.4, self.hairline)
            rows.append(Block(width, row.height, (rule, *row.marks)))
        return stacked(rows, gap=6)

    def _rows(self, words: list[str], width: float, font: str, size: float) -> list[str]:
        rows, row = [], ""
        for word in words:
            longer = f"{row} {word}".strip()
            if row and width_of(text=longer.replace("\x00", " "), font=font, size=size) > width:
                rows.append(row)
                row = word
            else:
                row = longer
        return [*rows, row]

    def _font(self, bold: bool, italic: bool) -> str:
        return self.face.bold if bold else self.face.italic if italic else self.face.regular


def _stating(marks: tuple[Mark, ...], said: tuple[Said, ...]) -> tuple[Mark, ...]:
    """The marks with the fields given to the first text that shows each value, or to the first of all."""
    result = list(marks)
    for each in said:
        texts = [index for index, mark in enumerate(result) if isinstance(mark, Text)]
        place = next((i for i in texts if each.text in _text_of(result[i])), texts[0])
        mark = result[place]
        assert isinstance(mark, Text)
        result[place] = replace(mark, said=(*mark.said, each))
    return tuple(result)


def _text_of(mark: Mark) -> str:
    return mark.text if isinstance(mark, Text) else ""
