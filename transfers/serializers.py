"""The row of a transfer, as the contract has it."""

from rest_framework import serializers

from customers.serializers import StandardFields, TextOrNull
from transfers.models import Transfer


class TransferAmount(serializers.Serializer[Transfer]):
    """What is paid."""

    amount_minor = serializers.RegexField(
        r"^-?[0-9]+$",
        read_only=True,
        allow_null=True,
        help_text="An integer in the currency's minor unit (ISO 4217), as a string; null while unknown.",
    )
    currency = TextOrNull(help_text="ISO 4217; null while unknown.")


class TransferSource(serializers.Serializer[Transfer]):
    """Who pays, and from which account."""

    counterparty_id = serializers.UUIDField(source="source_counterparty_id", read_only=True, allow_null=True)
    cp_account_id = serializers.UUIDField(source="source_account_id", read_only=True, allow_null=True)


class TransferDestination(serializers.Serializer[Transfer]):
    """IBAN and BIC are those of the known account; null while none is resolved, whatever the document says."""

    counterparty_id = serializers.UUIDField(source="destination_counterparty_id", read_only=True, allow_null=True)
    cp_account_id = serializers.UUIDField(source="destination_account_id", read_only=True, allow_null=True)
    iban = TextOrNull(source="destination_iban", help_text="Without spaces (ISO 13616).")
    bic = TextOrNull(source="destination_bic", help_text="ISO 9362.")
    name = TextOrNull(source="destination_name")


class TransferRow(StandardFields):
    """A draft, or the payment that finalising made of one."""

    id = serializers.UUIDField(read_only=True)
    customer_id = serializers.UUIDField(read_only=True)
    status = serializers.ChoiceField(choices=Transfer.Status.choices, read_only=True)
    amount = TransferAmount(source="*", read_only=True)
    source = TransferSource(source="*", read_only=True)  # type: ignore[assignment]  # DRF takes it off the class
    destination = TransferDestination(source="*", read_only=True)
    reference = TextOrNull(help_text="What the payee needs to recognise the payment.")
    requested_execution_date = serializers.DateField(read_only=True, allow_null=True)
    upload_id = serializers.UUIDField(read_only=True, allow_null=True)
    ocr_job_id = serializers.UUIDField(read_only=True, allow_null=True, help_text="The job that prefilled the draft.")
    blockers = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Machine codes of what must be settled before the draft can be finalised.",
    )
    supersedes_id = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="The draft of which finalising made this transfer."
    )

    class Meta:
        ref_name = "Transfer"
