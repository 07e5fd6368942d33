"""Those a customer pays or bills, their bank accounts, contacts and addresses.

Every row carries its customer, also where the counterparty already says it: the tenant look-ups need it in their index.
"""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from counterparties import bank_details
from counterparties.bank_details_change import BankDetailsChange
from counterparties.company_numbers import registration_key
from counterparties.identifiers import compact, email_domain, email_key, phone_key, vat_key
from counterparties.name_pieces import name_pieces
from counterparties.names import alias_keys, name_key
from counterparties.onboarding import Onboarding
from customers.currencies import check_currency
from customers.models import Customer, PartyType
from customers.records import Record, TenantQuerySet
from customers.sentences import Sentence
from customers.translations import say, translated

NEEDS_CONFIRMATION = Sentence(
    "The bank details of this counterparty are established. Ask for a change of its bank details; the account is "
    "entered when a second person confirms it."
)


def check_aliases(value: object) -> None:
    """Raises ValidationError unless `value` is a JSON list of names."""
    if not isinstance(value, list) or not all(isinstance(alias, str) and alias.strip() for alias in value):
        raise ValidationError('List the other names as JSON, for example ["Acme", "Acme Germany"].')


class Counterparty(Record):
    """A supplier or buyer of one customer. `is_own` marks the customer's own mirror counterparty.

    `name_key`, `alias_keys`, `name_pieces`, `vat_key` and `registration_key` are what `counterparties.candidates`
    looks for; `fill_keys` keeps them. A branch is also called by the name of its head office.
    """

    Type = PartyType
    derived_fields: ClassVar[tuple[str, ...]] = (
        "name_key",
        "alias_keys",
        "name_pieces",
        "vat_key",
        "registration_key",
    )

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="counterparties")
    legal_name = models.CharField(max_length=300)
    aliases = models.JSONField(default=list, blank=True, validators=[check_aliases])
    type = models.CharField(max_length=10, choices=PartyType, default=PartyType.BUSINESS)
    vat_id = models.CharField("VAT number", max_length=32, blank=True, default="")
    registration_number = models.CharField(max_length=64, blank=True, default="")
    is_own = models.BooleanField("is the customer itself", default=False)
    onboarding = models.ForeignKey(
        Onboarding, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False, db_index=False
    )
    # Set by the database when an account is deleted, and for those whose first account takes two people
    # (`counterparties.newcomers`); see `has_established_bank_details`.
    bank_details_established_at = models.DateTimeField(null=True, blank=True, editable=False)
    name_key = models.CharField(max_length=300, blank=True, default="", editable=False)
    alias_keys = models.TextField(blank=True, default="", editable=False)
    name_pieces = models.TextField(blank=True, default="", editable=False)
    vat_key = models.CharField(max_length=32, blank=True, default="", editable=False)
    registration_key = models.CharField(max_length=64, blank=True, default="", editable=False)

    objects = TenantQuerySet["Counterparty"].as_manager()

    class Meta:
        verbose_name_plural = "counterparties"
        ordering = ["legal_name", "id"]
        constraints = [
            models.CheckConstraint(name="counterparty_type_is_known", condition=Q(type__in=PartyType.values)),
            models.UniqueConstraint(
                name="counterparty_one_own_per_customer",
                fields=["customer"],
                condition=Q(is_own=True),
                violation_error_message=gettext_lazy(
                    "This customer has its own counterparty already; change that one."
                ),
            ),
            # The target of the composite foreign keys that hold accounts, contacts and addresses to their tenant.
            models.UniqueConstraint(name="counterparty_id_and_customer", fields=["id", "customer"]),
        ]
        indexes = [
            models.Index(name="counterparty_customer_name", fields=["customer", "name_key"]),
            # Of those that have a number: where few do, the planner would take all numbers for frequent ones.
            models.Index(name="counterparty_customer_vat", fields=["customer", "vat_key"], condition=Q(vat_key__gt="")),
            models.Index(
                name="counterparty_registration",
                fields=["customer", "registration_key"],
                condition=Q(registration_key__gt=""),
            ),
            models.Index(name="counterparty_customer_alias", fields=["customer"], condition=Q(alias_keys__gt="")),
            models.Index(name="counterparty_customer_created", fields=["customer", "-created_at"]),
        ]

    def __str__(self) -> str:
        return self.legal_name

    def has_established_bank_details(self) -> bool:
        """Whether a further account needs a confirmed change: it has or had one, and its onboarding is over; or even
        its first one does, because it could be taken for another counterparty.

        The triggers of migration `0006_four_eyes` hold the same rule.
        """
        if self.onboarding is not None and self.onboarding.is_open:
            return False
        return self.bank_details_established_at is not None or self.accounts.exists()

    def fill_keys(self) -> None:
        """Derives the look-up columns; `save` does it, whoever writes in bulk calls it first."""
        self.name_key = name_key(self.legal_name)[:300]
        self.alias_keys = alias_keys(legal_name=self.legal_name, aliases=self.aliases)
        self.name_pieces = name_pieces(self.name_key, self.alias_keys)
        self.vat_key = vat_key(self.vat_id)
        self.registration_key = registration_key(self.registration_number)[:64]

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.fill_keys()
        if update_fields is not None:
            update_fields = {*update_fields, *self.derived_fields}
        super().save(*args, update_fields=update_fields, **kwargs)


class Belonging(Record):
    """A row that belongs to a counterparty, and so to the counterparty's customer."""

    counterparty: models.ForeignKey[Counterparty, Counterparty]
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", editable=False)

    derived_fields: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def fill_keys(self) -> None:
        """Derives the columns that follow from others; `save` does it, whoever writes in bulk calls it first."""
        self.customer_id = self.counterparty.customer_id

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.fill_keys()
        if update_fields is not None:
            update_fields = {*update_fields, "customer", *self.derived_fields}
        super().save(*args, update_fields=update_fields, **kwargs)


class CounterpartyAccount(Belonging):
    """A bank account of a counterparty; IBAN (ISO 13616) and BIC (ISO 9362) are stored without spaces."""

    counterparty = models.ForeignKey(Counterparty, on_delete=models.CASCADE, related_name="accounts")
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True, default="")
    bank = models.CharField(max_length=200, blank=True, default="")
    currency = models.CharField(max_length=3, default="EUR", validators=[check_currency])
    is_primary = models.BooleanField(default=False)
    is_validated = models.BooleanField(default=False)

    objects = TenantQuerySet["CounterpartyAccount"].as_manager()

    derived_fields = ("iban", "bic")

    class Meta:
        verbose_name = "bank account"
        ordering = ["-is_primary", "created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="account_one_primary_per_currency",
                fields=["counterparty", "currency"],
                condition=Q(active=True, is_primary=True),
                violation_error_message=gettext_lazy(
                    "There is a primary account in this currency already; unmark it first."
                ),
            ),
            models.UniqueConstraint(
                name="account_iban_once_per_counterparty",
                fields=["counterparty", "iban"],
                condition=Q(active=True),
                violation_error_message=gettext_lazy("This counterparty has an account with this IBAN already."),
            ),
            models.CheckConstraint(name="account_currency_is_code", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(
                name="account_iban_is_compact", condition=Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$")
            ),
        ]
        indexes = [
            models.Index(name="account_customer_iban", fields=["customer", "iban"]),
            models.Index(name="account_customer_created", fields=["customer", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.iban} {self.currency}"

    def fill_keys(self) -> None:
        super().fill_keys()
        self.iban = compact(self.iban)
        self.bic = compact(self.bic)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django does, after the spaces are gone: with them a long IBAN would not fit its column."""
        self.iban = compact(self.iban)
        self.bic = compact(self.bic)
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Raises ValidationError by field when IBAN or BIC is wrong, the two name different countries, or the IBAN is
        a change of established bank details that nobody has confirmed."""
        self.iban = compact(self.iban)
        self.bic = compact(self.bic)
        errors = bank_details.problems(iban=self.iban, bic=self.bic)
        if errors:
            raise ValidationError({field: translated(problem) for field, problem in errors.items()})
        if self.counterparty_id and self._needs_confirmation():
            raise ValidationError({"iban": translated(NEEDS_CONFIRMATION)}, code="needs_confirmation")

    def _needs_confirmation(self) -> bool:
        on_file = None if self._state.adding else CounterpartyAccount.objects.filter(pk=self.pk).first()
        if on_file and on_file.iban == self.iban and (on_file.active or not self.active):
            return False
        confirmed = BankDetailsChange.objects.filter(
            counterparty_id=self.counterparty_id, iban=self.iban, account_id=self.pk, entered_at=None
        )
        return self.counterparty.has_established_bank_details() and not confirmed.exists()


class Contact(Belonging):
    """An e-mail address or a phone number of a counterparty."""

    class Type(models.TextChoices):
        EMAIL = "email", "e-mail"
        PHONE = "phone", "phone"

    counterparty = models.ForeignKey(Counterparty, on_delete=models.CASCADE, related_name="contacts")
    type = models.CharField(max_length=5, choices=Type)
    value = models.CharField(max_length=254)
    validated = models.BooleanField(default=False)
    preferred = models.BooleanField(default=False)
    value_key = models.CharField(max_length=254, blank=True, default="", editable=False)
    domain = models.CharField(max_length=254, blank=True, default="", editable=False)

    objects = TenantQuerySet["Contact"].as_manager()

    derived_fields = ("value_key", "domain")

    class Meta:
        ordering = ["-preferred", "created_at", "id"]
        constraints = [
            models.CheckConstraint(name="contact_type_is_known", condition=Q(type__in=["email", "phone"])),
            models.UniqueConstraint(
                name="contact_value_once_per_counterparty",
                fields=["counterparty", "type", "value_key"],
                condition=Q(active=True),
                violation_error_message=gettext_lazy("This counterparty has this contact already."),
            ),
        ]
        indexes = [
            models.Index(name="contact_customer_value", fields=["customer", "value_key"]),
            models.Index(name="contact_customer_domain", fields=["customer", "domain"]),
            models.Index(name="contact_customer_created", fields=["customer", "-created_at"]),
        ]

    def __str__(self) -> str:
        return self.value

    def fill_keys(self) -> None:
        super().fill_keys()
        self._fill_value_keys()

    def _fill_value_keys(self) -> None:
        is_email = self.type == self.Type.EMAIL
        self.value_key = email_key(self.value) if is_email else phone_key(self.value)
        self.domain = email_domain(self.value_key) if is_email else ""

    def clean(self) -> None:
        """Raises ValidationError on `value` when it is no e-mail address or phone number, or there already."""
        self._fill_value_keys()
        if self.type == self.Type.EMAIL and not self.value_key:
            raise ValidationError({"value": say("This is no e-mail address; give one such as invoices@example.com.")})
        if self.type == self.Type.PHONE and not 4 <= len(self.value_key.lstrip("+")) <= 15:
            raise ValidationError({"value": say("This is no phone number; give one such as +49 40 123456 (E.164).")})
        # Forms leave derived columns out of their check of constraints, so this one is looked at here.
        if self.active and self.counterparty_id and self._is_there_already():
            raise ValidationError({"value": say("This counterparty has this contact already.")})

    def _is_there_already(self) -> bool:
        same = Contact.objects.filter(
            counterparty_id=self.counterparty_id, type=self.type, value_key=self.value_key, active=True
        )
        return same.exclude(pk=self.pk).exists()


class Address(Belonging):
    """A postal address; `country` is ISO 3166-1 alpha-2."""

    class Kind(models.TextChoices):
        BILLING = "billing", "billing"
        POSTAL = "postal", "postal"

    counterparty = models.ForeignKey(Counterparty, on_delete=models.CASCADE, related_name="addresses")
    street = models.CharField(max_length=300, blank=True, default="")
    city = models.CharField(max_length=150, blank=True, default="")
    zip = models.CharField(max_length=20, blank=True, default="")
    country = models.CharField(max_length=2, validators=[bank_details.check_country])
    state = models.CharField(max_length=100, blank=True, default="")
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.BILLING)
    preferred = models.BooleanField(default=False)

    objects = TenantQuerySet["Address"].as_manager()

    class Meta:
        verbose_name_plural = "addresses"
        ordering = ["-preferred", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(name="address_kind_is_known", condition=Q(kind__in=["billing", "postal"])),
            models.CheckConstraint(name="address_country_is_code", condition=Q(country__regex=r"^[A-Z]{2}$")),
        ]
        indexes = [models.Index(name="address_customer_created", fields=["customer", "-created_at"])]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.street, f"{self.zip} {self.city}".strip(), self.country) if part)
