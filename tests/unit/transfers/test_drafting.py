"""From what was read and matched to the draft: everything that is known, and a blocker for everything that is not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from counterparties.matching import AccountRow, CounterpartyRow, Match, MatchWarning
from customers.sentences import Sentence
from transfers.blockers import BLOCKER_OF_WARNING, MESSAGES, in_order, sentences
from transfers.drafting import Payee, PaymentDetails, SourceAccount, TransferDraft, draft_transfer, payee_of

SUPPLIER = UUID(int=1)
SUPPLIERS_ACCOUNT = UUID(int=2)
OWN = UUID(int=3)
OWN_ACCOUNT = UUID(int=4)
KNOWN_IBAN = "DE02120300000000202051"
NEW_IBAN = "DE02500105170137075030"
TODAY = date(2026, 3, 2)

PAYMENT = PaymentDetails(
    amount=Decimal("119.00"),
    currency="EUR",
    iban=KNOWN_IBAN,
    payee_name="Hollow Oak Timber",
    reference="RF18539007547034",
    due_date=date(2026, 3, 30),
)
FOUND = Match(counterparty="found", counterparty_id=SUPPLIER, account="found", account_id=SUPPLIERS_ACCOUNT)
ACCOUNT_UNRESOLVED = replace(FOUND, account="not_found", account_id=None)
NOBODY = Match(counterparty="not_found", counterparty_id=None, account="not_found", account_id=None)
PAYEE = Payee(name="Hollow Oak Timber Ltd", iban=KNOWN_IBAN, bic="BYLADEM1001")
SOURCE = SourceAccount(counterparty_id=OWN, account_id=OWN_ACCOUNT)


def drafted(
    payment: PaymentDetails = PAYMENT, match: Match = FOUND, payee: Payee = PAYEE, **changes: Any
) -> TransferDraft:
    given: dict[str, Any] = {"source": SOURCE, "warning_codes": (), "is_credit_note": False, "today": TODAY}
    return draft_transfer(payment=payment, match=match, payee=payee, **(given | changes))


def test_all_known_gives_a_draft_that_could_be_finalised_as_it_stands() -> None:
    assert drafted() == TransferDraft(
        amount_minor=11900,
        currency="EUR",
        source=SOURCE,
        destination_counterparty_id=SUPPLIER,
        destination_account_id=SUPPLIERS_ACCOUNT,
        iban=KNOWN_IBAN,
        bic="BYLADEM1001",
        name="Hollow Oak Timber Ltd",
        reference="RF18539007547034",
        requested_execution_date=date(2026, 3, 30),
        blockers=(),
    )


def test_a_new_iban_of_a_known_supplier_never_gets_into_the_draft() -> None:
    warning = MatchWarning(code="bank_details_changed", message=Sentence("The IBAN is not on file."))
    draft = drafted(
        payment=replace(PAYMENT, iban=NEW_IBAN, bic="INGDDEFFXXX"),
        match=replace(ACCOUNT_UNRESOLVED, warnings=(warning,)),
        payee=Payee(name="Hollow Oak Timber Ltd"),
    )

    assert (draft.iban, draft.bic, draft.destination_account_id) == ("", "", None)
    assert NEW_IBAN not in repr(draft)
    assert draft.name == "Hollow Oak Timber Ltd"
    assert draft.blockers == ("account_unknown", "bank_details_changed")


def test_an_account_that_is_not_resolved_stays_empty_even_if_the_caller_knows_one() -> None:
    draft = drafted(match=ACCOUNT_UNRESOLVED, payee=PAYEE)

    assert (draft.iban, draft.bic, draft.destination_account_id) == ("", "", None)
    assert draft.blockers == ("account_unknown",)


def test_an_unknown_payee_leaves_what_was_read_and_says_what_is_missing() -> None:
    draft = drafted(match=NOBODY, payee=Payee())

    assert draft.blockers == ("counterparty_not_found", "account_unknown")
    assert (draft.amount_minor, draft.currency, draft.reference) == (11900, "EUR", "RF18539007547034")
    assert (draft.name, draft.iban) == ("Hollow Oak Timber", "")


def test_ambiguous_is_said_instead_of_not_found() -> None:
    several = replace(NOBODY, counterparty="ambiguous")
    several_accounts = replace(ACCOUNT_UNRESOLVED, account="ambiguous")

    assert drafted(match=several, payee=Payee()).blockers == ("counterparty_ambiguous", "account_unknown")
    assert drafted(match=several_accounts).blockers == ("account_ambiguous",)


def test_an_assumed_account_is_filled_in_and_waits_for_confirmation() -> None:
    draft = drafted(payment=replace(PAYMENT, iban=None), match=replace(FOUND, account_is_assumed=True))

    assert (draft.iban, draft.blockers) == (KNOWN_IBAN, ("account_assumed",))


def test_an_account_that_a_person_chose_against_the_document_is_paid_to() -> None:
    assert drafted(payment=replace(PAYMENT, iban=NEW_IBAN)).iban == KNOWN_IBAN
    assert drafted(payment=replace(PAYMENT, iban=NEW_IBAN)).blockers == ()


@pytest.mark.parametrize(
    ("changes", "amount_minor", "currency", "blockers"),
    [
        ({"amount": None}, None, "EUR", ("amount_missing",)),
        ({"amount": Decimal("0.00")}, 0, "EUR", ("amount_not_positive",)),
        ({"amount": Decimal("-119.00")}, -11900, "EUR", ("amount_not_positive",)),
        ({"amount": Decimal("119.005")}, None, "EUR", ("amount_not_representable",)),
        ({"currency": None}, None, "", ("amount_missing", "currency_missing")),
        ({"currency": "HRK"}, None, "", ("amount_missing", "currency_not_supported")),
        ({"currency": "JPY"}, 119, "JPY", ()),
        ({"currency": "KWD"}, 119_000, "KWD", ()),
    ],
)
def test_amount_and_currency_are_stored_in_minor_units_or_not_at_all(
    changes: dict[str, Any], amount_minor: int | None, currency: str, blockers: tuple[str, ...]
) -> None:
    draft = drafted(payment=replace(PAYMENT, **changes))

    assert (draft.amount_minor, draft.currency, draft.blockers) == (amount_minor, currency, blockers)


def test_a_credit_note_is_not_paid_whatever_its_sign() -> None:
    assert drafted(is_credit_note=True).blockers == ("credit_note",)
    negative = drafted(payment=replace(PAYMENT, amount=Decimal("-5.00")), is_credit_note=True)
    assert negative.blockers == ("amount_not_positive", "credit_note")


@pytest.mark.parametrize("code", sorted(BLOCKER_OF_WARNING))
def test_a_dangerous_warning_blocks_wherever_it_comes_from(code: str) -> None:
    of_the_match = replace(FOUND, warnings=(MatchWarning(code=code, message=Sentence("Seen while matching.")),))

    assert drafted(warning_codes=(code,)).blockers == (BLOCKER_OF_WARNING[code],)
    assert drafted(match=of_the_match).blockers == (BLOCKER_OF_WARNING[code],)
    assert drafted(match=of_the_match, warning_codes=(code, code)).blockers == (BLOCKER_OF_WARNING[code],)


@pytest.mark.parametrize("code", ["duplicate_document", "duplicate_invoice", "overdue", "iban_country_mismatch", "new"])
def test_a_warning_that_only_informs_does_not_block(code: str) -> None:
    assert drafted(warning_codes=(code,)).blockers == ()


def test_paying_oneself_is_blocked() -> None:
    own = replace(FOUND, counterparty_id=OWN)

    assert drafted(match=own).blockers == ("iban_is_own_account",)


@pytest.mark.parametrize("source", [SourceAccount(), SourceAccount(counterparty_id=OWN)])
def test_without_an_account_to_pay_from_nothing_goes_out(source: SourceAccount) -> None:
    assert drafted(source=source).blockers == ("source_account_missing",)


@pytest.mark.parametrize(
    ("due_date", "execution_date"),
    [(None, None), (date(2026, 3, 1), TODAY), (TODAY, TODAY), (date(2026, 3, 3), date(2026, 3, 3))],
)
def test_the_execution_date_is_the_due_date_and_never_in_the_past(
    due_date: date | None, execution_date: date | None
) -> None:
    assert drafted(payment=replace(PAYMENT, due_date=due_date)).requested_execution_date == execution_date


def test_a_reference_that_does_not_fit_is_left_out_and_not_cut() -> None:
    assert drafted(payment=replace(PAYMENT, reference="7" * 140)).reference == "7" * 140
    too_long = drafted(payment=replace(PAYMENT, reference="7" * 141))
    assert (too_long.reference, too_long.blockers) == ("", ("reference_too_long",))


def test_nothing_read_and_nobody_found_is_still_a_draft() -> None:
    draft = drafted(payment=PaymentDetails(), match=NOBODY, payee=Payee(), source=SourceAccount())

    assert draft.blockers == (
        "counterparty_not_found",
        "account_unknown",
        "amount_missing",
        "currency_missing",
        "source_account_missing",
    )
    assert (draft.name, draft.reference, draft.requested_execution_date) == ("", "", None)


def test_the_payee_is_taken_from_the_matched_row_and_account() -> None:
    other = AccountRow(id=UUID(int=9), iban=NEW_IBAN, bic="", currency="EUR", is_primary=True)
    account = AccountRow(id=SUPPLIERS_ACCOUNT, iban=KNOWN_IBAN, bic="BYLADEM1001", currency="EUR", is_primary=False)
    candidates = (
        CounterpartyRow(id=UUID(int=8), legal_name="Hollow Oak Ltd", accounts=(other,)),
        CounterpartyRow(id=SUPPLIER, legal_name="Hollow Oak Timber Ltd", accounts=(other, account)),
    )

    assert payee_of(match=FOUND, candidates=candidates) == PAYEE
    assert payee_of(match=ACCOUNT_UNRESOLVED, candidates=candidates) == Payee(name="Hollow Oak Timber Ltd")
    assert payee_of(match=NOBODY, candidates=candidates) == Payee()


def test_every_blocker_that_a_warning_brings_has_its_sentence() -> None:
    assert set(BLOCKER_OF_WARNING.values()) <= set(MESSAGES)


def test_blockers_are_listed_once_in_a_fixed_order_with_unknown_ones_last() -> None:
    codes = ["currency_missing", "of_an_older_release", "amount_missing", "currency_missing"]

    assert in_order(codes) == ("amount_missing", "currency_missing", "of_an_older_release")
    assert sentences(in_order(codes)) == "Enter the amount. Enter the currency. Settle of_an_older_release."
