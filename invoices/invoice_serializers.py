"""The row of a written invoice, as the contract has it."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from customers.serializers import StandardFields, TextOrNull
from invoices.models import Invoice, InvoiceItem
from invoices.money import exponent


class MinorUnits(serializers.RegexField):
    """A string of an integer in the currency's minor unit."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^-?[0-9]+$", read_only=True, **options)


class PlainDecimal(serializers.RegexField):
    """The shortest decimal: 19, 8.1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^[0-9]+(\.[0-9]+)?$", read_only=True, **options)

    def to_representation(self, value: Any) -> str:
        text = f"{Decimal(value):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


class InvoiceSource(serializers.Serializer[Invoice]):
    """Who wrote the invoice and is paid."""

    counterparty_id = serializers.UUIDField(source="source_counterparty_id", read_only=True)
    cp_account_id = serializers.UUIDField(source="source_account_id", read_only=True, allow_null=True)
    cp_address_id = serializers.UUIDField(source="source_address_id", read_only=True, allow_null=True)


class InvoiceDestination(serializers.Serializer[Invoice]):
    """Who got it and pays."""

    counterparty_id = serializers.UUIDField(source="destination_counterparty_id", read_only=True)
    cp_account_id = serializers.UUIDField(source="destination_account_id", read_only=True, allow_null=True)
    cp_address_id = serializers.UUIDField(source="destination_address_id", read_only=True, allow_null=True)


class InvoiceAmount(serializers.Serializer[Invoice]):
    """In the currency's minor unit; total = subtotal − discount + shipping + vat."""

    currency = serializers.CharField(read_only=True, help_text="ISO 4217.")
    precision = serializers.SerializerMethodField(help_text="Decimal digits of the currency: 2 for EUR, 0 for JPY.")
    subtotal = MinorUnits(source="subtotal_minor", help_text="The sum of the items, before discount.")
    discount = MinorUnits(source="discount_minor")
    vat = MinorUnits(source="vat_minor", help_text="On the discounted subtotal plus shipping, rounded half up.")
    shipping = MinorUnits(source="shipping_minor")
    total = MinorUnits(source="total_minor")

    def get_precision(self, invoice: Invoice) -> int:
        return exponent(invoice.currency)


class InvoiceRates(serializers.Serializer[Invoice]):
    """Percentages."""

    discount = PlainDecimal(source="discount_rate")
    vat = PlainDecimal(source="vat_rate")


class InvoiceItemRow(serializers.Serializer[InvoiceItem]):
    """A line of the invoice."""

    title = serializers.CharField(read_only=True)
    description = TextOrNull()
    quantity = PlainDecimal()
    price = MinorUnits(source="price_minor", help_text="Of one unit.")
    total_price = MinorUnits(source="total_minor", help_text="Of the line, rounded half up.")

    class Meta:
        ref_name = "InvoiceItem"


class InvoiceRow(StandardFields):
    """An invoice that the customer writes: the source is paid, the destination pays."""

    id = serializers.UUIDField(read_only=True)
    customer_id = serializers.UUIDField(read_only=True)
    invoice_number = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(choices=Invoice.Status.choices, read_only=True)
    description = TextOrNull()
    reference = TextOrNull(help_text="What the payer has to quote.")
    due_date = serializers.DateField(read_only=True, allow_null=True)
    source = InvoiceSource(source="*", read_only=True)  # type: ignore[assignment]  # DRF takes it off the class
    destination = InvoiceDestination(source="*", read_only=True)
    amount = InvoiceAmount(source="*", read_only=True)
    rates = InvoiceRates(source="*", read_only=True)
    items = InvoiceItemRow(many=True, read_only=True)

    class Meta:
        ref_name = "Invoice"
