"""How far the text of a scanned page slants, so that the words of one line are found to be on one line."""

from collections import Counter
from collections.abc import Sequence

from ocr.reading.document import Word

STEEPEST = 0.04
"""Slope, about 2.3 degrees: pages turned further are straightened while they are read."""

_STEP = 0.002
_BIN = 2.0
_FEWEST = 20
_MOST = 800


def slope_of(words: Sequence[Word]) -> float:
    """Points down per point to the right; 0 where the page is straight or has too few words to tell.

    The slope at which the words' middles fall into the fewest heights, as in a projection profile.
    """
    if len(words) < _FEWEST:
        return 0.0
    sample = words[:: max(1, len(words) // _MOST)]
    middles = [((word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2) for word in sample]
    steps = round(STEEPEST / _STEP)
    scores = {step * _STEP: _concentration(middles, step * _STEP) for step in range(-steps, steps + 1)}
    best = max(scores, key=lambda slope: (scores[slope], -abs(slope)))
    return best if scores[best] > 1.15 * scores[0.0] else 0.0


def _concentration(middles: Sequence[tuple[float, float]], slope: float) -> int:
    bins = Counter(int((y - slope * x) / _BIN) for x, y in middles)
    return sum(count * (count + bins.get(height + 1, 0)) for height, count in bins.items())
