"""The rows of webhook endpoints as they go out."""

from typing import Any

from rest_framework import serializers

from customers.serializers import StandardFields, TextOrNull
from customers.webhooks.bodies import EVENT_TYPES
from customers.webhooks.models import WebhookEndpoint


class WebhookEndpointRow(StandardFields):
    """Where a customer is told of events."""

    id = serializers.UUIDField(read_only=True)
    customer_id = serializers.UUIDField(read_only=True)
    url = serializers.CharField(read_only=True)
    description = TextOrNull()
    event_types = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENT_TYPES), read_only=True, help_text="Empty: all of them."
    )
    status = serializers.ChoiceField(choices=WebhookEndpoint.Status.choices, read_only=True)
    disabled_reason = serializers.ChoiceField(
        choices=WebhookEndpoint.DisabledReason.choices,
        read_only=True,
        allow_null=True,
        help_text="`asked` by somebody, `gone`: the receiver answered 410, `failing`: nothing got through for days.",
    )
    disabled_at = serializers.DateTimeField(read_only=True, allow_null=True)
    failing_since = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="The first failure since the last success."
    )
    last_success_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        ref_name = "WebhookEndpoint"

    def to_representation(self, instance: Any) -> Any:
        row = super().to_representation(instance)
        return {**row, "disabled_reason": row["disabled_reason"] or None}


class WebhookEndpointWithSecret(WebhookEndpointRow):
    """A row with its newest secret, which no later answer shows."""

    secret = serializers.CharField(
        read_only=True,
        help_text="`whsec_` and base64: what the signatures are made with. Keep it, it is not shown again.",
    )

    class Meta:
        ref_name = "WebhookEndpointWithSecret"
