"""What holds for every match, whatever was read and whoever is on file."""

from dataclasses import replace
from random import Random
from uuid import UUID

from hypothesis import example, given, settings
from hypothesis import strategies as st

from counterparties.evidence import Confirmed
from counterparties.matching import AccountRow, CounterpartyRow, PayeeEvidence, match_payee
from counterparties.scoring import FOUND_FROM, MARGIN
from tests.unit.counterparties.ledger import HOLLMANN_IBAN, KESTREL_IBAN, OWN_IBAN, SEEFELD_IBAN, UNKNOWN_IBAN

NAMES = [
    "Hollmann Technik GmbH",
    "Hollmann Technik KG",
    "Holmann Technik",
    "Hollmann Technik Süd",
    "Zobel",
    "HoTec",
    "",
]
VAT_IDS = ["DE999001735", "GB999999973", "FR40303265045", ""]
EMAILS = ["a@hollmann.example", "b@hollmann.example", "c@gmail.com", "d@zobel.example", ""]
PHONES = ["+49 40 123456-0", "040 1234560", "+41 44 999 99 99"]
REGISTRATIONS = ["303 265 045", "HRB 12345", "HRB 54321", ""]
IBANS = [OWN_IBAN, HOLLMANN_IBAN, KESTREL_IBAN, SEEFELD_IBAN]
CURRENCIES = ["EUR", "CHF"]


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[CounterpartyRow, ...]:
    rows = []
    for number in range(1, draw(st.integers(0, 6)) + 1):
        ibans = draw(st.lists(st.sampled_from(IBANS), unique=True, max_size=2))
        accounts = tuple(
            AccountRow(
                id=UUID(int=number * 10 + place),
                iban=iban,
                bic="",
                currency=draw(st.sampled_from(CURRENCIES)),
                is_primary=draw(st.booleans()),
            )
            for place, iban in enumerate(ibans)
        )
        rows.append(
            CounterpartyRow(
                id=UUID(int=number),
                legal_name=draw(st.sampled_from(NAMES)),
                aliases=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=1))),
                vat_id=draw(st.sampled_from(VAT_IDS)),
                registration_number=draw(st.sampled_from(REGISTRATIONS)),
                phones=tuple(draw(st.lists(st.sampled_from(PHONES), max_size=1))),
                inactive_ibans=tuple(draw(st.lists(st.sampled_from(IBANS), max_size=1))),
                confirmed=Confirmed(names=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=1)))),
                emails=tuple(draw(st.lists(st.sampled_from(EMAILS), max_size=2))),
                accounts=accounts,
                is_own=number == 1,
            )
        )
    return tuple(rows)


def read(values: list[str]) -> st.SearchStrategy[str | None]:
    return st.sampled_from([*values, None])


evidences = st.builds(
    PayeeEvidence,
    name=read(NAMES),
    vat_id=read(VAT_IDS),
    email=read(EMAILS),
    iban=read([*IBANS, UNKNOWN_IBAN]),
    currency=read(CURRENCIES),
    registration_numbers=st.lists(st.sampled_from(REGISTRATIONS), max_size=1).map(tuple),
    phones=st.lists(st.sampled_from(PHONES), max_size=1).map(tuple),
    websites=st.lists(st.sampled_from(["www.hollmann.example", "zobel.example"]), max_size=1).map(tuple),
)


@settings(max_examples=400)
@given(evidence=evidences, ledger=ledgers())
def test_a_match_is_whole_and_never_the_payer(evidence: PayeeEvidence, ledger: tuple[CounterpartyRow, ...]) -> None:
    found = match_payee(evidence=evidence, candidates=ledger)

    assert (found.counterparty == "found") == (found.counterparty_id is not None)
    assert (found.account == "found") == (found.account_id is not None)
    chosen = next((row for row in ledger if row.id == found.counterparty_id), None)
    assert chosen is None or not chosen.is_own
    if found.account_id is not None:
        assert chosen is not None
        account = next(account for account in chosen.accounts if account.id == found.account_id)
        assert found.account_is_assumed == (evidence.iban is None)
        assert evidence.iban in (account.iban, None)
        assert not any(account.iban == own.iban for row in ledger if row.is_own for own in row.accounts) or (
            found.account_is_assumed
        )
    assert all(0 <= candidate.score <= 1 for candidate in found.candidates)
    if chosen is not None:
        assert found.candidates[0].counterparty_id == chosen.id


@settings(max_examples=300)
@given(evidence=evidences, ledger=ledgers(), seed=st.randoms())
def test_the_order_of_candidates_decides_nothing(
    evidence: PayeeEvidence, ledger: tuple[CounterpartyRow, ...], seed: Random
) -> None:
    shuffled = list(ledger)
    seed.shuffle(shuffled)
    one = match_payee(evidence=evidence, candidates=ledger)
    other = match_payee(evidence=evidence, candidates=tuple(shuffled))

    assert (one.counterparty, one.counterparty_id) == (other.counterparty, other.counterparty_id)
    assert (one.account, one.account_id) == (other.account, other.account_id)
    assert {warning.code for warning in one.warnings} == {warning.code for warning in other.warnings}


@settings(max_examples=200)
@given(evidence=evidences, ledger=ledgers())
def test_a_stranger_on_file_changes_nothing(evidence: PayeeEvidence, ledger: tuple[CounterpartyRow, ...]) -> None:
    stranger = CounterpartyRow(id=UUID(int=999), legal_name="Quarzwind Xylophonbau", vat_id="FR99999999999")
    one = match_payee(evidence=evidence, candidates=ledger)
    other = match_payee(evidence=evidence, candidates=(*ledger, stranger))
    assert replace(one, candidates=()) == replace(other, candidates=())


@settings(max_examples=200)
@given(evidence=evidences, ledger=ledgers())
def test_who_is_found_leads_by_what_is_shown(evidence: PayeeEvidence, ledger: tuple[CounterpartyRow, ...]) -> None:
    found = match_payee(evidence=evidence, candidates=ledger)
    if found.counterparty != "found":
        return
    sums = [sum(reason.weight for reason in (*each.reasons, *each.against)) for each in found.candidates]
    assert sums[0] >= FOUND_FROM
    assert all(sums[0] - other >= MARGIN - 1e-9 for other in sums[1:])


HOUSE = [
    CounterpartyRow(id=UUID(int=2), legal_name="Hollmann Technik GmbH", vat_id="GB999999973"),
    CounterpartyRow(id=UUID(int=4), legal_name="Hollmann Technik GmbH", vat_id="GB999999973"),
    CounterpartyRow(
        id=UUID(int=3),
        legal_name="Holmann Technik",
        vat_id="GB999999973",
        emails=("a@hollmann.example",),
        accounts=(AccountRow(id=UUID(int=30), iban=HOLLMANN_IBAN, bic="", currency="EUR", is_primary=False),),
    ),
]
BILL = PayeeEvidence(
    name="Hollmann Technik GmbH", vat_id="DE999001735", email="b@hollmann.example", iban=HOLLMANN_IBAN, currency="EUR"
)


@settings(max_examples=200)
@given(evidence=evidences, ledger=ledgers())
@example(evidence=BILL, ledger=tuple(HOUSE))  # whose words are those of its own twin alone
def test_a_twin_of_the_one_found_makes_it_ambiguous(
    evidence: PayeeEvidence, ledger: tuple[CounterpartyRow, ...]
) -> None:
    found = match_payee(evidence=evidence, candidates=ledger)
    if found.counterparty != "found":
        return
    chosen = next(row for row in ledger if row.id == found.counterparty_id)
    twin = replace(chosen, id=UUID(int=998))
    again = match_payee(evidence=evidence, candidates=(*ledger, twin))
    assert (again.counterparty, again.counterparty_id, again.account_id) == ("ambiguous", None, None)
