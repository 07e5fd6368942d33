"""The pieces of names that an index holds, so that a name is found although some of its letters are wrong. Pure.

Of each word the beginning and the end: a mistake in a long word leaves one of them, and all pieces of the other words.
A name of one or two words has few others to rely on. Of these the index also holds each word as it is and without each
one of its letters: two words that differ by one letter, or by two neighbours changing places, then share a piece.
"""

import re

LONGEST = 4
_FEW_WORDS = 2
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 8
# Of a word as short as a piece, anything less would be another word; in one as long, two mistakes are likelier.
_SPELT_OUT = range(LONGEST + 1, 21)


def name_pieces(*keys: str) -> str:
    """The pieces of all these name keys, each once, between spaces; empty when there are none.

    A key may hold several names between bars, as `names.alias_keys` gives them.
    """
    names = [name for key in keys for name in key.split("|")]
    found = dict.fromkeys(piece for name in names for piece in (*pieces(name), *spellings(name)))
    return " ".join(found)


def pieces(name: str) -> tuple[str, ...]:
    """Beginnings and ends of the longest words, in the order of the name."""
    return tuple(dict.fromkeys(piece for word in longest_words(name, _MOST_WORDS) for piece in ends(word)))


def spellings(name: str) -> tuple[str, ...]:
    """Each word of a name that has few, as it is and without each one of its letters."""
    words = _WORD.findall(name)
    if len(words) > _FEW_WORDS:
        return ()
    return tuple(dict.fromkeys(each for word in words if len(word) in _SPELT_OUT for each in _without_one(word)))


def ends(word: str) -> tuple[str, ...]:
    """Its beginning and its end, which are one where the word is no longer than a piece."""
    return tuple(dict.fromkeys((word[:LONGEST], word[-LONGEST:])))


def longest_words(name: str, most: int) -> list[str]:
    """The longest words of a name, each once, in the order of the name."""
    words = dict.fromkeys(_WORD.findall(name))
    kept = set(sorted(words, key=len, reverse=True)[:most])
    return [word for word in words if word in kept]


def _without_one(word: str) -> tuple[str, ...]:
    return (word, *(word[:place] + word[place + 1 :] for place in range(len(word))))
