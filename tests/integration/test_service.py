"""The service as real processes: embedded, and on PostgreSQL and Redis with a worker and a beat of their own."""

import json
import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.documents import as_base64, encrypted_pdf, invoice_pdf
from tests.object_storage import ObjectStore
from tests.running import BEAT, WORKER, Service, demo_data, distributed_service, running


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
    answer = embedded.readiness()

    assert (answer.status, answer.body["status"]) == (200, "ok")
    needed = ("database", "migrations", "tenant_wall", "broker", "storage", "ocr_models")
    assert answer.body["checks"] == dict.fromkeys((*needed, "worker", "webhook_worker", "beat"), "ok")


def test_a_document_that_is_too_large_is_answered_while_it_is_still_being_sent(embedded: Service) -> None:
    customer_id, key = demo_data(embedded)
    body = {"base64_file": as_base64(bytes(40 * 1024 * 1024)), "customer_id": customer_id}

    answer = embedded.call("POST", "/v2/invoices/ocr", body, Authorization=f"Bearer {key}")

    assert (answer.status, answer.body["error"]) == (413, "document_too_large")


def test_a_document_sent_in_chunks_is_read_whole(embedded: Service) -> None:
    customer_id, key = demo_data(embedded)
    body = json.dumps({"base64_file": as_base64(invoice_pdf()), "customer_id": customer_id}).encode()
    request = urllib.request.Request(  # noqa: S310 - always http to ourselves
        embedded.url + "/v2/invoices/ocr",
        data=(body[start : start + 1000] for start in range(0, len(body), 1000)),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
    )

    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        job_id = json.loads(response.read())["job_id"]

    assert request.get_header("Transfer-encoding") == "chunked"
    assert embedded.wait_for(job_id, key=key).body["result"]["total"] == "1190.00"


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
        assert client.delete("celery\x06\x166") == 1  # the list of the documents' priority
    alone = distributed.readiness()

    with (
        running(WORKER, environment=distributed.environment, log=distributed.log),
        running(BEAT, environment=distributed.environment, log=distributed.log),
    ):
        assert distributed.wait_for(job_id, key=key).status == 200
        together = distributed.readiness()

    # What is accepted waits for them: that is said, and no reason to accept nothing.
    assert (alone.status, alone.body["status"], together.body["status"]) == (200, "degraded", "ok"), together.body
    assert [name for name, said in alone.body["checks"].items() if said != "ok"] == ["worker", "webhook_worker", "beat"]


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.object_storage
def test_a_document_travels_from_web_to_worker_through_the_object_storage(
    tmp_path: Path, redis_database: str, object_store_of_tests: ObjectStore
) -> None:
    content = invoice_pdf()
    url = {"STORAGE_URL": object_store_of_tests.url()}
    with distributed_service(directory=tmp_path, redis_url=redis_database, environment=url) as service:
        customer_id, key = demo_data(service)
        assert service.readiness().body["checks"]["storage"] == "ok"
        job_id = service.post(content, customer_id=customer_id, key=key)
        elsewhere = {**service.environment, "PAYDRAFT_DATA_DIR": str(tmp_path / "worker")}
        with running(WORKER, environment=elsewhere, log=service.log):
            answer = service.wait_for(job_id, key=key)

        assert (answer.status, answer.body["result"]["total"]) == (200, "1190.00")
        request = urllib.request.Request(  # noqa: S310 - always http to ourselves
            f"{service.url}/v2/uploads/{answer.body['upload_id']}/content"
        )
        request.add_header("Authorization", f"Bearer {key}")
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            assert response.read() == content
            assert response.headers["Content-Disposition"].startswith("attachment")
    assert [name for name in object_store_of_tests.names() if customer_id in name]
    assert [path for path in tmp_path.rglob("*") if customer_id in path.as_posix()] == []


def _kill_children(pid: int) -> None:
    """SIGKILL to the web processes under a Gunicorn master, which starts new ones."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True).stdout.split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
