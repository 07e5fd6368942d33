"""The backup and the restoring of docs/backup.md, command by command, while documents come in."""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from invoices.document_keys import new_key
from tests.chaos.servers import wait_until
from tests.documents import invoice_pdf
from tests.object_storage import ObjectStore
from tests.operators_document import carry_out, commands_under
from tests.running import Service, demo_data, service, web_process

pytestmark = pytest.mark.timeout(600)  # two services and a dozen commands, each a process

DOCUMENT = "docs/backup.md"


@contextmanager
def a_database() -> Iterator[str]:
    """The URL of an empty database on the server of the tests."""
    url, name = os.environ["DATABASE_URL"], f"paydraft_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def documents_coming_in(running_service: Service, *, customer_id: str, key: str) -> Iterator[list[str]]:
    """One document after another, each another one; the ids of their jobs, of which there is one already."""
    jobs: list[str] = []
    is_over = threading.Event()

    def send() -> None:
        while not is_over.is_set():
            content = invoice_pdf() + f"\n% {uuid4()}".encode()
            jobs.append(running_service.post(content, customer_id=customer_id, key=key))
            is_over.wait(0.2)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        wait_until(lambda: bool(jobs), what="the first document")
        yield jobs
    finally:
        is_over.set()
        thread.join()


def carry_out_beside(jobs: list[str], command: str, *, environment: Mapping[str, str]) -> None:
    """Carries out the command; at least one document has come in since it began."""
    written = len(jobs)
    carry_out(command, environment=environment)
    wait_until(lambda: len(jobs) > written, what="a document since the command began")


@dataclass(frozen=True, slots=True)
class Lost:
    """What the copy has to bring back: a job that was finished, with its document."""

    job_id: str
    upload_id: str
    key: str
    content: bytes


def back_up(running_service: Service, *, chapter: str, backup: Path) -> Lost:
    """Carries out the chapter; between its commands documents come in."""
    customer_id, key = demo_data(running_service)
    content = invoice_pdf()
    job_id = running_service.post(content, customer_id=customer_id, key=key)
    upload_id = running_service.wait_for(job_id, key=key).body["upload_id"]
    environment = {**running_service.environment, "BACKUP": str(backup)}
    with documents_coming_in(running_service, customer_id=customer_id, key=key) as jobs:
        for command in commands_under(chapter, document=DOCUMENT):
            carry_out_beside(jobs, command, environment=environment)
    return Lost(job_id=job_id, upload_id=upload_id, key=key, content=content)


def restore(*, chapter: str, backup: Path, directory: Path, environment: Mapping[str, str], lost: Lost) -> None:
    """Carries out the chapter and what follows it; the service then hands out what was there."""
    given = {
        "PATH": os.environ["PATH"],
        "PAYDRAFT_DATA_DIR": str(directory),
        "BACKUP": str(backup),
        **environment,
    }
    said = {}
    for command in commands_under(chapter, document=DOCUMENT) + commands_under("Then", document=DOCUMENT):
        said[command.rpartition("manage.py ")[2].split()[0]] = carry_out(command, environment=given)
    assert "; 0 are not as they were sent" in said["verify_documents"]
    assert "stray" not in said["verify_documents"]  # what came after the database's moment is left out
    assert "The audit trail is whole" in said["verify_audit"]
    with web_process(directory=directory, environment=environment) as restored:
        job = restored.call("GET", f"/v2/invoices/ocr/{lost.job_id}", Authorization=f"Bearer {lost.key}")
        assert (job.status, job.body["result"]["total"]) == (200, "1190.00")
        row = restored.call("GET", f"/v2/uploads/{lost.upload_id}", Authorization=f"Bearer {lost.key}")
        assert row.body["content_length"] == len(lost.content)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "backup"


def test_sqlite_with_a_folder_of_encrypted_documents(tmp_path: Path, backup: Path) -> None:
    keys = {"DOCUMENT_KEYS": new_key()}
    (tmp_path / "lost").mkdir()
    with service(directory=tmp_path / "lost", environment=keys) as running_service:
        lost = back_up(running_service, chapter="SQLite", backup=backup)
    assert {path.stat().st_mode & 0o077 for path in backup.rglob("*") if path.is_file()} == {0}

    restore(chapter="To SQLite", backup=backup, directory=tmp_path / "new", environment=keys, lost=lost)


@pytest.mark.postgres
@pytest.mark.object_storage
def test_postgresql_with_s3(tmp_path: Path, backup: Path, object_store_of_tests: ObjectStore) -> None:
    (tmp_path / "lost").mkdir()
    (tmp_path / "new").mkdir()
    buckets = [f"backup-{uuid4().hex[:8]}" for _ in range(2)]
    for bucket in buckets:
        object_store_of_tests.client.create_bucket(Bucket=bucket)
    secret = {"SECRET_KEY": uuid4().hex}
    before, after = (secret | {"STORAGE_URL": object_store_of_tests.url(bucket=bucket)} for bucket in buckets)
    with a_database() as url, service(directory=tmp_path / "lost", environment=before | {"DATABASE_URL": url}) as runs:
        lost = back_up(runs, chapter="PostgreSQL", backup=backup)

    with a_database() as url:
        restore(
            chapter="To PostgreSQL",
            backup=backup,
            directory=tmp_path / "new",
            environment=after | {"DATABASE_URL": url},
            lost=lost,
        )
