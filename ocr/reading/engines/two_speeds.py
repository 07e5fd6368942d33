"""Spelling at two speeds: all lines with a tiny network, and those that a payment may hang on with a careful one.

The tiny one takes a quarter of the time for a line. It is as good at plain words that it is sure of; figures, codes
and addresses are never left to it.
"""

import re
from typing import Any

from numpy.typing import NDArray

from ocr.reading.engines import RgbImage
from ocr.reading.engines.lines import Recogniser, SpelledLine

_SURE = 0.97
_DIGIT_OR_ADDRESS = re.compile(r"[\d@€$£¥%]")
_CODE = re.compile(r"(?<![A-Za-z])(?:[A-Z]{8}|[A-Z]{11})(?![A-Za-z])")  # as long as a BIC


class TwoSpeedRecogniser:
    def __init__(self, *, quick: Recogniser, careful: Recogniser) -> None:
        self._quick = quick
        self._careful = careful

    def spell(self, image: RgbImage, quads: NDArray[Any]) -> list[SpelledLine]:
        """The lines of an RGB image in the order of their quads."""
        lines = self._quick.spell(image, quads)
        again = [index for index, line in enumerate(lines) if deserves_care(line)]
        for index, line in zip(again, self._careful.spell_again([lines[index] for index in again]), strict=True):
            lines[index] = line
        return lines


def deserves_care(line: SpelledLine) -> bool:
    """Whether it has figures, an e-mail address or a code, or was not read with certainty."""
    return bool(line.confidence < _SURE or _DIGIT_OR_ADDRESS.search(line.text) or _CODE.search(line.text))
