"""Splitting a recognised line into words, since labels and values stand side by side in one line."""

from collections.abc import Sequence

from ocr.reading.engines import RecognisedWord

Corner = Sequence[float]

_NARROW = frozenset("ijl.,:;'|!I()[]{}ftr/\\-1 ")
_WIDE = frozenset("mwMWQO@%&€")


def split_line(*, text: str, corners: Sequence[Corner], confidence: float) -> tuple[RecognisedWord, ...]:
    """The words of a line, each boxed by its share of the line's length.

    `corners` are the line's four corners in pixels: top left, top right, bottom right, bottom left.
    """
    total = sum(map(_width, text))
    if not text.strip() or not total:
        return ()
    words = []
    position = 0
    for piece in text.split():
        start = text.index(piece, position)
        position = start + len(piece)
        first = sum(map(_width, text[:start])) / total
        last = sum(map(_width, text[:position])) / total
        words.append(boxed_word(text=piece, corners=_part(corners, first, last), confidence=confidence))
    return tuple(words)


def boxed_word(*, text: str, corners: Sequence[Corner], confidence: float) -> RecognisedWord:
    """A word with the upright box around its corners."""
    across = [float(corner[0]) for corner in corners]
    down = [float(corner[1]) for corner in corners]
    return RecognisedWord(text, min(across), min(down), max(across), max(down), float(confidence))


def _width(character: str) -> float:
    """Its width in a proportional sans serif, an average lower-case letter being 1."""
    if character in _NARROW:
        return 0.55
    if character in _WIDE:
        return 1.55
    return 1.25 if character.isupper() else 1.0


def _part(corners: Sequence[Corner], first: float, last: float) -> tuple[Corner, ...]:
    top_left, top_right, bottom_right, bottom_left = corners
    return (
        _between(top_left, top_right, first),
        _between(top_left, top_right, last),
        _between(bottom_left, bottom_right, last),
        _between(bottom_left, bottom_right, first),
    )


def _between(start: Corner, end: Corner, share: float) -> Corner:
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
