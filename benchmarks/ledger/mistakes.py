"""How a name gets wrong on its way: typing mistakes, misread letters, other spellings and other orders. Pure."""

import random
import re
import unicodedata

_LETTERS = "abcdefghijklmnoprstuvwyz"
# What engines and eyes take for each other on a bad print.
_MISREAD = (
    ("rn", "m"),
    ("m", "rn"),
    ("l", "1"),
    ("i", "l"),
    ("l", "i"),
    ("o", "0"),
    ("e", "c"),
    ("c", "e"),
    ("h", "b"),
    ("u", "ii"),
    ("nn", "m"),
    ("cl", "d"),
    ("d", "cl"),
    ("g", "q"),
    ("s", "5"),
    ("t", "f"),
    ("v", "y"),
    ("B", "8"),
    ("S", "5"),
    ("O", "0"),
)
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "ł": "l", "Ł": "L", "đ": "d"})
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "oe"})


def mistyped(text: str, *, chance: random.Random) -> str:
    """One letter of a word left out, doubled, put in, replaced or changed over with its neighbour."""
    places = [place for place, letter in enumerate(text) if letter.isalpha()]
    while places:
        place = chance.choice(places)
        letter, end = text[place], text[place + 1 :]
        made = chance.choice(
            (
                text[:place] + end,
                text[:place] + letter + letter.lower() + end,
                text[:place] + chance.choice(_LETTERS) + end,
                text[: place + 1] + chance.choice(_LETTERS) + end,
                text[:place] + end[:1] + letter + end[1:] if end[:1].isalpha() else text,
            )
        )
        if made.casefold() != text.casefold():
            return made
    return text


def misread(text: str, *, chance: random.Random) -> str:
    """One pair of letters taken for another that looks like it; the text itself when it has none of them."""
    possible = [pair for pair in _MISREAD if pair[0] in text]
    if not possible:
        return text
    right, wrong = chance.choice(possible)
    places = [found.start() for found in re.finditer(re.escape(right), text)]
    place = chance.choice(places)
    return text[:place] + wrong + text[place + len(right) :]


def transliterated(text: str, *, chance: random.Random) -> str:
    """Without accents: umlauts spelled out or, like all other accents, left away."""
    if chance.random() < 0.5:
        text = text.translate(_SPELLED_OUT)
    plain = text.translate(_PLAIN)
    return "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))


def reordered(text: str, *, chance: random.Random) -> str:
    """The words in another order, such as the surname in front; the text itself when it is one word."""
    parts = text.split()
    turn = chance.randrange(1, len(parts)) if len(parts) > 1 else 0
    return " ".join(parts[turn:] + parts[:turn])
