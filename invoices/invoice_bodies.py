"""What may be sent to the endpoints of invoices."""

from typing import Any

from rest_framework import serializers

from customers.body_fields import (
    CurrencyField,
    DayField,
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
from customers.serializers import STANDARD_FIELDS
from customers.translations import say
from invoices.models import Invoice
from invoices.parties import Selector
from invoices.writing import Item

MAX_ITEMS = 1000


class InvoicePartyFields(StrictSerializer):
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


class InvoiceAmountChanges(StrictSerializer):
    """What is to be different about the amount."""

    currency = CurrencyField(required=False, help_text="ISO 4217.")
    shipping = MinorUnitsField(required=False, help_text="In the currency's minor unit; nothing if left out.")


class InvoiceAmountFields(InvoiceAmountChanges):
    """The currency of everything in the invoice, and the shipping."""

    currency = CurrencyField(help_text="ISO 4217.")


class PercentField(DecimalField):
    """From 0 to 100, with at most 4 decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            pattern=r"^0*(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)$",
            limits={"minimum": 0, "maximum": 100},
            max_digits=7,
            decimal_places=4,
            min_value=0,
            max_value=100,
            **options,
        )


class QuantityField(DecimalField):
    """More than 0, with at most 6 decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            pattern=r"^(?!0+(\.0+)?$)0*[0-9]{1,12}(\.[0-9]{1,6})?$",
            limits={"exclusiveMinimum": 0, "maximum": 999_999_999_999},
            max_digits=18,
            decimal_places=6,
            **options,
        )

    def to_internal_value(self, data: Any) -> Any:
        quantity = super().to_internal_value(data)
        if quantity <= 0:
            raise serializers.ValidationError(say("Give a quantity of more than 0."))
        return quantity


class InvoiceRatesFields(StrictSerializer):
    """Percentages. The discount is taken off the sum of the items; VAT is on what is left, and on the shipping."""

    discount = PercentField(required=False)
    vat = PercentField(required=False)


class InvoiceItemFields(StrictSerializer):
    """A line of the invoice."""

    fixed_fields = ("total_price",)

    title = LineField(max_length=255)
    description = OptionalText(max_length=5000)
    quantity = QuantityField(help_text="More than 0, with at most 6 decimals.")
    price = MinorUnitsField(help_text="Of one unit, in the currency's minor unit.")

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
    due_date = DayField(required=False, allow_null=True)
    source = InvoicePartyFields(required=False)  # type: ignore[assignment]
    destination = InvoicePartyFields(required=False)
    amount = InvoiceAmountChanges(required=False)
    rates = InvoiceRatesFields(required=False)
    items = InvoiceItemFields(many=True, required=False, allow_empty=False, max_length=MAX_ITEMS)  # type: ignore[call-arg]
    active = IgnoredField(required=False, help_text="Ignored: an invoice is always active.")
    metadata = MetadataField()


class NewInvoice(InvoiceChanges):
    """An invoice to write; rates that are left out are zero."""

    fixed_fields = STANDARD_FIELDS

    customer_id = IdField()
    invoice_number = OptionalLine(max_length=64, help_text="Left out: the customer's next number, without gaps.")
    source = InvoicePartyFields(help_text="Who writes the invoice and is paid.")
    destination = InvoicePartyFields(help_text="Who gets it and pays.")
    amount = InvoiceAmountFields()
    items = InvoiceItemFields(many=True, allow_empty=False, max_length=MAX_ITEMS)  # type: ignore[call-arg]


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
