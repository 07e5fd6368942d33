"""Several accounts on one document: one that nobody knows, beside the one to be paid, is told of."""

from uuid import uuid4

from counterparties.evidence import AccountRow, CounterpartyRow, PayeeEvidence
from counterparties.matching import match_payee
from counterparties.payee_safety import safeguarded

FIRST, SECOND, UNKNOWN, OWN = (
    "DE02120300000000202051",
    "DE02500105170137075030",
    "GB82WEST12345698765432",
    "DE02100500000054540402",
)


def account(iban: str, *, is_primary: bool = False) -> AccountRow:
    return AccountRow(id=uuid4(), iban=iban, bic="", currency="EUR", is_primary=is_primary)


SUPPLIER = CounterpartyRow(
    id=uuid4(),
    legal_name="Hollow Oak Timber Ltd",
    vat_id="DE136695976",
    accounts=(account(FIRST), account(SECOND, is_primary=True)),
)
PAYER = CounterpartyRow(id=uuid4(), legal_name="Aldermoor Trading GmbH", accounts=(account(OWN),), is_own=True)


def warnings(*others: str, iban: str = FIRST, name: str = SUPPLIER.legal_name) -> list[tuple[str, str]]:
    evidence = PayeeEvidence(name=name, iban=iban, currency="EUR", other_ibans=others)
    match = match_payee(evidence=evidence, candidates=(PAYER, SUPPLIER))
    match = safeguarded(match=match, evidence=evidence, candidates=(PAYER, SUPPLIER), is_payee_decided=False)
    return [(warning.code, warning.message) for warning in match.warnings]


def test_an_unknown_account_beside_the_one_to_be_paid_is_told_of_by_its_number() -> None:
    ((code, message),) = warnings("GB82 WEST 1234 5698 7654 32")

    assert code == "several_ibans"
    assert UNKNOWN in message


def test_further_accounts_on_file_and_the_payer_s_own_are_no_matter() -> None:
    assert warnings(SECOND, OWN, FIRST) == []


def test_the_accounts_of_a_stranger_are_his_own_matter() -> None:
    assert warnings(UNKNOWN, iban="DE12500105170648489890", name="Brackwater Glass Ltd") == []
