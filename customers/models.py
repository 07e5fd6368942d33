"""Who pays invoices, and the keys with which programs act for them."""

import uuid
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from customers.audit.models import AuditEntry, AuditHead
from customers.currencies import check_currency
from customers.records import Record
from customers.scopes import SCOPES, check_scopes, grants
from customers.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookMessage, WebhookSecret

__all__ = [
    "ApiKey",
    "AuditEntry",
    "AuditHead",
    "Customer",
    "PartyType",
    "StoredAnswer",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookMessage",
    "WebhookSecret",
]


class PartyType(models.TextChoices):
    BUSINESS = "business", "business"
    INDIVIDUAL = "individual", "individual"


def check_email_list(value: object) -> None:
    """Raises ValidationError unless `value` is a JSON list of e-mail addresses."""
    if not isinstance(value, list) or not all(isinstance(email, str) and "@" in email for email in value):
        raise ValidationError('List the e-mail addresses as JSON, for example ["invoices@example.com"].')


class Customer(Record):
    """The account holder who pays invoices: the tenant. `emails` are its own addresses, never a supplier's."""

    Type = PartyType

    legal_name = models.CharField(max_length=300)
    type = models.CharField(max_length=10, choices=PartyType, default=PartyType.BUSINESS)
    vat_id = models.CharField("VAT number", max_length=32, blank=True, default="")
    default_currency = models.CharField(max_length=3, default="EUR", validators=[check_currency])
    emails = models.JSONField(default=list, blank=True, validators=[check_email_list])
    documents_kept_months = models.PositiveSmallIntegerField(
        "months that documents are kept",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Since they came; older ones are deleted once they are settled. Empty: they are kept.",
    )

    class Meta:
        ordering = ["legal_name", "id"]
        constraints = [
            models.CheckConstraint(name="customer_type_is_known", condition=models.Q(type__in=PartyType.values)),
            models.CheckConstraint(
                name="customer_currency_is_code", condition=models.Q(default_currency__regex=r"^[A-Z]{3}$")
            ),
            models.CheckConstraint(
                name="customer_keeps_documents_a_month",
                condition=models.Q(documents_kept_months__isnull=True) | models.Q(documents_kept_months__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.legal_name


def default_scopes() -> list[str]:
    """Every scope of the API."""
    return list(SCOPES)


class ApiKey(Record):
    """A key of which only the hash is kept. Its secret has 256 random bits, so one round of SHA-256 is enough."""

    name = models.CharField(max_length=150, help_text="Which program uses it.")
    prefix = models.CharField(max_length=8, unique=True, editable=False)
    hashed_key = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=default_scopes, validators=[check_scopes])
    customers = models.ManyToManyField(Customer, related_name="api_keys")
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "API key"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def allows(self, scope: str) -> bool:
        """Whether the key carries `scope` itself or its family (`transfers:*`)."""
        return grants(scopes=self.scopes, scope=scope)

    def customer_ids(self) -> frozenset[uuid.UUID]:
        """The active customers the key may act for, as they were when this object was first asked: behind the wall of
        a request nobody reads keys."""
        return self._customer_ids

    @cached_property
    def _customer_ids(self) -> frozenset[uuid.UUID]:
        return frozenset(self.customers.filter(active=True).values_list("id", flat=True))

    def is_usable(self, now: datetime) -> bool:
        """False once revoked, expired or deactivated."""
        return self.active and self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class StoredAnswer(models.Model):
    """The first answer to a request with an idempotency key; while it is `running`, `status` is None.

    `body` is None when it was too large to be kept, or the key has lost rights since. Where the answer showed a secret,
    its place in `body` is null, and `webhook_secret` is what it is derived from again.
    """

    class State(models.TextChoices):
        RUNNING = "running", "running"
        DONE = "done", "done"

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="stored_answers")
    route = models.CharField(max_length=255)
    idempotency_key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    body = models.BinaryField(default=b"", null=True, blank=True)
    webhook_secret = models.ForeignKey(
        WebhookSecret, on_delete=models.CASCADE, related_name="+", null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints = [
            models.UniqueConstraint(name="stored_answer_once_per_key", fields=["api_key", "route", "idempotency_key"]),
            models.CheckConstraint(
                name="stored_answer_state_is_known", condition=models.Q(state__in=["running", "done"])
            ),
            models.CheckConstraint(
                name="stored_answer_done_has_status",
                condition=~models.Q(state="done") | models.Q(status__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.idempotency_key}"
