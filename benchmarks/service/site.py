"""Production's set-up on this machine: web, workers, webhooks and beat as processes, on a database of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import redis

ROOT = Path(__file__).resolve().parents[2]
OWNER = "paydraft:benchmark"
CELERY = [sys.executable, "-m", "celery", "-A", "config"]
PATIENCE_SECONDS = 300.0
COMMANDS = {
    "web": [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"],
    "worker": [*CELERY, "worker", "--queues", "celery", "--concurrency", "2", "-n", "worker@bench", "-l", "WARNING"],
    "webhooks": [
        *(*CELERY, "worker", "--queues", "webhooks", "--pool", "threads", "--concurrency", "8"),
        *("-n", "webhooks@bench", "-l", "WARNING"),
    ],
    "beat": [*CELERY, "beat", "-l", "WARNING"],
}


class SiteRefused(Exception):
    """The services named cannot be used; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running service; `processes` are the heads of its process trees by name."""

    url: str
    environment: Mapping[str, str]
    log: Path
    customer_id: str
    key: str
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def inside(self, *arguments: str) -> Any:
        """What `benchmarks.service.inside`, run in the service's environment, answers."""
        return json.loads(_run([sys.executable, "-m", "benchmarks.service.inside", *arguments], self.environment))

    def manage(self, *arguments: str) -> str:
        return _run([sys.executable, "manage.py", *arguments], self.environment)

    def database(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(self.environment["DATABASE_URL"], autocommit=True)

    def broker(self) -> "redis.Redis":
        return redis.Redis.from_url(self.environment["REDIS_URL"])


@contextmanager
def site(*, database_url: str, redis_url: str, directory: Path) -> Iterator[Site]:
    """The service with its data below `directory`; all of it is gone afterwards. Raises `SiteRefused`."""
    with ExitStack() as stack:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PAYDRAFT_DATA_DIR": str(directory),
            "DATABASE_URL": stack.enter_context(own_database(database_url)),
            "REDIS_URL": stack.enter_context(_redis(redis_url)),
            "BIND": f"127.0.0.1:{_free_port()}",
            "OMP_NUM_THREADS": "1",
            "API_RATE_LIMIT": "10000000/min",
            "API_WRITE_RATE_LIMIT": "10000000/min",
            "LOG_LEVEL": "WARNING",
        }
        _run([sys.executable, "manage.py", "migrate", "-v0"], environment)
        access = json.loads(_run([sys.executable, "manage.py", "load_demo_data", "--json"], environment))
        started = Site(
            url=f"http://{environment['BIND']}",
            environment=environment,
            log=directory / "service.log",
            customer_id=access["customer_id"],
            key=access["api_key"],
        )
        for name, command in COMMANDS.items():
            started.processes[name] = stack.enter_context(_running(command, environment, started.log))
        _wait_until_up(started)
        yield started


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """The URL of a new database on the same server, which is dropped afterwards. Raises `SiteRefused`."""
    name = f"paydraft_bench_{uuid4().hex[:12]}"
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
    except psycopg.Error as error:
        raise SiteRefused(f"DATABASE_URL cannot be used, start PostgreSQL or correct it: {error}") from error
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _redis(url: str) -> Iterator[str]:
    with redis.Redis.from_url(url) as client:
        try:
            if client.dbsize() and not client.exists(OWNER):
                raise SiteRefused(f"{url} holds somebody's keys; name an empty database, such as …/1.")
        except redis.ConnectionError as error:
            raise SiteRefused(f"REDIS_URL cannot be used, start Redis or correct it: {error}") from error
        client.flushdb()
        client.set(OWNER, "the benchmark empties this database")
        try:
            yield url
        finally:
            client.flushdb()


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=ROOT, env=dict(environment), stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SiteRefused(f"{' '.join(command[1:4])} failed: {done.stderr[-2000:]}")
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(started: Site) -> None:
    """Until the web process answers, and the workers and beat have been seen."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        try:
            with urllib.request.urlopen(f"{started.url}/readyz", timeout=30) as answer:  # noqa: S310 - ourselves
                if json.loads(answer.read())["status"] == "ok":
                    return
        except OSError:
            for name, process in started.processes.items():
                if process.poll() is not None:
                    raise SiteRefused(f"{name} ended: {started.log.read_text()[-2000:]}") from None
        time.sleep(0.2)
    raise SiteRefused(f"the service did not get ready: {started.log.read_text()[-2000:]}")
