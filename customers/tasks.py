"""What Celery runs for the tenants: webhooks that are due, and what the beat has done every hour.

A message is a hint to look at an endpoint's outbox; losing or doubling one costs nothing but time.
"""

import logging
from datetime import datetime
from uuid import UUID

from axes.handlers.proxy import AxesProxyHandler
from celery import shared_task
from django.conf import settings
from django.db.models import Min, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from customers.clock import shared_time
from customers.stored_answers import purge_stored_answers
from customers.telemetry.context import about
from customers.telemetry.spans import span
from customers.webhooks.delivering import deliver_due, due
from customers.webhooks.models import WebhookDelivery
from customers.webhooks.purging import purge_webhooks

log = logging.getLogger(__name__)

# Endpoints announced again in one sweep; each message has all of its endpoint's due deliveries sent.
SWEEP_BATCH = 100


@shared_task(name="customers.tasks.deliver")
def deliver(endpoint_id: str) -> None:
    with about(endpoint_id=endpoint_id):
        if deliver_due(endpoint_id=UUID(endpoint_id)):
            announce_endpoint(UUID(endpoint_id))


@shared_task(name="customers.tasks.sweep")
def sweep() -> None:
    sweep_deliveries(now=shared_time())


@shared_task(name="customers.tasks.purge")
def purge() -> None:
    now = timezone.now()
    purge_stored_answers(now=now)
    purge_webhooks(now=now)
    AxesProxyHandler.reset_logs(age_days=settings.LOGINS_KEPT.days)


def announce_endpoint(endpoint_id: UUID) -> bool:
    """Tells the workers that something waits for the endpoint. False when the broker is down: the sweeper will."""
    try:
        with about(endpoint_id=endpoint_id), span("publish customers.tasks.deliver", kind="producer"):
            deliver.apply_async((str(endpoint_id),), retry=False)
    except (OperationalError, OSError) as error:
        log.warning("webhook endpoint %s waits for the sweeper: %s", endpoint_id, type(error).__name__)
        return False
    return True


def sweep_deliveries(*, now: datetime) -> int:
    """Announces the endpoints that have something due, the longest waiting first, unless they were announced just
    before. Their number."""
    stale = now - settings.JOB_ANNOUNCE_AGAIN_AFTER
    waiting = due(now=now).filter(Q(announced_at__isnull=True) | Q(announced_at__lt=stale))
    endpoints = waiting.values("endpoint").annotate(first=Min("next_attempt_at")).order_by("first")
    announced = 0
    for endpoint_id in list(endpoints.values_list("endpoint", flat=True)[:SWEEP_BATCH]):
        if not announce_endpoint(endpoint_id):
            break
        WebhookDelivery.objects.filter(
            endpoint=endpoint_id, state=WebhookDelivery.State.PENDING, next_attempt_at__lte=now
        ).update(announced_at=now)
        announced += 1
    return announced
