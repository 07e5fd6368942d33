"""Names as they are compared: what folding takes away, and what must keep two companies apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterparties.names import fold, name_key, similarity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller & Söhne", "muller sohne"),
        ("STRASSENBAU Groß", "strassenbau gross"),
        ("Œuvres Ærø Łódź", "oeuvres aero lodz"),
        ("O'Neill", "oneill"),
        ("  Alpha -  Beta/Gamma_Delta  ", "alpha beta gamma delta"),
        ("Ｆｕｌｌ Ｗｉｄｔｈ", "full width"),
        ("Ελληνικά Έργα", "ελληνικα εργα"),
        ("…", ""),
    ],
)
def test_folding_takes_case_accents_and_punctuation_away(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    "spelling",
    [
        "Hollmann Technik GmbH",
        "HOLLMANN TECHNIK GMBH",
        "Hollmann Technik G.m.b.H.",
        "Hollmann Technik G. m. b. H.",
        "Hollmann Technik Gesellschaft mit beschränkter Haftung",
        "Hollmann Technik GmbH & Co. KG",
        "Hollmann Technik GmbH und Co KG",
        "Hollmann Technik UG (haftungsbeschränkt) & Co. KG",
        "Hollmann-Technik e. K.",
        "Hollmann Technik e.K.",
        "Hollmann Technik S.à r.l.",
        "SARL Hollmann Technik",
        "Hollmann Technik S.p.A.",
        "Hollmann Technik Sp. z o.o. Sp. k.",
        "Hollmann Technik spol. s r.o.",
        "Hollmann Technik d.o.o.",
        "Oy Hollmann Technik Ab",
        "Hollmann Technik A/S",
        "Hollmann Technik Kft.",
        "Hollmann Technik ООД",
        "Hollmann Technik A.Ş.",
        "Hollmann Technik Ltd.",
    ],
)
def test_one_company_has_one_key_however_its_legal_form_is_written(spelling: str) -> None:
    assert name_key(spelling) == "hollmann technik"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller GmbH", "Mueller GmbH"),
        ("Bäcker & Sohn", "Baecker und Sohn"),
        ("Ørsted", "Oersted"),
        ("Dupont et Fils", "Dupont & Fils"),
        ("Straße 7 AG", "Strasse 7 AG"),
    ],
)
def test_spellings_of_one_name_share_their_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize("text", ["AG", "SE", "UG (haftungsbeschränkt)", "e.K."])
def test_a_name_that_is_only_a_legal_form_keeps_something(text: str) -> None:
    assert name_key(text)


def test_a_letter_in_front_is_part_of_the_name() -> None:
    assert name_key("E. Brandt") != name_key("Brandt")


@given(st.text(max_size=60))
def test_a_key_is_empty_only_when_nothing_was_left_to_fold(text: str) -> None:
    assert bool(name_key(text)) == bool(fold(text))


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kontorwerk Bürobedarf", "Kontorwerk Burobedart"),
        ("Hollmann Technik", "Holmann Technik"),
        ("Hollmann Technik", "Hollmanntechnik"),
        ("Technik Hollmann", "Hollmann Technik"),
    ],
)
def test_misread_turned_and_joined_words_still_match(one: str, other: str) -> None:
    assert 0.85 <= similarity(one=name_key(one), other=name_key(other)) < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nordwind Logistik", "Nordwind Logistik Süd"),
        ("Nordwind Logistik Nord", "Nordwind Logistik Süd"),
        ("Objektgesellschaft 12", "Objektgesellschaft 13"),
        ("Grundstücksverwaltung Lindenallee 101", "Grundstücksverwaltung Lindenallee 102"),
        ("ABC Handel", "ABD Handel"),
        ("Meier", "Meier Elektroanlagen"),
    ],
)
def test_companies_that_share_most_of_their_name_do_not_match(one: str, other: str) -> None:
    assert similarity(one=name_key(one), other=name_key(other)) < 0.8


def test_no_name_is_like_nothing() -> None:
    assert similarity(one="", other="") == 0.0
    assert similarity(one="hollmann", other="") == 0.0


@given(st.text(max_size=40), st.text(max_size=40))
def test_similarity_is_a_share_the_same_both_ways_and_one_only_for_equal_keys(one: str, other: str) -> None:
    left, right = name_key(one), name_key(other)
    value = similarity(one=left, other=right)
    assert 0 <= value <= 1
    assert value == similarity(one=right, other=left)
    assert (value == 1) == (left == right != "")
