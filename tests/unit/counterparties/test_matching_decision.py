"""The narrow places of the two decisions: margins, doubts about an account, and what a candidate is shown with."""

from dataclasses import replace
from typing import Any

import pytest

from counterparties.evidence import Confirmed, Reason
from counterparties.matching import CounterpartyRow, Match, PayeeEvidence, account_to_pay, match_payee
from counterparties.scoring import FOUND_FROM, WEIGHTS, Weighed, score_candidates
from tests.unit.counterparties.ledger import (
    BARE,
    HOLLMANN,
    HOLLMANN_IBAN,
    KESTREL,
    KESTREL_IBAN,
    OWN,
    OWN_IBAN,
    SEEFELD_IBAN,
    UNKNOWN_IBAN,
    account,
    twin_of,
    uid,
)


def match(*candidates: CounterpartyRow, **evidence: Any) -> Match:
    return match_payee(evidence=PayeeEvidence(**evidence), candidates=(OWN, *candidates))


def said(found: Match) -> dict[str, str]:
    return {warning.code: str(warning.message) for warning in found.warnings}


def test_a_mail_address_under_another_name_finds_whom_to_ask_and_no_account() -> None:
    found = match(HOLLMANN, name="Buchhaltung Zwei Tauben OHG", email="rechnung@hollmann.example")

    assert (found.counterparty, found.counterparty_id) == ("found", HOLLMANN.id)
    assert (found.account, found.account_id, found.account_is_assumed) == ("not_found", None, False)


def test_a_mail_address_alone_finds_the_primary_account_which_is_assumed() -> None:
    found = match(HOLLMANN, email="rechnung@hollmann.example", currency="EUR")

    assert (found.account, found.account_id, found.account_is_assumed) == ("found", uid(21), True)


def test_an_account_that_the_document_names_is_not_assumed() -> None:
    found = match(HOLLMANN, iban=HOLLMANN_IBAN)

    assert (found.account_id, found.account_is_assumed, said(found)) == (uid(21), False, {})


def test_accounts_in_a_currency_without_a_primary_one_leave_it_open() -> None:
    row = replace(HOLLMANN, accounts=tuple(account(number, iban, is_primary=False) for number, iban in ACCOUNTS))

    assert account_to_pay(row=row, iban="", currency="EUR") == ("ambiguous", None)
    assert account_to_pay(row=replace(row, accounts=row.accounts[:1]), iban="", currency="EUR") == ("not_found", None)
    assert account_to_pay(row=row, iban="", currency="CHF") == ("not_found", None)
    assert account_to_pay(row=row, iban=KESTREL_IBAN, currency="CHF") == ("found", uid(62))
    assert account_to_pay(row=row, iban=UNKNOWN_IBAN, currency="EUR") == ("not_found", None)


ACCOUNTS = ((61, HOLLMANN_IBAN), (62, KESTREL_IBAN))


def test_each_warning_says_who_and_what_it_is_about() -> None:
    own = match(HOLLMANN, name="Hollmann Technik GmbH", iban=OWN_IBAN)
    changed = match(HOLLMANN, name="Hollmann Technik GmbH", iban=UNKNOWN_IBAN)
    other = match(HOLLMANN, KESTREL, name="Hollmann Technik GmbH", iban=KESTREL_IBAN)
    vat = match(HOLLMANN, iban=HOLLMANN_IBAN, name="Hollmann Technik GmbH", vat_id="DE136695976")
    row = replace(HOLLMANN, inactive_ibans=(UNKNOWN_IBAN,))
    inactive = match(row, name="Hollmann Technik GmbH", iban=UNKNOWN_IBAN)

    assert said(own)["iban_is_own_account"] == "The IBAN on the document is an account of the payer."
    assert said(changed) == {
        "bank_details_changed": "The IBAN on the document is none of the accounts on file of Hollmann Technik GmbH."
    }
    (warning,) = changed.warnings
    assert (warning.field, warning.counterparty_id) == ("iban", HOLLMANN.id)
    assert said(other)["iban_belongs_to_other_counterparty"] == (
        "The IBAN on the document belongs to Kestrel House Supplies Ltd, but the document seems to come from somebody"
        " else."
    )
    assert said(vat)["vat_id_differs"] == "The VAT number on the document is not that of Hollmann Technik GmbH."
    assert said(inactive)["account_inactive"] == (
        "The IBAN on the document is an account of Hollmann Technik GmbH that was deactivated."
    )


def test_all_who_hold_the_account_are_named_in_order() -> None:
    twin = twin_of(KESTREL, 9, legal_name="Alder Supplies Ltd", vat_id="", emails=())
    found = match(HOLLMANN, KESTREL, twin, vat_id="DE999001735", iban=KESTREL_IBAN)

    assert (
        "belongs to Alder Supplies Ltd, Kestrel House Supplies Ltd, but"
        in said(found)["iban_belongs_to_other_counterparty"]
    )


def test_a_supplier_without_any_account_has_none_that_could_have_changed() -> None:
    found = match(BARE, name="Werkstatt Zobel e.K.", iban=UNKNOWN_IBAN)

    assert (found.counterparty_id, said(found)) == (BARE.id, {})


def test_the_lead_has_to_be_as_wide_as_the_margin() -> None:
    """Two of one name, one of whom the document's telephone number is: 0.15 is less than the margin, and a confirmed
    name beside it is more."""
    one = replace(HOLLMANN, accounts=(), vat_id="", emails=(), phones=("+49 40 123456-0",))
    two = replace(one, id=uid(9), phones=())

    assert match(one, two, name="Hollmann Technik GmbH", phones=("040 1234560",)).counterparty == "ambiguous"


@pytest.mark.parametrize(("total", "is_identified"), [(FOUND_FROM - 0.05, False), (FOUND_FROM, True)])
def test_who_is_identified_has_enough_and_something_that_names_one_company(total: float, is_identified: bool) -> None:
    identified = Weighed(fit=None, reasons=(Reason("name_exact", total),), against=())  # type: ignore[arg-type]
    shared = Weighed(fit=None, reasons=(Reason("phone_exact", 9.0),), against=())  # type: ignore[arg-type]

    assert identified.is_identified is is_identified
    assert not shared.is_identified


def test_ten_candidates_are_shown_the_chosen_one_first_and_their_sums_within_bounds() -> None:
    rows = [replace(BARE, id=uid(100 + number)) for number in range(12)]
    found = match(HOLLMANN, *rows, iban=HOLLMANN_IBAN, vat_id="DE999001735", name="Hollmann Technik GmbH")
    crowd = match(*reversed(rows), name=BARE.legal_name, vat_id="DE999001735")

    assert (found.candidates[0].counterparty_id, found.candidates[0].score) == (HOLLMANN.id, 1.0)
    assert len(crowd.candidates) == 10
    assert [each.counterparty_id for each in crowd.candidates] == [row.id for row in rows[:10]]


def test_nobody_is_shown_for_whom_nothing_speaks() -> None:
    assert [each.counterparty_id for each in match(HOLLMANN, BARE, iban=HOLLMANN_IBAN).candidates] == [HOLLMANN.id]
    assert score_candidates(weighed=[], chosen=None) == ()


def reasons(found: Match, row: CounterpartyRow) -> dict[str, str]:
    candidate = next(each for each in found.candidates if each.counterparty_id == row.id)
    assert all(reason.weight == WEIGHTS[reason.code] for reason in (*candidate.reasons, *candidate.against))
    return {reason.code: reason.detail for reason in (*candidate.reasons, *candidate.against)}


def test_each_reason_tells_what_on_the_document_it_is_about() -> None:
    row = replace(
        HOLLMANN,
        registration_number="HRB 4711 Hamburg",
        phones=("+49 40 123456-0",),
        inactive_ibans=(UNKNOWN_IBAN,),
    )
    found = match(
        row,
        name="Hollmann Technik GmbH",
        vat_id="DE 999 001 735",
        iban="DE62 9305 0017 4410 0277 31",
        email="Rechnung@Hollmann.example",
        phones=("040 1234560",),
    )
    by_domain = match(
        row,
        name="Hollmann Technik",
        email="post@hollmann.example",
        websites=("www.hollmann.example",),
        iban=UNKNOWN_IBAN,
    )

    assert reasons(found, row) == {
        "iban_exact": HOLLMANN_IBAN,
        "vat_exact": "DE999001735",
        "email_exact": "rechnung@hollmann.example",
        "phone_exact": "0401234560",
        "name_exact": "hollmann technik gmbh",
        "legal_form_same": "stated by both",
    }
    assert reasons(by_domain, row)["email_domain"] == "hollmann.example"
    assert reasons(by_domain, row)["iban_inactive"] == UNKNOWN_IBAN
    assert "website_domain" not in reasons(by_domain, row)
    assert SEEFELD_IBAN not in reasons(by_domain, row).values()


def test_what_people_confirmed_and_what_the_rest_of_a_house_shares_is_told_too() -> None:
    row = replace(
        HOLLMANN,
        accounts=(),
        vat_id="",
        emails=("a@hollmann.example",),
        confirmed=Confirmed(names=("Hollmann Technik GmbH",), ibans=(UNKNOWN_IBAN,)),
    )
    found = match(row, name="Hollmann Technik", websites=("https://www.hollmann.example/kontakt",), iban=UNKNOWN_IBAN)

    told = reasons(found, row)
    assert told["website_domain"] == "hollmann.example"
    assert told["confirmed_details"] == "IBAN, VAT number or e-mail address"
    assert told["iban_unknown"] == ""


def test_a_name_that_is_like_it_is_told_with_how_like() -> None:
    told = reasons(match(HOLLMANN, name="Holmann Technik GmbH"), HOLLMANN)

    (code,) = {"name_similarity", "name_resembles", "name_close"} & set(told)
    assert 0.8 < float(told[code]) < 1
    assert len(told[code]) == 4
