"""Regions of a page read once more: drawn larger from the document, turned as the page was, by each engine asked.

A scan often holds more than the 200 dpi at which a whole page is read, a larger picture is seen with other eyes, and a
second engine makes other mistakes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ocr.reading.document import Box, Page, Region, Rereading, Word
from ocr.reading.drawing import drawn
from ocr.reading.engines import EngineUnavailable, OcrEngine, RgbImage
from ocr.reading.images import raw_page_of_image
from ocr.reading.limits import ReadingLimits
from ocr.reading.pdf import raw_page_of_pdf
from ocr.reading.sniffing import sniff
from ocr.reading.stopwatch import Stopwatch

DPI = 300
_SCALE = DPI / 72  # pixels to the point
_MARGIN_HEIGHTS = 0.8  # of the region, on every side: an engine wants to see where a line ends
_LEAST_MARGIN, _MOST_MARGIN = 4.0, 14.0  # points


@dataclass(frozen=True, slots=True)
class PageRegion:
    """A region with the page that it is on, as the page was read."""

    region: Region
    page: Page


def read_regions(
    *,
    content: bytes,
    regions: Sequence[PageRegion],
    limits: ReadingLimits,
    engines: Sequence[Callable[[], OcrEngine]],
    stopwatch: Stopwatch,
) -> Iterator[Rereading]:
    """What each engine reads in each region; boxes are in points of the page as it was read.

    An engine that is not there is left out. Raises UnreadableDocument, MemoryError.
    """
    kind = sniff(content)
    raw_page = raw_page_of_pdf if kind == "pdf" else raw_page_of_image
    for each in regions:
        with stopwatch.measure("draw"):
            window = _window(each.region.box, each.page)
            raw = raw_page(content=content, number=each.region.page, limits=limits)
            pixels = drawn(raw=raw, page=each.page, window=window, scale=_SCALE)
        if pixels is None:
            continue
        for engine in engines:
            with suppress(EngineUnavailable):
                with stopwatch.measure("load_engine"):
                    loaded = engine()
                with stopwatch.measure(f"ocr_{loaded.name}"):
                    yield Rereading(each.region, loaded.name, _words(loaded, pixels, window, each.region.box))


def _window(box: Box, page: Page) -> Box:
    margin = min(max(_MARGIN_HEIGHTS * (box.y1 - box.y0), _LEAST_MARGIN), _MOST_MARGIN)
    return Box(
        max(box.x0 - margin, 0.0),
        max(box.y0 - margin, 0.0),
        min(box.x1 + margin, page.width),
        min(box.y1 + margin, page.height),
    )


def _words(engine: OcrEngine, pixels: RgbImage, window: Box, box: Box) -> tuple[Word, ...]:
    """Those whose middle is in the region: the margin shows neighbours as well."""
    words = (
        Word(
            word.text,
            Box(
                window.x0 + word.x0 / _SCALE,
                window.y0 + word.y0 / _SCALE,
                window.x0 + word.x1 / _SCALE,
                window.y0 + word.y1 / _SCALE,
            ),
            word.confidence,
        )
        for word in engine.read(pixels)
    )
    return tuple(word for word in words if lies_in(word.box, box))


def lies_in(one: Box, other: Box) -> bool:
    """Whether the middle of one box is in the other, with two points of tolerance across."""
    x, y = (one.x0 + one.x1) / 2, (one.y0 + one.y1) / 2
    return other.x0 - 2 <= x <= other.x1 + 2 and other.y0 <= y <= other.y1
