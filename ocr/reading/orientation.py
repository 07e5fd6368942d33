"""Which way up a page image lies, told by what an engine makes of it.

Engines read a line that stands on its end, and read upside-down lines as nonsense that they are unsure of: upright
pages come with a mean confidence above 0.9, inverted ones around 0.7.
"""

from dataclasses import dataclass

import numpy as np

from ocr.reading.codes import to_grey
from ocr.reading.engines import OcrEngine, RecognisedWord, RgbImage
from ocr.reading.skew import lines_stand_on_end

_SURE = 0.85
_CLEARLY_BETTER = 0.08
_SIDEWAYS_SHARE = 0.5
_TALL = 1.2
_ENOUGH_WORDS = 5


@dataclass(frozen=True, slots=True)
class UprightReading:
    """`pixels` is the image as it was read in the end, `quarter_turns` how often it was turned counter-clockwise."""

    pixels: RgbImage
    words: tuple[RecognisedWord, ...]
    quarter_turns: int


def read_upright(*, engine: OcrEngine, pixels: RgbImage) -> UprightReading:
    """The words of the image, turned upright where it lies on its side or its head.

    An upright page is read once; a page that is not, twice or three times.
    """
    best = UprightReading(pixels, engine.read(pixels), 0)
    if len(best.words) < _ENOUGH_WORDS:
        return best
    for turns in _other_ways(best):
        turned = np.ascontiguousarray(np.rot90(pixels, turns))
        other = UprightReading(turned, engine.read(turned), turns)
        if _is_better(other, best):
            best = other
        if _sureness(best.words) >= _SURE and not _is_sideways(best.words):
            break
    return best


def _other_ways(reading: UprightReading) -> tuple[int, ...]:
    sure = _sureness(reading.words) >= _SURE
    # Lines on their end and upside down may come as shreds that are neither tall nor wide; the page itself tells.
    if _is_sideways(reading.words) or (not sure and lines_stand_on_end(to_grey(reading.pixels))):
        # RapidOCR turns lines that stand on their end counter-clockwise; where they then make sense, so will the page.
        return (1, 3) if sure else (3, 1)
    return () if sure else (2,)


def _is_better(other: UprightReading, best: UprightReading) -> bool:
    if _is_sideways(other.words):
        return False
    if _is_sideways(best.words):
        return True
    return _sureness(other.words) > _sureness(best.words) + _CLEARLY_BETTER


def _sureness(words: tuple[RecognisedWord, ...]) -> float:
    """The mean confidence of a character; 0 where nothing was read."""
    characters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / characters if characters else 0.0


def _is_sideways(words: tuple[RecognisedWord, ...]) -> bool:
    """True when most words that are wide when upright are taller than wide."""
    long_words = [word for word in words if len(word.text) >= 4]
    tall = sum(word.y1 - word.y0 > _TALL * (word.x1 - word.x0) for word in long_words)
    return bool(long_words) and tall / len(long_words) > _SIDEWAYS_SHARE
