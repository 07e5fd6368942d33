"""Company and personal names in the form in which they are compared. Pure."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

# Letters that Unicode does not decompose (NFKD) and that people and OCR engines write with plain ones.
_PLAIN_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
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
# A dot or an apostrophe joins what it stands between (S.p.A., O'Neill); every other sign separates.
_JOINING = re.compile(r"[.'’`´]")
_SEPARATING = re.compile(r"[\W_]+")
_AND = frozenset({"und", "and", "et", "e", "y", "en", "og", "och", "i", "ja"})
# ä, ö, ü may be written ae, oe, ue, and on forms without accents a, o, u: in a key all three are one.
_UMLAUTS = re.compile(r"(?<=[aou])e")

_WORDS_AGREE = 75.0


def fold(text: str) -> str:
    """Case, accents and punctuation gone; one space between words. `Müller & Söhne` gives `muller sohne`."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN_LETTERS)
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(letter))
    return _SEPARATING.sub(" ", _JOINING.sub("", letters)).strip()


def name_key(text: str) -> str:
    """`fold` without legal form, without words for "and", with ae, oe, ue as a, o, u; empty only if `fold` is.

    A name that is nothing but a legal form (`AG`) keeps it.
    """
    words = _without_forms(_without_and(fold(text).split()))
    return _UMLAUTS.sub("", " ".join(words))


def similarity(*, one: str, other: str) -> float:
    """How alike two name keys are, 0..1 (Levenshtein ratio, whatever the order of words and spaces); 1 only if equal.

    A word that has no counterpart in the other name (`Nordwind` and `Nordwind Süd`, `Objekt 12` and `Objekt 13`)
    makes another company: the value then stays below 0.8, however long the rest that they share.
    """
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    left, right = one.split(), other.split()
    ratio = max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other), fuzz.ratio("".join(left), "".join(right)))
    if not _words_agree(left, right):
        ratio = min(ratio, 79.0)
    return round(min(ratio, 99.0) / 100, 4)


def _words_agree(left: list[str], right: list[str]) -> bool:
    """Whether what is left of both names without their common words could be the same words misread."""
    rest_left = "".join(word for word in left if word not in right)
    rest_right = "".join(word for word in right if word not in left)
    if re.sub(r"\D", "", rest_left) != re.sub(r"\D", "", rest_right):
        return False
    return rest_left == rest_right or fuzz.ratio(rest_left, rest_right) >= _WORDS_AGREE


def _without_and(words: list[str]) -> list[str]:
    """Without the "and"s between words; beside a single letter it is one itself (`e. K.`, `S. e. R.`)."""
    return [
        word
        for place, word in enumerate(words)
        if word not in _AND
        or place in (0, len(words) - 1)
        or (len(word) == 1 and min(len(words[place - 1]), len(words[place + 1])) == 1)
    ]


def _without_forms(words: list[str]) -> list[str]:
    forms = _legal_forms()
    while True:
        for length in range(min(forms.longest, len(words) - 1), 0, -1):
            if tuple(words[-length:]) in forms.trailing:
                words = words[:-length]
                break
            if tuple(words[:length]) in forms.leading:
                words = words[length:]
                break
        else:
            return words


class _LegalForms:
    """The forms of `legal_forms.toml`, folded, as tuples of words."""

    def __init__(self) -> None:
        data = tomllib.loads((Path(__file__).parent / "legal_forms.toml").read_text(encoding="utf-8"))
        self.trailing = self._spellings(data["forms"])
        self.leading = self._spellings(data["leading"])
        self.longest = max(map(len, self.trailing))

    @staticmethod
    def _spellings(by_country: dict[str, list[str]]) -> frozenset[tuple[str, ...]]:
        """Each form as it is written, and with a space behind each dot: `e.K.` and `e. K.`."""
        forms = [form for forms in by_country.values() for form in forms]
        written = [*forms, *(form.replace(".", ". ") for form in forms)]
        return frozenset(tuple(_without_and(fold(form).split())) for form in written)


@cache
def _legal_forms() -> _LegalForms:
    return _LegalForms()
