"""The words and habits of languages and countries, from `languages/*.toml` and `countries/*.toml`."""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

HERE = Path(__file__).resolve().parent
COUNTRY_CODES = tuple(sorted(path.stem.upper() for path in (HERE / "countries").glob("*.toml")))
LANGUAGE_CODES = tuple(sorted(path.stem for path in (HERE / "languages").glob("*.toml")))
T = TypeVar("T")
_DOUBLED = frozenset(
    {"number", "issue_date", "due_date", "customer_number", "description", "quantity", "total", "subtotal"}
)


@cache
def language_data(code: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((HERE / "languages" / f"{code}.toml").read_text(encoding="utf-8"))


@cache
def country_data(code: str) -> dict[str, Any]:
    return tomllib.loads((HERE / "countries" / f"{code.lower()}.toml").read_text(encoding="utf-8"))


def favour_early(chance: random.Random, options: Sequence[T]) -> T:
    """One of the options; those that stand first are the commoner ones, but none is rare."""
    return chance.choices(options, weights=[1 / (index + 2) for index in range(len(options))])[0]


@dataclass(frozen=True, slots=True)
class Locale:
    """A country and the language that its invoice is written in."""

    country: str
    language: str

    def habits(self, name: str) -> Any:
        """What the country's file says, in the language's own variant where it has one (`tax_fr`)."""
        data = country_data(self.country)
        return data.get(f"{name}_{self.language}", data.get(name))

    def words(self, section: str, name: str) -> list[str]:
        return language_data(self.language)[section][name]


def locale_of(*, country: str, chance: random.Random) -> Locale:
    """The country with one of its languages, the first three times as often as the second."""
    languages = country_data(country)["language"].split(",")
    return Locale(country, chance.choices(languages, weights=[3, 2][: len(languages)])[0])


@dataclass(slots=True)
class Wording:
    """How one invoice calls things: the first choice for each label is kept, as a sender keeps its template. The chief
    labels of a bilingual invoice are given in `second_language` too. `used` has the labels that were asked for."""

    locale: Locale
    currency: str
    chance: random.Random
    second_language: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)

    @property
    def tax(self) -> str:
        return self._choice("tax name", list(self.locale.habits("tax")))

    def label(self, name: str, **values: str) -> str:
        options = self.locale.habits(f"label_{name}") or self.locale.words("labels", name)
        text = self._choice(f"label {name}", options)
        if self.second_language and name in _DOUBLED:
            text = self._choice(f"double {name}", [f"{text} / {second}" for second in self._second(name)])
        if not values.get("rate", "").isdigit():
            text = text.replace("{rate},00", "{rate}")
        self.used[name] = text.format(tax=self.tax, currency=self.currency, **values)
        return self.used[name]

    def _second(self, name: str) -> list[str]:
        return language_data(self.second_language)["labels"][name][:3]

    def title(self, *, is_credit: bool) -> str:
        return self._choice("title", self.locale.words("titles", "credit" if is_credit else "invoice"))

    def numbered_title(self, name: str) -> str:
        """How title, number and perhaps date stand in one line: `name` is `numbered` or `dated`."""
        return self._choice(name, self.locale.words("titles", name))

    def vat_label(self) -> str:
        return self._choice("vat_label", list(self.locale.habits("vat_labels")))

    def sentence(self, name: str) -> str:
        """The sentence with its places for values still open, but the tax's name filled in."""
        options = self.locale.habits(f"sentence_{name}") or self.locale.words("sentences", name)
        return self._choice(f"sentence {name}", options).replace("{tax}", self.tax)

    def _choice(self, name: str, options: list[str]) -> str:
        if name not in self.chosen:
            self.chosen[name] = favour_early(self.chance, options)
        return self.chosen[name]
