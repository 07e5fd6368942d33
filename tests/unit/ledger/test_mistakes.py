"""Names go wrong as people and engines spoil them: little, but always."""

import random

import pytest
from rapidfuzz.distance import OSA

from benchmarks.ledger.mistakes import misread, mistyped, reordered, transliterated


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311


NAMES = ["Hollmann Technik", "BÜCHER & SÖHNE", "Ny", "Åkerbladh Åkeri", "3M", "O'Neill"]


@pytest.mark.parametrize("name", NAMES)
def test_a_typing_mistake_is_one_step_away_and_never_the_same(name: str) -> None:
    for seed in range(200):
        wrong = mistyped(name, chance=chance(seed))
        assert wrong.casefold() != name.casefold()
        assert OSA.distance(wrong.casefold(), name.casefold()) == 1


@pytest.mark.parametrize("text", ["", "123", "&"])
def test_what_has_no_letters_cannot_be_mistyped(text: str) -> None:
    assert mistyped(text, chance=chance(1)) == text


def test_letters_are_misread_as_what_they_look_like() -> None:
    assert {misread("modern", chance=chance(seed)) for seed in range(100)} == {
        "rnodern",
        "m0dern",
        "modem",
        "modcrn",
        "moclern",
    }
    assert misread("", chance=chance(1)) == ""


def test_accents_go_as_umlauts_spelled_out_or_as_plain_letters() -> None:
    made = {transliterated("Müller Łódź ÅØ", chance=chance(seed)) for seed in range(20)}
    assert made == {"Mueller Lodz AO", "Muller Lodz AO"}


def test_words_change_places_and_one_word_stays() -> None:
    assert {reordered("a b c", chance=chance(seed)) for seed in range(20)} == {"b c a", "c a b"}
    assert reordered("alone", chance=chance(1)) == "alone"
