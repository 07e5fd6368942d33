"""Whence a customer pays unless somebody says otherwise."""

from uuid import UUID

from counterparties.models import Counterparty, CounterpartyAccount
from transfers.drafting import SourceAccount


def default_source(*, customer_id: UUID, currency: str | None) -> SourceAccount:
    """The customer's own counterparty and its active primary account in the currency.

    Without a primary account in the currency, the only account in it; with several and none primary, or without a
    currency, `account_id` is None: which of them pays is for a person to say.
    """
    own = Counterparty.objects.filter(customer_id=customer_id, is_own=True, active=True).first()
    if own is None:
        return SourceAccount()
    accounts = list(
        CounterpartyAccount.objects.filter(counterparty=own, active=True, currency=currency or "").order_by(
            "-is_primary", "created_at"
        )[:2]
    )
    if accounts and (accounts[0].is_primary or len(accounts) == 1):
        return SourceAccount(counterparty_id=own.id, account_id=accounts[0].id)
    return SourceAccount(counterparty_id=own.id)
