"""Numbers of the invoices that a customer writes: one after the other, none left out, however many are written at once.

Tax law wants it so (Directive 2006/112/EC, article 226: "a sequential number … which uniquely identifies the invoice").
"""

from datetime import datetime

from django.conf import settings

from customers.models import Customer
from invoices.models import Invoice, InvoiceCounter


def next_invoice_number(*, customer: Customer, now: datetime) -> str:
    """The customer's next free number, as `INVOICE_NUMBER_FORMAT` writes it. Call it in the transaction of the invoice.

    The counter's row stays locked until that transaction ends: the next invoice waits, and one that is rolled back
    gives its number back. A number that somebody gave by hand is passed over.
    """
    counter, _ = InvoiceCounter.objects.select_for_update().get_or_create(customer=customer)
    while True:
        counter.last_number += 1
        number: str = settings.INVOICE_NUMBER_FORMAT.format(number=counter.last_number, year=now.year)
        if not Invoice.objects.filter(customer=customer, invoice_number=number).exists():
            counter.save(update_fields=["last_number"])
            return number
