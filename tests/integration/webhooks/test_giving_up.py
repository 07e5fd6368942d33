"""What cannot arrive is given up in the end, can be sent again, and is forgotten some day."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as service
from django.utils import timezone

from customers.models import Customer
from customers.webhooks import delivering
from customers.webhooks.delivering import deliver_due
from customers.webhooks.endpoints import change_endpoint, delete_endpoint, disable_endpoint
from customers.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookMessage
from customers.webhooks.outbox import ReplayRefused, replay_delivery
from customers.webhooks.purging import purge_webhooks
from customers.webhooks.schedule import DELAYS, MOST_ATTEMPTS
from customers.webhooks.sending import Outcome
from tests.integration.webhooks.outgoing import age, answering, make_due, record
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db


def test_a_failure_is_tried_again_along_the_schedule_and_then_given_up(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint
) -> None:
    sender, waits = answering(500), []
    for _ in range(MOST_ATTEMPTS):
        make_due(delivery)
        deliver_due(endpoint_id=endpoint.pk, send=sender)
        delivery.refresh_from_db()
        if delivery.next_attempt_at:
            waits.append(delivery.next_attempt_at - timezone.now())

    assert (delivery.state, delivery.failure, len(sender.ids)) == ("failed", delivering.USED_UP, MOST_ATTEMPTS)
    assert set(sender.ids) == {delivery.message.message_id}
    for wait, delay in zip(waits, DELAYS, strict=True):
        assert delay * 0.89 < wait < delay * 1.11
    endpoint.refresh_from_db()
    assert (endpoint.status, endpoint.failing_since is not None) == ("enabled", True)
    assert deliver_due(endpoint_id=endpoint.pk, send=sender) is False
    assert len(sender.ids) == MOST_ATTEMPTS


@pytest.mark.parametrize(("days", "status", "reason"), [(4, "enabled", ""), (6, "disabled", "failing")])
def test_an_endpoint_that_fails_for_long_is_switched_off(
    customer: Customer, delivery: WebhookDelivery, endpoint: WebhookEndpoint, days: int, status: str, reason: str
) -> None:
    record(customer)
    age(endpoint, days=days)
    WebhookDelivery.objects.filter(pk=delivery.pk).update(attempts=MOST_ATTEMPTS - 1)

    deliver_due(endpoint_id=endpoint.pk, send=answering(None))

    endpoint.refresh_from_db()
    assert (endpoint.status, endpoint.disabled_reason) == (status, reason)
    assert WebhookDelivery.objects.filter(state="pending").exists() is (status == "enabled")


def test_410_switches_the_endpoint_off_and_gives_up_what_waits(
    customer: Customer, delivery: WebhookDelivery, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    record(customer)
    receiver.status = 410

    deliver_due(endpoint_id=endpoint.pk)
    record(customer)

    endpoint.refresh_from_db()
    assert (endpoint.status, endpoint.disabled_reason, endpoint.modified_by) == ("disabled", "gone", "webhooks")
    assert list(WebhookDelivery.objects.order_by("created_at").values_list("state", "failure")) == [
        ("failed", "The receiver answered 410 Gone."),
        ("failed", "The endpoint was switched off: the receiver answered 410 Gone."),
    ]
    assert len(receiver.received) == 1


def test_a_success_ends_the_time_of_failing(delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> None:
    age(endpoint, days=6)

    deliver_due(endpoint_id=endpoint.pk, send=answering(200))

    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


def test_what_else_waits_gives_a_receiver_the_time_that_it_asks_for(
    customer: Customer, delivery: WebhookDelivery, endpoint: WebhookEndpoint
) -> None:
    record(customer)
    busy = answering(503, retry_after=timedelta(minutes=10))
    deliver_due(endpoint_id=endpoint.pk, send=busy)
    deliver_due(endpoint_id=endpoint.pk, send=busy)

    assert busy.ids == [delivery.message.message_id]
    waits = [
        each - timezone.now() for each in WebhookDelivery.objects.values_list("next_attempt_at", flat=True) if each
    ]
    assert len(waits) == 2
    assert min(waits) > timedelta(minutes=9, seconds=59)


def test_an_error_of_ours_is_an_attempt_like_any_other(delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> None:
    def break_down(**_: Any) -> Outcome:
        raise RuntimeError("a bug")

    deliver_due(endpoint_id=endpoint.pk, send=break_down)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.claim_token) == ("pending", 1, None)
    assert delivery.next_attempt_at is not None
    assert delivery.next_attempt_at > timezone.now()
    assert "RuntimeError" in delivery.log.get().error


def test_retry_after_is_waited_for(delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> None:
    deliver_due(endpoint_id=endpoint.pk, send=answering(429, retry_after=timedelta(hours=3)))

    delivery.refresh_from_db()
    assert delivery.next_attempt_at is not None
    assert delivery.next_attempt_at - timezone.now() > timedelta(hours=2, minutes=59)


def test_a_settled_delivery_is_replayed_under_its_id(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    deliver_due(endpoint_id=endpoint.pk)
    replay_delivery(delivery_id=delivery.pk, by="anna", now=timezone.now())
    with pytest.raises(ReplayRefused, match="under way"):
        replay_delivery(delivery_id=delivery.pk, by="anna", now=timezone.now())
    deliver_due(endpoint_id=endpoint.pk)

    first, again = receiver.received
    delivery.refresh_from_db()
    assert (first.message_id, first.body) == (again.message_id, again.body)
    assert (delivery.state, delivery.attempts, delivery.asked_by, delivery.log.count()) == ("delivered", 1, "anna", 2)


def test_nothing_is_replayed_to_an_endpoint_that_is_off(delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> None:
    now = timezone.now()
    disable_endpoint(endpoint=endpoint, reason="asked", by="test", now=now)
    with pytest.raises(ReplayRefused, match="switch it on"):
        replay_delivery(delivery_id=delivery.pk, by="anna", now=now)
    change_endpoint(endpoint=endpoint, changes={"status": "enabled"}, by="test", now=now)
    replay_delivery(delivery_id=delivery.pk, by="anna", now=now)
    delete_endpoint(endpoint=endpoint, by="test", now=now)
    with pytest.raises(ReplayRefused):
        replay_delivery(delivery_id=delivery.pk, by="anna", now=now)
    assert deliver_due(endpoint_id=endpoint.pk, send=answering(200)) is False


def test_settled_deliveries_are_forgotten_in_time_and_waiting_ones_never(
    customer: Customer, endpoint: WebhookEndpoint
) -> None:
    record(customer)
    deliver_due(endpoint_id=endpoint.pk, send=answering(200))
    record(customer)
    now = timezone.now()

    assert purge_webhooks(now=now + service.WEBHOOK_KEPT - timedelta(hours=1)) == 0
    assert purge_webhooks(now=now + service.WEBHOOK_KEPT + timedelta(hours=1)) == 1
    assert WebhookDelivery.objects.get().state == "pending"
    assert (WebhookMessage.objects.count(), WebhookAttempt.objects.count()) == (1, 0)
