"""The service as real processes: embedded, and on PostgreSQL and Redis with a worker and a beat of their own."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.documents import as_base64, encrypted_pdf, invoice_pdf
from tests.running import BEAT, WORKER, Service, demo_data, distributed_service, running, service


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(directory=tmp_path_factory.mktemp("embedded")) as running_service:
        yield running_service


def test_embedded_service_brings_documents_to_their_end(embedded: Service) -> None:
    customer_id, key = demo_data(embedded)

    good = embedded.post(invoice_pdf(), customer_id=customer_id, key=key)
    bad = embedded.post(encrypted_pdf(), customer_id=customer_id, key=key)

    assert embedded.wait_for(good, key=key).body["result"]["total"] == "1190.00"
    answer = embedded.wait_for(bad, key=key)
    assert (answer.status, answer.body["status"]) == (422, 422)


def test_embedded_service_takes_up_what_a_killed_process_left(embedded: Service) -> None:
    customer_id, key = demo_data(embedded)
    job_id = embedded.post(invoice_pdf(), customer_id=customer_id, key=key)

    _kill_children(embedded.process.pid)

    assert embedded.wait_for(job_id, key=key).status == 200


def test_embedded_service_says_what_it_is_ready_for(embedded: Service) -> None:
    answer = embedded.call("GET", "/readyz")

    assert (answer.status, answer.body["status"]) == (200, "ok")
    assert answer.body["checks"] == {"database": "ok", "broker": "ok", "storage": "ok", "ocr_models": "ok"}


def test_a_document_that_is_too_large_is_answered_while_it_is_still_being_sent(embedded: Service) -> None:
    customer_id, key = demo_data(embedded)
    body = {"base64_file": as_base64(bytes(40 * 1024 * 1024)), "customer_id": customer_id}

    answer = embedded.call("POST", "/v2/invoices/ocr", body, Authorization=f"Bearer {key}")

    assert (answer.status, answer.body["error"]) == (413, "document_too_large")


@pytest.fixture
def distributed(tmp_path: Path, redis_database: str) -> Iterator[Service]:
    with distributed_service(directory=tmp_path, redis_url=redis_database) as running_service:
        yield running_service


@pytest.mark.postgres
@pytest.mark.redis
def test_workers_on_redis_bring_documents_to_their_end(distributed: Service) -> None:
    customer_id, key = demo_data(distributed)
    first = distributed.post(invoice_pdf(), customer_id=customer_id, key=key)

    with running(WORKER, environment=distributed.environment, log=distributed.log):
        second = distributed.post(invoice_pdf(), customer_id=customer_id, key=key)

        assert distributed.wait_for(first, key=key).status == 200
        assert distributed.wait_for(second, key=key).status == 200


@pytest.mark.postgres
@pytest.mark.redis
def test_a_message_that_redis_lost_is_sent_again_by_the_beat(distributed: Service) -> None:
    customer_id, key = demo_data(distributed)
    job_id = distributed.post(invoice_pdf(), customer_id=customer_id, key=key)
    with redis.Redis.from_url(distributed.environment["REDIS_URL"]) as client:
        assert client.delete("celery") == 1

    with (
        running(WORKER, environment=distributed.environment, log=distributed.log),
        running(BEAT, environment=distributed.environment, log=distributed.log),
    ):
        assert distributed.wait_for(job_id, key=key).status == 200


def _kill_children(pid: int) -> None:
    """SIGKILL to the web processes under a Gunicorn master, which starts new ones."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True).stdout.split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
