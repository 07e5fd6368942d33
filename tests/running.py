"""The real service as processes of its own, with a data directory and a port of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

from tests.documents import as_base64
from tests.services import ROOT

PATIENCE_SECONDS = 60.0
WORKER = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "WARNING"]
BEAT = [sys.executable, "-m", "celery", "-A", "config", "beat", "--loglevel", "WARNING"]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Service:
    """A running web process; `environment` is what its sibling processes and commands need to share its data."""

    url: str
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes]"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        request = urllib.request.Request(  # noqa: S310 - always http to ourselves
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                return Answer(response.status, dict(response.headers), json.loads(response.read() or b"null"))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), json.loads(error.read() or b"null"))

    def readiness(self) -> Answer:
        """What /readyz says once each check has said something: on a busy machine one may take longer than it waits."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.call("GET", "/readyz")
            late = any(said.startswith("No answer within") for said in answer.body["checks"].values())
            if not late or time.monotonic() > give_up_at:
                return answer

    def manage(self, *arguments: str) -> str:
        """The output of a management command."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def post(self, content: bytes, *, customer_id: str, key: str) -> str:
        """The id of the new job."""
        body = {"base64_file": as_base64(content), "customer_id": customer_id}
        answer = self.call("POST", "/v2/invoices/ocr", body, Authorization=f"Bearer {key}")
        assert answer.status == 202, answer.body
        return str(answer.body["job_id"])

    def wait_for(self, job_id: str, *, key: str) -> Answer:
        """The job's answer once it has ended."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            try:
                answer = self.call("GET", f"/v2/invoices/ocr/{job_id}", Authorization=f"Bearer {key}")
            except (urllib.error.URLError, ConnectionError):
                assert self.process.poll() is None, self.log.read_text()
                continue  # a web process that was killed is being replaced
            if answer.status != 202:
                return answer
            time.sleep(0.05)
        raise AssertionError(f"job {job_id} stayed at 202; {self.log.read_text()[-3000:]}")


def measuring() -> dict[str, str]:
    """What tells a process that the lines it runs are counted: `make coverage`."""
    return {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}


@contextmanager
def running(command: list[str], *, environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The command as a process in a group of its own, which is gone afterwards."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield process
    finally:
        _end(process)


@contextmanager
def service(*, directory: Path, environment: Mapping[str, str] | None = None) -> Iterator[Service]:
    """A migrated service with its data below `directory`; with no more environment, the embedded one."""
    environment = environment or {}
    given = {"PATH": os.environ["PATH"], "PAYDRAFT_DATA_DIR": str(directory), **environment}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=given, check=True)
    with web_process(directory=directory, environment=environment) as running_service:
        yield running_service


@contextmanager
def web_process(*, directory: Path, environment: Mapping[str, str]) -> Iterator[Service]:
    """The service's web process alone, whatever it may find or miss."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "PATH": os.environ["PATH"],
        **measuring(),
        "PAYDRAFT_DATA_DIR": str(directory),
        "BIND": f"127.0.0.1:{port}",
        "SWEEP_INTERVAL_SECONDS": "1",
        "JOB_ANNOUNCE_AGAIN_SECONDS": "2",
        "WEB_PROCESSES": "1",
        **environment,
    }
    log = directory / "service.log"
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
    with running(command, environment=settings, log=log) as process:
        running_service = Service(url=f"http://127.0.0.1:{port}", environment=settings, log=log, process=process)
        _wait_until_up(running_service)
        yield running_service


@contextmanager
def distributed_service(
    *, directory: Path, redis_url: str, environment: Mapping[str, str] | None = None
) -> Iterator[Service]:
    """A web process on a PostgreSQL database of its own and on the tests' Redis; no worker yet."""
    url = os.environ["DATABASE_URL"]
    name = f"paydraft_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(f'CREATE DATABASE "{name}"')
        try:
            own = {
                "DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl(),
                "TENANT_DATABASE_ROLE": os.environ.get("TENANT_DATABASE_ROLE", ""),
                "REDIS_URL": redis_url,
            }
            with service(directory=directory, environment={**own, **(environment or {})}) as running_service:
                yield running_service
        finally:
            database.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def demo_data(running_service: Service) -> tuple[str, str]:
    """The demo customer's id and an API key for it."""
    data = json.loads(running_service.manage("load_demo_data", "--json"))
    return data["customer_id"], data["api_key"]


def _wait_until_up(running_service: Service) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        try:
            if running_service.call("GET", "/healthz").status == 200:
                return
        except (urllib.error.URLError, ConnectionError):
            assert running_service.process.poll() is None, running_service.log.read_text()
        time.sleep(0.05)
    raise AssertionError(f"the service did not start; {running_service.log.read_text()[-3000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
