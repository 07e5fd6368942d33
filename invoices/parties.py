"""Who writes an invoice and who gets it: the rows that a selector means, checked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from counterparties.models import Address, Counterparty, CounterpartyAccount
from customers.models import Customer
from customers.resources import UnknownReference, nested
from customers.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Selector:
    """A party as a client names it. None for `account_id`: no account; None for `address_id`: the usual address."""

    counterparty_id: UUID
    account_id: UUID | None = None
    address_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Party:
    counterparty: Counterparty
    account: CounterpartyAccount | None
    address: Address | None


class PartyUnfit(Exception):
    """A row is there, but cannot be used here; `details` names the field."""

    def __init__(self, message: str, *, field: str) -> None:
        self.details = nested(field, [message])
        super().__init__(Sentence("The invoice cannot be written like this; see details of: {field}.", field=field))


def find_party(*, customer: Customer, selector: Selector, field: str) -> Party:
    """The party that the selector in `field` of the body means.

    Raises UnknownReference for ids that do not exist for this customer, and PartyUnfit for what is deactivated or
    belongs to another counterparty.
    """
    counterparty = Counterparty.objects.filter(customer=customer, pk=selector.counterparty_id).first()
    if counterparty is None:
        raise UnknownReference(f"{field}.counterparty_id")
    if not counterparty.active:
        raise PartyUnfit(Sentence("This counterparty is deactivated."), field=f"{field}.counterparty_id")
    account = address = None
    if selector.account_id is not None:
        account = _part(CounterpartyAccount, counterparty, selector.account_id, f"{field}.cp_account_id")
    if selector.address_id is not None:
        address = _part(Address, counterparty, selector.address_id, f"{field}.cp_address_id")
    else:
        address = usual_address(counterparty)
    return Party(counterparty=counterparty, account=account, address=address)


def usual_address(counterparty: Counterparty) -> Address | None:
    """The preferred billing address, else the preferred one, else the newest; None when no active one is there."""
    addresses = Address.objects.filter(counterparty=counterparty, active=True).order_by("-created_at", "-pk")
    preferred = addresses.filter(preferred=True)
    return preferred.filter(kind=Address.Kind.BILLING).first() or preferred.first() or addresses.first()


def _part(model: Any, counterparty: Counterparty, row_id: UUID, field: str) -> Any:
    row = model.objects.filter(customer=counterparty.customer_id, pk=row_id).first()
    if row is None:
        raise UnknownReference(field)
    if row.counterparty_id != counterparty.pk:
        raise PartyUnfit(Sentence("This belongs to another counterparty."), field=field)
    if not row.active:
        raise PartyUnfit(Sentence("This is deactivated; choose another one or leave it out."), field=field)
    return row
