"""What may be sent to the endpoints of invoices."""

from typing import Any

from rest_framework import serializers

from customers.body_fields import (
    DecimalField,
    IdField,
    IgnoredField,
    LineField,
    MetadataField,
    MinorUnitsField,
    OptionalLine,
    OptionalText,
    StrictSerializer,
)
from customers.currencies import check_currency
from customers.serializers import STANDARD_FIELDS
from invoices.models import Invoice
from invoices.parties import Selector
from invoices.writing import Item

MAX_ITEMS = 1000


class PartyFields(StrictSerializer):
    """One side of the invoice."""

    counterparty_id = IdField()
    cp_account_id = IdField(required=False, allow_null=True, help_text="An active account of this counterparty.")
    cp_address_id = IdField(
        required=False,
        allow_null=True,
        help_text="An active address of this counterparty. Left out: the preferred billing one, else the preferred, "
        "else the newest active one.",
    )

    def to_internal_value(self, data: Any) -> Any:
        fields = super().to_internal_value(data)
        return Selector(
            counterparty_id=fields["counterparty_id"],
            account_id=fields.get("cp_account_id"),
            address_id=fields.get("cp_address_id"),
        )


class AmountChanges(StrictSerializer):
    currency = LineField(required=False, max_length=3, validators=[check_currency], help_text="ISO 4217.")
    shipping = MinorUnitsField(required=False, help_text="In the currency's minor unit; nothing if left out.")


class AmountFields(AmountChanges):
    currency = LineField(max_length=3, validators=[check_currency], help_text="ISO 4217.")


class RatesFields(StrictSerializer):
    """Percentages. The discount is taken off the sum of the items; VAT is on what is left, and on the shipping."""

    discount = DecimalField(required=False, max_digits=7, decimal_places=4, min_value=0, max_value=100)
    vat = DecimalField(required=False, max_digits=7, decimal_places=4, min_value=0, max_value=100)


class ItemFields(StrictSerializer):
    fixed_fields = ("total_price",)

    title = LineField(max_length=255)
    description = OptionalText(max_length=5000)
    quantity = DecimalField(max_digits=18, decimal_places=6, help_text="More than 0.")
    price = MinorUnitsField(help_text="Of one unit, in the currency's minor unit.")

    def validate_quantity(self, quantity: Any) -> Any:
        if quantity <= 0:
            raise serializers.ValidationError("Give a quantity of more than 0.")
        return quantity

    def validate(self, attrs: dict[str, Any]) -> Any:
        return Item(
            title=attrs["title"],
            description=attrs.get("description", ""),
            quantity=attrs["quantity"],
            price=attrs["price"],
        )


class InvoiceChanges(StrictSerializer):
    """Amounts and rates that are left out stay as they are; items are replaced as a whole."""

    fixed_fields: tuple[str, ...] = (*STANDARD_FIELDS, "customer_id", "invoice_number")

    description = OptionalText(max_length=5000)
    reference = OptionalLine(max_length=140, help_text="What the payer has to quote.")
    status = serializers.ChoiceField(
        choices=Invoice.Status.choices,
        required=False,
        help_text="draft → pending, sent; pending → paid, overdue; sent → paid, overdue; overdue → paid.",
    )
    due_date = serializers.DateField(required=False, allow_null=True)
    source = PartyFields(required=False)  # type: ignore[assignment]
    destination = PartyFields(required=False)
    amount = AmountChanges(required=False)
    rates = RatesFields(required=False)
    items = ItemFields(many=True, required=False, allow_empty=False, max_length=MAX_ITEMS)  # type: ignore[call-arg]
    active = IgnoredField(required=False, help_text="Ignored: an invoice is always active.")
    metadata = MetadataField()


class NewInvoice(InvoiceChanges):
    fixed_fields = STANDARD_FIELDS

    customer_id = IdField()
    invoice_number = OptionalLine(max_length=64, help_text="Left out: the customer's next number, without gaps.")
    source = PartyFields(help_text="Who writes the invoice and is paid.")
    destination = PartyFields(help_text="Who gets it and pays.")
    amount = AmountFields()
    items = ItemFields(many=True, allow_empty=False, max_length=MAX_ITEMS)  # type: ignore[call-arg]


def columns_of(body: dict[str, Any]) -> dict[str, Any]:
    """The columns of the invoice that the checked body sets; parties and items are rows of their own."""
    apart = {"customer_id", "source", "destination", "items", "amount", "rates"}
    columns = {name: value for name, value in body.items() if name not in apart}
    amount, rates = body.get("amount", {}), body.get("rates", {})
    for column, values, name in (
        ("currency", amount, "currency"),
        ("shipping_minor", amount, "shipping"),
        ("discount_rate", rates, "discount"),
        ("vat_rate", rates, "vat"),
    ):
        if name in values:
            columns[column] = values[name]
    return columns
