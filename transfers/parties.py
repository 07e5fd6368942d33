"""Whom a transfer pays and from which account, as a client names them: the rows that are meant, checked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from counterparties.models import Counterparty, CounterpartyAccount
from customers.models import Customer
from customers.resources import UnknownReference, nested
from customers.sentences import Sentence
from transfers.models import Transfer
from transfers.sources import default_source

LEFT_OUT: Any = object()
"""Not named in the body: what the transfer has stays. None is "nobody" or "none"."""


@dataclass(frozen=True, slots=True)
class Selector:
    """One side of a transfer as a client names it."""

    counterparty_id: UUID | None = LEFT_OUT
    account_id: UUID | None = LEFT_OUT


class TransferUnfit(Exception):
    """A row is there, but cannot be paid or pay; `details` names the field."""

    def __init__(self, message: str, *, field: str) -> None:
        self.details = nested(field, [message])
        super().__init__(Sentence("The transfer cannot be made like this; see details of: {field}.", field=field))


def set_destination(transfer: Transfer, selector: Selector) -> None:
    """The transfer pays whom the selector names. Name, IBAN and BIC become those on file, empty without an account.

    Another counterparty without an account leaves the account open: which of them is paid is for a person to say.
    Raises UnknownReference and TransferUnfit.
    """
    counterparty, account = transfer.destination_counterparty, transfer.destination_account
    if selector.counterparty_id is not LEFT_OUT:
        counterparty = _counterparty(transfer.customer, selector.counterparty_id, "destination")
        if account is not None and (counterparty is None or account.counterparty_id != counterparty.pk):
            account = None
    if selector.account_id is not LEFT_OUT:
        account = _account(counterparty, transfer.customer, selector.account_id, "destination")
    transfer.destination_counterparty, transfer.destination_account = counterparty, account
    transfer.destination_name = counterparty.legal_name if counterparty else ""
    transfer.destination_iban = account.iban if account else ""
    transfer.destination_bic = account.bic if account else ""


def set_source(transfer: Transfer, selector: Selector) -> None:
    """The transfer is paid from what the selector names; an account that is left out is the usual one in the currency.

    Raises UnknownReference and TransferUnfit.
    """
    usual = default_source(customer_id=transfer.customer.pk, currency=transfer.currency)
    counterparty_id = usual.counterparty_id if selector.counterparty_id is LEFT_OUT else selector.counterparty_id
    counterparty = _counterparty(transfer.customer, counterparty_id, "source")
    if counterparty is not None and not counterparty.is_own:
        raise TransferUnfit(
            Sentence("Only your own counterparty can pay; GET /v2/customers tells its id."),
            field="source.counterparty_id",
        )
    account_id = usual.account_id if selector.account_id is LEFT_OUT and counterparty else selector.account_id
    transfer.source_counterparty = counterparty
    transfer.source_account = _account(
        counterparty, transfer.customer, None if account_id is LEFT_OUT else account_id, "source"
    )


def refuse_one_account(transfer: Transfer) -> None:
    """Raises TransferUnfit when the transfer is paid from the account that it pays to."""
    if transfer.source_account_id is not None and transfer.source_account_id == transfer.destination_account_id:
        raise TransferUnfit(Sentence("A transfer needs two different accounts."), field="destination.cp_account_id")


def _counterparty(customer: Customer, counterparty_id: UUID | None, side: str) -> Counterparty | None:
    if counterparty_id is None:
        return None
    counterparty = Counterparty.objects.filter(customer=customer, pk=counterparty_id).first()
    if counterparty is None:
        raise UnknownReference(f"{side}.counterparty_id")
    if not counterparty.active:
        raise TransferUnfit(Sentence("This counterparty is deactivated."), field=f"{side}.counterparty_id")
    return counterparty


def _account(
    counterparty: Counterparty | None, customer: Customer, account_id: UUID | None, side: str
) -> CounterpartyAccount | None:
    if account_id is None:
        return None
    field = f"{side}.cp_account_id"
    account = CounterpartyAccount.objects.filter(customer=customer, pk=account_id).first()
    if account is None:
        raise UnknownReference(field)
    if counterparty is None:
        raise TransferUnfit(Sentence("Name the counterparty of this account as well."), field=field)
    if account.counterparty_id != counterparty.pk:
        raise TransferUnfit(Sentence("This account belongs to another counterparty."), field=field)
    if not account.active:
        raise TransferUnfit(Sentence("This account is deactivated; choose another one or leave it out."), field=field)
    return account
