"""The accounts of a counterparty, and which of them is paid to when a document names none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from counterparties.bank_changes import AskedAccount, Origin, ask_for_change
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty, CounterpartyAccount
from counterparties.parts import lock_active_counterparty, lock_counterparty, refuse_double, save_part
from customers.audit.recording import changes as differing
from customers.audit.recording import record
from customers.sentences import Sentence

TOLD = ("iban", "bic", "bank", "currency", "is_primary", "is_validated", "active")
BANK_DETAILS = frozenset({"iban", "bic", "bank", "currency"})


class AccountInactive(Exception):
    """A deactivated account cannot become the primary one; activate it first."""


class ChangeOnItsOwn(Exception):
    """What waits for a second person cannot be mixed with what would be changed at once; `details` names the latter."""

    def __init__(self, fields: list[str]) -> None:
        self.details = {field: [Sentence("Send this in a request of its own.")] for field in fields}
        super().__init__(
            Sentence(
                "Another IBAN, or an account that is to be active again, waits for a second person; send "
                "it with nothing but bic, bank and currency."
            )
        )


@transaction.atomic
def add_account(
    account: CounterpartyAccount, *, is_primary: bool | None, by: str, now: datetime
) -> CounterpartyAccount | BankDetailsChange:
    """The account, stored, or the pending change when the counterparty's bank details are established.

    `is_primary` None: it is primary when it is the counterparty's only one in its currency. An account that waits for a
    second person becomes primary by that rule whatever was asked. Raises ValidationError, AlreadyExists,
    CounterpartyInactive and ChangeRefused.
    """
    counterparty = lock_active_counterparty(account.counterparty.pk)
    refuse_double(account)
    if counterparty.has_established_bank_details():
        return _ask(account, by=by, now=now)
    in_currency = CounterpartyAccount.objects.filter(
        counterparty=counterparty, currency=account.currency, active=True
    ).exists()
    _save(account, wanted=not in_currency if is_primary is None else is_primary, by=by)
    _record("added", account, by=by, detail={name: getattr(account, name) for name in TOLD})
    return account


@transaction.atomic
def change_account(
    account: CounterpartyAccount, *, changes: Mapping[str, Any], by: str, now: datetime
) -> CounterpartyAccount | BankDetailsChange:
    """The account with `changes` by field name; another BIC is not validated any more, see `is_validated`.

    Where bank details are established, another IBAN or `active` again gives the pending change instead, and the account
    stays as it is. Raises ValidationError, AlreadyExists, AccountInactive, ChangeOnItsOwn, ChangeRefused, DoesNotExist.
    """
    counterparty = lock_counterparty(account.counterparty.pk)
    account.refresh_from_db()
    before = (account.iban, account.bic, account.active)
    told = {name: getattr(account, name) for name in TOLD}
    for name, value in changes.items():
        setattr(account, name, value)
    refuse_double(account)
    is_new = account.iban != before[0] or (account.active and not before[2])
    if is_new and counterparty.has_established_bank_details():
        return _ask_for_change(account, changes=changes, by=by, now=now)
    if (account.iban, account.bic) != before[:2]:
        account.is_validated = False
    if not account.active and changes.get("is_primary"):
        raise AccountInactive(
            Sentence("{account} is deactivated; activate it before making it the primary account.", account=account)
        )
    _save(account, wanted=account.active and account.is_primary, by=by, changed=changes)
    after = {name: getattr(account, name) for name in TOLD}
    _record("changed", account, by=by, detail=differing(before=told, after=after))
    return account


@transaction.atomic
def make_primary(*, account: CounterpartyAccount, by: str, now: datetime) -> None:
    """The account becomes the primary one of its counterparty in its currency, in place of the one before.

    Raises AccountInactive.
    """
    # The lock on the counterparty lets two such changes happen one after the other instead of into the constraint.
    Counterparty.objects.select_for_update().get(pk=account.counterparty_id)
    account.refresh_from_db()
    if not account.active:
        raise AccountInactive(
            Sentence("{account} is deactivated; activate it before making it the primary account.", account=account)
        )
    _set_primary(account, by=by, now=now)
    _record("made_primary", account, by=by, detail={"iban": account.iban, "currency": account.currency})


def _set_primary(account: CounterpartyAccount, *, by: str, now: datetime) -> None:
    others = CounterpartyAccount.objects.filter(
        counterparty=account.counterparty_id, currency=account.currency, active=True, is_primary=True
    ).exclude(pk=account.pk)
    others.update(is_primary=False, modified_at=now, modified_by=by)
    if not account.is_primary:
        account.is_primary, account.modified_by = True, by
        account.save(update_fields=["is_primary", "modified_by", "modified_at"])


def _save(account: CounterpartyAccount, *, wanted: bool, by: str, changed: Mapping[str, Any] | None = None) -> None:
    """Writes the account; when it is wanted as primary, in place of the one before."""
    account.is_primary = False
    fields = None if changed is None else [*changed, "is_primary", "is_validated"]
    save_part(account, by=by, changed=fields)
    if wanted:
        _set_primary(account, by=by, now=account.modified_at)


def _ask_for_change(
    account: CounterpartyAccount, *, changes: Mapping[str, Any], by: str, now: datetime
) -> BankDetailsChange:
    if at_once := sorted(set(changes) - BANK_DETAILS - ({"active"} if account.active else set())):
        raise ChangeOnItsOwn(at_once)
    return _ask(account, by=by, now=now)


def _ask(account: CounterpartyAccount, *, by: str, now: datetime) -> BankDetailsChange:
    return ask_for_change(
        customer_id=account.counterparty.customer_id,
        counterparty_id=account.counterparty.pk,
        account=AskedAccount(iban=account.iban, bic=account.bic, bank=account.bank, currency=account.currency),
        origin=Origin(source=BankDetailsChange.Source.API),
        by=by,
        now=now,
    )


def _record(what: str, account: CounterpartyAccount, *, by: str, detail: Mapping[str, Any]) -> None:
    detail = {"counterparty_id": account.counterparty_id, **detail}
    record(action=f"account.{what}", by=by, subject=account, customer_id=account.customer_id, detail=detail)
