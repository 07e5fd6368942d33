"""How many slips of a hand or of an engine lie between the words of two names. Pure.

A slip is one letter more, less, other or exchanged with its neighbour, letters that engines take for others, a space
more or less, or another order of the words. What is not made of a few slips is another name, however many letters the
two share.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import permutations

from rapidfuzz.distance import OSA

# Letters and digits that engines take for one another; in a word that is all digits they may be the difference.
_MISREAD = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "i"), ("l", "i"), ("5", "s"), ("8", "b"))
# Two letters that engines read as one, or one as two. Anywhere else they are other letters: `Klaus` is no `Kiaus`.
_READ_AS_ONE = frozenset({("cl", "d"), ("ii", "u"), ("nn", "m"), ("rn", "m"), ("ni", "m"), ("in", "m"), ("vv", "w")})
# In shorter words another letter makes another word (`Bach` and `Buch`).
_SHORTEST = 5
_SHORTEST_FOR_TWO = 7
_TWO_IN_ONE_WORD = 3
_MOST_WORDS = 3


def slips(*, one: str, other: str) -> int | None:
    """The fewest slips that make one name key of the other; 0 for the same, None for the words of another name. Two in
    one word count as three: so another word comes about. Words in another order are one."""
    left, right = one.split(), other.split()
    only_left, only_right = _rest(left, right), _rest(right, left)
    even = len(only_left) == len(only_right)
    count = int(_order(left, only_left, with_gaps=even) != _order(right, only_right, with_gaps=even))
    if not only_left and not only_right:
        return count
    joined_left, joined_right = "".join(only_left), "".join(only_right)
    if joined_left == joined_right:
        return count + 1
    if not even:
        together = word_slips(joined_left, joined_right)
        return None if together is None else count + 1 + together
    if len(only_left) > _MOST_WORDS:
        return None
    ways = [each for order in permutations(only_right) if (each := _one_by_one(only_left, order)) is not None]
    return count + min(ways) if ways else None


def word_slips(one: str, other: str) -> int | None:
    """The same of two words. Numbers must agree."""
    if one == other:
        return 0
    if is_misread(one, other):
        return 1
    longer = max(len(one), len(other))
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other) or longer < _SHORTEST:
        return None
    distance = OSA.distance(one, other, score_cutoff=2)
    if distance == 2 and longer >= _SHORTEST_FOR_TWO:
        return _TWO_IN_ONE_WORD
    return 1 if distance == 1 else None


def is_misread(one: str, other: str) -> bool:
    """Whether it is what engines confuse that makes the difference between two words."""
    if shape(one) == shape(other):
        return True
    if max(len(one), len(other)) < _SHORTEST:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return (left, right) in _READ_AS_ONE or (right, left) in _READ_AS_ONE


def shape(word: str) -> str:
    """The word with one letter for what engines confuse; numbers and short words, which tell companies apart, stay."""
    if len(word) > 2 and not word.isdigit():
        for seen, meant in _MISREAD:
            word = word.replace(seen, meant)
    return word


def _rest(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words that the others do not have, in their order."""
    left = Counter(words) - Counter(others)
    rest = []
    for word in words:
        if left[word]:
            left[word] -= 1
            rest.append(word)
    return rest


def _order(words: Sequence[str], rest: Sequence[str], *, with_gaps: bool) -> list[str]:
    """The words without the rest, with a gap for each of those where it counts at what place they stand."""
    left, order = Counter(rest), []
    for word in words:
        if left[word] <= 0:
            order.append(word)
        elif with_gaps:
            order.append("")
        left[word] -= 1
    return order


def _one_by_one(left: Sequence[str], right: Sequence[str]) -> int | None:
    total = 0
    for here, there in zip(left, right, strict=True):
        count = word_slips(here, there)
        if count is None:
            return None
        total += count
    return total
