"""The outbox: nothing is lost, and nothing is sent by two at once."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as service
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from customers import tasks
from customers.models import Customer
from customers.tasks import deliver, sweep_deliveries
from customers.webhooks import delivering
from customers.webhooks.delivering import attempt, claim_delivery, claim_next, deliver_due, record_outcome
from customers.webhooks.endpoints import add_endpoint, change_endpoint, disable_endpoint, rotate_secret
from customers.webhooks.events import EventType
from customers.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookMessage
from customers.webhooks.outbox import RecordedAlone, record_event, record_test
from customers.webhooks.sending import Outcome
from tests.integration.webhooks.outgoing import DATA, answering, record
from tests.ledger import a_customer
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db


def test_an_event_arrives_signed_with_its_id_type_and_data(
    customer: Customer, endpoint: WebhookEndpoint, secret: str, receiver: Receiver
) -> None:
    record(customer)

    assert deliver_due(endpoint_id=endpoint.pk) is False

    (got,) = receiver.received
    delivery = WebhookDelivery.objects.get()
    body = got.verified(secret)
    assert body == {"type": "ocr_job.finished", "timestamp": body["timestamp"], "data": DATA}
    assert datetime.fromisoformat(body["timestamp"]) - timezone.now() < timedelta(seconds=5)
    assert got.message_id == delivery.message.message_id
    assert (delivery.state, delivery.attempts, delivery.claim_token) == ("delivered", 1, None)
    logged = delivery.log.get()
    assert (logged.status, logged.address, logged.error) == (204, "127.0.0.1", "")
    endpoint.refresh_from_db()
    assert endpoint.last_success_at is not None


def test_five_messages_of_the_broker_send_once(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    for _ in range(5):
        deliver(str(endpoint.pk))

    assert len(receiver.received) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_that_are_woken_together_send_once(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.pause = 0.2
    start = threading.Barrier(5)

    def work() -> None:
        start.wait()
        try:
            deliver_due(endpoint_id=endpoint.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(receiver.received) == 1
    assert WebhookAttempt.objects.count() == 1


def test_a_crash_between_commit_and_send_loses_nothing(
    customer: Customer, endpoint: WebhookEndpoint, receiver: Receiver, announced: list[str]
) -> None:
    record(customer)  # the process dies here: nobody was told, since the message went with it
    announced.clear()
    now = timezone.now()

    assert sweep_deliveries(now=now) == 0
    assert sweep_deliveries(now=now + service.JOB_ANNOUNCE_AGAIN_AFTER + timedelta(seconds=1)) == 1
    assert sweep_deliveries(now=now + service.JOB_ANNOUNCE_AGAIN_AFTER + timedelta(seconds=2)) == 0
    assert announced == [str(endpoint.pk)]
    deliver(*announced)
    assert len(receiver.received) == 1


def test_a_crash_between_send_and_write_back_sends_again_under_the_same_id(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, announced: list[str]
) -> None:
    def die(*, headers: dict[str, str], **_: Any) -> Outcome:
        died_with.append(headers["webhook-id"])
        raise SystemExit

    died_with: list[str] = []
    with pytest.raises(SystemExit):
        deliver_due(endpoint_id=endpoint.pk, send=die)

    assert deliver_due(endpoint_id=endpoint.pk, send=answering(200)) is False
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("pending", 1)
    assert delivery.lease_expires_at is not None
    lease_is_over = delivery.lease_expires_at + timedelta(seconds=1)
    assert sweep_deliveries(now=lease_is_over) == 1
    heir = claim_delivery(delivery_id=delivery.pk, now=lease_is_over)
    assert heir is not None
    again = answering(200)
    assert attempt(claim=heir, send=again)
    assert again.ids == died_with
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("delivered", 2)


def test_a_zombie_changes_nothing_but_the_log(delivery: WebhookDelivery) -> None:
    now = timezone.now()
    zombie = claim_delivery(delivery_id=delivery.pk, now=now)
    assert zombie is not None
    later = now + timedelta(hours=1)
    heir = claim_delivery(delivery_id=delivery.pk, now=later)
    assert heir is not None

    record_outcome(claim=zombie, outcome=Outcome(status=410), started_at=now, now=later)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.claim_token) == ("pending", heir.token)
    assert delivery.endpoint.disabled_at is None
    assert delivery.log.get().status == 410


def test_an_event_and_its_change_stand_or_fall_together(
    customer: Customer, endpoint: WebhookEndpoint, announced: list[str]
) -> None:
    with transaction.atomic():
        record_event(customer_id=customer.pk, type_=EventType.JOB_FAILED, data=DATA, now=timezone.now())
        transaction.set_rollback(True)

    assert not WebhookMessage.objects.exists()
    assert announced == []


@pytest.mark.django_db(transaction=True)
def test_an_event_is_not_recorded_outside_a_transaction(customer: Customer) -> None:
    with pytest.raises(RecordedAlone):
        record_event(customer_id=customer.pk, type_=EventType.JOB_FAILED, data=DATA, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_the_workers_are_told_once_the_event_stands_also_when_the_broker_is_down(
    customer: Customer, endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def refuse(*_: object, **__: object) -> None:
        asked.append(WebhookDelivery.objects.count())
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.deliver, "apply_async", refuse)
    record(customer)

    assert asked == [1]
    later = timezone.now() + service.JOB_ANNOUNCE_AGAIN_AFTER + timedelta(seconds=1)
    assert sweep_deliveries(now=later) == 0
    assert asked == [1, 1]


def test_without_an_endpoint_that_wants_it_nothing_is_written(customer: Customer, endpoint: WebhookEndpoint) -> None:
    change_endpoint(endpoint=endpoint, changes={"event_types": ["transfer.finalized"]}, by="test", now=timezone.now())
    record(customer, EventType.JOB_FINISHED)
    assert not WebhookMessage.objects.exists()

    record(customer, EventType.TRANSFER_FINALIZED)
    assert WebhookMessage.objects.get().type == "transfer.finalized"


def test_each_customer_is_told_of_its_own(customer: Customer, endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    other = a_customer("Birch & Co Ltd")
    others, _ = add_endpoint(customer=other, fields={"url": receiver.url}, by="test", now=timezone.now())
    second, _ = add_endpoint(customer=customer, fields={"url": receiver.url}, by="test", now=timezone.now())

    record(customer)

    assert set(WebhookDelivery.objects.values_list("endpoint", flat=True)) == {endpoint.pk, second.pk}
    assert WebhookMessage.objects.get().customer == customer
    assert not others.deliveries.exists()


def test_what_is_due_goes_out_in_the_order_of_its_events_until_something_fails(
    customer: Customer, endpoint: WebhookEndpoint
) -> None:
    for _ in range(3):
        record(customer)
    ids = [each.message_id for each in WebhookMessage.objects.order_by("created_at")]
    failing = answering(200, 500)

    assert deliver_due(endpoint_id=endpoint.pk, send=failing) is False
    assert failing.ids == ids[:2]
    rest = answering(200)
    deliver_due(endpoint_id=endpoint.pk, send=rest)
    assert rest.ids == ids[2:]


def test_one_worker_at_a_time_serves_an_endpoint(customer: Customer, endpoint: WebhookEndpoint) -> None:
    record(customer)
    record(customer)
    now = timezone.now()

    assert claim_next(endpoint_id=endpoint.pk, now=now) is not None
    assert claim_next(endpoint_id=endpoint.pk, now=now) is None


def test_a_long_row_is_announced_again(
    customer: Customer, endpoint: WebhookEndpoint, announced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "MOST_IN_A_ROW", 1)
    record(customer)
    record(customer)

    deliver(str(endpoint.pk))
    assert announced == [str(endpoint.pk)]
    deliver(str(endpoint.pk))
    assert announced == [str(endpoint.pk)]


def test_during_a_rotation_both_secrets_sign_and_afterwards_the_new_one(
    customer: Customer, endpoint: WebhookEndpoint, secret: str, receiver: Receiver
) -> None:
    now = timezone.now()
    new = rotate_secret(endpoint=endpoint, overlap=timedelta(hours=24), by="test", now=now)
    record(customer)
    deliver_due(endpoint_id=endpoint.pk)

    assert receiver.received[0].verified(secret) == receiver.received[0].verified(new)
    rows = list(endpoint.secrets.all())
    assert delivering.secrets_of(rows, now=now + timedelta(hours=23)) == [new, secret]
    assert delivering.secrets_of(rows, now=now + timedelta(hours=24)) == [new]


def test_a_changed_secret_key_sends_nothing_and_says_so(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, receiver: Receiver, settings: Any
) -> None:
    settings.SECRET_KEY = "another"
    deliver_due(endpoint_id=endpoint.pk)

    delivery.refresh_from_db()
    assert (delivery.state, receiver.received) == ("pending", [])
    assert "SECRET_KEY" in delivery.log.get().error


def test_a_test_event_goes_to_one_endpoint_also_when_it_is_off(
    customer: Customer, endpoint: WebhookEndpoint, secret: str, receiver: Receiver
) -> None:
    add_endpoint(customer=customer, fields={"url": receiver.url}, by="test", now=timezone.now())
    disable_endpoint(endpoint=endpoint, reason="asked", by="test", now=timezone.now())
    record_test(endpoint=endpoint, now=timezone.now())
    deliver_due(endpoint_id=endpoint.pk)

    (got,) = receiver.received
    assert got.verified(secret)["data"] == {"webhook_endpoint_id": str(endpoint.pk)}
