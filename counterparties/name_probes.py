"""What to ask an index of trigrams so that a name is found although some of its letters are wrong. Pure.

A name is cut into pieces. A mistake spoils one piece, or two next to each other; whatever pieces are left must still
find it. A piece that half the books share (`technik`) finds too many, so pieces are taken together until they are rare
in a sample of the books.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

Probe = tuple[str, ...]

_SHORTEST = 3  # what an index of trigrams can look up
_LONGEST = 5
_MOST_PIECES = 10
_MOST_TOGETHER = 3
# Rows that a probe may be expected to find: few where there is a choice, more where nothing rarer would be left.
_RARE_ROWS = 500
_MOST_ROWS = 6_000
_MOST_ROWS_OF_ALL = 8_000


@dataclass(frozen=True, slots=True)
class NameSample:
    """Some of the names in the books, evenly drawn, and how many there are in all."""

    names: tuple[str, ...]
    total: int

    @property
    def is_complete(self) -> bool:
        return len(self.names) >= self.total


def probes(*, key: str, sample: NameSample) -> tuple[Probe, ...]:
    """The pieces to look for, rarest first: a name may be meant that has all pieces of any one probe.

    Empty when the name is too short or too common for such a look-up.
    """
    pieces = _pieces(key)
    rows = _Rows(pieces, sample)
    rare: list[Probe] = []
    for count in range(1, _MOST_TOGETHER + 1):
        for probe in combinations(pieces, count):
            if not _covers(rare, probe) and rows.expected(probe) <= _RARE_ROWS:
                rare.append(probe)
    for left in _what_mistakes_leave(pieces):
        if not _covers(rare, left) and rows.expected(left) <= _MOST_ROWS:
            rare.append(left)
    return tuple(_affordable(rare, rows))


def trigrams(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[start : start + 3] for start in range(len(text) - 2)))


def _pieces(key: str) -> tuple[str, ...]:
    """Beginnings, middles and ends of the words, so short that no mistake touches both ends; of one word alone, all
    trigrams."""
    words = [word for word in key.split() if len(word) >= _SHORTEST]
    if len(words) == 1:
        return trigrams(words[0])[:_MOST_PIECES]
    found: dict[str, None] = {}
    for word in words:
        size = min(max((len(word) - 1) // 2, _SHORTEST), _LONGEST)
        middle = (len(word) - size) // 2
        found |= dict.fromkeys([word[:size], word[middle : middle + size], word[-size:]])
    longest_first = sorted(found, key=len, reverse=True)[:_MOST_PIECES]
    return tuple(piece for piece in found if piece in longest_first)


def _what_mistakes_leave(pieces: Sequence[str]) -> Iterable[Probe]:
    """The pieces without one, for the mistake that nothing rare would survive; all of them, where there is only one."""
    if len(pieces) < 2:
        return [tuple(pieces)] if pieces else []
    return combinations(pieces, len(pieces) - 1)


def _covers(rare: Iterable[Probe], probe: Probe) -> bool:
    """Whether whatever `probe` finds is found already."""
    return any(set(known) <= set(probe) for known in rare)


def _affordable(found: Iterable[Probe], rows: "_Rows") -> Iterable[Probe]:
    left = float(_MOST_ROWS_OF_ALL)
    for probe in sorted(found, key=rows.expected):
        left -= rows.expected(probe)
        if left < 0:
            return
        yield probe


class _Rows:
    """How many rows of the books have certain pieces, estimated from the sample."""

    def __init__(self, pieces: Iterable[str], sample: NameSample) -> None:
        self._each = sample.total / max(len(sample.names), 1)
        self._with = {
            piece: frozenset(place for place, name in enumerate(sample.names) if piece in name) for piece in pieces
        }

    def expected(self, probe: Probe) -> float:
        return len(frozenset.intersection(*(self._with[piece] for piece in probe))) * self._each
