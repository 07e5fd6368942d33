"""What each further kind of evidence is worth, what it cannot do alone, and groups, branches and contradictions."""

from dataclasses import replace
from typing import Any

import pytest

from counterparties.evidence import AddressRow, Confirmed
from counterparties.matching import CounterpartyRow, Match, PayeeEvidence, match_payee
from tests.unit.counterparties.ledger import HOLLMANN, HOLLMANN_IBAN, KESTREL_IBAN, OWN, UNKNOWN_IBAN, account, uid

ADDRESS = AddressRow(street="Werftstraße 12", zip="20457", city="Hamburg")
FULL = replace(
    HOLLMANN,
    registration_number="303 265 045",
    phones=("+49 40 123456-0",),
    addresses=(ADDRESS,),
    inactive_ibans=("DE02100500000024290661",),
)


def match(*candidates: CounterpartyRow, **evidence: Any) -> Match:
    return match_payee(evidence=PayeeEvidence(**evidence), candidates=(OWN, *candidates))


def who(found: Match) -> tuple[str, object]:
    return found.counterparty, found.counterparty_id


def codes(found: Match, row: CounterpartyRow = FULL) -> set[str]:
    candidate = next((each for each in found.candidates if each.counterparty_id == row.id), None)
    return {reason.code for reason in (*candidate.reasons, *candidate.against)} if candidate else set()


# --- further evidence -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        ({"registration_numbers": ("SIREN 303 265 045",)}, "registration_exact"),
        ({"vat_id": "FR40303265045"}, "registration_exact"),
        ({"vat_id": "999 001 735"}, "vat_exact"),
    ],
)
def test_a_number_finds_the_company_however_it_is_written(evidence: dict[str, Any], code: str) -> None:
    row = replace(FULL, vat_id="") if code == "registration_exact" else FULL
    found = match(row, **evidence)
    assert who(found) == ("found", HOLLMANN.id)
    assert code in codes(found)


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        ({"phones": ("040 1234560",)}, "phone_exact"),
        ({"websites": ("https://www.hollmann.example/kontakt",)}, "website_domain"),
        ({"address": "Werftstr. 12, 20457 Hamburg"}, "address_same"),
        ({"iban": "DE02100500000024290661"}, "iban_inactive"),
        ({"email": "anybody@hollmann.example"}, "email_domain"),
    ],
)
def test_what_a_whole_house_shares_finds_nobody_alone_and_settles_a_name(evidence: dict[str, Any], code: str) -> None:
    alone = match(FULL, **evidence)
    assert who(alone) == ("not_found", None)
    assert code in codes(alone)
    sister = CounterpartyRow(id=uid(7), legal_name="Hollmann Technik GmbH")
    assert match(FULL, sister, name="Hollmann Technik GmbH").counterparty == "ambiguous"
    settled = match(FULL, sister, name="Hollmann Technik GmbH", **evidence)
    assert settled.candidates[0].counterparty_id == FULL.id
    assert settled.candidates[0].score > settled.candidates[1].score


def test_all_that_a_house_shares_together_names_nobody() -> None:
    found = match(
        FULL,
        phones=("+49401234560",),
        email="office@hollmann.example",
        address="Werftstraße 12, 20457 Hamburg",
        name="Hollmann Technik Süd GmbH",
    )
    assert who(found) == ("not_found", None)


def test_a_deactivated_account_tells_who_it_is_and_is_never_paid_to() -> None:
    found = match(FULL, iban="DE02100500000024290661", vat_id="DE999001735", currency="EUR")
    assert who(found) == ("found", HOLLMANN.id)
    assert (found.account, found.account_id) == ("not_found", None)
    assert [warning.code for warning in found.warnings] == ["bank_details_changed", "account_inactive"]


def test_the_payer_s_own_telephone_website_and_register_number_tell_nothing() -> None:
    own = replace(OWN, phones=("+49 40 999999",), registration_number="303265045")
    supplier = replace(FULL, phones=("+49 40 999999",), emails=("x@nordlicht.example",))
    found = match_payee(
        evidence=PayeeEvidence(
            phones=("040 999999",), websites=("www.nordlicht.example",), registration_numbers=("303265045",)
        ),
        candidates=(own, supplier),
    )
    assert found.candidates == () or codes(found, supplier) == set()
    assert found.counterparty == "not_found"


# --- what people confirmed ------------------------------------------------------------------------------------------


def test_a_name_that_a_person_confirmed_finds_the_supplier_and_the_account_stays_assumed() -> None:
    row = replace(HOLLMANN, confirmed=Confirmed(names=("Die Schrauberei",)))
    assert match(HOLLMANN, name="Die Schrauberei", currency="EUR").counterparty == "not_found"
    found = match(row, name="Die Schrauberei", currency="EUR")
    assert who(found) == ("found", HOLLMANN.id)
    assert found.account_is_assumed
    assert "confirmed_name" in codes(found)


def test_of_twins_the_one_that_was_confirmed_with_these_details_is_found() -> None:
    confirmed = replace(HOLLMANN, confirmed=Confirmed(names=("Hollmann Technik",), emails=("neu@woanders.example",)))
    twin = replace(HOLLMANN, id=uid(7), accounts=())
    evidence = {"name": "Hollmann Technik", "email": "neu@woanders.example"}
    assert who(match(confirmed, twin, **evidence)) == ("found", HOLLMANN.id)
    assert match(confirmed, replace(twin, confirmed=confirmed.confirmed), **evidence).counterparty == "ambiguous"


def test_a_confirmed_iban_is_still_no_account() -> None:
    row = replace(HOLLMANN, confirmed=Confirmed(ibans=(UNKNOWN_IBAN,)))
    found = match(row, name="Hollmann Technik GmbH", iban=UNKNOWN_IBAN)
    assert (found.counterparty, found.account, found.account_id) == ("found", "not_found", None)
    assert [warning.code for warning in found.warnings] == ["bank_details_changed"]


def test_an_invoice_number_of_the_usual_shape_speaks_for_the_supplier() -> None:
    row = replace(HOLLMANN, confirmed=Confirmed(invoice_numbers=("RE-2026-0012",)))
    assert "reference_shape" in codes(match(row, name="Hollmann Technik", invoice_number="RE-2025-9999"))
    assert "reference_shape" not in codes(match(row, name="Hollmann Technik", invoice_number="20259999"))


# --- legal forms, groups and branches -------------------------------------------------------------------------------

MEYER_GMBH = CounterpartyRow(id=uid(21), legal_name="Meyer GmbH")
MEYER_AG = CounterpartyRow(id=uid(22), legal_name="Meyer AG")
MEYER_KG = CounterpartyRow(id=uid(23), legal_name="Meyer GmbH & Co. KG")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Meyer GmbH", ("found", uid(21))),
        ("Meyer Gesellschaft mit beschränkter Haftung", ("found", uid(21))),
        ("Meyer AG", ("found", uid(22))),
        ("MEYER GMBH & CO KG", ("found", uid(23))),
        ("Meyer", ("ambiguous", None)),
        ("Meyer OHG", ("ambiguous", None)),
    ],
)
def test_a_stated_legal_form_tells_namesakes_apart(name: str, expected: tuple[str, object]) -> None:
    assert who(match(MEYER_GMBH, MEYER_AG, MEYER_KG, name=name)) == expected


def test_another_legal_form_is_found_while_it_is_the_only_one_but_not_with_an_account_nobody_knows() -> None:
    found = match(MEYER_AG, name="Meyer GmbH")
    assert who(found) == ("found", MEYER_AG.id)
    assert "legal_form_differs" in codes(found, MEYER_AG)
    assert match(MEYER_AG, name="Meyer GmbH", iban=UNKNOWN_IBAN).counterparty == "not_found"
    assert match(MEYER_AG, name="Meyer AG", iban=UNKNOWN_IBAN).counterparty == "found"
    assert match(MEYER_AG, name="Meyer", iban=UNKNOWN_IBAN).counterparty == "found"


def test_of_two_names_as_much_alike_the_one_of_the_stated_form_is_meant() -> None:
    one = CounterpartyRow(id=uid(24), legal_name="Beat Lavoine Électricité SA")
    other = CounterpartyRow(id=uid(25), legal_name="Benat Lavoine Électricité EURL")
    assert who(match(one, other, name="Bezat Lavoine Électricité SA")) == ("found", uid(24))
    assert match(one, other, name="Bezat Lavoine Électricité").counterparty == "ambiguous"


def test_fewer_slips_are_a_clear_lead_and_as_many_are_none() -> None:
    """As letters go, all three are more than nine tenths alike."""
    one = CounterpartyRow(id=uid(24), legal_name="Beat Lavoine Électricité SA")
    other = CounterpartyRow(id=uid(25), legal_name="Benat Lavoine Électricité SA")
    found = match(one, other, name="Beat Lavoine Électrmicité SA")
    assert who(found) == ("found", uid(24))
    assert "name_of_other_counterparty" in codes(found, other)
    assert match(one, other, name="Bezat Lavoine Électricité SA").counterparty == "ambiguous"


@pytest.mark.parametrize("name", ["Lindensohn & Möllenkamp Feinkost", "Perioli & Coloretti Feinkost"])
def test_a_name_of_much_the_same_letters_is_another_firm_s(name: str) -> None:
    known = (
        CounterpartyRow(id=uid(26), legal_name="Lindenborn & Möllenkamp Feinkost GmbH"),
        CounterpartyRow(id=uid(27), legal_name="Pericelli & Coletti Feinkost S.n.c."),
    )
    assert match(*known, name=name).counterparty == "not_found"
    assert match(*known, name=name, iban=UNKNOWN_IBAN).counterparty == "not_found"


def test_more_slips_find_a_firm_only_with_something_else_that_speaks_for_it() -> None:
    known = CounterpartyRow(id=uid(28), legal_name="Hollmann Technik", emails=("a@hollmann.example",))
    assert match(known, name="Hollmann Techn.").counterparty == "not_found"
    found = match(known, name="Hollmann Techn.", email="b@hollmann.example")
    assert who(found) == ("found", uid(28))
    assert "name_resembles" in codes(found, known)


MEIER_BAU = CounterpartyRow(id=uid(91), legal_name="Meier Bau")
OTHER_MEIER = CounterpartyRow(id=uid(92), legal_name="Meier Elektro")
MEYERS = (
    CounterpartyRow(id=uid(93), legal_name="Meyer Elektro"),
    CounterpartyRow(id=uid(94), legal_name="Meyer Druck"),
)


def test_a_word_that_others_bear_is_no_slip() -> None:
    assert who(match(MEIER_BAU, OTHER_MEIER, name="Meyer Bau")) == ("found", MEIER_BAU.id)
    found = match(MEIER_BAU, OTHER_MEIER, *MEYERS, name="Meyer Bau")
    assert found.counterparty == "not_found"
    assert "words_of_others" in codes(found, MEIER_BAU)


def test_the_word_may_have_been_entered_wrongly_once_or_on_file_here_alone() -> None:
    assert who(match(MEIER_BAU, OTHER_MEIER, MEYERS[0], name="Meyer Bau")) == ("found", MEIER_BAU.id)
    assert who(match(MEIER_BAU, *MEYERS, name="Meyer Bau")) == ("found", MEIER_BAU.id)


def test_what_engines_confuse_is_a_slip_whoever_bears_it() -> None:
    known = CounterpartyRow(id=uid(95), legal_name="Horn Bau")
    others = [CounterpartyRow(id=uid(96 + place), legal_name=name) for place, name in enumerate(("Hom A", "Hom B"))]
    elsewhere = CounterpartyRow(id=uid(99), legal_name="Horn Druck")
    assert who(match(known, elsewhere, *others, name="Hom Bau")) == ("found", known.id)


def test_and_company_may_be_short_for_more_but_makes_another_firm_beside_the_same_form() -> None:
    known = CounterpartyRow(id=uid(100), legal_name="Meyer & Co. GmbH")
    assert who(match(known, name="Meyer & Co.")) == ("found", known.id)
    assert match(known, name="Meyer GmbH").counterparty == "not_found"
    partnership = replace(known, id=uid(101), legal_name="Meyer & Cie. KG")
    assert match(known, partnership, name="Meyer & Co.").counterparty == "ambiguous"
    assert who(match(known, partnership, name="Meyer & Co. KG")) == ("found", uid(101))


GROUP = tuple(
    CounterpartyRow(
        id=uid(30 + place),
        legal_name=f"Nordwind {word} GmbH",
        vat_id="DE999333000",
        emails=("rechnung@nordwind.example",),
        accounts=(account(300 + place, iban),),
    )
    for place, (word, iban) in enumerate([("Logistik", HOLLMANN_IBAN), ("Handel", KESTREL_IBAN), ("Immobilien", "X")])
)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"vat_id": "DE999333000"}, ("ambiguous", None)),
        ({"vat_id": "DE999333000", "email": "rechnung@nordwind.example"}, ("ambiguous", None)),
        ({"vat_id": "DE999333000", "name": "Nordwind"}, ("ambiguous", None)),
        ({"vat_id": "DE999333000", "iban": UNKNOWN_IBAN}, ("ambiguous", None)),
        ({"vat_id": "DE999333000", "name": "Nordwind Handel GmbH"}, ("found", uid(31))),
        ({"vat_id": "DE999333000", "iban": HOLLMANN_IBAN}, ("found", uid(30))),
    ],
)
def test_a_group_with_one_vat_number_needs_more(evidence: dict[str, str], expected: tuple[str, object]) -> None:
    found = match(*GROUP, **evidence)
    assert who(found) == expected
    assert {row.id for row in GROUP} <= {candidate.counterparty_id for candidate in found.candidates}


def test_a_branch_is_only_told_from_its_head_office_by_its_account_or_its_own_name() -> None:
    house = CounterpartyRow(id=uid(41), legal_name="Nordwind GmbH", accounts=(account(411, HOLLMANN_IBAN),))
    branch = CounterpartyRow(
        id=uid(42), legal_name="Nordwind GmbH, Niederlassung Süd", accounts=(account(421, KESTREL_IBAN),)
    )
    assert match(house, branch, name="Nordwind GmbH").counterparty == "ambiguous"
    assert who(match(house, branch, name="Nordwind GmbH", iban=KESTREL_IBAN)) == ("found", uid(42))
    assert who(match(house, branch, name="Nordwind GmbH Niederlassung Süd")) == ("found", uid(42))


def test_one_account_of_two_companies_is_ambiguous_until_something_tells() -> None:
    one = CounterpartyRow(id=uid(51), legal_name="Nordwind Logistik GmbH", accounts=(account(511, HOLLMANN_IBAN),))
    other = CounterpartyRow(id=uid(52), legal_name="Nordwind Handel GmbH", accounts=(account(521, HOLLMANN_IBAN),))
    assert match(one, other, iban=HOLLMANN_IBAN).counterparty == "ambiguous"
    assert match(one, other, iban=HOLLMANN_IBAN, name="Nordwind").counterparty == "ambiguous"
    found = match(one, other, iban=HOLLMANN_IBAN, name="Nordwind Handel GmbH")
    assert (found.counterparty_id, found.account_id) == (uid(52), uid(521))


# --- contradictions -------------------------------------------------------------------------------------------------


def test_a_register_number_of_another_company_speaks_against_a_name() -> None:
    row = CounterpartyRow(id=uid(61), legal_name="Meyer GmbH", registration_number="HRB 12345 Hamburg")
    assert match(row, name="Meyer GmbH", registration_numbers=("HRB 54321",)).counterparty == "not_found"
    assert match(row, name="Meyer GmbH", registration_numbers=("HRB 12345",)).counterparty == "found"


def test_a_second_vat_number_is_no_contradiction_where_the_register_number_is_the_same() -> None:
    row = CounterpartyRow(id=uid(62), legal_name="Dupont SARL", vat_id="FR40303265045")
    abroad = {"vat_id": "DE999333000", "name": "Dupont SARL"}
    assert match(row, **abroad).counterparty == "not_found"
    found = match(row, **abroad, registration_numbers=("SIREN 303 265 045",))
    assert who(found) == ("found", row.id)
    assert "vat_differs" not in codes(found, row)


def test_two_vat_numbers_of_one_country_contradict_each_other_whatever_register_number_stands_beside() -> None:
    row = CounterpartyRow(id=uid(62), legal_name="Dupont SARL", vat_id="FR40303265045")
    forged = match(row, vat_id="FR87220278295", name="Dupont SARL", registration_numbers=("SIREN 303 265 045",))
    assert "vat_id_differs" in [warning.code for warning in forged.warnings]


def test_iban_and_registration_number_of_two_companies_name_nobody() -> None:
    one = CounterpartyRow(id=uid(71), legal_name="Meyer GmbH", accounts=(account(711, HOLLMANN_IBAN),))
    other = CounterpartyRow(id=uid(72), legal_name="Dupont SARL", registration_number="303265045")
    found = match(one, other, iban=HOLLMANN_IBAN, registration_numbers=("303265045",), name="Meyer GmbH")
    assert who(found) == ("ambiguous", None)
    assert [warning.code for warning in found.warnings] == ["iban_belongs_to_other_counterparty"]


def test_name_domain_and_telephone_of_one_with_the_account_of_another_never_pay_that_account() -> None:
    supplier = replace(FULL, accounts=(account(21, "DE89370400440532013000"),))
    crook = CounterpartyRow(id=uid(81), legal_name="Quick Cash Ltd", accounts=(account(811, KESTREL_IBAN),))
    found = match(
        supplier,
        crook,
        name="Hollmann Technik GmbH",
        email="rechnung@hollmann.example",
        phones=("+49401234560",),
        iban=KESTREL_IBAN,
    )
    assert found.account_id is None
    assert "iban_belongs_to_other_counterparty" in [warning.code for warning in found.warnings]
