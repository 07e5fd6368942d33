"""Text beneath a picture that shows other text: its place on the page is not bare, and still nobody sees it."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pymupdf

_DPI = 100
_MAX_PIXELS = 4_000_000
_LEAST_DIFFERENCE = 24  # of 255
_MOST_CHANGED = 0.04
"""Share of a text's box that may change when it goes: letters fill a quarter of theirs, what sticks out under a picture
hardly anything."""

_FEWEST_DIGITS = 4
_MOST_SPANS = 60
_LEAVE = 0  # PyMuPDF's PDF_REDACT_IMAGE_NONE and PDF_REDACT_LINE_ART_NONE


def holds_number(text: str) -> bool:
    """Whether an account, an amount or a date can be in it."""
    return sum(map(str.isdigit, text)) >= _FEWEST_DIGITS


def boxes_under_other_text(*, page: Any, spans: Sequence[dict[str, Any]]) -> Iterator[tuple[float, ...]]:
    """The boxes of those spans with numbers without which the page would look nearly the same.

    The page is drawn with and without them, which tells a picture that covers text from a stamp that lets it show
    through. Text of a page that cannot be drawn so is taken for visible.
    """
    telling = [span for span in spans if holds_number(span["text"])][:_MOST_SPANS]
    if not telling:
        return
    try:
        with pymupdf.open() as copy:
            copy.insert_pdf(page.parent, from_page=page.number, to_page=page.number, links=False, widgets=False)
            sheet = copy[0]
            sheet.set_rotation(0)
            before = _shades(sheet)
            for span in telling:
                sheet.add_redact_annot(pymupdf.Rect(span["bbox"]), fill=False, cross_out=False)
            sheet.apply_redactions(images=_LEAVE, graphics=_LEAVE)
            after = _shades(sheet)
    except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase):
        return
    if before is None or after is None or before.shape != after.shape:
        return
    difference = np.abs(before.astype(np.int16) - after.astype(np.int16))
    zoom = _DPI / 72
    for span in telling:
        box = pymupdf.Rect(span["bbox"]) * pymupdf.Matrix(zoom, zoom)
        part = difference[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1]
        if part.size and float((part >= _LEAST_DIFFERENCE).mean()) < _MOST_CHANGED:
            yield tuple(span["bbox"])


def _shades(sheet: Any) -> Any:
    """The page in shades of grey, one a pixel; None where it is too large."""
    zoom = _DPI / 72
    if sheet.rect.width * sheet.rect.height * zoom * zoom > _MAX_PIXELS:
        return None
    pixmap = sheet.get_pixmap(dpi=_DPI, colorspace=pymupdf.csGRAY, alpha=False)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)
