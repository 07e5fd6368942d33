"""All warnings about payee and account together, before and after a person's word."""

from uuid import uuid4

from counterparties.evidence import AccountRow, CounterpartyRow, Match, MatchWarning, PayeeEvidence
from counterparties.matching import match_payee
from counterparties.payee_safety import safeguarded
from customers.sentences import Sentence

OLD, NEW_ABROAD = "DE02120300000000202051", "LT601010012345678901"
ROW = CounterpartyRow(
    id=uuid4(),
    legal_name="Hollow Oak Timber Ltd",
    vat_id="DE123456788",
    accounts=(AccountRow(uuid4(), OLD, "BYLADEM1001", "EUR", is_primary=True),),
)


def safe(evidence: PayeeEvidence, *, decided: bool = False, resembling: tuple[CounterpartyRow, ...] = ()) -> Match:
    return safeguarded(
        match=match_payee(evidence=evidence, candidates=(ROW,)),
        evidence=evidence,
        candidates=(ROW,),
        resembling=resembling,
        is_payee_decided=decided,
    )


def codes(match: Match) -> list[str]:
    return [warning.code for warning in match.warnings]


def test_a_known_supplier_with_its_account_has_no_warning() -> None:
    assert codes(safe(PayeeEvidence(name=ROW.legal_name, vat_id=ROW.vat_id, iban=OLD))) == []


def test_a_new_account_abroad_is_explained_against_what_is_on_file() -> None:
    match = safe(PayeeEvidence(name=ROW.legal_name, vat_id=ROW.vat_id, iban=NEW_ABROAD))
    assert codes(match) == ["bank_details_changed", "iban_country_mismatch"]
    assert "another country, LT, where those on file are in DE" in match.warnings[0].message
    assert match.account_id is None


def test_choosing_the_payee_answers_the_likeness_and_not_the_account() -> None:
    evidence = PayeeEvidence(name="Hollow Oak Tirnber Ltd", iban=NEW_ABROAD)
    assert "lookalike_name" in codes(safe(evidence))
    assert "lookalike_name" not in codes(safe(evidence, decided=True))
    assert "bank_details_changed" in codes(safe(evidence, decided=True))


def test_whom_the_letters_resemble_is_found_though_matching_did_not_weigh_it() -> None:
    other = CounterpartyRow(id=uuid4(), legal_name="Тест Oak")
    resembled = CounterpartyRow(id=uuid4(), legal_name="Pine Kontor")
    evidence = PayeeEvidence(name="Рinе Kоntor", iban=NEW_ABROAD)
    assert codes(safe(evidence, resembling=(other, resembled))) == ["lookalike_name"]


def test_the_very_name_with_another_vat_number_and_a_new_account_is_told() -> None:
    other = PayeeEvidence(name=ROW.legal_name, vat_id="NL123456789B01", iban=NEW_ABROAD)
    match = safe(other)
    assert match.counterparty == "not_found"
    assert "vat_id_differs" in codes(match)
    assert "vat_id_differs" not in codes(safe(other, decided=True))
    assert "vat_id_differs" not in codes(
        safe(PayeeEvidence(name="Pine Kontor", vat_id="NL123456789B01", iban=NEW_ABROAD))
    )


def test_each_code_stands_once() -> None:
    twice = (
        MatchWarning("bank_details_changed", Sentence("One.")),
        MatchWarning("bank_details_changed", Sentence("Two.")),
    )
    match = Match("not_found", None, "not_found", None, warnings=twice)
    kept = safeguarded(match=match, evidence=PayeeEvidence(), candidates=(), is_payee_decided=False).warnings
    assert [each.message for each in kept] == ["One."]
