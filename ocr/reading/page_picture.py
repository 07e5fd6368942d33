"""A page as a picture to look at: drawn, turned as it was read, and written as WebP."""

from io import BytesIO
from math import ceil, sqrt

import numpy as np
from PIL import Image

from customers.sentences import Sentence
from ocr.reading.document import Box, Page, UnreadableDocument
from ocr.reading.drawing import MOST_PIXELS, drawn
from ocr.reading.engines import RgbImage
from ocr.reading.images import raw_page_of_image
from ocr.reading.limits import ReadingLimits
from ocr.reading.pdf import raw_page_of_pdf
from ocr.reading.raw_pages import RawPage
from ocr.reading.sniffing import UnknownKind, sniff

_QUALITY = 80
_EFFORT = 1  # of 6: more saves a tenth of the bytes and takes four times as long


def draw_page(*, content: bytes, number: int, page: Page | None, dpi: int, limits: ReadingLimits) -> bytes:
    """The page as WebP, at most six megapixels: a large one has fewer than `dpi`. `page` is how it was
    read, None for one that was not.

    Raises UnreadableDocument, MemoryError.
    """
    try:
        kind = sniff(content)
    except UnknownKind as error:
        raise UnreadableDocument(code="unsupported", message=error.message) from error
    if kind in {"ubl", "cii"}:
        raise UnreadableDocument(
            code="no_pages", message=Sentence("An e-invoice has no pages; its values are all there is.")
        )
    raw_page = raw_page_of_pdf if kind == "pdf" else raw_page_of_image
    raw = raw_page(content=content, number=number, limits=limits)
    pixels = _straight(raw, dpi) if page is None or _lies_straight(page) else _turned(raw, page, dpi)
    if pixels is None or pixels.size == 0:
        raise UnreadableDocument(
            code="corrupt", message=Sentence("Page {number} cannot be drawn; send the invoice again.", number=number)
        )
    out = BytesIO()
    Image.fromarray(pixels).save(out, "WEBP", quality=_QUALITY, method=_EFFORT)
    return out.getvalue()


def _lies_straight(page: Page) -> bool:
    return not page.slant and not page.quarter_turns


def _straight(raw: RawPage, dpi: int) -> RgbImage:
    scale = _scale(raw.width, raw.height, dpi)
    cut = raw.cut(Box(0, 0, raw.width, raw.height), scale)
    width, height = ceil(raw.width * scale), ceil(raw.height * scale)
    if cut.pixels.shape[1] <= width * 1.1:
        return cut.pixels
    # A photograph holds far more than a screen shows.
    smaller = Image.fromarray(cut.pixels).resize((width, height), Image.Resampling.BOX)
    return np.asarray(smaller)


def _turned(raw: RawPage, page: Page, dpi: int) -> RgbImage | None:
    window = Box(0, 0, page.width, page.height)
    return drawn(raw=raw, page=page, window=window, scale=_scale(page.width, page.height, dpi))


def _scale(width: float, height: float, dpi: int) -> float:
    """Pixels to the point."""
    return min(dpi / 72, 0.99 * sqrt(MOST_PIXELS / max(width * height, 1.0)))
