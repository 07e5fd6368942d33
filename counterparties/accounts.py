"""Which account of a counterparty is paid to when a document names none."""

from datetime import datetime

from django.db import transaction

from counterparties.models import Counterparty, CounterpartyAccount


class AccountInactive(Exception):
    """A deactivated account cannot become the primary one; activate it first."""


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
