"""The pieces by which a name is looked up."""

import pytest

from counterparties.name_pieces import longest_words, name_pieces, pieces, spellings


def test_a_word_gives_its_beginning_and_its_end() -> None:
    assert pieces("hollmann technik") == ("holl", "mann", "tech", "hnik")


def test_a_short_word_is_a_piece_itself_and_comes_once() -> None:
    assert pieces("3m ag bau bau") == ("3m", "ag", "bau")


def test_of_many_words_the_longest_are_taken_in_their_order() -> None:
    assert longest_words("a bb ccc dd ccc", 3) == ["bb", "ccc", "dd"]
    assert len(pieces(" ".join(f"word{number:04}" for number in range(60)))) <= 16


@pytest.mark.parametrize("wrong", ["bosch", "bsch", "boschs", "bxsch", "bocsh", "obsch", "bosc"])
def test_a_word_shares_a_spelling_with_itself_misspelt(wrong: str) -> None:
    assert set(name_pieces(wrong).split()) & set(spellings("bosch"))


def test_words_of_longer_names_and_endless_ones_are_not_spelt_out() -> None:
    assert spellings("hollmann technik berlin") == spellings("x" * 300) == spellings("3m bau") == ()


def test_all_names_of_a_row_count_each_piece_once() -> None:
    assert name_pieces("hollmann technik nord", "|hotec montage ost|hollmann bau ost|").split() == [
        *("holl", "mann", "tech", "hnik", "nord"),
        *("hote", "otec", "mont", "tage", "ost", "bau"),
    ]


@pytest.mark.parametrize("keys", [(), ("",), ("", "||"), ("\0 * \" '",)])
def test_nothing_gives_nothing(keys: tuple[str, ...]) -> None:
    assert name_pieces(*keys) == ""
