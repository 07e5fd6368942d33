"""The tenants' webhook endpoints, and the outbox: messages that were recorded with the change they tell of, one
delivery for each endpoint, and the log of attempts."""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers.records import Record, TenantQuerySet
from customers.webhooks.events import SUBSCRIBABLE, EventType


def check_event_types(value: object) -> None:
    """Raises ValidationError unless `value` is a JSON list of event types; an empty one means all of them."""
    known = [str(each.value) for each in SUBSCRIBABLE]
    if not isinstance(value, list) or any(each not in known for each in value):
        raise ValidationError(f"List event types, or none for all of them. Known are {', '.join(known)}.")


class WebhookEndpoint(Record):
    """Where a customer wants to be told. `active` is False once it was deleted; what is `disabled_at` gets nothing.

    `failing_since` is the first failure since the last success, None while the last attempt succeeded.
    """

    class Status(models.TextChoices):
        ENABLED = "enabled", "enabled"
        DISABLED = "disabled", "disabled"

    class DisabledReason(models.TextChoices):
        ASKED = "asked", "somebody switched it off"
        GONE = "gone", "the receiver answered 410 Gone"
        FAILING = "failing", "nothing got through for days"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="webhook_endpoints")
    url = models.CharField("URL", max_length=500)
    description = models.CharField(max_length=200, blank=True, default="")
    event_types = models.JSONField(
        default=list, blank=True, validators=[check_event_types], help_text="A JSON list; [] means all of them."
    )
    disabled_at = models.DateTimeField(null=True, blank=True, editable=False)
    disabled_reason = models.CharField(max_length=10, choices=DisabledReason, blank=True, default="", editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    last_success_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TenantQuerySet["WebhookEndpoint"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["customer", "active"], name="webhook_endpoint_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(disabled_at__isnull=True, disabled_reason="")
                | Q(disabled_at__isnull=False, disabled_reason__in=["asked", "gone", "failing"]),
                name="webhook_endpoint_disabled_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def status(self) -> str:
        """A value of `Status`."""
        return str(self.Status.DISABLED if self.disabled_at else self.Status.ENABLED)

    def wants(self, event_type: str) -> bool:
        """Whether it is subscribed to the type."""
        return not self.event_types or event_type in self.event_types


class WebhookSecret(models.Model):
    """What the secret is derived from (see `signing`). It signs until `expires_at`; None: until it is rotated."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="secrets")
    seed = models.CharField(max_length=43)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=150, blank=True, default="")
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(expires_at__isnull=True), name="webhook_secret_one_current"
            )
        ]

    def __str__(self) -> str:
        return f"secret of {self.created_at:%Y-%m-%d %H:%M}"

    def signs_at(self, now: datetime) -> bool:
        """Whether it has not expired."""
        return self.expires_at is None or now < self.expires_at


class WebhookMessage(models.Model):
    """One event, with the body exactly as it is signed and sent in every attempt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="webhook_messages")
    type = models.CharField(max_length=40, choices=EventType)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.type} {self.message_id}"

    @property
    def message_id(self) -> str:
        """`webhook-id`: the same in every attempt and every replay, by which a receiver knows it again."""
        return f"msg_{self.id.hex}"


class WebhookDelivery(models.Model):
    """The outbox: a message on its way to one endpoint. The row is the truth; a Celery message only wakes somebody.

    `attempts` counts since the delivery was last asked for. A `claim_token` names the claim that may write the outcome
    back, until `lease_expires_at`. `announced_at` is when the workers were last told.
    """

    class State(models.TextChoices):
        PENDING = "pending", "pending"
        DELIVERED = "delivered", "delivered"
        FAILED = "failed", "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(WebhookMessage, on_delete=models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, db_index=True)
    asked_by = models.CharField(max_length=150, blank=True, default="", help_text="Who had it sent again.")
    failure = models.CharField(max_length=200, blank=True, default="", help_text="Why it was given up.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        ordering = ["-created_at", "-id"]
        permissions = [("replay_webhookdelivery", "Can send a webhook delivery again")]
        indexes = [
            models.Index(
                fields=["endpoint", "next_attempt_at"], condition=Q(state="pending"), name="webhook_delivery_waiting"
            ),
            models.Index(fields=["endpoint", "-created_at"], name="webhook_delivery_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "endpoint"], name="webhook_delivery_once_per_endpoint"),
            models.CheckConstraint(
                condition=Q(state="pending", next_attempt_at__isnull=False, ended_at__isnull=True)
                | Q(state__in=["delivered", "failed"], next_attempt_at__isnull=True, ended_at__isnull=False),
                name="webhook_delivery_pending_has_time",
            ),
            models.CheckConstraint(
                condition=Q(claim_token__isnull=True, lease_expires_at__isnull=True)
                | Q(claim_token__isnull=False, lease_expires_at__isnull=False, state="pending"),
                name="webhook_delivery_claim_has_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.id}"


class WebhookAttempt(models.Model):
    """What one attempt met with. `status` is None when no answer came; then `error` says why in a sentence."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="log")
    started_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    address = models.CharField(max_length=45, blank=True, default="")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=1000, blank=True, default="", help_text="The beginning of the answer's body.")
    error = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.status or self.error}"
