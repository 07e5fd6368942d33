"""From the rows of an invoice to what its document says."""

import re
from decimal import Decimal

from django.utils import timezone

from counterparties.models import Address, Contact, Counterparty
from invoices.models import Invoice, InvoiceItem
from invoices.money import from_minor
from invoices.rendering.bill import Account, Bill, Item, Party, Place

# Neither XML 1.0 nor a line of print can hold them; a line break is the one sign of control that means something.
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def bill_of(invoice: Invoice) -> Bill:
    """The invoice with the names, addresses and account that its parties have now; written is issued."""

    def money(minor: int) -> Decimal:
        return from_minor(minor=minor, currency=invoice.currency)

    account = invoice.source_account
    return Bill(
        number=_clean(invoice.invoice_number),
        issue_date=timezone.localdate(invoice.created_at),
        due_date=invoice.due_date,
        currency=invoice.currency,
        seller=_party(invoice.source_counterparty, invoice.source_address),
        buyer=_party(invoice.destination_counterparty, invoice.destination_address),
        account=Account(iban=account.iban, bic=account.bic) if account else None,
        reference=_clean(invoice.reference) or _clean(invoice.invoice_number),
        description=_clean(invoice.description),
        items=tuple(_item(item, currency=invoice.currency) for item in invoice.items.all()),
        subtotal=money(invoice.subtotal_minor),
        discount_rate=_shortest(invoice.discount_rate),
        discount=money(invoice.discount_minor),
        shipping=money(invoice.shipping_minor),
        vat_rate=_shortest(invoice.vat_rate),
        vat=money(invoice.vat_minor),
        total=money(invoice.total_minor),
    )


def _party(counterparty: Counterparty, address: Address | None) -> Party:
    emails = counterparty.contacts.filter(type=Contact.Type.EMAIL, active=True)  # the preferred one first
    first = emails.first()
    place = address and Place(
        street=_clean(address.street),
        zip=_clean(address.zip),
        city=_clean(address.city),
        state=_clean(address.state),
        country=address.country,
    )
    return Party(
        name=_clean(counterparty.legal_name),
        vat_id=_clean(counterparty.vat_id),
        registration_number=_clean(counterparty.registration_number),
        email=_clean(first.value) if first else "",
        place=place or None,
    )


def _item(item: InvoiceItem, *, currency: str) -> Item:
    return Item(
        title=_clean(item.title),
        description=_clean(item.description),
        quantity=_shortest(item.quantity),
        price=from_minor(minor=item.price_minor, currency=currency),
        total=from_minor(minor=item.total_minor, currency=currency),
    )


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text).strip()


def _shortest(number: Decimal) -> Decimal:
    """19.0000 as 19, 100 as 100: without an exponent, which no reader of invoices expects."""
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if number == whole else number.normalize()
