"""Forgetting deliveries that were settled long ago."""

from datetime import datetime

from django.conf import settings

from customers.webhooks.models import WebhookDelivery, WebhookMessage

_BATCH = 500


def purge_webhooks(*, now: datetime) -> int:
    """Deletes the deliveries that were delivered or given up longer ago than they are kept, with their attempts, and
    the messages that no delivery is left of. The number of deliveries.

    In batches: one statement over millions of rows would hold its locks, and SQLite's only writer, for minutes.
    """
    deleted = 0
    settled = WebhookDelivery.objects.filter(ended_at__lt=now - settings.WEBHOOK_KEPT).order_by("ended_at")
    while ids := list(settled.values_list("pk", flat=True)[:_BATCH]):
        deleted += WebhookDelivery.objects.filter(pk__in=ids).delete()[1].get(WebhookDelivery._meta.label, 0)
    alone = WebhookMessage.objects.filter(created_at__lt=now - settings.WEBHOOK_KEPT, deliveries=None).order_by(
        "created_at"
    )
    while ids := list(alone.values_list("pk", flat=True)[:_BATCH]):
        WebhookMessage.objects.filter(pk__in=ids).delete()
    return deleted
