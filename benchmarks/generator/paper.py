"""Marks become a PDF, in the manner of one producer or another. The same marks give the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import segno
from reportlab.lib.colors import HexColor, black
from reportlab.pdfgen.canvas import Canvas

from benchmarks.generator.fonts import drawable, width_of
from benchmarks.generator.marks import Code, Field, Mark, Rule, Shape, Text

Habit = Literal["runs", "words", "letters", "labels_first", "by_height", "fonts_together"]
"""How the producer writes its text layer: whole runs, each word or each letter placed alone, a form's labels before
its values, from top to bottom across all columns, or one typeface after the other."""

HABITS: tuple[Habit, ...] = ("runs", "words", "letters", "labels_first", "by_height", "fonts_together")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the file says about itself."""

    title: str
    author: str
    producer: str


def print_pages(*, pages: Sequence[Sequence[Mark]], size: tuple[float, float], habit: Habit, imprint: Imprint) -> bytes:
    buffer = BytesIO()
    # invariant: no clock and no random id in the file, so that the same data gives the same bytes
    canvas = Canvas(buffer, pagesize=size, pageCompression=1, invariant=1)
    canvas.setTitle(imprint.title)
    canvas.setAuthor(imprint.author)
    canvas.setProducer(imprint.producer)
    canvas.setCreator("")
    for marks in pages:
        for mark in [mark for mark in marks if not isinstance(mark, Text)]:
            _draw(canvas, mark, size[1])
        for text in _in_order([mark for mark in marks if isinstance(mark, Text)], habit):
            _write(canvas, text, size[1], habit)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _in_order(texts: list[Text], habit: Habit) -> list[Text]:
    if habit == "labels_first":
        return sorted(texts, key=lambda text: bool(text.said))
    if habit == "by_height":
        return sorted(texts, key=lambda text: (round(text.y), text.x))
    if habit == "fonts_together":
        return sorted(texts, key=lambda text: (text.font, text.size))
    return texts


def _write(canvas: Canvas, mark: Text, height: float, habit: Habit) -> None:
    text = drawable(text=mark.text, font=mark.font)
    width = width_of(text=text, font=mark.font, size=mark.size) + mark.spacing * max(0, len(text) - 1)
    x = {"left": mark.x, "right": mark.x - width, "centre": mark.x - width / 2}[mark.align]
    canvas.setFont(mark.font, mark.size)
    canvas.setFillColor(HexColor(mark.colour))
    if mark.spacing:
        canvas.drawString(x, height - mark.y, text, charSpace=mark.spacing)
        return
    for piece in _pieces(text, habit):
        canvas.drawString(x, height - mark.y, piece)
        x += width_of(text=piece, font=mark.font, size=mark.size)
        if habit == "words":
            x += width_of(text=" ", font=mark.font, size=mark.size)


def _pieces(text: str, habit: Habit) -> list[str]:
    if habit == "words":
        return text.split(" ")
    return list(text) if habit == "letters" else [text]


def _draw(canvas: Canvas, mark: Mark, height: float) -> None:
    if isinstance(mark, Rule):
        canvas.setStrokeColor(HexColor(mark.colour))
        canvas.setLineWidth(mark.thickness)
        canvas.setDash(*((3, 2) if mark.dashed else ()))
        canvas.line(mark.x, height - mark.y, mark.x1, height - mark.y1)
        canvas.setDash()
    elif isinstance(mark, Field):
        if mark.fill:
            canvas.setFillColor(HexColor(mark.fill))
        if mark.frame:
            canvas.setStrokeColor(HexColor(mark.frame))
            canvas.setLineWidth(mark.thickness)
        bottom = height - mark.y - mark.height
        canvas.rect(mark.x, bottom, mark.width, mark.height, stroke=bool(mark.frame), fill=bool(mark.fill))
    elif isinstance(mark, Shape):
        path = canvas.beginPath()
        for index, (x, y) in enumerate(mark.points):
            (path.lineTo if index else path.moveTo)(mark.x + x, height - mark.y - y)
        path.close()
        canvas.setFillColor(HexColor(mark.colour))
        canvas.drawPath(path, stroke=0, fill=1)
    elif isinstance(mark, Code):
        _draw_code(canvas, mark, height)


def _draw_code(canvas: Canvas, code: Code, height: float) -> None:
    """Error correction M, without the quiet zone, which the layout leaves free."""
    matrix = segno.make(code.payload, error="m", boost_error=False, encoding="utf-8", micro=False).matrix
    module = code.side / len(matrix)
    path = canvas.beginPath()
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                # a hair larger than the module, so that no renderer shows a seam
                left, top = code.x + column * module, height - code.y - row * module
                path.rect(left, top - module, module + 0.02, module + 0.02)
    canvas.setFillColor(black)
    canvas.drawPath(path, stroke=0, fill=1)
    if code.cross:
        middle_x, middle_y, part = code.x + code.side / 2, height - code.y - code.side / 2, code.side / 46 * 7
        for colour, width, tall in (
            ("#ffffff", 1, 1),
            ("#000000", 0.86, 0.86),
            ("#ffffff", 0.55, 0.17),
            ("#ffffff", 0.17, 0.55),
        ):
            canvas.setFillColor(HexColor(colour))
            canvas.rect(
                middle_x - part * width / 2, middle_y - part * tall / 2, part * width, part * tall, stroke=0, fill=1
            )
