"""What to ask the index of pieces so that a name is found although some of its letters are wrong. Pure.

A mistake spoils one piece of a name, or both of a short word; any two of those left must still find it. Two that many
names share (`tech` and `hnik`) find too many, so pieces are taken together until they are rare in a sample of the
books.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Self

from counterparties.name_pieces import ends, longest_words, spellings

Probe = tuple[str, ...]

_MOST_WORDS = 5
_MOST_TOGETHER = 3
# Rows that a probe may be expected to find: few where there is a choice, more where nothing rarer would be left, and
# most where no spelling of a single word finds the name either.
_RARE_ROWS = 300
_MOST_ROWS_OF_SPELT = 1_000
_MOST_ROWS = 3_000
_MOST_ROWS_OF_ALL = 4_000


class NameSample:
    """In which of some of the names in the books each piece stands, and how many names there are in all."""

    def __init__(self, *, places: dict[str, tuple[int, ...]], size: int, total: int) -> None:
        self._places = places
        self.size = size
        self.total = total

    @classmethod
    def of(cls, names: Iterable[str], *, total: int) -> Self:
        """From the `name_pieces` of the names, evenly drawn."""
        places: dict[str, list[int]] = defaultdict(list)
        size = 0
        for place, pieces in enumerate(names):
            size = place + 1
            for piece in pieces.split():
                places[piece].append(place)
        return cls(places={piece: tuple(found) for piece, found in places.items()}, size=size, total=total)

    def places(self, piece: str) -> frozenset[int]:
        return frozenset(self._places.get(piece, ()))


def probes(*, key: str, sample: NameSample) -> tuple[Probe, ...]:
    """The pieces to look for, rarest first: a name may be meant that has all pieces of any one probe.

    Empty when all that the name is made of is too common for such a look-up.
    """
    words = longest_words(key, _MOST_WORDS)
    rows = _Rows(words, sample)
    found: list[Probe] = [(each,) for each in spellings(key) if rows.expected((each,)) <= _RARE_ROWS]
    most = _MOST_ROWS_OF_SPELT if found else _MOST_ROWS
    pieces = tuple(rows.word_of)
    least = 1 if len(pieces) <= 2 else 2
    for count in range(least, _MOST_TOGETHER + 1):
        for probe in combinations(pieces, count):
            if rows.expected(probe) <= _RARE_ROWS and not _covers(found, probe):
                found.append(probe)
    for left in _what_mistakes_leave(words, pieces):
        if rows.expected(left) <= most and not _covers(found, left):
            found.append(left)
    return tuple(_affordable(found, rows))


def _what_mistakes_leave(words: Sequence[str], pieces: Sequence[str]) -> Iterator[Probe]:
    """The pieces without one, and without those of one word, for the mistake that nothing rare would survive; all of
    them, where there is only one."""
    if len(pieces) < 2:
        yield from [tuple(pieces)] if pieces else []
        return
    yield from combinations(pieces, len(pieces) - 1)
    for word in words:
        if left := tuple(piece for piece in pieces if piece not in ends(word)):
            yield left


def _covers(found: Iterable[Probe], probe: Probe) -> bool:
    """Whether whatever `probe` finds is found already."""
    return any(set(known) <= set(probe) for known in found)


def _affordable(found: Iterable[Probe], rows: "_Rows") -> Iterator[Probe]:
    left = float(_MOST_ROWS_OF_ALL)
    for probe in sorted(found, key=rows.expected):
        left -= rows.expected(probe)
        if left < 0:
            return
        yield probe


class _Rows:
    """How many rows of the books have certain pieces, estimated from the sample."""

    def __init__(self, words: Iterable[str], sample: NameSample) -> None:
        self.word_of = {piece: word for word in words for piece in ends(word)}
        self._sample = sample
        self._each = sample.total / max(sample.size, 1)
        self._known: dict[Probe, float] = {}

    def expected(self, probe: Probe) -> float:
        """Where the sample has too few of them to tell, as if words were chosen one by one; of spellings that it does
        not have, none."""
        if probe not in self._known:
            by_word: dict[str, list[frozenset[int]]] = defaultdict(list)
            for piece in probe:
                by_word[self.word_of.get(piece, "")].append(self._sample.places(piece))
            each = {word: frozenset.intersection(*places) for word, places in by_word.items()}
            together = len(frozenset.intersection(*each.values())) * self._each
            at_random = 0.0 if "" in each else self._if_independent([len(places) for places in each.values()])
            self._known[probe] = max(together, at_random)
        return self._known[probe]

    def _if_independent(self, counts: Sequence[int]) -> float:
        """A word that is not in the sample is taken for one that a fourth of such samples would have."""
        rows = float(self._sample.total)
        for count in counts:
            rows *= max(count, 0.25) / max(self._sample.size, 1)
        return rows
