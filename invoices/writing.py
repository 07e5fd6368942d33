"""Writing invoices and changing them: parties, amounts, number and status, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from customers.models import Customer
from customers.sentences import Sentence
from invoices.models import Invoice, InvoiceItem
from invoices.money import MAX_AMOUNT_MINOR
from invoices.numbering import next_invoice_number
from invoices.parties import PartyUnfit, Selector, find_party
from invoices.payment_references import why_unfit
from invoices.statuses import check_move
from invoices.totals import InvoiceTotals, Line, invoice_totals

# What may still be said of an invoice that has left the house.
ALWAYS = frozenset({"status", "metadata"})


class NumberTaken(Exception):
    """The customer has an invoice with this number already."""

    details = {"invoice_number": [Sentence("This number is taken; leave it out to get the next free one.")]}


class InvoiceNotDraft(Exception):
    """What an invoice says is settled once it is no draft any more; `details` names what was to be changed."""

    def __init__(self, invoice: Invoice, fields: Sequence[str]) -> None:
        self.details = {field: [Sentence("Can be changed in a draft only.")] for field in fields}
        super().__init__(
            Sentence(
                "The invoice is {status}; only its status and metadata can still be changed.", status=invoice.status
            )
        )


class AmountTooLarge(Exception):
    """More digits than a payment message can carry."""

    details = {"items": [Sentence("The amounts may come to {most} minor units at most.", most=MAX_AMOUNT_MINOR)]}


@dataclass(frozen=True, slots=True)
class Item:
    """A line as it is sent; `price` is for one unit, in minor units."""

    title: str
    description: str
    quantity: Decimal
    price: int


@transaction.atomic
def write_invoice(
    *,
    customer: Customer,
    source: Selector,
    destination: Selector,
    items: Sequence[Item],
    fields: Mapping[str, Any],
    by: str,
    now: datetime,
) -> Invoice:
    """The new invoice. `fields` are columns by name; without `invoice_number` it gets the customer's next one.

    Raises UnknownReference, PartyUnfit, AmountTooLarge and NumberTaken.
    """
    invoice = Invoice(customer=customer, created_by=by, modified_by=by, active=True, **fields)
    _take_parties(invoice, source=source, destination=destination)
    _check_reference(invoice)
    totals = _take_totals(invoice, items)
    invoice.invoice_number = invoice.invoice_number or next_invoice_number(customer=customer, now=now)
    if Invoice.objects.filter(customer=customer, invoice_number=invoice.invoice_number).exists():
        raise NumberTaken(
            Sentence("The customer has an invoice {invoice_number} already.", invoice_number=invoice.invoice_number)
        )
    try:
        with transaction.atomic():
            invoice.save(force_insert=True)
    except IntegrityError as error:  # written by hand in the same moment; only the database sees it
        raise NumberTaken(
            Sentence("The customer has an invoice {invoice_number} already.", invoice_number=invoice.invoice_number)
        ) from error
    _write_items(invoice, items, totals)
    return invoice


@transaction.atomic
def change_invoice(
    *,
    invoice_id: UUID,
    source: Selector | None,
    destination: Selector | None,
    items: Sequence[Item] | None,
    fields: Mapping[str, Any],
    by: str,
) -> Invoice:
    """The changed invoice; None leaves parties and items as they are, and what `fields` does not name stays too.

    Parties are looked at again when the invoice leaves the house: what was chosen may have been deactivated since.
    Raises StatusNotReachable, InvoiceNotDraft, and what `write_invoice` raises.
    """
    invoice = Invoice.objects.select_for_update().get(pk=invoice_id)
    parts = {"source": source, "destination": destination, "items": items}
    settled = sorted({*fields, *(name for name, part in parts.items() if part is not None)} - ALWAYS)
    if settled and invoice.status != Invoice.Status.DRAFT:
        raise InvoiceNotDraft(invoice, settled)
    was_draft, currency = invoice.status == Invoice.Status.DRAFT, invoice.currency
    check_move(current=invoice.status, wanted=fields.get("status", invoice.status))
    for name, value in fields.items():
        setattr(invoice, name, value)
    if invoice.currency != currency:
        _check_prices(invoice, items=items, fields=fields)
    if was_draft and invoice.status != Invoice.Status.DRAFT:
        source, destination = source or _source_of(invoice), destination or _destination_of(invoice)
    _take_parties(invoice, source=source, destination=destination)
    if was_draft:
        _check_reference(invoice)
    lines = items if items is not None else _items_of(invoice)
    totals = _take_totals(invoice, lines)
    invoice.modified_by = by
    invoice.save()
    if items is not None:
        invoice.items.all().delete()
        _write_items(invoice, items, totals)
    return invoice


def _take_parties(invoice: Invoice, *, source: Selector | None, destination: Selector | None) -> None:
    if source is not None:
        party = find_party(customer=invoice.customer, selector=source, field="source")
        invoice.source_counterparty, invoice.source_account = party.counterparty, party.account
        invoice.source_address = party.address
    if destination is not None:
        party = find_party(customer=invoice.customer, selector=destination, field="destination")
        invoice.destination_counterparty, invoice.destination_account = party.counterparty, party.account
        invoice.destination_address = party.address
    if invoice.source_counterparty_id == invoice.destination_counterparty_id:
        raise PartyUnfit(Sentence("Nobody writes an invoice to itself."), field="destination.counterparty_id")


def _source_of(invoice: Invoice) -> Selector:
    return Selector(invoice.source_counterparty_id, invoice.source_account_id, invoice.source_address_id)


def _destination_of(invoice: Invoice) -> Selector:
    return Selector(invoice.destination_counterparty_id, invoice.destination_account_id, invoice.destination_address_id)


def _check_reference(invoice: Invoice) -> None:
    account = invoice.source_account
    if unfit := why_unfit(reference=invoice.reference, iban=account.iban if account else ""):
        raise PartyUnfit(unfit, field="reference")


def _check_prices(invoice: Invoice, *, items: Sequence[Item] | None, fields: Mapping[str, Any]) -> None:
    """Minor units of one currency are none of another: 10000 is a hundred euros, or ten thousand yen."""
    if items is None:
        raise PartyUnfit(Sentence("Send the items with their prices in the other currency as well."), field="items")
    if invoice.shipping_minor and "shipping_minor" not in fields:
        raise PartyUnfit(Sentence("Send the shipping in the other currency as well."), field="amount.shipping")


def _take_totals(invoice: Invoice, items: Sequence[Item]) -> InvoiceTotals:
    totals = invoice_totals(
        lines=[Line(quantity=item.quantity, price=item.price) for item in items],
        discount_rate=invoice.discount_rate,
        vat_rate=invoice.vat_rate,
        shipping=invoice.shipping_minor,
    )
    if max(*totals.lines, totals.subtotal, totals.total, 0) > MAX_AMOUNT_MINOR:
        raise AmountTooLarge(
            Sentence("The invoice comes to more than a payment can carry; check quantities and prices.")
        )
    invoice.subtotal_minor = totals.subtotal
    invoice.discount_minor = totals.discount
    invoice.vat_minor = totals.vat
    invoice.total_minor = totals.total
    return totals


def _write_items(invoice: Invoice, items: Sequence[Item], totals: InvoiceTotals) -> None:
    InvoiceItem.objects.bulk_create(
        InvoiceItem(
            invoice=invoice,
            position=position,
            title=item.title,
            description=item.description,
            quantity=item.quantity,
            price_minor=item.price,
            total_minor=total,
        )
        for position, (item, total) in enumerate(zip(items, totals.lines, strict=True), start=1)
    )


def _items_of(invoice: Invoice) -> list[Item]:
    return [
        Item(title=row.title, description=row.description, quantity=row.quantity, price=row.price_minor)
        for row in invoice.items.all()
    ]
