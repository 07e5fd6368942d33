"""What may be sent to the endpoints of webhooks."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.body_fields import IdField, LineField, MetadataField, OptionalLine, StrictSerializer, WholeNumberField
from customers.serializers import STANDARD_FIELDS
from customers.webhooks.addresses import MAX_URL_LENGTH
from customers.webhooks.endpoints import check_url
from customers.webhooks.events import SUBSCRIBABLE
from customers.webhooks.models import WebhookEndpoint

MOST_OVERLAP_HOURS = 168
EVENT_TYPES = [(each.value, each.label) for each in SUBSCRIBABLE]
_READ_ONLY = (*STANDARD_FIELDS, "secret", "disabled_at", "disabled_reason", "failing_since", "last_success_at")


class EventTypesField(serializers.ListField):
    """A list of event types, each of them once; an empty one means all of them, those to come included."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": len(EVENT_TYPES), **options})

    def to_internal_value(self, data: Any) -> list[str]:
        if isinstance(data, list) and self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return list(dict.fromkeys(super().to_internal_value(data)))


@extend_schema_field({"type": "string", "format": "uri", "pattern": "^https?://"})
class UrlField(LineField):
    """Where a webhook may be sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_URL_LENGTH, validators=[check_url], **options)


class WebhookEndpointChanges(StrictSerializer):
    """What is to be different about a webhook endpoint."""

    fixed_fields: tuple[str, ...] = (*_READ_ONLY, "customer_id", "active")

    url = UrlField(
        help_text="An https URL on the internet; no redirects are followed.",
    )
    description = OptionalLine(max_length=200)
    event_types = EventTypesField(
        child=serializers.ChoiceField(choices=EVENT_TYPES),
        help_text="What the endpoint is told; an empty list, or none, means everything.",
    )
    status = serializers.ChoiceField(
        choices=WebhookEndpoint.Status.choices,
        required=False,
        help_text="`disabled`: nothing is sent, and what waits is given up. `enabled` also ends a disabling by the "
        "service.",
    )
    metadata = MetadataField()


class NewWebhookEndpoint(WebhookEndpointChanges):
    """Where a customer wants to be told of events."""

    fixed_fields: tuple[str, ...] = (*_READ_ONLY, "status", "active")

    customer_id = IdField()
    status = None  # type: ignore[assignment]


class SecretRotation(StrictSerializer):
    """When the former secret stops signing."""

    overlap_hours = WholeNumberField(
        min_value=0,
        max_value=MOST_OVERLAP_HOURS,
        required=False,
        help_text="How long the former secret goes on signing beside the new one: 0 when it has become known to "
        "somebody, else what your receivers need to be changed. A setting of the service when left out.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        hours = attrs.get("overlap_hours")
        return {"overlap": settings.WEBHOOK_SECRET_OVERLAP if hours is None else timedelta(hours=hours)}
