"""Where on a page image something looks like a two-dimensional code: blocks that are about half dark and restless.

Text is mostly paper, a logo or a photograph has few edges; the modules of a code change at every other sample.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_STEP = 3  # pixels between samples
_BLOCK = 12  # samples along the side of a block: about 4.5 mm at 200 dpi
_LEAST_CONTRAST = 70
_DARK = (0.3, 0.7)
_LEAST_CHANGES = 0.25  # share of neighbouring samples that differ, the mean of both directions
_LEAST_BLOCKS = 4


@dataclass(frozen=True, slots=True)
class Region:
    """In pixels of the page image, the right and lower bounds excluded."""

    left: int
    top: int
    right: int
    bottom: int


def code_like_regions(grey: NDArray[np.uint8]) -> Iterator[Region]:
    """The places, largest first, bounded by whole blocks: a code may reach a block or two further."""
    marked = _marked_blocks(grey)
    side = _STEP * _BLOCK
    for blocks in sorted(_connected(marked), key=len, reverse=True):
        if len(blocks) < _LEAST_BLOCKS:
            return
        rows, columns = [row for row, _ in blocks], [column for _, column in blocks]
        yield Region(
            left=min(columns) * side,
            top=min(rows) * side,
            right=(max(columns) + 1) * side,
            bottom=(max(rows) + 1) * side,
        )


def _marked_blocks(grey: NDArray[np.uint8]) -> set[tuple[int, int]]:
    sampled = grey[::_STEP, ::_STEP]
    down, across = sampled.shape[0] // _BLOCK, sampled.shape[1] // _BLOCK
    if not down or not across:
        return set()
    blocks = sampled[: down * _BLOCK, : across * _BLOCK].reshape(down, _BLOCK, across, _BLOCK).swapaxes(1, 2)
    lightest, darkest = blocks.max(axis=(2, 3)).astype(np.int16), blocks.min(axis=(2, 3)).astype(np.int16)
    contrasted = np.argwhere(lightest - darkest >= _LEAST_CONTRAST)
    rows, columns = contrasted[:, 0], contrasted[:, 1]
    middle = ((lightest + darkest) // 2)[rows, columns]
    dark = blocks[rows, columns] < middle[:, None, None]
    share = dark.mean(axis=(1, 2))
    changes = (
        (dark[:, 1:, :] != dark[:, :-1, :]).mean(axis=(1, 2)) + (dark[:, :, 1:] != dark[:, :, :-1]).mean(axis=(1, 2))
    ) / 2
    like_code = (share >= _DARK[0]) & (share <= _DARK[1]) & (changes >= _LEAST_CHANGES)
    return {(int(row), int(column)) for row, column in contrasted[like_code]}


def _connected(marked: set[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The marked blocks in groups whose members touch each other, also at a corner."""
    left = set(marked)
    while left:
        group = [left.pop()]
        for row, column in group:
            near = {(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)} & left
            left -= near
            group.extend(near)
        yield group
