"""Invoice numbers under concurrency: one after the other, none twice, none left out. On SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone

from config.environment import number_format
from counterparties.models import Counterparty
from customers.models import Customer
from invoices.models import Invoice, InvoiceCounter
from invoices.parties import Selector
from invoices.writing import Item, write_invoice
from tests.ledger import a_customer

THREADS = 6
EACH = 5


def write(customer: Customer, *, fails: bool) -> None:
    seller, buyer = customer.counterparties.order_by("legal_name")
    with transaction.atomic():
        write_invoice(
            customer=customer,
            source=Selector(counterparty_id=seller.pk),
            destination=Selector(counterparty_id=buyer.pk),
            items=[Item(title="x", description="", quantity=Decimal(1), price=100)],
            fields={"currency": "EUR"},
            by="test",
            now=timezone.now(),
        )
        # As when a later step of a request fails.
        transaction.set_rollback(fails)


def a_customer_who_bills(legal_name: str) -> Customer:
    customer = a_customer(legal_name)
    Counterparty.objects.create(customer=customer, legal_name="A", is_own=True)
    Counterparty.objects.create(customer=customer, legal_name="B")
    return customer


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_one_number_each_and_a_failure_gives_its_own_back() -> None:
    customers = [a_customer_who_bills("Aldermoor Trading GmbH"), a_customer_who_bills("Brindle & Co")]
    together = Barrier(THREADS)

    def work(thread: int) -> None:
        try:
            together.wait(timeout=30)
            for turn in range(EACH):
                for customer in customers:
                    write(customer, fails=(thread + turn) % 3 == 0)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))

    written = THREADS * EACH - sum((thread + turn) % 3 == 0 for thread in range(THREADS) for turn in range(EACH))
    assert written == 20
    expected = [f"INV-{number:05d}" for number in range(1, written + 1)]
    for customer in customers:
        numbers = Invoice.objects.filter(customer=customer).values_list("invoice_number", flat=True)
        assert sorted(numbers) == expected
        assert InvoiceCounter.objects.get(customer=customer).last_number == written


@pytest.mark.parametrize(
    "wrong", ["INV", "{number", "{count}", "{0}", "{number:.2q}", "{year}", "x" * 60 + "{number}", ""]
)
def test_a_format_that_numbers_nothing_is_refused(wrong: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="INVOICE_NUMBER_FORMAT"):
        number_format(wrong)
