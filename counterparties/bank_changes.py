"""Changing the bank details of a counterparty, by two people: one asks, another one confirms or refuses.

Every function takes who acts (`by`) and when (`now`), and leaves its trace in `BankDetailsChange`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal

from counterparties.bank_details_change import BankDetailsChange
from counterparties.identifiers import compact
from counterparties.models import Counterparty, CounterpartyAccount
from customers.audit.recording import record
from customers.sentences import Sentence

Decision = BankDetailsChange.Decision

bank_details_confirmed = Signal()
"""Sent within the transaction that puts the account on file, with the `change` and who confirmed it (`by`): documents
that wait for the account stand in apps that this one does not know."""


class ChangeRefused(Exception):
    """The change cannot be asked for or decided like this; the message says what to do instead."""


class SamePerson(ChangeRefused):
    """Who asked for a change tries to confirm or refuse it."""


class AlreadyDecided(ChangeRefused):
    """Somebody else was faster."""


class AlreadyOnFile(ChangeRefused):
    """The counterparty has an active account with this IBAN, or a change to it that waits for a decision."""


@dataclass(frozen=True, slots=True)
class AskedAccount:
    """The account that is asked for, spaces allowed; `currency` is an ISO 4217 code."""

    iban: str
    currency: str
    bic: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change comes from: its kind, the id of the OCR job or import (None for a person), what was read there."""

    source: str
    source_id: UUID | None = None
    document_says: str = ""


@transaction.atomic
def ask_for_change(
    *,
    customer_id: UUID,
    counterparty_id: UUID,
    account: AskedAccount,
    origin: Origin,
    by: str,
    now: datetime,
    verification: str = "",
) -> BankDetailsChange:
    """The pending change; nothing in the ledger changes before somebody else confirms it.

    Raises ChangeRefused when the counterparty is none of this customer's or is deactivated, AlreadyOnFile when there is
    nothing to ask for, and ValidationError by field when IBAN, BIC or currency is wrong.
    """
    change = BankDetailsChange(
        customer_id=customer_id,
        counterparty=_locked_counterparty(customer_id, counterparty_id),
        iban=compact(account.iban),
        bic=compact(account.bic),
        bank=account.bank.strip(),
        currency=account.currency,
        source=origin.source,
        source_id=origin.source_id,
        document_says=origin.document_says,
        asked_by=by.strip(),
        asked_at=now,
        verification=verification.strip(),
    )
    check_change(change)
    change.save(force_insert=True)
    _record("asked", change, by=by)
    return change


def check_change(change: BankDetailsChange) -> None:
    """Whether a change that is not stored yet may be asked for; raises what `ask_for_change` raises."""
    counterparty = change.counterparty
    if not counterparty.active:
        raise ChangeRefused(
            Sentence(
                "{counterparty} is deactivated; activate it before asking for a change.", counterparty=counterparty
            )
        )
    account = CounterpartyAccount(iban=change.iban, bic=change.bic, bank=change.bank, currency=change.currency)
    # What the account would be refused for is said when it is asked for.
    account.full_clean(exclude=["customer", "counterparty"], validate_constraints=False)
    if counterparty.accounts.filter(iban=change.iban, active=True).exists():
        raise AlreadyOnFile(
            Sentence(
                "{counterparty} has an active account with the IBAN {iban}; use that one.",
                counterparty=counterparty,
                iban=change.iban,
            )
        )
    pending = counterparty.bank_details_changes.filter(iban=change.iban, decision=Decision.PENDING).first()
    if pending is not None:
        raise AlreadyOnFile(
            Sentence(
                "{asked_by} has asked for {iban} already; let a second person decide on it.",
                asked_by=pending.asked_by,
                iban=change.iban,
            )
        )
    change.full_clean()


@transaction.atomic
def confirm_change(*, change_id: UUID, by: str, now: datetime, verification: str = "") -> BankDetailsChange:
    """The confirmed change, with the account that is now on file: a new row, or the deactivated one of this IBAN.

    The account is the primary one of its currency if there is none. Done again by the same person it changes nothing.
    Raises SamePerson, AlreadyDecided, AlreadyOnFile, or ChangeRefused when it was not said how the account was verified
    or the counterparty is deactivated.
    """
    change = _locked_change(change_id)
    if change.decision == Decision.CONFIRMED and same_person(change.decided_by, by):
        return change
    _check_pending(change)
    _check_second_person(change, by)
    change.verification = verification.strip() or change.verification
    if not change.verification:
        raise ChangeRefused('Say how the account was verified, such as "called the number on file".')
    counterparty = change.counterparty
    if not counterparty.active:
        raise ChangeRefused(f"{counterparty} is deactivated; activate it, or refuse the change.")
    if counterparty.accounts.filter(iban=change.iban, active=True).exists():
        raise AlreadyOnFile(f"{counterparty} has an active account with this IBAN by now; refuse the change.")
    account = _account_for(change, by)
    change.account_id = account.pk
    _decide(change, Decision.CONFIRMED, by, now)
    # After the change: the database lets the account in because it finds the confirmation.
    try:
        account.full_clean(exclude=["customer"])
    except ValidationError as error:
        raise ChangeRefused(f"The account cannot be entered: {' '.join(error.messages)}") from error
    account.save()
    change.refresh_from_db()
    bank_details_confirmed.send(sender=BankDetailsChange, change=change, by=by)
    return change


@transaction.atomic
def refuse_change(*, change_id: UUID, by: str, now: datetime, reason: str) -> BankDetailsChange:
    """The refused change. Raises SamePerson, AlreadyDecided, or ChangeRefused when no reason is given."""
    change = _locked_change(change_id)
    _check_pending(change)
    if same_person(change.asked_by, by):
        raise SamePerson("You asked for this change yourself: withdraw it, or let a second person refuse it.")
    if not reason.strip():
        raise ChangeRefused("Say why the change is refused; who asks next time should know.")
    change.reason = reason.strip()
    _decide(change, Decision.REFUSED, by, now)
    return change


@transaction.atomic
def withdraw_change(*, change_id: UUID, by: str, now: datetime, reason: str = "") -> BankDetailsChange:
    """The withdrawn change; only who asked for it can do that. Raises AlreadyDecided or ChangeRefused."""
    change = _locked_change(change_id)
    _check_pending(change)
    if not same_person(change.asked_by, by):
        raise ChangeRefused(f"{change.asked_by} asked for this change; confirm it or refuse it instead.")
    change.reason = reason.strip()
    _decide(change, Decision.WITHDRAWN, by, now)
    return change


def _locked_counterparty(customer_id: UUID, counterparty_id: UUID) -> Counterparty:
    # The lock lets two changes of one counterparty happen one after the other instead of into the constraint.
    rows = Counterparty.objects.of([customer_id]).select_for_update(no_key=True)
    counterparty = rows.filter(pk=counterparty_id).first()
    if counterparty is None:
        raise ChangeRefused(Sentence("There is no such counterparty of this customer; choose one from its list."))
    return counterparty


def _locked_change(change_id: UUID) -> BankDetailsChange:
    change = BankDetailsChange.objects.filter(pk=change_id).first()
    if change is None:
        raise ChangeRefused("There is no such change of bank details; choose one from the list.")
    counterparty = _locked_counterparty(change.customer_id, change.counterparty_id)
    change = BankDetailsChange.objects.select_for_update(no_key=True, of=("self",)).get(pk=change_id)
    change.counterparty = counterparty
    return change


def _check_pending(change: BankDetailsChange) -> None:
    if change.decision != Decision.PENDING:
        raise AlreadyDecided(
            f"This change was {change.decision} by {change.decided_by} on {change.decided_at:%Y-%m-%d %H:%M} UTC; "
            "there is nothing left to decide. Ask for a new change if need be."
        )


def _check_second_person(change: BankDetailsChange, by: str) -> None:
    if not by.strip() or same_person(change.asked_by, by):
        raise SamePerson("You asked for this change yourself; a second person has to confirm it.")


def same_person(one: str, other: str) -> bool:
    """Whether two login names are one person's: capitals do not tell people apart."""
    return one.strip().casefold() == other.strip().casefold()


def _account_for(change: BankDetailsChange, by: str) -> CounterpartyAccount:
    """The account as it will be written: the newest deactivated one of this IBAN, or a new one."""
    account = change.counterparty.accounts.filter(iban=change.iban).order_by("-created_at").first()
    if account is None:
        account = CounterpartyAccount(pk=uuid4(), counterparty=change.counterparty, iban=change.iban, created_by=by)
    account.bic = change.bic or account.bic
    account.bank = change.bank or account.bank
    account.currency = change.currency
    account.active = account.is_validated = True
    account.modified_by = by
    primary = change.counterparty.accounts.filter(currency=change.currency, active=True, is_primary=True)
    account.is_primary = not primary.exists()
    return account


def _decide(change: BankDetailsChange, decision: str, by: str, now: datetime) -> None:
    change.decision, change.decided_by, change.decided_at = decision, by.strip(), now
    try:
        # The account may be written only after the decision, so it cannot be looked up yet.
        change.clean_fields(exclude={"account"})
    except ValidationError as error:
        raise ChangeRefused(" ".join(error.messages)) from error
    # On the condition that nobody was faster: SQLite knows no lock of a row.
    decided = BankDetailsChange.objects.filter(pk=change.pk, decision=Decision.PENDING).update(
        decision=change.decision,
        decided_by=change.decided_by,
        decided_at=change.decided_at,
        reason=change.reason,
        verification=change.verification,
        account_id=change.account_id,
    )
    if not decided:
        raise AlreadyDecided("Somebody else decided on this change a moment ago; reload it to see what.")
    _record(decision, change, by=by)


def _record(what: str, change: BankDetailsChange, *, by: str) -> None:
    told = ("iban", "bic", "currency", "source", "source_id", "verification", "reason", "counterparty_id", "account_id")
    record(
        action=f"bank_details.{what}",
        by=by,
        subject=change,
        customer_id=change.customer_id,
        detail={name: getattr(change, name) for name in told},
    )
