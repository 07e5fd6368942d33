"""Adding and changing the counterparties themselves."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from counterparties.accounts import add_account
from counterparties.models import Belonging, Counterparty, CounterpartyAccount
from counterparties.onboarding import onboarding
from counterparties.parts import SIGNED, add_part, lock_counterparty
from customers.audit.recording import record
from customers.models import Customer
from customers.sentences import Sentence

TOLD = ("legal_name", "aliases", "type", "vat_id", "registration_number")
OWN_STAYS = Sentence("This counterparty is the customer itself, from whose accounts it pays; it stays active.")


class OwnCounterpartyNeeded(Exception):
    """The counterparty stands for the customer itself: transfers are paid from its accounts."""


def add_counterparty(
    *,
    customer: Customer,
    fields: Mapping[str, Any],
    parts: Sequence[tuple[Belonging, bool | None]],
    by: str,
    now: datetime,
) -> Counterparty:
    """The new counterparty with what belongs to it, in one transaction; its first accounts need no second person.

    Each of `parts` is an account, contact or address without its counterparty, and whether an account is to be the
    primary one (see `add_account`). Raises ValidationError and AlreadyExists.
    """
    has_accounts = any(isinstance(part, CounterpartyAccount) for part, _ in parts)
    with onboarding(by=by) if has_accounts else nullcontext() as opened, transaction.atomic():
        counterparty = Counterparty(customer=customer, onboarding=opened, created_by=by, modified_by=by, **fields)
        counterparty.clean_fields(exclude={"customer", "onboarding"})
        counterparty.save(force_insert=True)
        for part, is_primary in parts:
            part.counterparty = counterparty
            if isinstance(part, CounterpartyAccount):
                add_account(part, is_primary=is_primary, by=by, now=now)
            else:
                add_part(part, by=by)
        record(
            action="counterparty.added",
            by=by,
            subject=counterparty,
            customer_id=customer.pk,
            detail={name: getattr(counterparty, name) for name in TOLD},
        )
    return counterparty


@transaction.atomic
def change_counterparty(*, counterparty_id: UUID, changes: Mapping[str, Any], by: str) -> Counterparty:
    """The counterparty with `changes` by field name. Raises ValidationError, OwnCounterpartyNeeded, DoesNotExist."""
    counterparty = lock_counterparty(counterparty_id)
    if counterparty.is_own and changes.get("active") is False:
        raise OwnCounterpartyNeeded(OWN_STAYS)
    for name, value in changes.items():
        setattr(counterparty, name, value)
    counterparty.clean_fields(exclude={"customer", "onboarding"})
    counterparty.modified_by = by
    counterparty.save(update_fields=[*changes, *SIGNED])
    return counterparty
