"""Recording what webhooks tell: in the transaction of the change itself, so that neither is ever alone."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from customers.tasks import announce_endpoint
from customers.webhooks.events import EventType, body_of
from customers.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookMessage


class RecordedAlone(RuntimeError):
    """An event was recorded outside the transaction of the change that it tells of."""


class ReplayRefused(Exception):
    """The delivery cannot be sent again now; the message says why."""


def record_event(
    *, customer_id: UUID, type_: EventType, data: Mapping[str, UUID | str | int | None], now: datetime
) -> None:
    """Puts the event into the outbox of every endpoint of the customer that wants it; the workers are told once it
    stands. Without such an endpoint nothing is written. Raises `RecordedAlone` outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RecordedAlone("Record an event in the transaction of the change that it tells of.")
    endpoints = WebhookEndpoint.objects.of([customer_id]).filter(active=True, disabled_at__isnull=True)
    wanting = [endpoint for endpoint in endpoints if endpoint.wants(type_)]
    if wanting:
        _put_out(endpoints=wanting, customer_id=customer_id, type_=type_, data=data, now=now)


def record_test(*, endpoint: WebhookEndpoint, now: datetime) -> WebhookDelivery:
    """A test event for this endpoint alone, whatever it is subscribed to, and also when it is disabled."""
    with transaction.atomic():
        data = {"webhook_endpoint_id": endpoint.pk}
        return _put_out(
            endpoints=[endpoint], customer_id=endpoint.customer_id, type_=EventType.TEST, data=data, now=now
        )[0]


def replay_delivery(*, delivery_id: UUID, by: str, now: datetime) -> None:
    """Sends a settled delivery again, under the id it had, with a whole schedule before it. Raises `ReplayRefused`,
    and `WebhookDelivery.DoesNotExist`."""
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.get(deliveries=delivery_id)
        if not endpoint.active or endpoint.disabled_at:
            raise ReplayRefused("The endpoint was deleted or is switched off; switch it on first.")
        replayed = (
            WebhookDelivery.objects.filter(pk=delivery_id)
            .exclude(state=WebhookDelivery.State.PENDING)
            .update(
                state=WebhookDelivery.State.PENDING,
                attempts=0,
                next_attempt_at=now,
                announced_at=now,
                ended_at=None,
                failure="",
                asked_by=by,
            )
        )
        if not replayed:
            raise ReplayRefused("The delivery is still under way; it needs no replay.")
        transaction.on_commit(partial(announce_endpoint, endpoint.pk))


def _put_out(
    *,
    endpoints: list[WebhookEndpoint],
    customer_id: UUID,
    type_: EventType,
    data: Mapping[str, UUID | str | int | None],
    now: datetime,
) -> list[WebhookDelivery]:
    plain = {name: str(value) if isinstance(value, UUID) else value for name, value in data.items()}
    message = WebhookMessage.objects.create(
        customer_id=customer_id,
        type=type_,
        body=body_of(type_=type_, at=now, data=plain),
        created_at=now,
    )
    deliveries = WebhookDelivery.objects.bulk_create(
        WebhookDelivery(message=message, endpoint=endpoint, next_attempt_at=now, announced_at=now, created_at=now)
        for endpoint in endpoints
    )
    for endpoint in endpoints:
        transaction.on_commit(partial(announce_endpoint, endpoint.pk))
    return deliveries
