"""What /metrics says, to whom, and that dashboard and alerts ask for nothing else."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import redis
import yaml
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from config.observing.redis_store import HASH, RedisStore
from customers.telemetry.counting import MemoryStore, count, keep_in, note_sighting, observe
from customers.telemetry.metrics import BLOCKERS, REQUESTS, RUNS, SANDBOX_RESTARTS, STAGES
from ocr.models import OcrJob
from ocr.processing import process_job
from tests.api.conftest import client_for
from tests.documents import as_base64, encrypted_pdf, invoice_pdf
from tests.ledger import a_customer
from tests.services import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("figures")]


def scraped(**headers: str) -> dict[str, float]:
    """The samples, as Prometheus' own parser reads them, by name and labels."""
    answer = Client(headers=headers).get("/metrics")
    assert answer.status_code == 200, answer.content
    return {
        f"{sample.name}{{{','.join(f'{name}={value}' for name, value in sorted(sample.labels.items()))}}}": sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_a_document_is_counted_on_its_way() -> None:
    customer = a_customer()
    client = client_for([customer])
    for document in (invoice_pdf(), encrypted_pdf()):
        body = {"base64_file": as_base64(document), "customer_id": str(customer.pk)}
        job_id = client.post("/v2/invoices/ocr", body).json()["job_id"]
        process_job(OcrJob.objects.get(pk=job_id).pk)

    found = scraped()

    assert found["paydraft_jobs{state=finished}"] == found["paydraft_jobs{state=failed}"] == 1
    assert found["paydraft_jobs{state=queued}"] == found["paydraft_oldest_queued_job_seconds{}"] == 0
    assert found["paydraft_runs_total{outcome=finished,reason=}"] == 1
    assert found["paydraft_runs_total{outcome=failed,reason=encrypted}"] == 1
    assert found["paydraft_first_drafts_total{blocked=yes}"] == 1
    assert found["paydraft_draft_blockers_total{blocker=counterparty_not_found}"] == 1
    assert found["paydraft_matches_total{outcome=not_found,subject=counterparty}"] == 1
    assert found["paydraft_stage_seconds_count{stage=read}"] == 2
    assert found["paydraft_stage_seconds_count{stage=draft}"] == 1
    assert found["paydraft_request_seconds_count{method=POST,route=v2/invoices/ocr,status=202}"] == 2
    assert found["paydraft_waiting_drafts{}"] == 1


def test_the_age_of_the_oldest_queued_job_survives_being_announced_again() -> None:
    client = client_for([customer := a_customer()])
    body = {"base64_file": as_base64(invoice_pdf()), "customer_id": str(customer.pk)}
    job_id = client.post("/v2/invoices/ocr", body).json()["job_id"]
    OcrJob.objects.filter(pk=job_id).update(
        modified_at=timezone.now() - timedelta(minutes=10), announced_at=timezone.now()
    )

    assert 600 <= scraped()["paydraft_oldest_queued_job_seconds{}"] < 700


def test_routes_are_labels_and_what_clients_send_is_not() -> None:
    client = Client()
    job_id = uuid4()
    client.get(f"/v2/invoices/ocr/{job_id}?iban=DE89370400440532013000")
    client.get("/DE89370400440532013000")
    client.generic("BREW", "/v2/invoices/ocr")

    text = Client().get("/metrics").content.decode()

    assert str(job_id) not in text
    assert "DE8937" not in text
    assert "BREW" not in text
    assert 'route="v2/invoices/ocr/<uuid:pk>"' in text
    assert 'route="none"' in text


@pytest.mark.parametrize(
    ("headers", "address", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "::1", 200),
        ({}, "10.0.0.7", 403),
        ({}, "", 403),
        ({"X-Forwarded-For": "203.0.113.9"}, "127.0.0.1", 403),
        ({"Via": "1.1 proxy"}, "127.0.0.1", 403),
    ],
)
def test_without_a_token_only_this_machine_may_see(headers: dict[str, str], address: str, status: int) -> None:
    assert Client(headers=headers).get("/metrics", REMOTE_ADDR=address).status_code == status


def test_behind_tls_nobody_may_see_without_a_token(settings: Settings) -> None:
    settings.BEHIND_TLS = True

    assert Client().get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 403


def test_with_a_token_it_has_to_be_shown_from_everywhere(settings: Settings) -> None:
    settings.METRICS_TOKEN = "the-token"

    def status(**headers: str) -> int:
        return Client(headers=headers).get("/metrics").status_code

    assert status() == status(Authorization="Bearer the-toke") == status(Authorization="the-token") == 401
    assert status(Authorization="Bearer the-token") == 200
    assert status(**{"Authorization": "Bearer the-token", "X-Forwarded-For": "203.0.113.9"}) == 200


def test_a_database_that_is_down_is_said_beside_what_was_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(**_: Any) -> None:
        raise OperationalError("the password is 1234")

    count(RUNS, outcome="finished", reason="")
    monkeypatch.setattr("config.observing.exposition.database_figures", down)

    found = scraped()

    assert (found["paydraft_database_up{}"], found["paydraft_counts_up{}"]) == (0, 1)
    assert found["paydraft_runs_total{outcome=finished,reason=}"] == 1


def test_measurements_fall_into_buckets_that_add_up() -> None:
    for seconds in (0.01, 0.02, 7.0, 4000.0):
        observe(STAGES, seconds=seconds, stage="read")

    found = scraped()

    assert found["paydraft_stage_seconds_bucket{le=0.01,stage=read}"] == 1
    assert found["paydraft_stage_seconds_bucket{le=0.05,stage=read}"] == 2
    assert found["paydraft_stage_seconds_bucket{le=10.0,stage=read}"] == 3
    assert (
        found["paydraft_stage_seconds_bucket{le=+Inf,stage=read}"] == found["paydraft_stage_seconds_count{stage=read}"]
    )
    assert found["paydraft_stage_seconds_sum{stage=read}"] == pytest.approx(4007.03)


def test_a_metric_is_counted_by_its_own_labels_only() -> None:
    with pytest.raises(ValueError, match="paydraft_draft_blockers"):
        count(BLOCKERS, iban="DE89370400440532013000")


@pytest.mark.parametrize("document", ["grafana-dashboard.json", "alerts.yml"])
def test_dashboard_and_alerts_ask_for_metrics_that_exist(document: str) -> None:
    observe(REQUESTS, seconds=1, method="GET", route="x", status="200")
    observe(STAGES, seconds=1, stage="read")
    count(RUNS, outcome="x", reason="x")
    count(SANDBOX_RESTARTS, reason="x")
    note_sighting("beat", at=0)
    given = set(re.findall(r"^# TYPE (\w+) ", Client().get("/metrics").content.decode(), re.MULTILINE))
    histograms = {name for name in given if name.endswith("_seconds") and f"{name}_bucket{{" in str(scraped())}
    names = given | {f"{name}_{part}" for name in histograms for part in ("bucket", "sum", "count")}

    asked = {name for query in queries(document) for name in re.findall(r"\bpaydraft_\w+", query)}

    assert len(asked) > 8
    assert asked <= names


def queries(document: str) -> list[str]:
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    if document.endswith(".json"):
        return [target["expr"] for panel in json.loads(text)["panels"] for target in panel["targets"]]
    return [rule["expr"] for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


@pytest.mark.redis
def test_two_processes_add_to_the_same_figures(redis_database: str) -> None:
    one, other = RedisStore(redis_database), RedisStore(redis_database)
    for store in (one, other):
        keep_in(store)
        count(RUNS, outcome="finished", reason="")
        observe(STAGES, seconds=0.5, stage="read")
    note_sighting("beat", at=0)

    found = scraped()

    assert found["paydraft_runs_total{outcome=finished,reason=}"] == 2
    assert found["paydraft_stage_seconds_sum{stage=read}"] == 1
    assert found["paydraft_last_seen_seconds{process=beat}"] > 0
    with redis.Redis.from_url(redis_database) as client:
        assert client.hlen(HASH) > 0


def test_what_is_counted_while_redis_is_away_waits_and_nothing_fails() -> None:
    store = RedisStore("redis://127.0.0.1:1/0")
    keep_in(store)

    for _ in range(3):
        count(RUNS, outcome="finished", reason="")
    found = scraped()
    keep_in(MemoryStore())

    assert found["paydraft_counts_up{}"] == 0
    assert found["paydraft_database_up{}"] == 1
    assert store._waiting['["paydraft_runs",["finished",""],""]'] == 3
