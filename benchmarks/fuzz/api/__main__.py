"""Sends generated requests to the running service and fails on every answer that its description does not promise:
`python -m benchmarks.fuzz.api --cases 5000`.

The service is the real one, with a database and files of its own that go afterwards: embedded on SQLite, or with
DATABASE_URL and REDIS_URL on PostgreSQL and Redis with a worker and beat.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from redis import Redis

from samples.running import GUNICORN, WORKER, RunFailed, Service, free_port, has_broker, stop_on_termination

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
MOST_TURNS = 100
REDIS_DATABASE = 14  # the tests use the one behind it
SETTINGS = {
    "API_RATE_LIMIT": "none",
    "API_FAILURE_RATE_LIMIT": "none",
    "API_WRITE_RATE_LIMIT": "none",
    "LOG_LEVEL": "WARNING",
    "WEB_PROCESSES": "1",
}
# By phase, how many examples: of an operation, but of whole scenarios where one answer leads to the next request.
FIRST = {"examples,coverage,fuzzing": 12, "stateful": 80}
FURTHER = {"fuzzing": 60, "stateful": 400}


def main() -> int:
    """The exit code: 0 when no check failed and the service wrote no error into its log."""
    arguments = _arguments()
    stop_on_termination()
    try:
        with tempfile.TemporaryDirectory(prefix="paydraft-fuzz-") as directory, own_services(Path(directory)):
            return fuzz(cases=arguments.cases, seed=arguments.seed, directory=Path(directory), reports=arguments.out)
    except RunFailed as error:
        sys.stderr.write(f"\n{error}\n")
        return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=5000, help="at least so many requests are checked (5000)")
    parser.add_argument("--seed", type=int, default=20_260_417, help="the same seed makes the same requests")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "var" / "fuzz-api", help="where the reports go (var/fuzz-api)"
    )
    return parser.parse_args()


@contextmanager
def own_services(directory: Path) -> Iterator[None]:
    """The environment of a service with a database of its own; nothing of the caller's settings reaches it."""
    database, redis = os.environ.pop("DATABASE_URL", ""), os.environ.pop("REDIS_URL", "")
    for name in ("STORAGE_URL", "DJANGO_SETTINGS_MODULE", "BIND", "PORT"):
        os.environ.pop(name, None)
    os.environ.update(SETTINGS, PAYDRAFT_DATA_DIR=str(directory))
    with ExitStack() as stack:
        if redis:
            os.environ["REDIS_URL"] = urlsplit(redis)._replace(path=f"/{REDIS_DATABASE}").geturl()
            stack.enter_context(_emptied_afterwards(os.environ["REDIS_URL"]))
        if database:
            stack.enter_context(_own_database(database))
        yield


@contextmanager
def _emptied_afterwards(url: str) -> Iterator[None]:
    with Redis.from_url(url) as client:
        if client.dbsize():
            raise RunFailed(f"{url} holds keys that somebody may need; empty that database, or name another Redis.")
        try:
            yield
        finally:
            client.flushdb()


@contextmanager
def _own_database(database: str) -> Iterator[None]:
    name = f"paydraft_fuzz_{uuid4().hex[:12]}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            os.environ["DATABASE_URL"] = urlsplit(database)._replace(path=f"/{name}").geturl()
            yield
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def fuzz(*, cases: int, seed: int, directory: Path, reports: Path) -> int:
    """Starts the service and runs Schemathesis with one seed after the other until there were so many cases."""
    reports.mkdir(parents=True, exist_ok=True)
    log = reports / "service.log"
    log.write_text("", encoding="utf-8")
    keys = _keys(directory=directory, log=log)
    url = f"http://127.0.0.1:{free_port()}"
    commands = [[*GUNICORN, "--bind", url.removeprefix("http://")]]
    if has_broker():
        commands += [[*WORKER, "--beat", "--schedule", str(directory / "beat")]]
    began, sent, failed = time.monotonic(), 0, 0
    with Service(commands=commands, log=log) as service:
        service.wait_until_healthy(url)
        for turn in range(1, MOST_TURNS):
            for phases, examples in (FIRST if turn == 1 else FURTHER).items():
                report = reports / f"{turn}-{phases}.json"
                failed += _run(url=url, keys=keys, seed=seed + turn, phases=phases, examples=examples, report=report)
                sent += json.loads(report.read_text(encoding="utf-8"))["test_cases"]["generated"]
                print(f"So far {sent} cases in {time.monotonic() - began:.0f} s.", flush=True)
                service.check_alive()
            if sent >= cases:
                break
    errors = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if " ERROR " in line]
    print(
        f"{sent} cases in {time.monotonic() - began:.0f} s; runs that failed: {failed}; errors in {log}: {len(errors)}"
    )
    print("\n".join(errors[:20]))
    return 1 if failed or errors or sent < cases else 0


def _keys(*, directory: Path, log: Path) -> Path:
    """The file that tells Schemathesis of two customers, each with a key, in a database that is made here."""
    for command in (["manage.py", "migrate", "--noinput", "--verbosity", "0"], ["-m", "benchmarks.fuzz.api.books"]):
        with log.open("ab") as out:
            done = subprocess.run(  # noqa: S603 - the command is this project's own
                [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=out, check=True
            )
    headers = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {key}"}]}
        for name, key in json.loads(done.stdout).items()
    ]
    path = directory / "keys.json"
    path.write_text(json.dumps({"schemaVersion": "0.2.0", "auth": headers}), encoding="utf-8")
    return path


def _run(*, url: str, keys: Path, seed: int, phases: str, examples: int, report: Path) -> bool:
    """One run of Schemathesis, which prints what it does; whether a check failed."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run"]
    command += [f"{url}/v2/schema", "--url", url, "--seed", str(seed), "--phases", phases]
    command += ["--max-examples", str(examples), "--report", "json", "--report-json-path", str(report)]
    done = subprocess.run(  # noqa: S603 - the command is this project's own
        command, cwd=ROOT, env={**os.environ, "PAYDRAFT_FUZZ_KEYS": str(keys)}, check=False
    )
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
