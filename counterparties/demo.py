"""The demonstration's books: an invented customer with its own counterparty, and the suppliers of the samples."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from counterparties.onboarding import Onboarding, open_onboarding
from customers.models import Customer


class DemoDataUnreadable(Exception):
    """The samples' description of the customer is missing or not as it should be; the message says what to do."""


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """The payer of the sample invoices as `customer.json` describes it, in the terms of the models."""

    legal_name: str
    type: str
    vat_id: str
    default_currency: str
    emails: Sequence[str]
    aliases: Sequence[str]
    accounts: Sequence[Mapping[str, str]]
    address: Mapping[str, str]


def read_demo_customer(path: Path) -> DemoCustomer:
    """Raises DemoDataUnreadable."""
    try:
        described: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return DemoCustomer(**described)
    except OSError as error:
        raise DemoDataUnreadable(f"{path} cannot be read; load the demonstration from a full checkout.") from error
    except (ValueError, TypeError) as error:
        raise DemoDataUnreadable(f"{path} does not describe a customer: {error}.") from error


@transaction.atomic
def load_customer(*, described: DemoCustomer, by: str) -> Customer:
    """The customer and its own counterparty with accounts, addresses and contacts; what exists is left as it is.

    Raises DemoDataUnreadable when a value is refused, naming the field.
    """
    customer = Customer.objects.filter(legal_name=described.legal_name, active=True).order_by("created_at").first()
    try:
        if customer is None:
            customer = Customer(
                legal_name=described.legal_name,
                type=described.type,
                vat_id=described.vat_id,
                default_currency=described.default_currency,
                emails=list(described.emails),
                created_by=by,
                modified_by=by,
            )
            customer.full_clean()
            customer.save()
        if not Counterparty.objects.filter(customer=customer, is_own=True).exists():
            opened = open_onboarding(by=by)
            _load_own_counterparty(customer, described, opened)
            opened.close()
    except (ValidationError, KeyError, TypeError) as error:
        raise DemoDataUnreadable(f"The demonstration's customer is refused: {error}.") from error
    return customer


def _load_own_counterparty(customer: Customer, described: DemoCustomer, opened: Onboarding) -> None:
    own = Counterparty(
        customer=customer,
        legal_name=described.legal_name,
        type=described.type,
        vat_id=described.vat_id,
        aliases=list(described.aliases),
        is_own=True,
        onboarding=opened,
    )
    parts: list[Counterparty | CounterpartyAccount | Contact | Address] = [own]
    currencies: set[str] = set()
    for account in described.accounts:
        is_primary = account["currency"] not in currencies
        currencies.add(account["currency"])
        parts.append(CounterpartyAccount(counterparty=own, is_primary=is_primary, is_validated=True, **account))
    for place, email in enumerate(described.emails):
        parts.append(Contact(counterparty=own, type=Contact.Type.EMAIL, value=email, preferred=place == 0))
    parts.append(Address(counterparty=own, preferred=True, **described.address))
    for part in parts:
        part.created_by = part.modified_by = opened.opened_by
        part.full_clean(exclude=["customer"])
        part.save()
