"""Legal forms, branch words and abbreviations of the TOML files beside, as tuples of folded words. Pure."""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

Words = tuple[str, ...]

# Stated by a name that ends in "& Co.", beside what that may mean in each country, and whatever form stands behind it.
AND_COMPANY = "co"


class LegalForms:
    """`fold` turns a spelling into words, the same way as it turns names."""

    def __init__(self, fold: Callable[[str], Sequence[str]]) -> None:
        data, overseas, other = (
            _table(f"{name}.toml") for name in ("legal_forms", "legal_forms_overseas", "company_words")
        )
        self._fold = fold
        self.meanings = self._meanings(data["forms"] | overseas["forms"])
        self.alone = {words: meant | {AND_COMPANY} for words, meant in self._meanings(data["alone"]).items()}
        self.leading = self._leading(data["leading"])
        self.leading_foreign = self.leading | self._leading(data["leading_foreign"])
        self.titles = self._spellings(each for titles in other["titles"].values() for each in titles)
        self.branches = self._spellings(other["branches"]["words"])
        self.longest = max(len(words) for words in (*self.meanings, *self.titles, *self.branches))
        self.short = {
            words[0]: short
            for short, spellings in other["words"].items()
            for words in self._spellings((short, *spellings))
            if len(words) == 1
        }

    def cut(self, words: Sequence[str], *, foreign: bool = False) -> tuple[list[str], frozenset[str]]:
        """The words without legal forms and titles, of which one word always stays, and what the forms mean by
        country: `{"de:gmbh", "at:gmbh"}`, empty when none is stated. `foreign` names were in Cyrillic letters."""
        left, stated = list(words), frozenset[str]()
        leading = self.leading_foreign if foreign else self.leading
        while True:
            for length in range(min(self.longest, len(left) - 1), 0, -1):
                last, first = tuple(left[-length:]), tuple(left[:length])
                if last in self.meanings:
                    left, stated = left[:-length], stated | self.meanings[last]
                    break
                if first in leading or first in self.titles:
                    left, stated = left[length:], stated | leading.get(first, frozenset())
                    break
            else:
                return self._cut_alone(left, stated)

    def _cut_alone(self, words: list[str], stated: frozenset[str]) -> tuple[list[str], frozenset[str]]:
        """The same of words that end in what is a form by itself: cut off where it is the only one. Else it stays, and
        what it means is stated too, for `Meyer & Co.` may be short for `Meyer & Co. GmbH`."""
        meant = self.alone.get(tuple(words[-1:]), frozenset())
        if not meant or len(words) < 2:
            return words, stated
        return (words, stated | meant) if stated else (words[:-1], meant)

    def head_office(self, words: Sequence[str]) -> list[str]:
        """The words in front of the one that says "branch", up to the legal form if there is one (`Acme Ltd UK Branch`
        is of `Acme Ltd`); empty when none says so."""
        for place in range(1, len(words)):
            if any(tuple(words[place : place + length]) in self.branches for length in (1, 2)):
                return next(
                    (list(words[:end]) for end in range(place, 1, -1) if self.cut(words[:end])[1]), list(words[:place])
                )
        return []

    def _leading(self, by_country: Mapping[str, list[str]]) -> dict[Words, frozenset[str]]:
        spellings = self._spellings(each for forms in by_country.values() for each in forms)
        return {spelling: self.meanings.get(spelling, frozenset()) for spelling in spellings}

    def _meanings(self, by_country: Mapping[str, Mapping[str, list[str]]]) -> dict[Words, frozenset[str]]:
        found: dict[Words, set[str]] = {}
        for country, forms in by_country.items():
            for form, spellings in forms.items():
                for words in self._spellings(spellings):
                    found.setdefault(words, set()).add(f"{country}:{form}")
        return {words: frozenset(meanings) for words, meanings in found.items()}

    def _spellings(self, written: Iterable[str]) -> frozenset[Words]:
        """Each as it is written, and with a space behind each dot: `e.K.` and `e. K.`."""
        forms = list(written)
        spaced = [form.replace(".", ". ") for form in forms]
        return frozenset(tuple(words) for form in (*forms, *spaced) if (words := self._fold(form)))


@cache
def legal_forms(fold: Callable[[str], Sequence[str]]) -> LegalForms:
    """The forms of the files, read once."""
    return LegalForms(fold)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
