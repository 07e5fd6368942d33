"""Company and personal names in the form in which they are compared. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from counterparties.legal_forms import legal_forms
from counterparties.scripts import is_foreign, romanise, skeleton

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

# Letters and digits that engines take for one another; in a word that is all digits they may be the difference.
_MISREAD = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "i"), ("l", "i"), ("5", "s"), ("8", "b"))

_WORDS_AGREE = 80.0
_RUN_TOGETHER = 90.0
_MISREAD_RESEMBLES = 0.97


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared. `forms` are the legal forms it states, by country, empty when it states none; `house`
    is the key of the head office where the name is a branch's, else empty; `foreign` is Greek or Cyrillic script."""

    folded: str
    key: str
    forms: frozenset[str]
    house: str
    shape: str
    foreign: bool


def fold(text: str) -> str:
    """Case, accents and punctuation gone; one space between words. `Müller & Söhne` gives `muller sohne`."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN_LETTERS)
    letters = folded
    if not folded.isascii():
        letters = "".join(each for each in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(each))
    return _SEPARATING.sub(" ", _JOINING.sub("", letters)).strip()


@lru_cache(maxsize=16384)
def read_name(text: str) -> Name:
    """The name in comparable form. Folding costs more than comparing, so the last names read are kept."""
    folded = fold(text)
    words = _without_and(romanise(folded).split())
    forms = legal_forms(_words)
    foreign = is_foreign(folded)
    left, stated = forms.cut(words, foreign=foreign)
    key = _key(left)
    house = ""
    if before := forms.head_office(words):
        head_office, of_house = forms.cut(before)
        house, stated = _key(head_office), stated | of_house
        key = _key([*head_office, *words[len(before) :]])
    return Name(folded, key, stated, house, _shape(key), foreign)


def name_key(text: str) -> str:
    """`fold` in Latin letters, without legal form and words for "and", with ae, oe, ue as a, o, u, and with usual
    words cut short (`Gebrüder`, `Gebr.`); empty only if `fold` is.

    A name that is nothing but a legal form (`AG`) keeps it.
    """
    return read_name(text).key


def alias_keys(*, legal_name: str, aliases: Iterable[str]) -> str:
    """The keys of all other names between bars (`|one|other|`), with that of the head office where a name is a
    branch's; empty when there are none."""
    names = [read_name(text) for text in (legal_name, *aliases)]
    keys = dict.fromkeys([names[0].house, *(key for name in names[1:] for key in (name.key, name.house))])
    keys.pop("", None)
    return f"|{'|'.join(keys)}|" if keys else ""


def forms_differ(*, one: Name, other: Name) -> bool:
    """Whether both state a legal form and no country takes the two for the same; a form left out contradicts none."""
    return bool(one.forms and other.forms) and not one.forms & other.forms


def resemblance(*, one: Name, other: Name) -> float:
    """`similarity` of two names, 0..1, which also knows what engines misread and what a change of script does.

    A branch bears the name of its head office: one is the other, 1, unless the document (`one`) names a branch.
    """
    if other.house and other.house == one.key:
        return 1.0
    value = similarity(one=one.key, other=other.key)
    if value == 1.0:
        return value
    if one.shape and one.shape == other.shape:
        return _MISREAD_RESEMBLES
    if one.foreign != other.foreign and skeleton(one.key) == skeleton(other.key) != "":
        return _MISREAD_RESEMBLES
    return value


def similarity(*, one: str, other: str) -> float:
    """How alike two name keys are, 0..1 (Levenshtein ratio, whatever the order of words and spaces); 1 only if equal.

    A word that has no counterpart in the other name (`Nordwind` and `Nordwind Süd`, `Objekt 12` and `Objekt 13`)
    makes another company: the value then stays below 0.8, and with other numbers at 0.7, however long the rest that
    they share.
    """
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    left, right = one.split(), other.split()
    ratio = max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other), fuzz.ratio("".join(left), "".join(right)))
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        ratio = min(ratio, 70.0)
    if not _words_agree(left, right):
        ratio = min(ratio, 79.0)
    return round(min(ratio, 99.0) / 100, 4)


def _words_agree(left: list[str], right: list[str]) -> bool:
    """Whether what is left of both names without their common words could be the same words misread, or run together;
    a word more that was not is another company's."""
    only_left = [word for word in left if word not in right]
    only_right = [word for word in right if word not in left]
    least = _WORDS_AGREE if len(only_left) == len(only_right) else _RUN_TOGETHER
    rest_left, rest_right = "".join(only_left), "".join(only_right)
    return rest_left == rest_right or fuzz.ratio(rest_left, rest_right) >= least


def _words(text: str) -> list[str]:
    """The folded words in Latin letters, without those for "and"."""
    return _without_and(romanise(fold(text)).split())


def _without_and(words: list[str]) -> list[str]:
    """Without the "and"s between words; beside a single letter it is one itself (`e. K.`, `S. e. R.`)."""
    return [
        word
        for place, word in enumerate(words)
        if word not in _AND
        or place in (0, len(words) - 1)
        or (len(word) == 1 and min(len(words[place - 1]), len(words[place + 1])) == 1)
    ]


def _key(words: list[str]) -> str:
    short = legal_forms(_words).short
    plain = (_UMLAUTS.sub("", word) for word in words)
    return " ".join(short.get(word, word) for word in plain)


def _shape(key: str) -> str:
    """The key with one letter for what engines confuse; numbers and short words, which tell companies apart, stay."""
    words = []
    for word in key.split():
        shape = word
        if len(word) > 2 and not word.isdigit():
            for seen, meant in _MISREAD:
                shape = shape.replace(seen, meant)
        words.append(shape)
    return " ".join(words)
