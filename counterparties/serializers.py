"""The rows of counterparties and of what belongs to them, as the contract has them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Address, Contact, Counterparty
from customers.models import PartyType
from customers.serializers import StandardFields, TextOrNull


class BankAccountRow(StandardFields):
    """A bank account; its id is what the rest of the API calls `cp_account_id`."""

    id = serializers.UUIDField(read_only=True)
    counterparty_id = serializers.UUIDField(read_only=True)
    iban = serializers.CharField(read_only=True, help_text="Without spaces (ISO 13616).")
    bic = TextOrNull(help_text="ISO 9362; null while unknown.")
    bank = TextOrNull(help_text="The bank's name; null while unknown.")
    currency = serializers.CharField(read_only=True, help_text="ISO 4217.")
    is_primary = serializers.BooleanField(read_only=True, help_text="The one that is paid to in its currency.")
    is_validated = serializers.BooleanField(read_only=True, help_text="An operator has verified it.")

    class Meta:
        ref_name = "BankAccount"


class ContactRow(StandardFields):
    """An e-mail address or a phone number."""

    id = serializers.UUIDField(read_only=True)
    counterparty_id = serializers.UUIDField(read_only=True)
    type = serializers.ChoiceField(choices=Contact.Type.choices, read_only=True)
    value = serializers.CharField(read_only=True)
    validated = serializers.BooleanField(read_only=True, help_text="Somebody has seen that it works.")
    preferred = serializers.BooleanField(read_only=True)

    class Meta:
        ref_name = "Contact"


class AddressRow(StandardFields):
    """An address; its id is what the rest of the API calls `cp_address_id`."""

    id = serializers.UUIDField(read_only=True)
    counterparty_id = serializers.UUIDField(read_only=True)
    street = TextOrNull(help_text="With the house number.")
    city = TextOrNull()
    zip = TextOrNull()
    country = serializers.CharField(read_only=True, help_text="ISO 3166-1 alpha-2.")
    state = TextOrNull()
    kind = serializers.ChoiceField(choices=Address.Kind.choices, read_only=True)
    preferred = serializers.BooleanField(read_only=True)

    class Meta:
        ref_name = "Address"


class CounterpartyRow(StandardFields):
    """Somebody the customer pays or bills, with the active accounts, contacts and addresses."""

    id = serializers.UUIDField(read_only=True)
    customer_id = serializers.UUIDField(read_only=True)
    legal_name = serializers.CharField(read_only=True)
    aliases = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Other names under which it sends invoices."
    )
    type = serializers.ChoiceField(choices=PartyType.choices, read_only=True)
    vat_id = TextOrNull(help_text="EN 16931 BT-31; null while unknown.")
    registration_number = TextOrNull(help_text="EN 16931 BT-30; null while unknown.")
    own_accounts = serializers.SerializerMethodField(
        help_text="The customer's own accounts, when this counterparty is the customer itself; empty for all others."
    )
    bank_accounts = BankAccountRow(source="accounts", many=True, read_only=True)
    contacts = ContactRow(many=True, read_only=True)
    addresses = AddressRow(many=True, read_only=True)

    class Meta:
        ref_name = "Counterparty"

    @extend_schema_field(BankAccountRow(many=True))
    def get_own_accounts(self, counterparty: Counterparty) -> list[dict[str, Any]]:
        if not counterparty.is_own:
            return []
        accounts: Any = BankAccountRow(counterparty.accounts.all(), many=True).data
        return list(accounts)


class BankDetailsChangeRow(serializers.Serializer[Any]):
    """An account that is to be paid at a counterparty whose bank details are established, and what became of it."""

    id = serializers.UUIDField(read_only=True)
    customer_id = serializers.UUIDField(read_only=True)
    counterparty_id = serializers.UUIDField(read_only=True)
    iban = serializers.CharField(read_only=True, help_text="Without spaces (ISO 13616).")
    bic = TextOrNull(help_text="ISO 9362; null while unknown.")
    bank = TextOrNull()
    currency = serializers.CharField(read_only=True, help_text="ISO 4217.")
    source = serializers.ChoiceField(choices=BankDetailsChange.Source.choices, read_only=True)  # type: ignore[assignment]
    decision = serializers.ChoiceField(choices=BankDetailsChange.Decision.choices, read_only=True)
    asked_by = serializers.CharField(read_only=True)
    asked_at = serializers.DateTimeField(read_only=True)
    decided_by = TextOrNull()
    decided_at = serializers.DateTimeField(read_only=True, allow_null=True)
    reason = TextOrNull(help_text="Why it was refused or withdrawn.")
    cp_account_id = serializers.UUIDField(
        source="account_id", read_only=True, allow_null=True, help_text="The account, once the change is confirmed."
    )

    class Meta:
        ref_name = "BankDetailsChange"


class CustomerRow(serializers.Serializer[Any]):
    """An account holder for whom the key may act."""

    id = serializers.UUIDField(read_only=True)
    legal_name = serializers.CharField(read_only=True)
    type = serializers.ChoiceField(choices=PartyType.choices, read_only=True)
    counterparty_id = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="The counterparty that stands for the customer itself."
    )
    default_currency = serializers.CharField(read_only=True, help_text="ISO 4217.")

    class Meta:
        ref_name = "Customer"
