"""Which way up a page lies, told by an engine that reads as a real one does: upright lines well, others badly."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from ocr.reading.engines import RecognisedWord, RgbImage
from ocr.reading.orientation import read_upright

WIDE, TALL = (60.0, 10.0), (10.0, 60.0)


def words(confidence: float, size: tuple[float, float] = WIDE, *, number: int = 8) -> tuple[RecognisedWord, ...]:
    return tuple(RecognisedWord("Rechnung", 5, 5, 5 + size[0], 5 + size[1], confidence) for _ in range(number))


@dataclass
class Reader:
    """Gives these words for a page turned so often counter-clockwise; notes in which order it was asked."""

    by_turns: dict[int, tuple[RecognisedWord, ...]]
    asked: list[int] = field(default_factory=list)
    name: str = "test"
    version: str = "test 1"
    languages: tuple[str, ...] = ()

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        (turns,) = (each for each in range(4) if np.rot90(image, -each)[0, 0].max() == 0)
        self.asked.append(turns)
        return self.by_turns.get(turns, ())


def page() -> RgbImage:
    """Its corner at the top left is black, so that one sees how it was turned; lines of text lie across it."""
    pixels = np.full((400, 300, 3), 255, np.uint8)
    for row in range(40, 360, 20):
        pixels[row : row + 8, 30:270] = 120
    pixels[0, 0] = 0
    return pixels


@pytest.mark.parametrize(
    ("by_turns", "turns", "asked"),
    [
        ({0: words(0.95)}, 0, [0]),
        ({0: words(0.5, number=2)}, 0, [0]),  # too little to tell by
        ({0: words(0.7), 2: words(0.95)}, 2, [0, 2]),
        ({0: words(0.7), 2: words(0.75)}, 0, [0, 2]),  # no clear gain
        ({0: words(0.7), 2: words(0.99, TALL)}, 0, [0, 2]),
        ({0: words(0.95, TALL), 1: words(0.95)}, 1, [0, 1]),
        ({0: words(0.95, TALL), 1: words(0.6), 3: words(0.95)}, 3, [0, 1, 3]),
        ({0: words(0.6, TALL), 3: words(0.95)}, 3, [0, 3]),
        ({0: words(0.6, TALL), 3: words(0.6, TALL), 1: words(0.95)}, 1, [0, 3, 1]),
        ({0: words(0.6, TALL), 3: words(0.5, TALL), 1: words(0.5, TALL)}, 0, [0, 3, 1]),
    ],
)
def test_a_page_is_read_in_other_ways_until_it_makes_sense(
    by_turns: dict[int, tuple[RecognisedWord, ...]], turns: int, asked: list[int]
) -> None:
    engine = Reader(by_turns)
    reading = read_upright(engine=engine, pixels=page())

    assert (reading.quarter_turns, engine.asked) == (turns, asked)
    assert reading.words == by_turns[turns]
    assert np.array_equal(reading.pixels, np.rot90(page(), turns))


def test_shreds_on_a_page_whose_lines_stand_on_end_are_turned_by_what_the_page_shows() -> None:
    engine = Reader({1: words(0.5), 0: words(0.95), 2: words(0.5)})
    standing = np.ascontiguousarray(np.rot90(page(), 1))

    reading = read_upright(engine=engine, pixels=standing)

    assert (reading.quarter_turns, engine.asked) == (3, [1, 0])


def test_an_empty_page_is_read_once() -> None:
    engine = Reader({})
    assert read_upright(engine=engine, pixels=page()).words == ()
    assert engine.asked == [0]
