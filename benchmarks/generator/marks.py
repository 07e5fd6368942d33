"""What stands on paper: texts, rules, fields of colour and codes, and blocks of them that know their size.

All lengths are points (1/72 inch); `x` runs right and `y` down, from the upper left corner of the block or page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Align = Literal["left", "right", "centre"]


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of text that gives the value of a field of the truth; `text` is as it is printed."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """One run on one line; `y` is its baseline. `spacing` is added between letters."""

    x: float
    y: float
    text: str
    font: str
    size: float
    colour: str
    align: Align = "left"
    spacing: float = 0.0
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    x: float
    y: float
    x1: float
    y1: float
    thickness: float
    colour: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A rectangle, filled, framed or both; empty colours are not drawn."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    frame: str = ""
    thickness: float = 0.5


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled polygon."""

    x: float
    y: float
    points: tuple[tuple[float, float], ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of the payload; `cross` for the Swiss one."""

    x: float
    y: float
    side: float
    payload: str
    cross: bool = False


Mark = Text | Rule | Field | Shape | Code


def moved(mark: Mark, *, dx: float, dy: float) -> Mark:
    if isinstance(mark, Rule):
        return replace(mark, x=mark.x + dx, y=mark.y + dy, x1=mark.x1 + dx, y1=mark.y1 + dy)
    return replace(mark, x=mark.x + dx, y=mark.y + dy)


@dataclass(frozen=True, slots=True)
class Block:
    width: float
    height: float
    marks: tuple[Mark, ...] = field(default=())

    def at(self, *, x: float, y: float) -> tuple[Mark, ...]:
        """Its marks, the block's corner put at (x, y)."""
        return tuple(moved(mark, dx=x, dy=y) for mark in self.marks)


EMPTY = Block(0.0, 0.0)


def stacked(blocks: Iterable[Block], *, gap: float = 0.0, align: Align = "left") -> Block:
    """One under the other; empty ones take no gap."""
    present = [block for block in blocks if block.height]
    width = max((block.width for block in present), default=0.0)
    marks: list[Mark] = []
    y = 0.0
    for block in present:
        dx = {"left": 0.0, "right": width - block.width, "centre": (width - block.width) / 2}[align]
        marks += block.at(x=dx, y=y)
        y += block.height + gap
    return Block(width, max(0.0, y - gap), tuple(marks))


def beside(blocks: Sequence[Block], *, at: Sequence[float]) -> Block:
    """Side by side with their left edges at the given places, tops level."""
    marks = [mark for block, x in zip(blocks, at, strict=True) for mark in block.at(x=x, y=0)]
    width = max((x + block.width for block, x in zip(blocks, at, strict=True)), default=0.0)
    return Block(width, max((block.height for block in blocks), default=0.0), tuple(marks))


def framed(block: Block, *, padding: float, fill: str = "", frame: str = "", width: float | None = None) -> Block:
    """The block on a field of colour or within a frame."""
    outer = width if width is not None else block.width + 2 * padding
    height = block.height + 2 * padding
    ground = Field(0, 0, outer, height, fill, frame)
    return Block(outer, height, (ground, *block.at(x=padding, y=padding)))
