"""What the database refuses to store as an invoice."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from counterparties.models import Counterparty
from customers.models import Customer
from invoices.models import Invoice, InvoiceItem
from tests.ledger import a_customer

pytestmark = pytest.mark.django_db


def an_invoice(customer: Customer, invoice_number: str = "2026-0001", **fields: Any) -> Invoice:
    seller, _ = Counterparty.objects.get_or_create(
        customer=customer, is_own=True, defaults={"legal_name": customer.legal_name}
    )
    buyer = Counterparty.objects.create(customer=customer, legal_name="Hollow Oak Timber Ltd")
    complete: dict[str, Any] = {
        "customer": customer,
        "invoice_number": invoice_number,
        "source_counterparty": seller,
        "destination_counterparty": buyer,
        "currency": "EUR",
        "subtotal_minor": 18072,
        "discount_minor": 1807,
        "shipping_minor": 590,
        "vat_minor": 3202,
        "total_minor": 20057,
    }
    return Invoice.objects.create(**(complete | fields))


def an_item(invoice: Invoice, **fields: Any) -> InvoiceItem:
    complete: dict[str, Any] = {
        "invoice": invoice,
        "position": 1,
        "title": "Oak",
        "quantity": 3,
        "price_minor": 1999,
        "total_minor": 5997,
    }
    return InvoiceItem.objects.create(**(complete | fields))


def test_a_number_is_given_once_per_customer() -> None:
    customer, neighbour = a_customer(), a_customer("Brindle & Co")
    an_invoice(customer)
    an_invoice(neighbour)

    with pytest.raises(IntegrityError), transaction.atomic():
        an_invoice(customer)


@pytest.mark.parametrize(
    "wrong",
    [
        {"invoice_number": ""},
        {"status": "lost"},
        {"currency": "eur"},
        {"currency": ""},
        {"total_minor": 20056},
        {"vat_minor": -1, "total_minor": 16854},
        {"shipping_minor": -590, "total_minor": 18877},
        {"discount_minor": 18073, "total_minor": 3791},
        {"vat_rate": 101},
        {"discount_rate": -1},
    ],
)
def test_an_invoice_that_cannot_be(wrong: dict[str, Any]) -> None:
    invoice = an_invoice(a_customer())

    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(**wrong)


def test_nobody_bills_himself() -> None:
    invoice = an_invoice(a_customer())

    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(destination_counterparty=invoice.source_counterparty)


@pytest.mark.parametrize("wrong", [{"position": 0}, {"quantity": 0}, {"price_minor": -1}, {"total_minor": -1}])
def test_an_item_that_cannot_be(wrong: dict[str, Any]) -> None:
    item = an_item(an_invoice(a_customer()))

    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceItem.objects.filter(pk=item.pk).update(**wrong)


def test_a_position_is_taken_once() -> None:
    invoice = an_invoice(a_customer())
    an_item(invoice)

    with pytest.raises(IntegrityError), transaction.atomic():
        an_item(invoice)


def test_the_back_office_shows_an_invoice_with_its_items_and_changes_nothing() -> None:
    invoice = an_invoice(a_customer())
    an_item(invoice, title="Seasoned oak")
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("operator", password="a long password"))

    page = client.get(reverse("admin:invoices_invoice_change", args=[invoice.pk])).content.decode()

    assert "2026-0001" in page
    assert "Seasoned oak" in page
    assert 'name="_save"' not in page
