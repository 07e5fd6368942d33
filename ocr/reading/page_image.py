"""One page image in, one page out: codes and words, in points."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from customers.sentences import Sentence
from ocr.reading.codes import find_codes, to_grey
from ocr.reading.document import Box, CodeWitness, Page, ReadingNote, Word
from ocr.reading.engines import OcrEngine, RgbImage
from ocr.reading.orientation import read_upright
from ocr.reading.skew import StraightImage, straightened
from ocr.reading.stopwatch import Stopwatch

_LEAST_CONTRAST = 16  # of 255; under that the sheet is empty


@dataclass(frozen=True, slots=True)
class PageImage:
    """An RGB image of a page and the length of a pixel's side in points."""

    number: int
    pixels: RgbImage
    points_per_pixel: float


@dataclass(frozen=True, slots=True)
class PageReading:
    page: Page
    codes: tuple[CodeWitness, ...] = ()
    notes: tuple[ReadingNote, ...] = ()


def read_page_image(*, image: PageImage, engine: Callable[[], OcrEngine], stopwatch: Stopwatch) -> PageReading:
    """The page as the engine reads it, and the codes on it.

    The engine is asked for only when there is something to read: an empty sheet comes back without words. A page that
    was scanned askew, on its side or on its head comes back upright, with a note: width, height and all boxes are those
    of the upright page.
    """
    with stopwatch.measure("codes"):
        grey = to_grey(image.pixels)
    if int(grey.max()) - int(grey.min()) < _LEAST_CONTRAST:
        return PageReading(_page(image, ()))
    with stopwatch.measure("load_engine"):
        loaded = engine()
    with stopwatch.measure("straighten"):
        straight = straightened(pixels=image.pixels, grey=grey)
    with stopwatch.measure("ocr"):
        reading = read_upright(engine=loaded, pixels=straight.pixels)
    scale = image.points_per_pixel
    upright = PageImage(image.number, reading.pixels, scale)
    with stopwatch.measure("codes"):
        grey = to_grey(upright.pixels) if reading.pixels is not image.pixels else grey
        codes = find_codes(grey=grey, page=image.number, points_per_pixel=scale)
    words = tuple(
        Word(word.text, Box(word.x0 * scale, word.y0 * scale, word.x1 * scale, word.y1 * scale), word.confidence)
        for word in reading.words
    )
    notes = (*_straightened_notes(image.number, straight), *_turned_notes(image.number, reading.quarter_turns))
    page = replace(_page(upright, words, loaded.name), slant=straight.degrees, quarter_turns=reading.quarter_turns)
    return PageReading(page, codes, notes)


def _page(image: PageImage, words: tuple[Word, ...], engine: str | None = None) -> Page:
    height, width = image.pixels.shape[:2]
    scale = image.points_per_pixel
    return Page(
        number=image.number, width=width * scale, height=height * scale, source="ocr", words=words, engine=engine
    )


def _turned_notes(number: int, quarter_turns: int) -> tuple[ReadingNote, ...]:
    if not quarter_turns:
        return ()
    angle = quarter_turns * 90
    return (
        ReadingNote(
            "page_turned",
            Sentence(
                "Page {number} was turned by {angle} degrees counter-clockwise to be read.", number=number, angle=angle
            ),
        ),
    )


def _straightened_notes(number: int, straight: StraightImage) -> tuple[ReadingNote, ...]:
    if not straight.degrees:
        return ()
    way = Sentence("clockwise") if straight.degrees > 0 else Sentence("counter-clockwise")
    message = Sentence(
        "Page {number} lay askew and was set straight by {degrees} degrees {way}.",
        number=number,
        degrees=format(abs(straight.degrees), ".1f"),
        way=way,
    )
    return (ReadingNote("page_straightened", message),)
