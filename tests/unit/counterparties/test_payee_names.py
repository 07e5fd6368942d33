"""The answers of a check of payee against account holder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterparties.payee_names import NameCheck, check_name, weaker


@pytest.mark.parametrize(
    ("payee", "holder", "answer"),
    [
        ("Hollmann Technik GmbH", "Hollmann Technik GmbH", "match"),
        ("HOLLMANN TECHNIK", "Hollmann Technik GmbH", "match"),
        ("Holmann Technik GmbH", "Hollmann Technik GmbH", "match"),
        ("Technik Hollmann", "Hollmann Technik GmbH", "match"),
        ("Gebr. Meyer", "Gebrüder Meyer oHG", "match"),
        ("Afoi Papadopouloi", "Αφοί Παπαδόπουλοι Α.Ε.", "match"),
        ("Meyer GmbH", "Meyer AG", "close_match"),
        ("Hollmann", "Hollmann Technik GmbH", "close_match"),
        ("Hollmann Technik GmbH Niederlassung Süd", "Hollmann Technik GmbH", "close_match"),
        ("Hollmann Tecnica", "Hollmann Technik GmbH", "close_match"),
        ("Kestrel House Supplies", "Hollmann Technik GmbH", "no_match"),
        ("Technik", "Hollmann Technik GmbH", "no_match"),
        ("HT", "Hollmann Technik GmbH", "no_match"),
        ("Objekt 12 GmbH", "Objekt 13 GmbH", "no_match"),
        ("", "Hollmann Technik GmbH", "not_possible"),
        (None, "Hollmann Technik GmbH", "not_possible"),
        ("…", "Hollmann Technik GmbH", "not_possible"),
        ("Hollmann", " ", "not_possible"),
    ],
)
def test_the_answer(payee: str | None, holder: str, answer: str) -> None:
    assert check_name(payee=payee, holders=[holder]).answer == answer


def test_the_best_of_several_names_counts_and_is_named() -> None:
    check = check_name(payee="HoTec", holders=["Hollmann Technik GmbH", "HoTec"])
    assert (check.answer, check.holder, check.score) == ("match", "HoTec", 1.0)
    assert check_name(payee="HoTec", holders=[]).answer == "not_possible"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("match", "no_match", "no_match"),
        ("close_match", "match", "close_match"),
        ("not_possible", "match", "match"),
        ("not_possible", "no_match", "no_match"),
    ],
)
def test_of_two_answers_the_one_that_asks_for_more_care_counts(one: str, other: str, expected: str) -> None:
    left, right = NameCheck(one), NameCheck(other, asked="bank")  # type: ignore[arg-type]
    assert weaker(one=left, other=right).answer == expected
    assert weaker(one=right, other=left).answer == expected


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=3))
def test_any_two_names_have_an_answer(payee: str, holders: list[str]) -> None:
    check = check_name(payee=payee, holders=holders)
    assert check.answer in {"match", "close_match", "no_match", "not_possible"}
    assert 0 <= check.score <= 1
