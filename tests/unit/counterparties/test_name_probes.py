"""Which pieces of a name are looked for: rare ones, and enough of them that no single mistake spoils all."""

import pytest

from counterparties.name_pieces import name_pieces
from counterparties.name_probes import NameSample, probes

FIRST = ("hag", "wies", "bruck", "kor", "lun", "vel", "quin", "pez", "sond", "tarm")
LAST = ("dorn", "mann", "vex", "zon", "lia", "sal", "gard", "plex")
TRADES = ("technik", "metallbau", "logistik", "software", "bau", "handel", "druck", "feinkost", "energie", "verlag")
NAMES = tuple(f"{first}{last} {trade}" for first in FIRST for last in LAST for trade in TRADES)


def sample_of(names: tuple[str, ...], *, total: int) -> NameSample:
    return NameSample.of([name_pieces(name) for name in names], total=total)


MANY = sample_of(NAMES * 5, total=1_000_000)


def finds(asked: tuple[tuple[str, ...], ...], name: str) -> bool:
    return any(set(name_pieces(name).split()) >= set(probe) for probe in asked)


@pytest.mark.parametrize(
    "wrong",
    [
        "hollman technik",
        "hollmann tecknik",
        "holmann technik",
        "hollnann technik",
        "ohllmann technik",
        "hollmann technki",
        "technik hollmann",
        "hollmanntechnik",
        "holl mann technik",
        "hollmann technik berlin",
    ],
)
def test_a_mistake_leaves_a_probe_that_finds_the_name(wrong: str) -> None:
    assert finds(probes(key=wrong, sample=MANY), "hollmann technik")


@pytest.mark.parametrize("wrong", ["cordabis", "cordtis", "ocrdatis", "cordatsi", "cordatiss", "xordatis"])
def test_one_short_word_alone_is_found_with_a_mistake_too(wrong: str) -> None:
    assert finds(probes(key=wrong, sample=MANY), "cordatis")


def test_what_half_the_books_share_is_looked_for_only_together_with_something_else() -> None:
    sample = sample_of(("quandt technik", "zobel technik", *["other technik"] * 3_998), total=1_000_000)
    asked = probes(key="zobell technik", sample=sample)
    assert finds(asked, "zobel technik")
    assert not finds(asked, "other technik")


def test_no_more_rows_are_asked_for_than_can_be_compared() -> None:
    """Even where every piece is common."""
    sample = sample_of(("muller bau",) * 1_000 + ("other",) * 3_000, total=1_000_000)
    assert probes(key="muller bau", sample=sample) == ()


def test_one_rare_piece_alone_does_not_make_a_name_of_several_words() -> None:
    asked = probes(key="hollmann technik", sample=MANY)
    assert not finds(asked, "hollwitz bau")
    assert finds(asked, "hollmann bau")


@pytest.mark.parametrize("key", ["", " ", "|", "\0"])
def test_what_has_no_letters_is_not_looked_for(key: str) -> None:
    assert probes(key=key, sample=MANY) == ()


@pytest.mark.parametrize("key", ["3m", "x", "a b c"])
def test_what_is_very_short_is_looked_for_as_it_is(key: str) -> None:
    assert finds(probes(key=key, sample=MANY), key)


@pytest.mark.parametrize(
    "key", ["x" * 300, " ".join(["wort"] * 60), " ".join(f"wort{n}" for n in range(60)), "東京電力会社"]
)
def test_long_repeated_and_foreign_names_give_few_probes(key: str) -> None:
    asked = probes(key=key, sample=MANY)
    assert 1 <= len(asked) <= 300


def test_with_nothing_in_the_books_everything_is_rare() -> None:
    assert probes(key="hollmann", sample=sample_of((), total=0))
