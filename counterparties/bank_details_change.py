"""The trail of changed bank details: who asked for an account, who decided, and which account it became.

A supplier's new account is the favourite way of payment fraud. It therefore enters the ledger only when a second person
has confirmed it; the triggers of migration `0006_four_eyes` hold that, whoever writes.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Trim
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy

from customers.currencies import check_currency
from customers.models import Customer
from customers.records import TenantQuerySet


class BankDetailsChange(models.Model):
    """An account that somebody wants to be paid at an established counterparty, and what became of the wish.

    What was asked for is never edited, what was decided neither, and no row is deleted. `source_id` is the OCR job or
    whatever else asked, as a plain id. `entered_at` is set by the database when the account is written: one
    confirmation lets one write through.
    """

    class Source(models.TextChoices):
        OCR = "ocr", "document"
        IMPORT = "import", "import"
        ADMIN = "admin", "back office"
        API = "api", "API"

    class Decision(models.TextChoices):
        PENDING = "pending", "pending"
        CONFIRMED = "confirmed", "confirmed"
        REFUSED = "refused", "refused"
        WITHDRAWN = "withdrawn", "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    counterparty = models.ForeignKey(
        "counterparties.Counterparty", on_delete=models.PROTECT, related_name="bank_details_changes"
    )
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True, default="")
    bank = models.CharField(max_length=200, blank=True, default="")
    currency = models.CharField(max_length=3, validators=[check_currency])
    source = models.CharField(max_length=6, choices=Source)
    source_id = models.UUIDField(null=True, blank=True)
    document_says = models.TextField("what the document says", blank=True, default="")
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    verification = models.TextField(
        "how it was verified", blank=True, default="", help_text='Such as "called the number on file, spoke to …".'
    )
    decision = models.CharField(max_length=9, choices=Decision, default=Decision.PENDING)
    decided_by = models.CharField(max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, default="", help_text="Why it is refused or withdrawn.")
    account = models.ForeignKey(
        "counterparties.CounterpartyAccount", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    entered_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TenantQuerySet["BankDetailsChange"].as_manager()

    class Meta:
        verbose_name = "change of bank details"
        verbose_name_plural = "changes of bank details"
        ordering = ["-asked_at", "-id"]
        permissions = [("decide_bankdetailschange", "Can confirm or refuse a change of bank details")]
        indexes = [
            models.Index(name="bank_change_by_decision", fields=["customer", "decision", "-asked_at"]),
            models.Index(name="bank_change_by_iban", fields=["counterparty", "iban"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="bank_change_one_pending",
                fields=["counterparty", "iban"],
                condition=Q(decision="pending"),
                violation_error_message=gettext_lazy(
                    "This account waits for a decision already; decide on that change."
                ),
            ),
            models.CheckConstraint(
                name="bank_change_source_is_known", condition=Q(source__in=["ocr", "import", "admin", "api"])
            ),
            models.CheckConstraint(
                name="bank_change_decision_known",
                condition=Q(decision__in=["pending", "confirmed", "refused", "withdrawn"]),
            ),
            models.CheckConstraint(name="bank_change_names_asker", condition=Q(asked_by__regex=r"\S")),
            models.CheckConstraint(
                name="bank_change_names_decider",
                condition=Q(decision="pending", decided_by="", decided_at__isnull=True)
                | (~Q(decision="pending") & Q(decided_by__regex=r"\S", decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="bank_change_four_eyes",
                condition=~Q(decision="confirmed") | ~Q(Exact(Lower(Trim("decided_by")), Lower(Trim("asked_by")))),
                violation_error_message=gettext_lazy(
                    "Who asked for the change cannot confirm it; a second person has to."
                ),
            ),
            models.CheckConstraint(
                name="bank_change_account_if_confirmed",
                condition=Q(decision="confirmed", account__isnull=False)
                | (~Q(decision="confirmed") & Q(account__isnull=True, entered_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="bank_change_says_how_verified",
                condition=~Q(decision="confirmed") | Q(verification__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="bank_change_refusal_says_why", condition=~Q(decision="refused") | Q(reason__regex=r"\S")
            ),
            models.CheckConstraint(name="bank_change_currency_is_code", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(
                name="bank_change_iban_is_compact", condition=Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.iban} {self.currency}, {self.get_decision_display()}"
