"""Invented names of companies and people, as varied as those of a million firms; none of them exists."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.generator.catalogue import COUNTRY_CODES, Locale, favour_early, locale_of

# More than half of the firms sit in these countries, as in the books of a firm there.
_WEIGHTS = {"DE": 8, "FR": 5, "GB": 5, "IT": 4, "ES": 3, "NL": 3, "PL": 3, "CH": 3, "AT": 3}


@dataclass(frozen=True, slots=True)
class FirmName:
    """`core` is the name without the legal form, which may be empty (people trade without one)."""

    core: str
    form: str
    locale: Locale

    @property
    def full(self) -> str:
        return f"{self.core} {self.form}".strip()


def invent_locale(*, chance: random.Random) -> Locale:
    """A country with one of its languages."""
    weights = [_WEIGHTS.get(country, 1) for country in COUNTRY_CODES]
    return locale_of(country=chance.choices(COUNTRY_CODES, weights=weights)[0], chance=chance)


@dataclass(frozen=True, slots=True)
class Share:
    """One of `count` parts of all names: no two parts have a surname or a coined word in common."""

    place: int = 0
    count: int = 1

    def of(self, parts: list[str]) -> list[str]:
        return parts[self.place :: self.count]


def invent_name(*, locale: Locale, chance: random.Random, share: Share = Share()) -> FirmName:
    """A name after the habits of the country."""
    form = favour_early(chance, locale.habits("forms"))
    pattern = chance.choices(_PATTERNS, weights=_PATTERN_WEIGHTS)[0]
    core = pattern.format(
        one=_surname(locale, chance, share),
        two=_surname(locale, chance, share),
        coined=_coined(chance, share),
        trade=chance.choice(words(locale.language)["trades"]),
        first=chance.choice(locale.habits("first_names")),
        city=chance.choice(locale.habits("cities")),
        initial=chance.choice("ABCDEFGHIJKLMNOPRSTUVW"),
    )
    if chance.random() < 0.06:
        core = core.upper()
    return FirmName(core=core, form=form, locale=locale)


@cache
def words(language: str) -> dict[str, list[str]]:
    """The parts of names in this language, or the syllables of `coined` ones."""
    with (Path(__file__).parent / "words.toml").open("rb") as file:
        parts: dict[str, list[str]] = tomllib.load(file)[language]
    return parts


_BY_PATTERN = {
    "{one} {trade}": 6,
    "{coined} {trade}": 22,
    "{one} & {two} {trade}": 16,
    "{trade} {one} & {two}": 8,
    "{coined}": 4,
    "{coined} {one}": 12,
    "{coined} {trade} {city}": 8,
    "{first} {one} {trade}": 8,
    "{first} {initial}. {one}": 4,
    "{one}-{two} {trade}": 6,
    "{trade} {initial}. {one} {city}": 4,
    "{coined}{initial} {trade}": 2,
}
_PATTERNS = tuple(_BY_PATTERN)
_PATTERN_WEIGHTS = tuple(_BY_PATTERN.values())


def _surname(locale: Locale, chance: random.Random, share: Share) -> str:
    parts = words(locale.language)
    return chance.choice(share.of(parts["heads"])) + chance.choice(parts["tails"])


def _coined(chance: random.Random, share: Share) -> str:
    parts = words("coined")
    middle = "".join(chance.choice(parts["middles"]) for _ in range(chance.choice((1, 1, 2))))
    return chance.choice(share.of(parts["heads"])) + middle + chance.choice(parts["tails"])
