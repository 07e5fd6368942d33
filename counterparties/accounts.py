"""The accounts of a counterparty, and which of them is paid to when a document names none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from counterparties.models import Counterparty, CounterpartyAccount
from counterparties.parts import lock_active_counterparty, lock_counterparty, save_part


class AccountInactive(Exception):
    """A deactivated account cannot become the primary one; activate it first."""


@transaction.atomic
def add_account(account: CounterpartyAccount, *, is_primary: bool | None, by: str) -> CounterpartyAccount:
    """The account, stored. `is_primary` None: it is primary when it is the counterparty's only one in its currency.

    Raises ValidationError, AlreadyExists and CounterpartyInactive.
    """
    counterparty = lock_active_counterparty(account.counterparty_id)
    in_currency = CounterpartyAccount.objects.filter(
        counterparty=counterparty, currency=account.currency, active=True
    ).exists()
    _save(account, wanted=not in_currency if is_primary is None else is_primary, by=by)
    return account


@transaction.atomic
def change_account(account: CounterpartyAccount, *, changes: Mapping[str, Any], by: str) -> CounterpartyAccount:
    """The account with `changes` by field name. Other bank details are not validated any more; see `is_validated`.

    Raises ValidationError, AlreadyExists, AccountInactive and DoesNotExist.
    """
    lock_counterparty(account.counterparty_id)
    account.refresh_from_db()
    before = (account.iban, account.bic)
    for name, value in changes.items():
        setattr(account, name, value)
    account.fill_keys()
    if (account.iban, account.bic) != before:
        account.is_validated = False
    if not account.active and changes.get("is_primary"):
        raise AccountInactive(f"{account} is deactivated; activate it before making it the primary account.")
    _save(account, wanted=account.active and account.is_primary, by=by, changed=changes)
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
        raise AccountInactive(f"{account} is deactivated; activate it before making it the primary account.")
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
        make_primary(account=account, by=by, now=account.modified_at)
