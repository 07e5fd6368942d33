"""Company and personal names in the form in which they are compared. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from counterparties.legal_forms import AND_COMPANY, legal_forms
from counterparties.scripts import is_foreign, romanise, skeleton
from counterparties.slips import shape, slips

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

_RESEMBLES = 0.97
# What is left of "& Co." in a key.
_COMPANY = " co"
# Below, nobody asks any more which slips there were.
_LEAST_RATIO = 70.0
# As many a name may have and still be taken for the same.
_MOST_SLIPS = 2


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared. `written` is the key with its words as they were written, not cut short; `forms` are
    the legal forms it states, by country, empty when it states none; `house` is the key of the head office where the
    name is a branch's, else empty; `foreign` is Greek or Cyrillic script."""

    folded: str
    key: str
    written: str
    forms: frozenset[str]
    house: str
    shape: str
    foreign: bool

    @property
    def short(self) -> str:
        """The key without the "& Co." that stands in it in front of another legal form (`Meyer & Co. GmbH`)."""
        is_longer = AND_COMPANY in self.forms and self.key.endswith(_COMPANY)
        return self.key.removesuffix(_COMPANY) if is_longer else ""


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
        left = [*head_office, *words[len(before) :]]
        key = _key(left)
    return Name(folded, key, " ".join(left), stated, house, " ".join(shape(word) for word in key.split()), foreign)


def name_key(text: str) -> str:
    """`fold` in Latin letters, without legal form and words for "and", with ae, oe, ue as a, o, u, and with usual
    words cut short (`Gebrüder`, `Gebr.`); empty only if `fold` is.

    A name that is nothing but a legal form (`AG`) keeps it.
    """
    return read_name(text).key


def alias_keys(*, legal_name: str, aliases: Iterable[str]) -> str:
    """The keys of all other names between bars (`|one|other|`), with that of the head office where a name is a
    branch's, and those that are cut short at "& Co."; empty when there are none."""
    first, *others = [read_name(text) for text in (legal_name, *aliases)]
    keys = dict.fromkeys(
        [first.house, first.short, *(key for name in others for key in (name.key, name.house, name.short))]
    )
    keys.pop("", None)
    return f"|{'|'.join(keys)}|" if keys else ""


def forms_differ(*, one: Name, other: Name) -> bool:
    """Whether both state a legal form and no country takes the two for the same; a form left out contradicts none."""
    return bool(one.forms and other.forms) and not one.forms & other.forms


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are: 0..1, and by how many `slips` of a hand or of an engine they differ, None where they
    are made of other words."""

    value: float
    slips: int | None


def resemblance(*, one: Name, other: Name) -> float:
    """`similarity` of two names, 0..1, which also knows what engines misread and what a change of script does.

    A branch bears the name of its head office: one is the other, 1, unless the document (`one`) names a branch.
    """
    return likeness(one=one, other=other).value


def likeness(*, one: Name, other: Name) -> Likeness:
    """`resemblance`, and the slips that make the difference."""
    if (other.house and other.house == one.key) or (one.key and one.key == other.key):
        return Likeness(1.0, 0)
    # `Meyer & Co.` bears the name of `Meyer & Co. GmbH` as well.
    if AND_COMPANY in one.forms & other.forms and (one.short or one.key) == (other.short or other.key):
        return Likeness(1.0, 0)
    if one.shape and one.shape == other.shape:
        return Likeness(_RESEMBLES, 1)
    if one.foreign != other.foreign and skeleton(one.key) == skeleton(other.key) != "":
        return Likeness(_RESEMBLES, 1)
    best = _alike(one.key, other.key)
    if (one.written, other.written) == (one.key, other.key):
        return best
    # A slip in a word that keys cut short, or among the letters that they leave out, shows only as it was written.
    return max(best, _alike(one.written, other.written), key=lambda each: (each.value, -(each.slips or 0)))


def similarity(*, one: str, other: str) -> float:
    """How alike two name keys are, 0..1 (Levenshtein ratio, whatever the order of words and spaces); 1 only if equal.

    A word that has no counterpart in the other name (`Nordwind` and `Nordwind Süd`, `Objekt 12` and `Objekt 13`)
    makes another company: the value then stays below 0.8, and with other numbers at 0.7, however long the rest that
    they share.
    """
    return _alike(one, other).value


def _alike(one: str, other: str) -> Likeness:
    if not one or not other:
        return Likeness(0.0, None)
    if one == other:
        return Likeness(1.0, 0)
    joined = fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""))
    ratio = max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other), joined)
    count = slips(one=one, other=other) if ratio >= _LEAST_RATIO else None
    if count is None:
        numbers_differ = re.sub(r"\D", "", one) != re.sub(r"\D", "", other)
        ratio = _below(ratio, 70.0 if numbers_differ else 79.0)
    elif count > _MOST_SLIPS:
        ratio = _below(ratio, 84.0)
    return Likeness(round(min(ratio, 99.0) / 100, 4), count)


def _below(ratio: float, most: float) -> float:
    """At most so much, and of two such the greater one still the greater: look-ups put the most alike first."""
    return min(ratio, most - 1 + ratio / 100)


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
