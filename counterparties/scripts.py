"""Greek and Cyrillic letters in Latin ones, so that names in two scripts can be compared. Pure.

Greek after ELOT 743 (ISO 843), Cyrillic after what the national romanisations have in common; where they part
(щ, х, ч), `skeleton` makes the results one again.
"""

import re

_GREEK_PAIRS = {"ου": "ou", "γγ": "ng", "γξ": "nx", "γχ": "nch", "αυ": "av", "ευ": "ev"}
_TABLE = """
α a, β v, γ g, δ d, ε e, ζ z, η i, θ th, ι i, κ k, λ l, μ m, ν n, ξ x, ο o, π p, ρ r, σ s, ς s, τ t, υ y, φ f, χ ch,
ψ ps, ω o,
а a, б b, в v, г g, д d, е e, ж zh, з z, и i, й i, к k, л l, м m, н n, о o, п p, р r, с s, т t, у u, ф f, х h, ц ts,
ч ch, ш sh, щ sht, ъ a, ы y, ь, э e, ю yu, я ya, і i, ї i, є ye, ґ g, ј j, љ lj, њ nj, ћ c, ђ d, џ dz, ѓ g, ќ k, ѕ dz
"""
_LETTERS = str.maketrans({pair.strip()[0]: pair.strip()[1:].strip() for pair in _TABLE.split(",")})
_PAIRS = re.compile("|".join(_GREEK_PAIRS))
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_SOUNDS = (
    ("shch", "s"),
    ("sht", "s"),
    ("zh", "z"),
    ("kh", "h"),
    ("ch", "c"),
    ("sh", "s"),
    ("ts", "c"),
    ("ph", "f"),
    ("th", "t"),
    ("ks", "x"),
    ("ou", "u"),
    ("ei", "i"),
    ("oi", "i"),
    ("ai", "e"),
    ("mp", "b"),
    ("nt", "d"),
    ("gk", "g"),
    ("y", "i"),
    ("j", "i"),
    ("b", "v"),
    ("w", "v"),
)


def is_foreign(text: str) -> bool:
    """Whether there are Greek or Cyrillic letters in it."""
    return _FOREIGN.search(text) is not None


def romanise(text: str) -> str:
    """Lower-case Greek and Cyrillic letters without accents in Latin ones; everything else as it is."""
    if not is_foreign(text):
        return text
    return _PAIRS.sub(lambda pair: _GREEK_PAIRS[pair.group()], text).translate(_LETTERS)


def skeleton(text: str) -> str:
    """A romanised name without what the romanisations do differently; only for comparing with one another script."""
    for written, sound in _SOUNDS:
        text = text.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", text)
