"""Events that tests record, and senders that answer as told."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from customers.models import Customer
from customers.webhooks.events import EventType
from customers.webhooks.models import WebhookDelivery, WebhookEndpoint
from customers.webhooks.outbox import record_event
from customers.webhooks.sending import Outcome

DATA: dict[str, str | int] = {"job_id": "5c1c9d0e-0000-4000-8000-000000000001", "status": 200}


def record(customer: Customer, type_: EventType = EventType.JOB_FINISHED) -> None:
    with transaction.atomic():
        record_event(customer_id=customer.pk, type_=type_, data=DATA, now=timezone.now())


def answering(*statuses: int | None, retry_after: timedelta | None = None) -> Any:
    """A sender that meets these statuses one after another and notes with which ids."""
    left = list(statuses)

    def send(*, headers: dict[str, str], **_: Any) -> Outcome:
        send.ids.append(headers["webhook-id"])  # type: ignore[attr-defined]
        status = left.pop(0) if len(left) > 1 else left[0]
        return Outcome(status=status, error="" if status else "No connection.", retry_after=retry_after)

    send.ids = []  # type: ignore[attr-defined]
    return send


def make_due(delivery: WebhookDelivery) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk, state="pending").update(next_attempt_at=timezone.now())


def age(endpoint: WebhookEndpoint, **by: int) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failing_since=timezone.now() - timedelta(**by))
