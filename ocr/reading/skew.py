"""How far a page image slants, and the image set straight.

Scans are fed in askew and photographs are taken askew. An engine reads slanted lines well, but the boxes of words that
stand on one line then no longer share a height, and labels part from their values.
"""

from dataclasses import dataclass
from math import ceil, cos, radians, sin, tan
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.reading.engines import RgbImage

STEEPEST_DEGREES = 6.0
LEAST_DEGREES = 0.4
"""Less is left as it is: no two lines meet by it, and straightening costs a little sharpness."""

_COARSE_STEP, _FINE_STEP = 0.5, 0.1
_LONG_SIDE = 1200
_DARKER = 24  # of 255, than the paper right below: the foot of a letter or a rule
_FEWEST_POINTS = 400
_MOST_POINTS = 24_000
_CLEARLY = 1.15  # times the concentration of the page as it lies


@dataclass(frozen=True, slots=True)
class StraightImage:
    """`degrees` is how far the image was turned clockwise to be straight; 0 where it was left as it was."""

    pixels: RgbImage
    degrees: float


def straightened(*, pixels: RgbImage, grey: NDArray[np.uint8]) -> StraightImage:
    """The RGB image with its lines of text level, or upright where the page lies on its side.

    `grey` is the same image in grey. The size stays unless something printed would fall over the edge; what comes in
    from outside has the colour of the paper.
    """
    degrees = slant_of(grey)
    if abs(degrees) < LEAST_DEGREES:
        return StraightImage(pixels, 0.0)
    paper = tuple(int(value) for value in np.median(pixels[::16, ::16].reshape(-1, 3), axis=0))
    turned = _turned(pixels, degrees, paper=paper, is_expanded=_falls_over_edge(grey, degrees))
    return StraightImage(turned, -degrees)


def _turned(pixels: RgbImage, degrees: float, *, paper: tuple[int, ...], is_expanded: bool) -> RgbImage:
    """Counter-clockwise around the middle, in the same frame or in one that holds all of it. OpenCV does in a third of
    the time what Pillow does."""
    height, width = pixels.shape[:2]
    matrix: Any = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    if is_expanded:
        across, down = abs(cos(radians(degrees))), abs(sin(radians(degrees)))
        wider, higher = ceil(width * across + height * down), ceil(width * down + height * across)
        matrix[:, 2] += (wider - width) / 2, (higher - height) / 2
        width, height = wider, higher
    turned: Any = cv2.warpAffine(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
    )
    return np.asarray(turned, np.uint8)


def slant_of(grey: NDArray[np.uint8]) -> float:
    """Degrees by which lines of text, level or on their end, fall clockwise, at most `STEEPEST_DEGREES`; 0 where
    nothing tells.

    The slant at which the feet of letters fall into the fewest rows (or columns): Postl's projection profile.
    """
    (level, clearly), (on_end, as_clearly) = _slants(grey)
    return level if clearly >= as_clearly else -on_end


def lines_stand_on_end(grey: NDArray[np.uint8]) -> bool:
    """Whether the columns of the image look more like lines of text than its rows do."""
    (_, clearly), (_, as_clearly) = _slants(grey)
    return as_clearly > clearly


def _slants(grey: NDArray[np.uint8]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The best slant of the rows and of the columns, as `_best_slant` gives them."""
    small = _reduced(grey)
    return _best_slant(_feet(small)), _best_slant(_feet(np.ascontiguousarray(small.T)))


def _best_slant(points: tuple[NDArray[np.float32], NDArray[np.float32]]) -> tuple[float, float]:
    """Degrees and how clearly; (0, 0) where the points are too few or no slant is much better than none."""
    across, down = points
    if across.size < _FEWEST_POINTS:
        return 0.0, 0.0
    steps = ceil(STEEPEST_DEGREES / _COARSE_STEP)
    slants = [step * _COARSE_STEP for step in range(-steps, steps + 1)]
    coarse = {slant: _concentration(across, down, slant) for slant in slants}
    near = max(coarse, key=coarse.__getitem__)
    reach = round(_COARSE_STEP / _FINE_STEP)
    slants = [near + step * _FINE_STEP for step in range(-reach, reach + 1)]
    fine = {slant: _concentration(across, down, slant) for slant in slants}
    best = max(fine, key=fine.__getitem__)
    if abs(best) > STEEPEST_DEGREES or fine[best] < _CLEARLY * coarse[0.0]:
        # A slant of a few tenths is not much better than none, and is left as it is all the same.
        best = 0.0
    usual = float(np.median(list(coarse.values()))) or 1.0
    return round(best, 1), max(fine.values()) / usual


def _concentration(across: NDArray[np.float32], down: NDArray[np.float32], degrees: float) -> float:
    rows = (down - across * np.float32(tan(radians(degrees)))).astype(np.int32)
    counts = np.bincount(rows - rows.min()).astype(np.float64)
    return float(np.square(counts).sum())


def _feet(small: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where dark turns to light from one row to the next, as (across, down); a sample where there are very many."""
    if min(small.shape) < 2:
        return np.empty(0, np.float32), np.empty(0, np.float32)
    # Differences below nothing are nothing: OpenCV's subtraction of bytes saturates.
    _, edge = cv2.threshold(cv2.subtract(small[1:], small[:-1]), _DARKER, 255, cv2.THRESH_BINARY)
    points: Any = cv2.findNonZero(edge)
    if points is None:
        return np.empty(0, np.float32), np.empty(0, np.float32)
    points = points.reshape(-1, 2)  # OpenCV 4 gives (n, 1, 2)
    sample = points[:: max(1, len(points) // _MOST_POINTS)].astype(np.float32)
    return np.ascontiguousarray(sample[:, 0]), np.ascontiguousarray(sample[:, 1])


def _reduced(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    factor = max(1, max(grey.shape) // _LONG_SIDE)
    return np.asarray(Image.fromarray(grey).reduce(factor)) if factor > 1 else grey


def _falls_over_edge(grey: NDArray[np.uint8], degrees: float) -> bool:
    """Whether something printed in the outermost strips would be cut off by a turn within the same frame."""
    small = _reduced(grey)
    height, width = small.shape
    across, down = _feet(small)
    turn = radians(degrees)
    x, y = across - width / 2, down - height / 2
    new_x = x * np.cos(turn) + y * np.sin(turn)
    new_y = y * np.cos(turn) - x * np.sin(turn)
    outside = (np.abs(new_x) > width / 2) | (np.abs(new_y) > height / 2)
    return int(np.count_nonzero(outside)) > 20
