"""A page to draw on in millimetres from the top left corner, and the table of an invoice's items."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

Align = Literal["left", "right", "centre"]
WIDTH, HEIGHT = 210.0, 297.0
LINE = 4.3  # mm from baseline to baseline of 9 pt text


@dataclass(frozen=True, slots=True)
class Theme:
    """Fonts and colours of one letterhead; colours are `#rrggbb`."""

    regular: str = "Helvetica"
    bold: str = "Helvetica-Bold"
    italic: str = "Helvetica-Oblique"
    ink: str = "#1d1d1f"
    accent: str = "#1d1d1f"
    muted: str = "#6b6f76"
    hairline: str = "#c9ccd1"
    size: float = 9.0


VERA = Theme(regular="Vera", bold="VeraBd", italic="VeraIt", size=8.2)
TIMES = Theme(regular="Times-Roman", bold="Times-Bold", italic="Times-Italic", size=10.2)
COURIER = Theme(regular="Courier", bold="Courier-Bold", italic="Courier-Oblique", size=9.6)


def register_vera() -> None:
    """Bitstream Vera comes with reportlab, so that no font of the machine is needed."""
    fonts = Path(reportlab.__file__).parent / "fonts"
    for name in ("Vera", "VeraBd", "VeraIt"):
        pdfmetrics.registerFont(TTFont(name, str(fonts / f"{name}.ttf")))


class Sheet:
    """Wraps a reportlab canvas. `x` runs right and `y` down, in mm; `y` of a text is its baseline."""

    def __init__(self, *, theme: Theme, title: str, author: str) -> None:
        register_vera()
        self.theme = theme
        self._buffer = BytesIO()
        # invariant: no clock and no random id in the file, so that the same data gives the same bytes
        self.canvas = Canvas(self._buffer, pagesize=A4, pageCompression=1, invariant=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setCreator("")

    def width_of(self, text: str, *, size: float | None = None, bold: bool = False) -> float:
        font = self.theme.bold if bold else self.theme.regular
        return float(pdfmetrics.stringWidth(text, font, size or self.theme.size) / mm)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float | None = None,
        bold: bool = False,
        italic: bool = False,
        colour: str | None = None,
        align: Align = "left",
    ) -> None:
        font = self.theme.bold if bold else self.theme.italic if italic else self.theme.regular
        self.canvas.setFont(font, size or self.theme.size)
        self.canvas.setFillColor(HexColor(colour or self.theme.ink))
        draw = {
            "left": self.canvas.drawString,
            "right": self.canvas.drawRightString,
            "centre": self.canvas.drawCentredString,
        }[align]
        draw(x * mm, (HEIGHT - y) * mm, text)

    def lines(self, x: float, y: float, lines: Sequence[str], *, leading: float = LINE, **style: Any) -> float:
        """Draws one line under the other; returns the baseline of the line that would follow."""
        for line in lines:
            self.text(x, y, line, **style)
            y += leading
        return y

    def paragraph(self, x: float, y: float, text: str, *, width: float, leading: float = LINE, **style: Any) -> float:
        """Breaks the text at blanks to fit the width; returns the baseline of the line that would follow."""
        rows, row = [], ""
        for word in text.split(" "):
            longer = f"{row} {word}".strip()
            if row and self.width_of(longer, size=style.get("size"), bold=style.get("bold", False)) > width:
                rows.append(row)
                row = word
            else:
                row = longer
        return self.lines(x, y, [*rows, row], leading=leading, **style)

    def rule(self, x0: float, y: float, x1: float, *, thickness: float = 0.4, colour: str | None = None) -> None:
        """A horizontal line, `thickness` in points."""
        self.canvas.setStrokeColor(HexColor(colour or self.theme.hairline))
        self.canvas.setLineWidth(thickness)
        self.canvas.line(x0 * mm, (HEIGHT - y) * mm, x1 * mm, (HEIGHT - y) * mm)

    def box(self, x: float, y: float, width: float, height: float, *, colour: str, radius: float = 0) -> None:
        """A filled rectangle whose upper left corner is at (x, y)."""
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.roundRect(
            x * mm, (HEIGHT - y - height) * mm, width * mm, height * mm, radius * mm, stroke=0, fill=1
        )

    def shape(self, points: Sequence[tuple[float, float]], *, colour: str) -> None:
        """A filled polygon."""
        path = self.canvas.beginPath()
        for index, (x, y) in enumerate(points):
            (path.lineTo if index else path.moveTo)(x * mm, (HEIGHT - y) * mm)
        path.close()
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.drawPath(path, stroke=0, fill=1)

    def disc(self, x: float, y: float, radius: float, *, colour: str) -> None:
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.circle(x * mm, (HEIGHT - y) * mm, radius * mm, stroke=0, fill=1)

    def fold_marks(self) -> None:
        """DIN 5008 form B: folds at 105 and 210 mm, punch mark in the middle."""
        for y, length in ((105.0, 4.0), (148.5, 6.0), (210.0, 4.0)):
            self.rule(4, y, 4 + length, thickness=0.35, colour="#9a9da3")

    def next_page(self) -> None:
        self.canvas.showPage()

    def finish(self) -> bytes:
        self.canvas.save()
        return self._buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Column:
    """`x` is the edge that the column is aligned to: left, right or middle, by `align`."""

    title: str
    x: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class TableLook:
    """How a table of items is ruled. `band` fills the head, `zebra` every second row; None leaves them white."""

    left: float
    right: float
    band: str | None = None
    head_ink: str | None = None
    zebra: str | None = None
    row_rule: bool = True
    row_height: float = 6.4
    detail_height: float = 3.8
    detail_column: int = 1
    head_size: float | None = None


Row = tuple[Sequence[str], str]


def draw_head(sheet: Sheet, *, columns: Sequence[Column], look: TableLook, y: float) -> float:
    """The head with its top edge at y; returns where the first row begins."""
    if look.band:
        sheet.box(look.left, y, look.right - look.left, 7, colour=look.band)
    for column in columns:
        size = look.head_size or sheet.theme.size - 0.6
        sheet.text(column.x, y + 4.7, column.title, bold=True, size=size, align=column.align, colour=look.head_ink)
    if not look.band:
        sheet.rule(look.left, y + 7, look.right, thickness=0.9, colour=sheet.theme.accent)
    return y + 7


def draw_rows(sheet: Sheet, *, columns: Sequence[Column], look: TableLook, y: float, rows: Sequence[Row]) -> float:
    """Each row is its cells and a second line in small print, which may be empty; returns the lower edge."""
    for index, (cells, detail) in enumerate(rows):
        height = look.row_height + (look.detail_height if detail else 0)
        if look.zebra and index % 2:
            sheet.box(look.left, y, look.right - look.left, height, colour=look.zebra)
        for column, cell in zip(columns, cells, strict=True):
            sheet.text(column.x, y + 4.4, cell, align=column.align)
        if detail:
            anchor = columns[look.detail_column]
            size = sheet.theme.size - 1.3
            sheet.text(anchor.x, y + 4.4 + look.detail_height, detail, size=size, colour=sheet.theme.muted)
        y += height
        if look.row_rule:
            sheet.rule(look.left, y, look.right, thickness=0.3)
    return y


def draw_items(sheet: Sheet, *, columns: Sequence[Column], look: TableLook, y: float, rows: Sequence[Row]) -> float:
    """Head and rows; returns the lower edge."""
    below = draw_head(sheet, columns=columns, look=look, y=y)
    return draw_rows(sheet, columns=columns, look=look, y=below, rows=rows)
