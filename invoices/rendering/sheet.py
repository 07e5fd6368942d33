"""A page to draw on, in millimetres from the top left corner."""

from collections.abc import Sequence
from io import BytesIO
from typing import Literal

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from invoices.rendering import faces

Align = Literal["left", "right"]
WIDTH, HEIGHT = 210.0, 297.0
INK, MUTED, HAIRLINE = "#1d1d1f", "#5f646b", "#b9bdc3"
LINE = 4.4  # from baseline to baseline of 9 pt text


class Sheet:
    """Wraps a reportlab canvas. `x` runs right and `y` down; `y` of a text is its baseline, `size` its points."""

    def __init__(self, *, title: str, author: str) -> None:
        self._buffer = BytesIO()
        # invariant: no clock and no random id in the file, so that the same invoice gives the same bytes
        self.canvas = Canvas(self._buffer, pagesize=A4, pageCompression=1, invariant=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setCreator("Paydraft")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9.0,
        bold: bool = False,
        colour: str = INK,
        align: Align = "left",
    ) -> None:
        text = faces.printable(text)
        self.canvas.setFillColor(HexColor(colour))
        left = x * mm - (faces.width(text, size=size, bold=bold) if align == "right" else 0)
        for face, piece in faces.runs(text, bold=bold):
            self.canvas.setFont(face, size)
            self.canvas.drawString(left, (HEIGHT - y) * mm, piece)
            left += self.canvas.stringWidth(piece, face, size)

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        leading: float = LINE,
        size: float = 9.0,
        bold: bool = False,
        colour: str = INK,
    ) -> float:
        """Draws one line under the other; returns the baseline of the line that would follow."""
        for line in lines:
            self.text(x, y, line, size=size, bold=bold, colour=colour)
            y += leading
        return y

    def rule(self, x0: float, y: float, x1: float, *, thickness: float = 0.4, colour: str = HAIRLINE) -> None:
        """A horizontal line, `thickness` in points."""
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(thickness)
        self.canvas.line(x0 * mm, (HEIGHT - y) * mm, x1 * mm, (HEIGHT - y) * mm)

    def box(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        """A filled rectangle whose upper left corner is at (x, y)."""
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.rect(x * mm, (HEIGHT - y - height) * mm, width * mm, height * mm, stroke=0, fill=1)

    def code(self, symbol: segno.QRCode, *, x: float, y: float, side: float) -> None:
        """The QR code without a quiet zone; upper left corner at (x, y)."""
        matrix = symbol.matrix
        module = side / len(matrix)
        path = self.canvas.beginPath()
        for row, cells in enumerate(matrix):
            top, start = HEIGHT - y - row * module, 0
            while start < len(cells):
                end = start
                while end < len(cells) and cells[end]:
                    end += 1
                if end > start:
                    # a hair higher than the module, so that no renderer shows a seam between two rows
                    left, wide = x + start * module, (end - start) * module
                    path.rect(left * mm, (top - module) * mm, wide * mm, (module + 0.01) * mm)
                start = end + 1
        self.canvas.setFillColor(HexColor("#000000"))
        self.canvas.drawPath(path, stroke=0, fill=1)

    def next_page(self) -> None:
        self.canvas.showPage()

    def finish(self) -> bytes:
        self.canvas.save()
        return self._buffer.getvalue()


def wrapped(text: str, *, width: float, size: float = 9.0, bold: bool = False) -> list[str]:
    """The text broken into lines of at most `width` mm: at line breaks and blanks, else in the middle of a word."""
    text = faces.printable(text)
    # Only widths of one face add up; otherwise every line is measured as it will be printed.
    blank = faces.width(" ", size=size, bold=bold) if faces.is_plain(text) else None
    rows = []
    for paragraph in text.splitlines():
        row, taken = "", 0.0
        for word in paragraph.split():
            longer = f"{row} {word}" if row else word
            if blank is None:
                wide = faces.width(longer, size=size, bold=bold)
            else:
                wide = faces.width(word, size=size, bold=bold) + (taken + blank if row else 0)
            if wide > width * mm:
                rows += [row] if row else []
                *full, longer = _pieces(word, width=width, size=size, bold=bold)
                rows += full
                wide = faces.width(longer, size=size, bold=bold)
            row, taken = longer, wide
        rows.append(row)
    return rows


def _pieces(word: str, *, width: float, size: float, bold: bool) -> list[str]:
    pieces, piece = [], ""
    for letter in word:
        if piece and faces.width(piece + letter, size=size, bold=bold) > width * mm:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]
