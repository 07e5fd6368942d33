"""Webhooks of the service as real processes: embedded, and with workers whose messages get lost."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.documents import invoice_pdf
from tests.receiver import Received, Receiver
from tests.running import BEAT, PATIENCE_SECONDS, WORKER, Service, demo_data, distributed_service, running, service

HERE = {"WEBHOOK_ALLOW_HTTP": "1", "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}
DOCUMENTS = [*WORKER, "--queues", "celery"]
WEBHOOKS = [*WORKER, "--queues", "webhooks", "--pool", "threads", "--concurrency", "2", "--hostname", "hooks@%h"]


def subscribe(running_service: Service, *, url: str, customer_id: str, key: str) -> str:
    """The secret of a new endpoint."""
    body = {"customer_id": customer_id, "url": url}
    answer = running_service.call("POST", "/v2/webhook-endpoints", body, Authorization=f"Bearer {key}")
    assert answer.status == 201, answer.body
    return str(answer.body["secret"])


def wait_for(receiver: Receiver, number: int, log: Path) -> list[Received]:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        if len(receiver.received) >= number:
            return receiver.received
        time.sleep(0.05)
    raise AssertionError(f"{len(receiver.received)} of {number} messages came; {log.read_text()[-3000:]}")


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Service]:
    with service(directory=tmp_path, environment=HERE) as running_service:
        yield running_service


def test_the_embedded_service_tells_and_tells_again_what_was_not_taken(embedded: Service, receiver: Receiver) -> None:
    customer_id, key = demo_data(embedded)
    secret = subscribe(embedded, url=receiver.url, customer_id=customer_id, key=key)
    receiver.status = 500
    job_id = embedded.post(invoice_pdf(), customer_id=customer_id, key=key)
    first = wait_for(receiver, 1, embedded.log)[0]
    receiver.status = 204

    again = wait_for(receiver, 2, embedded.log)[1]

    assert first.message_id == again.message_id
    assert again.verified(secret)["data"]["job_id"] == job_id
    time.sleep(2)  # two rounds of the sweeper
    assert len(receiver.received) == 2


@pytest.fixture
def distributed(tmp_path: Path, redis_database: str) -> Iterator[Service]:
    with distributed_service(directory=tmp_path, redis_url=redis_database, environment=HERE) as running_service:
        yield running_service


@pytest.mark.postgres
@pytest.mark.redis
def test_a_message_that_redis_lost_goes_out_all_the_same(distributed: Service, receiver: Receiver) -> None:
    customer_id, key = demo_data(distributed)
    secret = subscribe(distributed, url=receiver.url, customer_id=customer_id, key=key)
    with running(DOCUMENTS, environment=distributed.environment, log=distributed.log):
        job_id = distributed.post(invoice_pdf(), customer_id=customer_id, key=key)
        assert distributed.wait_for(job_id, key=key).status == 200
    with redis.Redis.from_url(distributed.environment["REDIS_URL"]) as client:
        assert client.delete("webhooks") == 1
    assert receiver.received == []

    with (
        running(WEBHOOKS, environment=distributed.environment, log=distributed.log),
        running(BEAT, environment=distributed.environment, log=distributed.log),
    ):
        (got,) = wait_for(receiver, 1, distributed.log)

    assert got.verified(secret)["data"]["job_id"] == job_id
