"""What may be sent to the endpoints of transfers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.body_fields import (
    CurrencyField,
    DayField,
    IdField,
    MetadataField,
    MinorUnitsField,
    OptionalLine,
    StrictSerializer,
)
from customers.serializers import STANDARD_FIELDS
from customers.translations import say
from transfers.answers import SETTLED_BY_WORD
from transfers.drafting import MAX_REFERENCE
from transfers.parties import LEFT_OUT, Selector
from transfers.sepa_letters import strange_characters

COLUMNS = ("reference", "requested_execution_date", "metadata")
READ_ONLY = (*STANDARD_FIELDS, "status", "blockers", "ocr_job_id", "supersedes_id", "active")


class PartyFields(StrictSerializer):
    counterparty_id = IdField(required=False, allow_null=True)
    cp_account_id = IdField(required=False, allow_null=True)

    def to_internal_value(self, data: Any) -> Any:
        fields = super().to_internal_value(data)
        return Selector(
            counterparty_id=fields.get("counterparty_id", LEFT_OUT), account_id=fields.get("cp_account_id", LEFT_OUT)
        )


class TransferSourceFields(PartyFields):
    """Your own counterparty, and the account of it that pays; the usual one in the currency if left out."""


class TransferDestinationFields(PartyFields):
    """The payee, and an active account of it that is on file. Name, IBAN and BIC follow from these two."""

    fixed_fields = ("iban", "bic", "name")


class TransferAmountFields(StrictSerializer):
    """Both or neither: without a currency nobody knows what the minor unit is."""

    amount_minor = MinorUnitsField(required=False, allow_null=True, help_text="In the currency's minor unit.")
    currency = CurrencyField(required=False, allow_null=True, help_text="ISO 4217.")


@extend_schema_field({"type": "string", "maxLength": MAX_REFERENCE, "pattern": "^[A-Za-z0-9/?:().,'+ -]*$"})
class ReferenceField(OptionalLine):
    """What a SEPA payment can carry (EPC217-08)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_REFERENCE, **options)

    def to_internal_value(self, data: Any) -> str:
        reference = super().to_internal_value(data)
        if strange := strange_characters(reference):
            raise serializers.ValidationError(
                say(
                    "A payment cannot carry {strange}; give letters from A to Z, digits, blanks and "
                    "/ - ? : ( ) . , ' + only.",
                    strange=" ".join(strange),
                )
            )
        return reference


class TransferChanges(StrictSerializer):
    """What is to be different about a draft."""

    fixed_fields: tuple[str, ...] = (*READ_ONLY, "customer_id", "upload_id")

    amount = TransferAmountFields(required=False)
    source = TransferSourceFields(required=False)  # type: ignore[assignment]
    destination = TransferDestinationFields(required=False)
    reference = ReferenceField(help_text="What the payee needs to recognise the payment.")
    requested_execution_date = DayField(
        required=False, allow_null=True, help_text="null, or a day that has passed: the day on which it is finalised."
    )
    settled_blockers = serializers.ListField(
        child=serializers.ChoiceField(choices=SETTLED_BY_WORD),
        required=False,
        max_length=len(SETTLED_BY_WORD),
        help_text="Open blockers that no field answers, and that a person has looked into. Kept with name and time.",
    )
    metadata = MetadataField()


class NewTransfer(TransferChanges):
    """A draft payment by hand."""

    fixed_fields: tuple[str, ...] = READ_ONLY

    settled_blockers = None  # type: ignore[assignment]
    customer_id = IdField(help_text="The customer who pays.")
    upload_id = IdField(required=False, allow_null=True, help_text="The document that asks for the payment.")

    def validate_amount(self, amount: dict[str, Any]) -> dict[str, Any]:
        if amount.get("amount_minor") is not None and not amount.get("currency"):
            raise serializers.ValidationError({"currency": [say("Name the currency of the amount.")]})
        return amount


class NoBody(StrictSerializer):
    """An empty object, or nothing at all."""


def columns_of(body: dict[str, Any]) -> dict[str, Any]:
    """The columns of the transfer that the checked body sets; parties are rows of their own."""
    columns = {name: value for name, value in body.items() if name in COLUMNS}
    amount = body.get("amount", {})
    if "amount_minor" in amount:
        columns["amount_minor"] = amount["amount_minor"]
    if "currency" in amount:
        columns["currency"] = amount["currency"] or ""
    return columns
