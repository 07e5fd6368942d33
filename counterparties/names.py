"""Company and personal names in the form in which they are compared. Pure."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

# Letters that Unicode does not decompose (NFKD) and that people and OCR engines write with plain ones.
_PLAIN_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "å": "a",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "ŧ": "t",
    }
)
# Between letters a dot or an apostrophe joins (S.p.A., O'Neill); every other sign separates.
_JOINING = re.compile(r"(?<=\w)[.'’`´](?=\w)|[.'’`´]")
_SEPARATING = re.compile(r"[\W_]+")
_AND = frozenset({"und", "and", "et", "e", "y", "en", "og", "och", "i", "ja"})


def fold(text: str) -> str:
    """Case, accents and punctuation gone; one space between words. `Müller & Söhne` gives `muller sohne`."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN_LETTERS))
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return _SEPARATING.sub(" ", _JOINING.sub("", letters)).strip()


def name_key(text: str) -> str:
    """`fold` without the legal form and without the word for "and"; never empty unless `fold` is.

    A name that consists of legal forms only (`AG`) keeps them.
    """
    folded = fold(text)
    words = _without_forms(folded.split())
    kept = [word for word in words if word not in _AND] or words
    return " ".join(kept) or folded


def _without_forms(words: list[str]) -> list[str]:
    trailing, leading = _legal_forms()
    changed = True
    while changed:
        changed = False
        for length in range(min(6, len(words) - 1), 0, -1):
            if tuple(words[-length:]) in trailing:
                words, changed = words[:-length], True
                break
            if tuple(words[:length]) in leading:
                words, changed = words[length:], True
                break
    return words


@cache
def _legal_forms() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    data = tomllib.loads((Path(__file__).parent / "legal_forms.toml").read_text(encoding="utf-8"))
    trailing, leading = (
        frozenset(tuple(fold(form).split()) for forms in data[table].values() for form in forms)
        for table in ("forms", "leading")
    )
    return trailing, leading
