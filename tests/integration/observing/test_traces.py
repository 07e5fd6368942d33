"""Traces: one from the request to the finished job, across processes, and a collector that costs nothing."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
from django.db import connection
from kombu.exceptions import OperationalError
from opentelemetry.sdk.trace import ReadableSpan

from customers.models import Customer
from customers.telemetry.spans import carrier, span
from ocr.tasks import announce, process
from tests.documents import invoice_pdf
from tests.ledger import a_customer
from tests.otlp import Collector, collecting
from tests.running import BEAT, WORKER, Service, demo_data, distributed_service, running, service
from tests.services import ROOT

NOBODY = 1  # a port at which nobody listens
STAGES = ("read", "extract", "match", "draft")
Traced = Callable[[], tuple[ReadableSpan, ...]]


def environment_for(url: str) -> dict[str, str]:
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_BSP_SCHEDULE_DELAY": "100"}


def assert_one_trace(collector: Collector, *, job_id: str) -> None:
    draft = collector.wait_for("stage draft", job_id=job_id)
    first = collector.wait_for("POST v2/invoices/ocr")
    up = ["stage draft", "attempt", "ocr.tasks.process", "publish ocr.tasks.process", "POST v2/invoices/ocr"]
    assert collector.way_up(draft) == up
    assert {f"stage {name}" for name in STAGES} <= collector.names_of(first.trace)
    assert {"INSERT ocr_ocrjob", "INSERT transfers_transfer"} <= collector.names_of(first.trace)
    assert (first.service, collector.paths) == ("paydraft", {"/v1/traces"})


def assert_nothing_of_the_document(collector: Collector, *, key: str) -> None:
    sent = b"".join(collector.raw)
    for value in (key, "DE02120300000000202051", "Bearer", "Authorization"):
        assert value.encode() not in sent, value


def test_a_trace_leads_from_the_request_to_the_finished_job(tmp_path: Path) -> None:
    with collecting() as collector, service(directory=tmp_path, environment=environment_for(collector.url)) as running_:
        customer_id, key = demo_data(running_)
        job_id = running_.post(invoice_pdf(), customer_id=customer_id, key=key)
        assert running_.wait_for(job_id, key=key).status == 200
        running_.call("GET", "/readyz")

        assert_one_trace(collector, job_id=job_id)
    assert_nothing_of_the_document(collector, key=key)
    assert {"ocr.tasks.sweep", "customers.tasks.sweep", "GET readyz"} & {span.name for span in collector.spans} == set()


@pytest.mark.postgres
@pytest.mark.redis
def test_the_trace_crosses_to_the_workers_and_a_sweep_begins_a_new_one(tmp_path: Path, redis_database: str) -> None:
    with ExitStack() as stack:
        collector = stack.enter_context(collecting())
        environment = environment_for(collector.url)
        web = stack.enter_context(
            distributed_service(directory=tmp_path, redis_url=redis_database, environment=environment)
        )
        customer_id, key = demo_data(web)
        lost = web.post(invoice_pdf(), customer_id=customer_id, key=key)
        with redis.Redis.from_url(redis_database) as client:
            assert client.delete("celery\x06\x166") == 1  # the list of the documents' priority
        first_trace = collector.wait_for("POST v2/invoices/ocr").trace
        stack.enter_context(running(WORKER, environment=web.environment, log=web.log))
        stack.enter_context(running(BEAT, environment=web.environment, log=web.log))
        assert web.wait_for(lost, key=key).status == 200
        swept = collector.wait_for("stage draft", job_id=lost)
        assert swept.trace != first_trace
        assert collector.way_up(swept)[-1] == "publish ocr.tasks.process"

        collector.spans.clear()
        job_id = web.post(invoice_pdf(), customer_id=customer_id, key=key)
        assert web.wait_for(job_id, key=key).status == 200
        assert_one_trace(collector, job_id=job_id)
    assert_nothing_of_the_document(collector, key=key)


@pytest.mark.parametrize("state", ["down", "frozen"])
def test_a_collector_that_takes_nothing_costs_nothing(state: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        port = NOBODY if state == "down" else silent.getsockname()[1]
        with service(directory=tmp_path, environment=environment_for(f"http://127.0.0.1:{port}")) as running_:
            customer_id, key = demo_data(running_)
            job_id = running_.post(invoice_pdf(), customer_id=customer_id, key=key)
            assert running_.wait_for(job_id, key=key).status == 200
            stopped: Service = running_
    assert stopped.process.returncode == 0  # by itself, and not killed because it waited for the collector
    log = stopped.log.read_text()
    assert log.count("traces are not taken; look at OTEL_EXPORTER_OTLP_ENDPOINT") <= 1
    if state == "down":
        assert "traces are not taken" in log
    assert "opentelemetry" not in log


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"PYTHONPATH": "{packages}"}, "run: pip install -r requirements-telemetry.lock"),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "traces are sent as http/protobuf"),
    ],
)
def test_what_keeps_traces_from_being_sent_is_said_at_the_start(
    environment: dict[str, str], told: str, tmp_path: Path
) -> None:
    """Without the extra: a package of that name stands before the installed one, and has no SDK."""
    (tmp_path / "packages/opentelemetry").mkdir(parents=True)
    (tmp_path / "packages/opentelemetry/__init__.py").touch()
    given = {name: value.format(packages=tmp_path / "packages") for name, value in environment.items()}
    started = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PAYDRAFT_DATA_DIR": str(tmp_path),
            **environment_for("http://127.0.0.1:1"),
            **given,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert started.returncode != 0
    assert told in started.stderr


@pytest.mark.django_db
def test_a_statement_is_told_without_its_values(spans: Traced) -> None:
    with span("here"):
        Customer.objects.filter(legal_name="Aldermoor Trading GmbH").exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'DE02120300000000202051', 4711, customer.id AS a1 FROM customers_customer customer")
    Customer.objects.exists()

    told = {each.name: dict(each.attributes or {}) for each in spans()}
    texts = " ".join(str(attributes.get("db.query.text")) for attributes in told.values())
    assert set(told) == {"here", "SELECT customers_customer"}
    assert ("SELECT ?, ?, customer.id AS a1" in texts, "Aldermoor" in texts, "DE02" in texts) == (True, False, False)


@pytest.mark.django_db
def test_an_error_is_told_by_its_type_and_nothing_stays_open(spans: Traced, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object, **__: object) -> None:
        raise OperationalError("redis://:secret@broker")

    monkeypatch.setattr(process, "apply_async", down)
    announced = announce(a_customer().pk)

    (published,) = (each for each in spans() if each.name.startswith("publish"))
    assert (announced, carrier()) == (False, {})
    assert (published.attributes or {})["error.type"] == "OperationalError"
    assert published.status.status_code.name == "ERROR"
    assert "secret" not in published.to_json()
