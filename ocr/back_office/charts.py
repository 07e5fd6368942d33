"""Charts as shapes for a template: sizes in the units of an SVG view box, so that no style is needed inline."""

from collections.abc import Sequence
from dataclasses import dataclass

PLOT_WIDTH = 520
PLOT_HEIGHT = 120
MARGIN = 28


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a list of bars; `share` is 0..100 of the longest."""

    label: str
    count: int
    share: float
    url: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One measured point; `text` is its value as people read it, `detail` what it was counted from, `url` the list of
    the `count` documents that it is about."""

    x: float
    y: float
    label: str
    text: str
    detail: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A share that a line is drawn through: `part` of `whole`, in `count` documents that `url` lists."""

    label: str
    part: int
    whole: int
    count: int
    url: str
    detail: str


@dataclass(frozen=True, slots=True)
class Line:
    """A share over weeks, 0 at the bottom and 1 at the top; `points` is an SVG polyline, empty with a single mark."""

    name: str
    marks: tuple[Mark, ...]
    points: str

    @property
    def latest(self) -> str:
        return self.marks[-1].text if self.marks else "—"


def bars(rows: Sequence[tuple[str, int, str, str]]) -> list[Bar]:
    """From (label, count, url, kind)."""
    longest = max((count for _, count, _, _ in rows), default=0) or 1
    return [
        Bar(label=label, count=n, share=round(100 * n / longest, 1), url=url, kind=kind) for label, n, url, kind in rows
    ]


def line(*, name: str, rows: Sequence[Measured]) -> Line:
    """A row whose whole is 0 says nothing and is left out."""
    told = [row for row in rows if row.whole]
    step = (PLOT_WIDTH - 2 * MARGIN) / max(len(told) - 1, 1)
    marks = tuple(
        Mark(
            x=round(MARGIN + index * step, 1),
            y=round(MARGIN / 2 + (1 - row.part / row.whole) * (PLOT_HEIGHT - MARGIN), 1),
            label=row.label,
            text=percent(row.part, row.whole),
            detail=row.detail,
            count=row.count,
            url=row.url,
        )
        for index, row in enumerate(told)
    )
    return Line(name=name, marks=marks, points=" ".join(f"{mark.x},{mark.y}" for mark in marks) if marks[1:] else "")


def percent(part: int, whole: int) -> str:
    """Rounded down, so that 100 % means all of them."""
    tenths = 1000 * part // whole
    return f"{tenths // 10}.{tenths % 10} %"
