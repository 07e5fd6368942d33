"""Drafts that a person makes or changes: parties, amount and blockers, in one transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from customers.audit.recording import changes, record
from customers.models import Customer
from customers.resources import UnknownReference
from customers.sentences import Sentence
from invoices.models import Upload
from transfers.answers import left_open
from transfers.blockers import in_order
from transfers.checks import blockers_of, from_other_payments
from transfers.drafting import without_hollow
from transfers.finalizing import NotADraft, told
from transfers.models import Transfer
from transfers.parties import Selector, TransferUnfit, refuse_one_account, set_destination, set_source
from transfers.sources import default_source

# Columns that say nothing about the payment: to change them is no edit of the draft.
BESIDE = frozenset({"metadata"})


class NothingToSettle(Exception):
    """A blocker that is said to be settled does not stand on the draft; `details` names it."""

    def __init__(self, codes: Collection[str]) -> None:
        named = ", ".join(sorted(codes))
        self.details = {"settled_blockers": [Sentence("The draft has no blocker {named}; read it again.", named=named)]}
        super().__init__(Sentence("The draft has changed or never had this blocker; see details of: settled_blockers."))


@transaction.atomic
def create_draft(
    *,
    customer: Customer,
    source: Selector,
    destination: Selector,
    upload_id: UUID | None,
    fields: Mapping[str, Any],
    by: str,
    now: datetime,
) -> Transfer:
    """The new draft with its blockers. `fields` are columns by name; it counts as edited by who made it.

    Raises UnknownReference and TransferUnfit.
    """
    transfer = Transfer(customer=customer, created_by=by, **fields)
    if upload_id is not None:
        transfer.upload = Upload.objects.filter(customer=customer, pk=upload_id).first()
        if transfer.upload is None:
            raise UnknownReference("upload_id")
    set_source(transfer, source)
    set_destination(transfer, destination)
    blockers = blockers_of(transfer)
    # Locked after the payee, as finalising does it: two that lock in different orders would wait for each other.
    if upload_id is not None and not Upload.objects.select_for_update().get(pk=upload_id).active:
        raise TransferUnfit(Sentence("This document was discarded."), field="upload_id")
    _save(transfer, blockers=blockers, by=by, edited_at=now)
    record(action="transfer.created", by=by, subject=transfer, customer_id=customer.pk, detail=told(transfer))
    return transfer


@transaction.atomic
def edit_draft(
    *,
    transfer_id: UUID,
    source: Selector | None,
    destination: Selector | None,
    settled: Collection[str],
    fields: Mapping[str, Any],
    by: str,
    now: datetime,
) -> Transfer:
    """The changed draft. None leaves a party as it is, and what `fields` does not name stays too.

    A blocker goes when what was sent answers it, or when it is among the `settled` ones. Raises NotADraft,
    NothingToSettle, UnknownReference and TransferUnfit.
    """
    transfer = Transfer.objects.select_for_update().get(pk=transfer_id)
    if transfer.status != Transfer.Status.DRAFT:
        raise NotADraft(Sentence("The transfer is {status}; only a draft can be changed.", status=transfer.status))
    unknown = set(settled) - set(transfer.blockers)
    if unknown and (unknown := unknown - set(from_other_payments(transfer))):
        raise NothingToSettle(unknown)
    before = told(transfer)
    _apply(transfer, fields=fields, source=source, destination=destination)
    is_edit = bool(settled) or source is not None or destination is not None or bool(set(fields) - BESIDE)
    if not is_edit:
        transfer.modified_by = by
        transfer.save()
        _record_edit(transfer, before=before, settled=settled, by=by)
        return transfer
    transfer.settled_blockers = [
        *transfer.settled_blockers,
        *({"code": code, "by": by, "at": now.isoformat()} for code in sorted(settled)),
    ]
    blockers = left_open(
        blockers=transfer.blockers,
        answered=_answered(fields=fields, destination=destination),
        settled=settled,
        current=blockers_of(transfer),
    )
    _save(transfer, blockers=blockers, by=by, edited_at=now)
    _record_edit(transfer, before=before, settled=settled, by=by)
    return transfer


def _record_edit(transfer: Transfer, *, before: Mapping[str, Any], settled: Collection[str], by: str) -> None:
    detail = {"fields": changes(before=before, after=told(transfer)), "settled_blockers": sorted(settled)}
    record(action="transfer.changed", by=by, subject=transfer, customer_id=transfer.customer_id, detail=detail)


def _apply(
    transfer: Transfer, *, fields: Mapping[str, Any], source: Selector | None, destination: Selector | None
) -> None:
    currency = transfer.currency
    for name, value in fields.items():
        setattr(transfer, name, value)
    is_other_currency = transfer.currency != currency
    if transfer.amount_minor is not None and not transfer.currency:
        raise TransferUnfit(
            Sentence("Name the currency: without it nobody knows what the minor unit is."), field="amount.currency"
        )
    if transfer.amount_minor is not None and is_other_currency and "amount_minor" not in fields:
        raise TransferUnfit(Sentence("Send the amount in the other currency as well."), field="amount.amount_minor")
    if source is not None:
        set_source(transfer, source)
    elif is_other_currency and _was_usual(transfer, currency=currency):
        set_source(transfer, Selector())
    if destination is not None:
        set_destination(transfer, destination)


def _answered(*, fields: Mapping[str, Any], destination: Selector | None) -> list[str]:
    """The keys of `ANSWERED_BY` for which a value was sent: null is no answer."""
    sent = {
        "amount": fields.get("amount_minor"),
        "currency": fields.get("currency"),
        "reference": "reference" in fields,
        "counterparty": destination is not None and isinstance(destination.counterparty_id, UUID),
        "account": destination is not None and isinstance(destination.account_id, UUID),
    }
    return [name for name, value in sent.items() if value not in (None, "", False)]


def _was_usual(transfer: Transfer, *, currency: str) -> bool:
    """Whether nobody chose the account to pay from: it is the usual one of the currency, or there is none."""
    usual = default_source(customer_id=transfer.customer.pk, currency=currency)
    return transfer.source_account_id in (None, usual.account_id)


def _save(transfer: Transfer, *, blockers: Collection[str], by: str, edited_at: datetime) -> None:
    refuse_one_account(transfer)
    transfer.blockers = list(in_order(without_hollow(blockers)))
    transfer.edited_at, transfer.edited_by = edited_at, by
    transfer.modified_by = by
    transfer.save()
