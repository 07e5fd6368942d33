"""One page image in, one page out: codes and words, in points."""

from collections.abc import Callable
from dataclasses import dataclass

from ocr.reading.codes import find_codes, to_grey
from ocr.reading.document import Box, CodeWitness, Page, Word
from ocr.reading.engines import OcrEngine, RgbImage
from ocr.reading.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True)
class PageImage:
    """An upright RGB image of a page and the length of a pixel's side in points."""

    number: int
    pixels: RgbImage
    points_per_pixel: float


def read_page_image(
    *, image: PageImage, engine: Callable[[], OcrEngine], stopwatch: Stopwatch
) -> tuple[Page, tuple[CodeWitness, ...]]:
    """The page as the engine reads it, and the codes on it. The engine is asked for only when there is something to
    read: an empty sheet comes back without words."""
    height, width = image.pixels.shape[:2]
    scale = image.points_per_pixel
    with stopwatch.measure("codes"):
        grey = to_grey(image.pixels)
        codes = find_codes(grey=grey, page=image.number, points_per_pixel=scale)
    words: tuple[Word, ...] = ()
    name = None
    if int(grey.max()) - int(grey.min()) > 16:
        with stopwatch.measure("load_engine"):
            loaded = engine()
        name = loaded.name
        with stopwatch.measure("ocr"):
            words = tuple(
                Word(
                    word.text, Box(word.x0 * scale, word.y0 * scale, word.x1 * scale, word.y1 * scale), word.confidence
                )
                for word in loaded.read(image.pixels)
            )
    page = Page(number=image.number, width=width * scale, height=height * scale, source="ocr", words=words, engine=name)
    return page, codes
