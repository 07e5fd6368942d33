"""What may be sent to the endpoints of counterparties: new rows whole, changes field by field."""

import re
from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from counterparties.bank_details import check_country
from counterparties.countries import COUNTRIES
from counterparties.models import Address, Contact, CounterpartyAccount
from customers.body_fields import (
    CodeField,
    CurrencyField,
    FlagField,
    IdField,
    LineField,
    MetadataField,
    OptionalLine,
    StrictSerializer,
)
from customers.models import PartyType
from customers.serializers import STANDARD_FIELDS
from customers.translations import say

MAX_PARTS = 50
MAX_ALIASES = 100
# As printed: groups, also joined by signs. Anything else in an IBAN is a mistake and must not be dropped silently.
_PRINTED = re.compile(r"[A-Za-z0-9 \u00a0\u202f.-]*")


class PrintedCode(LineField):
    """An IBAN or BIC as it is printed, in groups or not."""

    default_error_messages = {"strange": gettext_lazy("Give letters, digits and spaces only.")}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not _PRINTED.fullmatch(text):
            self.fail("strange")
        return text


class OptionalCode(PrintedCode, OptionalLine):
    """As PrintedCode; null and "" when it is not known."""


@extend_schema_field({"type": "string", "format": "iban"})
class IbanField(PrintedCode):
    """An IBAN as it is printed; the row checks it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=50, **options)


@extend_schema_field({"type": "string", "format": "bic"})
class OptionalBic(OptionalCode):
    """A BIC as it is printed; the row checks it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, **options)


@extend_schema_field({"type": "string", "enum": sorted(COUNTRIES)})
class CountryField(CodeField):
    """A country of ISO 3166-1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=2, validators=[check_country], **options)


class BankAccountChanges(StrictSerializer):
    """What is to be different about a bank account."""

    fixed_fields: tuple[str, ...] = (*STANDARD_FIELDS, "counterparty_id", "is_validated")

    iban = IbanField(help_text="ISO 13616: mod-97, length and structure of its country are checked.")
    bic = OptionalBic(help_text="ISO 9362; its country must be the IBAN's.")
    bank = OptionalLine(max_length=200, help_text="The bank's name.")
    currency = CurrencyField(
        required=False,
        help_text="ISO 4217. A new account without it has the customer's default currency.",
    )
    is_primary = FlagField(
        required=False,
        help_text="Takes the place of the primary account in this currency. A new account without it is primary when "
        "it is the only one in its currency.",
    )
    active = FlagField(required=False)
    metadata = MetadataField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        CounterpartyAccount(
            iban=attrs.get("iban", getattr(self.instance, "iban", "")),
            bic=attrs.get("bic", getattr(self.instance, "bic", "")),
        ).clean()
        return attrs


class BankAccountFields(BankAccountChanges):
    """A new account of a counterparty that is being created with it."""

    fixed_fields: tuple[str, ...] = (*BankAccountChanges.fixed_fields, "active")
    active = None  # type: ignore[assignment]


class NewBankAccount(BankAccountFields):
    """A further account of a counterparty."""

    fixed_fields: tuple[str, ...] = (*STANDARD_FIELDS, "is_validated", "active")

    counterparty_id = IdField()


class ContactChanges(StrictSerializer):
    """What is to be different about a contact."""

    fixed_fields: tuple[str, ...] = (*STANDARD_FIELDS, "counterparty_id")

    type = serializers.ChoiceField(choices=Contact.Type.choices)
    value = LineField(max_length=254, help_text="An e-mail address, or a phone number such as +49 40 123456 (E.164).")
    validated = FlagField(required=False, help_text="Somebody has seen that it works.")
    preferred = FlagField(required=False)
    active = FlagField(required=False)
    metadata = MetadataField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        Contact(
            type=attrs.get("type", getattr(self.instance, "type", "")),
            value=attrs.get("value", getattr(self.instance, "value", "")),
        ).clean()
        return attrs


class ContactFields(ContactChanges):
    """A new contact of a counterparty that is being created with it."""

    fixed_fields: tuple[str, ...] = (*ContactChanges.fixed_fields, "active")
    active = None  # type: ignore[assignment]


class NewContact(ContactFields):
    """A further contact of a counterparty."""

    fixed_fields: tuple[str, ...] = (*STANDARD_FIELDS, "active")

    counterparty_id = IdField()


class AddressChanges(StrictSerializer):
    """What is to be different about an address."""

    fixed_fields: tuple[str, ...] = (*STANDARD_FIELDS, "counterparty_id")

    street = OptionalLine(max_length=300, help_text="With the house number.")
    city = OptionalLine(max_length=150)
    zip = OptionalLine(max_length=20)
    country = CountryField(help_text="ISO 3166-1 alpha-2.")
    state = OptionalLine(max_length=100)
    kind = serializers.ChoiceField(choices=Address.Kind.choices, required=False)
    preferred = FlagField(required=False)
    active = FlagField(required=False)
    metadata = MetadataField()


class AddressFields(AddressChanges):
    """A new address of a counterparty that is being created with it."""

    fixed_fields: tuple[str, ...] = (*AddressChanges.fixed_fields, "active")
    active = None  # type: ignore[assignment]


class NewAddress(AddressFields):
    """A further address of a counterparty."""

    fixed_fields: tuple[str, ...] = (*STANDARD_FIELDS, "active")

    counterparty_id = IdField()


@extend_schema_field(
    {
        "type": ["array", "object", "string", "null"],
        "items": {"type": "string"},
        "maxItems": 0,
        "maxProperties": 0,
        "maxLength": 0,
    }
)
class NothingField(serializers.Field[Any, Any, Any, Any]):
    """A field that may be sent back as it was read when it was empty, and in no other way."""

    default_error_messages = {"filled": gettext_lazy("This is read only; leave it out or empty.")}

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and data not in (None, [], {}, ""):
            self.fail("filled")
        raise serializers.SkipField


class CounterpartyChanges(StrictSerializer):
    """What is to be different about a counterparty."""

    fixed_fields: tuple[str, ...] = (*STANDARD_FIELDS, "customer_id", "bank_accounts", "contacts", "addresses")

    legal_name = LineField(max_length=300)
    aliases = serializers.ListField(
        child=LineField(max_length=300),
        required=False,
        max_length=MAX_ALIASES,
        help_text="Other names under which it sends invoices.",
    )
    type = serializers.ChoiceField(choices=PartyType.choices, required=False)
    vat_id = OptionalLine(max_length=32, help_text="EN 16931 BT-31.")
    registration_number = OptionalLine(max_length=64, help_text="EN 16931 BT-30.")
    own_accounts = NothingField(required=False)
    active = FlagField(required=False)
    metadata = MetadataField()


class NewCounterparty(CounterpartyChanges):
    """Somebody to pay or to bill, with accounts, contacts and addresses as far as they are known."""

    fixed_fields: tuple[str, ...] = (*STANDARD_FIELDS, "active")

    active = None  # type: ignore[assignment]
    customer_id = IdField(help_text="The customer who pays or bills this counterparty.")
    bank_accounts = BankAccountFields(many=True, required=False, max_length=MAX_PARTS)  # type: ignore[call-arg]
    contacts = ContactFields(many=True, required=False, max_length=MAX_PARTS)  # type: ignore[call-arg]
    addresses = AddressFields(many=True, required=False, max_length=MAX_PARTS)  # type: ignore[call-arg]

    def validate_bank_accounts(self, accounts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        primary = [account.get("currency") for account in accounts if account.get("is_primary")]
        if len(primary) != len(set(primary)):
            raise serializers.ValidationError(say("Only one account in each currency can be the primary one."))
        return accounts
