"""A page as the document holds it, neither turned nor straightened, of which parts can be drawn."""

from collections.abc import Callable
from dataclasses import dataclass

from ocr.reading.document import Box
from ocr.reading.engines import RgbImage


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of a page; `x0` and `y0` are the points at which its first pixel begins."""

    pixels: RgbImage
    x0: float
    y0: float
    points_per_pixel: float


@dataclass(frozen=True, slots=True)
class RawPage:
    """Width and height in points. `cut` draws a box of it at about that many pixels to the point, or as finely as the
    document holds it."""

    width: float
    height: float
    cut: Callable[[Box, float], Cut]
