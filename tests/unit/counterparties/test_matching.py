"""Who is to be paid, and to which account."""

from dataclasses import replace
from typing import Any

import pytest

from counterparties.matching import CounterpartyRow, Match, PayeeEvidence, match_payee
from tests.unit.counterparties.ledger import (
    BARE,
    HOLLMANN,
    HOLLMANN_IBAN,
    KESTREL,
    KESTREL_IBAN,
    LEDGER,
    OWN,
    OWN_IBAN,
    SEEFELD_IBAN,
    UNKNOWN_IBAN,
    account,
    twin_of,
    uid,
)


def match(*candidates: CounterpartyRow, **evidence: Any) -> Match:
    return match_payee(evidence=PayeeEvidence(**evidence), candidates=candidates or LEDGER)


def warnings(found: Match) -> list[str]:
    return [warning.code for warning in found.warnings]


def outcome(found: Match) -> tuple[str, CounterpartyRow | None, str]:
    chosen = next((row for row in LEDGER if row.id == found.counterparty_id), None)
    return found.counterparty, chosen, found.account


# --- each kind of evidence by itself --------------------------------------------------------------------------------


def test_the_iban_finds_the_counterparty_and_that_very_account() -> None:
    found = match(iban="DE62 9305 0017 4410 0277 31")
    assert outcome(found) == ("found", HOLLMANN, "found")
    assert (found.account_id, found.account_is_assumed) == (uid(21), False)
    assert warnings(found) == []


def test_an_account_in_another_currency_is_found_by_its_iban() -> None:
    assert match(iban=SEEFELD_IBAN, currency="EUR").account_id == uid(22)


@pytest.mark.parametrize(
    "evidence",
    [
        {"vat_id": "DE 999 001 735"},
        {"email": "Rechnung@Hollmann.example"},
        {"name": "Hollmann Technik GmbH"},
        {"name": "HOLLMANN TECHNIK"},
        {"name": "Holmann Technik GmbH"},
        {"name": "HoTec"},
        {"name": "Hollmann Techn.", "email": "buero@hollmann.example"},
        {"name": "Hollmann Techn.", "email": "billing@mail.hollmann.example"},
    ],
)
def test_without_an_iban_the_primary_account_in_the_currency_is_assumed(evidence: dict[str, str]) -> None:
    found = match(**evidence, currency="CHF")
    assert outcome(found) == ("found", HOLLMANN, "found")
    assert (found.account_id, found.account_is_assumed) == (uid(22), True)


@pytest.mark.parametrize(
    "evidence",
    [
        {},
        {"name": ""},
        {"name": "Technik"},
        {"name": "Hollmann"},
        {"name": "Hollmann Technik Süd GmbH"},
        {"email": "somebody@hollmann.example"},
        {"email": "somebody@gmail.com"},
        {"name": "Kestrel Hause Supplys", "email": "somebody@gmail.com", "iban": UNKNOWN_IBAN},
        {"vat_id": "DE999999999"},
        {"iban": UNKNOWN_IBAN},
        {"bic": "HKZBDEHHXXX", "currency": "EUR"},
    ],
)
def test_too_little_finds_nobody(evidence: dict[str, str]) -> None:
    found = match(**evidence)
    assert outcome(found) == ("not_found", None, "not_found")
    assert found.account_id is None


def test_an_exact_address_at_a_free_mail_service_is_still_an_address() -> None:
    assert match(email="kestrel.supplies@gmail.com").counterparty_id == KESTREL.id


def test_no_candidates_find_nobody() -> None:
    found = match_payee(evidence=PayeeEvidence(name="Hollmann", iban=HOLLMANN_IBAN), candidates=())
    assert (found.counterparty, found.account, found.candidates) == ("not_found", "not_found", ())


# --- rank and contradiction -----------------------------------------------------------------------------------------


def test_iban_and_vat_number_that_agree_outvote_a_name() -> None:
    found = match(iban=HOLLMANN_IBAN, vat_id="DE999001735", name="Kestrel House Supplies Ltd")
    assert outcome(found) == ("found", HOLLMANN, "found")


def test_a_vat_number_outvotes_name_and_email() -> None:
    found = match(vat_id="DE999001735", name="Kestrel House Supplies Ltd", email="accounts@kestrel.example")
    assert found.counterparty_id == HOLLMANN.id


def test_an_iban_under_a_trade_name_nobody_knows_is_enough() -> None:
    found = match(iban=HOLLMANN_IBAN, name="Die Schrauberei")
    assert outcome(found) == ("found", HOLLMANN, "found")
    assert warnings(found) == []


def test_iban_of_one_and_vat_number_of_another_name_nobody() -> None:
    found = match(iban=HOLLMANN_IBAN, vat_id="GB999999973")
    assert outcome(found) == ("ambiguous", None, "ambiguous")
    assert warnings(found) == ["iban_belongs_to_other_counterparty"]
    assert {candidate.counterparty_id for candidate in found.candidates} == {HOLLMANN.id, KESTREL.id}


def test_a_name_cannot_settle_which_of_two_contradicting_identifiers_is_right() -> None:
    found = match(iban=HOLLMANN_IBAN, vat_id="GB999999973", name="Hollmann Technik GmbH")
    assert found.counterparty == "ambiguous"


def test_the_iban_of_somebody_whose_vat_number_it_is_not_finds_nobody() -> None:
    found = match(iban=HOLLMANN_IBAN, vat_id="DE999999999", name="Ganz Anders AG")
    assert outcome(found) == ("not_found", None, "not_found")
    assert warnings(found) == ["iban_belongs_to_other_counterparty"]


def test_iban_and_name_agree_though_the_vat_number_is_another() -> None:
    found = match(iban=HOLLMANN_IBAN, vat_id="ATU99999999", name="Hollmann Technik GmbH")
    assert outcome(found) == ("found", HOLLMANN, "found")
    assert warnings(found) == ["vat_id_differs"]


def test_an_iban_outvotes_the_name_of_another_but_not_silently() -> None:
    found = match(iban=HOLLMANN_IBAN, name="Kestrel House Supplies Ltd")
    assert outcome(found) == ("found", HOLLMANN, "found")
    assert warnings(found) == ["iban_belongs_to_other_counterparty"]


def test_the_iban_of_a_company_of_a_similar_name_is_not_taken_silently() -> None:
    """Two suppliers on file that share a word: the one bills, with the other's account."""
    known = replace(HOLLMANN, legal_name="Conseil Vandermeulen SA", aliases=())
    billing = replace(KESTREL, legal_name="Lambrecht & Vandermeulen BV")
    found = match(known, billing, iban=HOLLMANN_IBAN, name="Lambrecht & Vandermeulen BV", email="new@kestrel.example")
    assert found.account_id is None
    assert warnings(found) == ["iban_belongs_to_other_counterparty"]


def test_name_and_email_of_another_cast_doubt_on_the_iban() -> None:
    found = match(iban=HOLLMANN_IBAN, name="Kestrel House Supplies Ltd", email="new@kestrel.example")
    assert found.counterparty == "ambiguous"
    assert warnings(found) == ["iban_belongs_to_other_counterparty"]


def test_a_name_whose_vat_number_is_another_is_not_the_same_company() -> None:
    assert match(name="Hollmann Technik GmbH", vat_id="DE999999999").counterparty == "not_found"


def test_a_name_clearly_of_another_makes_an_email_address_doubtful() -> None:
    assert match(name="Kestrel House Supplies Ltd", email="rechnung@hollmann.example").counterparty == "ambiguous"


def test_known_by_email_alone_under_another_name_assumes_no_account() -> None:
    found = match(name="Die Schrauberei", email="rechnung@hollmann.example", currency="EUR")
    assert outcome(found) == ("found", HOLLMANN, "not_found")


# --- changed bank details -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "evidence",
    [
        {"vat_id": "DE999001735"},
        {"email": "rechnung@hollmann.example"},
        {"name": "Hollmann Technik", "email": "neu@hollmann.example"},
        {"name": "Hollmann Technik GmbH"},
    ],
)
def test_a_known_supplier_with_an_unknown_iban_is_found_without_an_account(evidence: dict[str, str]) -> None:
    found = match(iban=UNKNOWN_IBAN, currency="EUR", **evidence)
    assert outcome(found) == ("found", HOLLMANN, "not_found")
    assert (found.account_id, found.account_is_assumed) == (None, False)
    assert warnings(found) == ["bank_details_changed"]


def test_a_name_that_only_resembles_with_an_unknown_iban_finds_nobody_and_warns() -> None:
    found = match(name="Hollmann Technlk GmbH", iban=UNKNOWN_IBAN, currency="EUR")
    assert outcome(found) == ("not_found", None, "not_found")
    assert warnings(found) == ["bank_details_changed"]
    assert found.candidates[0].counterparty_id == HOLLMANN.id


def test_the_first_iban_of_a_supplier_without_accounts_is_no_change() -> None:
    known = replace(BARE, vat_id="DE999123456")
    found = match(OWN, known, vat_id="DE999123456", iban=UNKNOWN_IBAN)
    assert (found.counterparty_id, found.account, warnings(found)) == (BARE.id, "not_found", [])


# --- the payer itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "evidence",
    [
        {"name": "Nordlicht Handels GmbH"},
        {"vat_id": "DE999355209"},
        {"email": "invoices@nordlicht.example"},
        {"iban": OWN_IBAN},
        {"name": "Nordlicht", "vat_id": "DE999355209", "email": "x@nordlicht.example", "iban": OWN_IBAN},
    ],
)
def test_the_payer_is_never_the_payee(evidence: dict[str, str]) -> None:
    found = match(**evidence, currency="EUR")
    assert outcome(found) == ("not_found", None, "not_found")
    assert warnings(found) == (["iban_is_own_account"] if "iban" in evidence else [])


def test_the_payer_s_own_iban_leaves_the_supplier_without_an_account() -> None:
    found = match(iban=OWN_IBAN, vat_id="DE999001735", currency="EUR")
    assert outcome(found) == ("found", HOLLMANN, "not_found")
    assert warnings(found) == ["iban_is_own_account"]


def test_the_payer_s_vat_number_and_address_do_not_hide_the_supplier() -> None:
    found = match(name="Hollmann Technik GmbH", vat_id="DE999355209", email="invoices@nordlicht.example")
    assert found.counterparty_id == HOLLMANN.id


def test_an_iban_filed_under_the_payer_and_a_supplier_is_the_payer_s() -> None:
    crook = CounterpartyRow(id=uid(9), legal_name="Crook", accounts=(account(91, OWN_IBAN),))
    found = match(OWN, crook, iban=OWN_IBAN)
    assert (found.counterparty, warnings(found)) == ("not_found", ["iban_is_own_account"])


def test_the_payer_filed_once_more_as_a_supplier_is_not_found_by_its_name() -> None:
    again = CounterpartyRow(id=uid(9), legal_name="Nordlicht Handels GmbH", accounts=(account(91, UNKNOWN_IBAN),))
    found = match(OWN, again, name="Nordlicht Handels GmbH", currency="EUR")
    assert (found.counterparty, found.account_id) == ("not_found", None)


def test_the_own_counterparty_is_shown_with_what_speaks_against_it() -> None:
    found = match(name="Nordlicht Handels GmbH")
    assert found.candidates[0].counterparty_id == OWN.id
    assert found.candidates[0].score == 0
    assert "own_counterparty" in [reason.code for reason in found.candidates[0].against]


# --- twins ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "evidence",
    [
        {"name": "Hollmann Technik"},
        {"iban": HOLLMANN_IBAN},
        {"vat_id": "DE999001735"},
        {"email": "rechnung@hollmann.example"},
        {"iban": HOLLMANN_IBAN, "vat_id": "DE999001735", "name": "Hollmann Technik GmbH"},
    ],
)
def test_twins_are_ambiguous(evidence: dict[str, str]) -> None:
    found = match(OWN, HOLLMANN, twin_of(HOLLMANN, 7), **evidence)
    assert (found.counterparty, found.counterparty_id, found.account_id) == ("ambiguous", None, None)
    assert len(found.candidates) == 2


@pytest.mark.parametrize(
    "decider",
    [
        {"vat_id": "DE999777777"},
        {"email": "berlin@hollmann-berlin.example"},
        {"email": "anybody@hollmann-berlin.example"},
        {"name": "Hollmann Montage GmbH"},
    ],
)
def test_a_shared_iban_is_decided_by_what_else_is_known(decider: dict[str, str]) -> None:
    other = twin_of(
        HOLLMANN,
        7,
        legal_name="Hollmann Montage GmbH",
        aliases=(),
        vat_id="DE999777777",
        emails=("berlin@hollmann-berlin.example",),
    )
    found = match(OWN, HOLLMANN, other, iban=HOLLMANN_IBAN, **decider)
    assert (found.counterparty_id, found.account_id) == (uid(7), uid(71))


def test_a_shared_vat_number_is_decided_by_the_iban() -> None:
    other = twin_of(HOLLMANN, 7, accounts=(account(71, KESTREL_IBAN),))
    found = match(OWN, HOLLMANN, other, vat_id="DE999001735", iban=KESTREL_IBAN, name="Hollmann Technik GmbH")
    assert (found.counterparty_id, found.account_id) == (uid(7), uid(71))


def test_the_legal_form_decides_between_otherwise_equal_names() -> None:
    partnership = CounterpartyRow(id=uid(7), legal_name="Hollmann Technik KG")
    assert match(OWN, HOLLMANN, partnership, name="Hollmann Technik KG").counterparty_id == uid(7)
    assert match(OWN, HOLLMANN, partnership, name="Hollmann Technik").counterparty == "ambiguous"


def test_two_similar_names_need_a_margin() -> None:
    one = CounterpartyRow(id=uid(7), legal_name="Brandner Elektro")
    other = CounterpartyRow(id=uid(8), legal_name="Brandler Elektro")
    assert match(OWN, one, other, name="Brander Elektro").counterparty == "ambiguous"
    assert match(OWN, one, other, name="Brandner Elektro").counterparty_id == uid(7)


def test_a_better_name_elsewhere_makes_a_domain_doubtful() -> None:
    branch = twin_of(HOLLMANN, 7, legal_name="Hollmann Technik Nord", aliases=(), vat_id="", emails=())
    assert match(OWN, HOLLMANN, branch, name="Hollmann Technik Nord", email="a@hollmann.example").counterparty == (
        "ambiguous"
    )


# --- accounts without an IBAN ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("evidence", [{"currency": "USD"}, {}])
def test_no_account_is_assumed_in_a_currency_without_one(evidence: dict[str, str]) -> None:
    found = match(vat_id="DE999001735", **evidence)
    assert (found.counterparty, found.account, found.account_is_assumed) == ("found", "not_found", False)


def test_several_accounts_without_a_primary_one_are_ambiguous() -> None:
    several = replace(
        HOLLMANN,
        accounts=(account(21, HOLLMANN_IBAN, is_primary=False), account(23, UNKNOWN_IBAN, is_primary=False)),
    )
    found = match(OWN, several, vat_id="DE999001735", currency="EUR")
    assert (found.counterparty, found.account, found.account_id) == ("found", "ambiguous", None)


# --- reasons --------------------------------------------------------------------------------------------------------


def test_every_reason_is_named_and_the_chosen_candidate_comes_first() -> None:
    found = match(
        name="Hollmann Technik", vat_id="DE999001735", email="neu@hollmann.example", iban=HOLLMANN_IBAN, currency="EUR"
    )
    best = found.candidates[0]
    assert best.counterparty_id == HOLLMANN.id
    assert {reason.code for reason in best.reasons} == {"iban_exact", "vat_exact", "email_domain", "name_exact"}
    assert best.against == ()
    assert best.score > 0.99


def test_what_speaks_against_a_candidate_is_named() -> None:
    found = match(name="Hollmann Technik", vat_id="DE999999999", iban=UNKNOWN_IBAN)
    against = {reason.code: reason.weight for reason in found.candidates[0].against}
    assert set(against) == {"vat_differs", "iban_unknown"}
    assert all(weight < 0 for weight in against.values())


def test_at_most_ten_candidates_are_shown() -> None:
    many = tuple(twin_of(HOLLMANN, number) for number in range(100, 150))
    assert len(match(*many, name="Hollmann Technik").candidates) == 10
