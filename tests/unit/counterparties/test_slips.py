"""Slips between two names: what a hand or an engine does to one name, and what makes another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterparties.names import likeness, name_key, read_name
from counterparties.slips import slips


def count(one: str, other: str) -> int | None:
    return likeness(one=read_name(one), other=read_name(other)).slips


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Holmann Technik", "Hollmann Technik"),
        ("Hollmamn Technik", "Hollmann Technik"),
        ("Hollamnn Technik", "Hollmann Technik"),
        ("Hollmannn Technik", "Hollmann Technik"),
        ("Hollmann Teclnik", "Hollmann Technik"),
        ("Hollmanntechnik", "Hollmann Technik"),
        ("Hollmann Tech nik", "Hollmann Technik"),
        ("Technik Hollmann", "Hollmann Technik"),
        ("Kemrner Bau", "Kemmer Bau"),
        ("Sanclbø Rørservice", "Sandbø Rørservice"),
        ("Neiier Druck", "Neuer Druck"),
        ("N0rdwind Logistik", "Nordwind Logistik"),
        ("Nordwind 5ervices", "Nordwind Services"),
        ("Nordwind Sevices", "Nordwind Services"),
        ("Jansenbr0ek Advies", "Jansenbroek Advies"),
    ],
)
def test_one_slip(one: str, other: str) -> None:
    assert count(one, other) == count(other, one) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Holmann Tehnik", "Hollmann Technik"),
        ("Holmanntechnik", "Hollmann Technik"),
        ("Technik Holmann", "Hollmann Technik"),
        ("H0llmann Tecnnik", "Hollmann Technik"),
    ],
)
def test_two_slips(one: str, other: str) -> None:
    assert count(one, other) == count(other, one) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lindensohn & Möllenkamp Feinkost", "Lindenborn & Möllenkamp Feinkost"),
        ("Brandnar Elektrik", "Brandner Elektro"),
        ("Hollmann Techn.", "Hollmann Technik"),
    ],
)
def test_two_slips_in_one_word_make_another_word_and_count_as_three(one: str, other: str) -> None:
    assert count(one, other) == count(other, one) in (3, 4)
    assert likeness(one=read_name(one), other=read_name(other)).value < 0.85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Perioli & Coloretti Falegnameria", "Pericelli & Coletti Falegnameria"),
        ("Orkiwen Menuiserie", "Dorkizan Menuiserie"),
        ("Bach Elektro", "Buch Elektro"),
        ("Elektro Wien", "Elektro Wels"),
        ("Nordwind Süd", "Nordwind"),
        ("Nordwind Nordwind", "Nordwind"),
        ("Halle 10", "Halle 18"),
        ("Halle 1O", "Halle 11"),
        ("A. Meyer", "B. Meyer"),
        ("Meyer GmbH", "Meyer & Co. GmbH"),
        ("abcd wxyz", "abce wxyy"),
    ],
)
def test_other_words_are_no_slips(one: str, other: str) -> None:
    assert count(one, other) is None
    assert likeness(one=read_name(one), other=read_name(other)).value < 0.8


@given(st.text(max_size=40), st.text(max_size=40))
def test_slips_are_the_same_both_ways_and_none_only_between_equal_keys(one: str, other: str) -> None:
    left, right = name_key(one), name_key(other)
    found = slips(one=left, other=right)
    assert found == slips(one=right, other=left)
    assert (found == 0) == (left == right)
