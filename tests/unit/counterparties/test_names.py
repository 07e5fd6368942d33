"""Names as they are compared: what folding takes away, and what must keep two companies apart."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterparties import names
from counterparties.names import alias_keys, fold, forms_differ, name_key, read_name, resemblance, similarity


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


def test_and_company_is_cut_off_only_where_no_form_stands_behind_it() -> None:
    assert name_key("Meyer & Co.") == "meyer"
    assert name_key("Meyer & Co. GmbH") == "meyer co"
    assert name_key("Compagnie des Alpes SA") == "co des alpes"
    assert name_key("Company") == "co"


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


# --- spellings, scripts and engines -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gebr. Meyer GmbH", "Gebrüder Meyer GmbH"),
        ("Gebrueder Meyer", "Gebr. Meyer"),
        ("St. Martin Apotheke", "Sankt Martin Apotheke"),
        ("Keller Int'l Ltd", "Keller International Limited"),
        ("Hnos. Ruiz S.L.", "Hermanos Ruiz, S.L."),
        ("F.lli Rossi S.n.c.", "Fratelli Rossi snc"),
        ("Firma Brandner", "Brandner"),
        ("Durand & Cie SARL", "Durand et Compagnie S.à r.l."),
        ("Αφοί Παπαδόπουλοι Α.Ε.", "Afoi Papadopouloi A.E."),
        ("Сладкарница Роза ООД", "Sladkarnitsa Roza OOD"),
        ("ТОВ Ромашка", "Romashka LLC"),
        ("Žďárské strojírny, a.s.", "Zdarske strojirny as"),
        ("Łódzkie Zakłady Sp. z o.o.", "LODZKIE ZAKLADY SPÓŁKA Z O.O."),
        ("Smith and Sons Ltd", "Smith & Sons Limited"),
        ("Aktiebolaget Svea", "Svea AB"),
        ("Oy Suomi Ab", "Suomi Oy"),
        ("İnşaat San. ve Tic. Ltd. Şti.", "Insaat"),
        ("Margodal Heating Pty. Ltd.", "Margodal Heating Proprietary Limited"),
        ("Acme Traders Pvt. Ltd.", "Acme Traders Private Limited"),
        ("Comercial Azteca S.A. de C.V.", "Comercial Azteca"),
        ("Meyer & Co.", "Meyer & Co. KG"),
        ("Ford Motor Company", "Ford Motor Co., Inc."),
        ("Smith & Co.", "Smith & Co. Ltd"),
        ("Durand & Cie", "Durand"),
    ],
)
def test_what_is_cut_short_or_written_in_another_script_has_the_same_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kemrner Bau GmbH", "Kemmer Bau GmbH"),
        ("Ho1lmann Technik", "Hollmann Technik"),
        ("8randner Elektro", "Brandner Elektro"),
        ("N0rdwind L0gistik", "Nordwind Logistik"),
        ("5chuster", "Schuster"),
        ("Щедрин Строй", "Shchedrin Stroi"),
        ("Χατζής Τεχνική", "Hatzis Techniki"),
    ],
)
def test_what_engines_and_romanisations_make_of_a_name_still_matches(one: str, other: str) -> None:
    assert 0.85 <= resemblance(one=read_name(one), other=read_name(other)) < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Objekt 15", "Objekt 18"),
        ("Halle 10 GmbH", "Halle 18 GmbH"),
        ("Gebrüder Meyer", "Gebrüder Maurer"),
        ("Sankt Martin Apotheke", "Sankt Georg Apotheke"),
        ("Papadopoulos Techniki", "Χατζής Τεχνική"),
        ("Rossi Costruzioni S.r.l.", "Russo Costruzioni S.r.l."),
        ("Dupont Conseil", "Durand Conseil"),
        ("Svea Bygg AB", "Svea Bud AB"),
        ("De Vries Transport B.V.", "De Boer Transport B.V."),
        ("Nowak Budownictwo", "Nowacki Budownictwo i Transport"),
        ("Bach Elektro", "Buch Elektro"),
        ("Neusohn & Möllheimer Baustnoffe", "Neusohn & Möllheimer Baustoffe Köln"),
    ],
)
def test_different_companies_do_not_match(one: str, other: str) -> None:
    assert resemblance(one=read_name(one), other=read_name(other)) < 0.85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meyer GmbH", "Meyer AG"),
        ("Meyer GmbH", "Meyer GmbH & Co. KG"),
        ("Meyer KG", "Meyer e.K."),
        ("Rossi S.r.l.", "Rossi S.p.A."),
        ("Dupont SARL", "Dupont SAS"),
        ("Jansen B.V.", "Jansen N.V."),
        ("Smith Ltd", "Smith LLP"),
        ("Hansen ApS", "Hansen A/S"),
        ("Kowalski Sp. z o.o.", "Kowalski S.A."),
        ("Novák s.r.o.", "Novák a.s."),
        ("Роза ООД", "Роза АД"),
        ("Kovács Kft.", "Kovács Zrt."),
        ("Virtanen Oy", "Virtanen Oyj"),
        ("Acme Pty Ltd", "Acme Ltd"),
        ("Meyer & Co.", "Meyer AG"),
    ],
)
def test_two_legal_forms_make_two_companies(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)
    assert forms_differ(one=read_name(one), other=read_name(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meyer GmbH", "Meyer"),
        ("Meyer GmbH", "Meyer Gesellschaft mit beschränkter Haftung"),
        ("Meyer GmbH", "Meyer G. m. b. H."),
        ("Keller AG", "Keller SA"),
        ("Keller Sàrl", "Keller GmbH"),
        ("Peeters BV", "Peeters SRL"),
        ("Svea AB", "Svea Aktiebolag"),
        ("Smith Ltd", "Smith Limited"),
        ("Virtanen Oy", "Virtanen Ab"),
        ("Роза ООД", "Roza OOD"),
        ("Dupont EURL", "Dupont SARL"),
        ("Novák, spol. s r.o.", "Novák s.r.o."),
        ("Meyer & Co.", "Meyer & Co. GmbH"),
        ("Meyer & Co.", "Meyer & Cie. KG"),
        ("Smith & Co", "Smith Company Ltd"),
    ],
)
def test_a_form_left_out_or_in_another_language_is_no_contradiction(one: str, other: str) -> None:
    assert not forms_differ(one=read_name(one), other=read_name(other))
    assert not forms_differ(one=read_name(other), other=read_name(one))


EUROPE = """
ad al at ba be bg by ch cy cz de dk ee es fi fo fr gb ge gr hr hu ie is it li lt lu lv mc md me mk mt nl no pl pt ro rs
ru se si sk sm tr ua xk
"""
FORMS: dict[str, dict[str, list[str]]] = {
    country: forms
    for file in ("legal_forms.toml", "legal_forms_overseas.toml")
    for country, forms in tomllib.loads((Path(names.__file__).parent / file).read_text(encoding="utf-8"))[
        "forms"
    ].items()
}


def test_every_country_of_europe_has_its_legal_forms() -> None:
    assert set(FORMS) >= set(EUROPE.split())


@pytest.mark.parametrize("country", FORMS)
def test_every_spelling_of_a_legal_form_is_cut_off_and_understood(country: str) -> None:
    read = {
        (form, spelling): read_name(f"Hollmann Technik {spelling}")
        for form, spellings in FORMS[country].items()
        for spelling in spellings
    }
    assert {name.key for name in read.values()} == {"hollmann technik"}
    assert [key for key, name in read.items() if f"{country}:{key[0]}" not in name.forms] == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ИП Иванов", "ivanov"),
        ("ЕТ Петров", "petrov"),
        ("IP Telecom", "ip telecom"),
        ("AO Foundation", "ao foundation"),
    ],
)
def test_short_forms_in_front_are_cut_off_cyrillic_names_alone(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    "branch",
    [
        "Nordwind Logistik GmbH Niederlassung Süd",
        "Nordwind Logistik GmbH, Zweigniederlassung Wien",
        "Nordwind Logistik Ltd, UK Branch",
        "Nordwind Logistik S.A. Succursale de Lyon",
    ],
)
def test_a_branch_bears_the_name_of_its_head_office_but_not_the_other_way_round(branch: str) -> None:
    house, place = read_name("Nordwind Logistik"), read_name(branch)
    assert resemblance(one=house, other=place) == 1.0
    assert resemblance(one=place, other=house) < 0.85


def test_the_keys_of_aliases_hold_the_head_office() -> None:
    assert alias_keys(legal_name="Nordwind GmbH Niederlassung Süd", aliases=["NoWi"]) == "|nordwind|nowi|"
    assert alias_keys(legal_name="Nordwind GmbH", aliases=[]) == ""


def test_the_keys_of_aliases_hold_what_is_written_up_to_and_company() -> None:
    assert alias_keys(legal_name="Meyer & Co. GmbH", aliases=["Kehl & Cie. AG"]) == "|meyer|kehl co|kehl|"
    assert alias_keys(legal_name="Meyer & Co.", aliases=[]) == ""
