"""The account that a document names, beside those on file and beside its BIC."""

from dataclasses import replace
from uuid import uuid4

import pytest

from counterparties.account_comparison import (
    account_warnings,
    bank_of,
    bic_contradicts_iban,
    changed_message,
    settled_among,
)
from counterparties.evidence import AccountRow, AddressRow, CounterpartyRow, Match, PayeeEvidence

GERMAN, SAME_BANK, OTHER_BANK = "DE02120300000000202051", "DE41120300001000000000", "DE02500105170137075030"
LITHUANIAN, DUTCH, SWISS = "LT601010012345678901", "NL91ABNA0417164300", "CH9300762011623852957"


def row(*ibans: str, vat_id: str = "DE123456788") -> CounterpartyRow:
    accounts = tuple(AccountRow(uuid4(), iban, "", "EUR", is_primary=True) for iban in ibans)
    return CounterpartyRow(id=uuid4(), legal_name="Hollow Oak Timber Ltd", vat_id=vat_id, accounts=accounts)


def codes(evidence: PayeeEvidence, payee: CounterpartyRow | None = None) -> list[str]:
    found: tuple[CounterpartyRow, ...] = (payee,) if payee else ()
    outcome = "found" if payee else "not_found"
    match = Match(outcome, payee.id if payee else None, "not_found", None)  # type: ignore[arg-type]
    return [each.code for each in account_warnings(evidence=evidence, match=match, candidates=found)]


@pytest.mark.parametrize(
    ("iban", "bank"),
    [
        (GERMAN, "DE 12030000"),
        (DUTCH, "NL ABNA"),
        ("IT60X0542811101000000123456", "IT 05428"),
        ("PL61109010140000071219812874", "PL 1090"),
        ("FR1420041010050500013M02606", "FR 20041"),
        (SWISS, "CH 00762"),
    ],
)
def test_the_bank_stands_in_the_bban(iban: str, bank: str) -> None:
    assert bank_of(iban) == bank


def test_a_change_to_another_country_says_so_before_all_else() -> None:
    message = changed_message(row=row(GERMAN), iban=LITHUANIAN)
    assert "another country, LT, where those on file are in DE" in message
    assert "contact you already know" in message


def test_a_change_to_another_bank_names_both() -> None:
    message = changed_message(row=row(GERMAN), iban=OTHER_BANK)
    assert "another bank, DE 50010517, where those on file are at DE 12030000" in message


def test_a_change_within_the_bank_is_told_as_that() -> None:
    assert "though at the same bank" in changed_message(row=row(OTHER_BANK, GERMAN), iban=SAME_BANK)


def test_an_account_abroad_is_a_mismatch_until_it_is_on_file() -> None:
    evidence = PayeeEvidence(iban=LITHUANIAN, vat_id="DE123456788")
    assert codes(evidence) == ["iban_country_mismatch"]
    assert codes(evidence, row(GERMAN)) == ["iban_country_mismatch"]
    assert codes(evidence, row(GERMAN, LITHUANIAN)) == []
    # Another account in a country where one is on file is a change of bank details, and no new country.
    assert codes(evidence, row("LT121000011101001000")) == []


def test_an_account_in_the_country_of_an_address_on_file_is_no_mismatch() -> None:
    evidence = PayeeEvidence(iban=LITHUANIAN, vat_id="DE123456788")
    branch = replace(row(GERMAN), addresses=(AddressRow(city="Vilnius", country="LT"),))
    elsewhere = replace(row(GERMAN), vat_id="", addresses=(AddressRow(city="Hamburg", country="DE"),))
    assert codes(evidence, branch) == []
    assert codes(PayeeEvidence(iban=LITHUANIAN), elsewhere) == ["iban_country_mismatch"]


@pytest.mark.parametrize(
    ("vat_id", "iban"),
    [
        ("EL094259216", "GR1601101250000000012300695"),
        ("CHE116281710", "LI21088100002324013AA"),
        ("FR40303265045", "MC5811222000010123456789030"),
        ("XI110305878", "GB29NWBK60161331926819"),
        (None, LITHUANIAN),
        ("DE123456788", None),
    ],
)
def test_numbers_and_accounts_of_one_place_fit_and_what_is_unknown_says_nothing(
    vat_id: str | None, iban: str | None
) -> None:
    assert codes(PayeeEvidence(iban=iban, vat_id=vat_id)) == []


@pytest.mark.parametrize(
    ("bic", "iban"),
    [
        ("ABNANL2A", GERMAN),
        ("INGBNL2A", DUTCH),
        ("MIDLGB22", "GB29NWBK60161331926819"),
    ],
)
def test_a_bic_of_another_bank_or_country_contradicts_the_iban(bic: str, iban: str) -> None:
    assert bic_contradicts_iban(bic=bic, iban=iban)
    assert "bic_iban_mismatch" in codes(PayeeEvidence(iban=iban, bic=bic))


@pytest.mark.parametrize(
    ("bic", "iban"),
    [
        ("ABNANL2AXXX", DUTCH),
        ("BYLADEM1001", GERMAN),
        ("DEUTDEFF", GERMAN),
        ("NWBKGB2L", "GB29NWBK60161331926819"),
        ("BNPAFRPPXXX", "MC5811222000010123456789030"),
        ("NWBKJESX", "GB29NWBK60161331926819"),
        ("UBSWCHZH", "LI21088100002324013AA"),
    ],
)
def test_a_bic_that_may_be_the_ibans_contradicts_nothing(bic: str, iban: str) -> None:
    assert bic_contradicts_iban(bic=bic, iban=iban) is None


def test_of_an_account_on_file_nothing_is_said() -> None:
    assert codes(PayeeEvidence(iban=DUTCH, bic="INGBNL2A", vat_id="DE123456788"), row(DUTCH)) == []


class TestSeveralIbansThatAreAllOnFile:
    def settled(self, payee: CounterpartyRow, *ibans: str, currency: str | None = "EUR") -> Match:
        match = Match("found", payee.id, "not_found", None)
        return settled_among(match=match, candidates=(payee,), ibans=frozenset(ibans), currency=currency)

    def two_accounts(self, *primary: str) -> CounterpartyRow:
        accounts = tuple(AccountRow(uuid4(), iban, "", "EUR", iban in primary) for iban in (GERMAN, OTHER_BANK))
        return CounterpartyRow(id=uuid4(), legal_name="Hollow Oak Timber Ltd", accounts=accounts)

    def test_the_primary_one_is_paid_to(self) -> None:
        payee = self.two_accounts(OTHER_BANK)
        match = self.settled(payee, GERMAN, OTHER_BANK)
        assert (match.account, match.account_id) == ("found", payee.accounts[1].id)

    def test_one_that_is_not_on_file_settles_nothing(self) -> None:
        for named in ((GERMAN, LITHUANIAN), (GERMAN,)):
            match = self.settled(self.two_accounts(GERMAN), *named)
            assert (match.account, match.account_id) == ("not_found", None)

    def test_without_a_primary_one_or_in_another_currency_a_person_chooses(self) -> None:
        several = self.settled(self.two_accounts(), GERMAN, OTHER_BANK)
        foreign = self.settled(self.two_accounts(GERMAN), GERMAN, OTHER_BANK, currency="USD")
        unknown = self.settled(self.two_accounts(GERMAN), GERMAN, OTHER_BANK, currency=None)
        outcomes = [(each.account, each.account_id) for each in (several, foreign, unknown)]
        assert outcomes == [("ambiguous", None), ("not_found", None), ("not_found", None)]


@pytest.mark.parametrize(("on_file", "iban"), [((), GERMAN), ((GERMAN,), "")])
def test_where_there_is_nothing_to_compare_only_the_advice_is_given(on_file: tuple[str, ...], iban: str) -> None:
    assert changed_message(row=row(*on_file), iban=iban) == (
        "The IBAN on the document is none of the accounts on file of Hollow Oak Timber Ltd; confirm it with the"
        " counterparty through a contact you already know, never through one on the document."
    )
