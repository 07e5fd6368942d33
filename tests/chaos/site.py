"""Everything of one run: the servers, the service's processes, the disk, and who holds which job."""

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psutil
import psycopg
from celery import Celery

from tests.chaos import engine
from tests.chaos.clocks import clock_variables
from tests.chaos.disk import UploadsDisk
from tests.chaos.ledgers import Held, held_by
from tests.chaos.servers import Postgres, Redis, free_port, wait_until
from tests.chaos.supervision import Program, Supervisor
from tests.services import ROOT

log = logging.getLogger(__name__)

WORKERS = ("worker-1", "worker-2")
ALL = ("web", *WORKERS, "webhooks", "beat")
_CELERY = [sys.executable, "-m", "celery", "-A", "config"]
COMMANDS = {
    "web": [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"],
    **{
        name: [*_CELERY, "worker", "--queues", "celery", "--concurrency", "1", "-n", f"{name}@chaos", "-l", "WARNING"]
        for name in WORKERS
    },
    "webhooks": [
        *_CELERY, "worker", "--queues", "webhooks", "--pool", "threads", "--concurrency", "4", "-n", "webhooks@chaos",
        "-l", "WARNING",
    ],
    "beat": [*_CELERY, "beat", "-l", "WARNING"],
}  # fmt: skip


@dataclass
class Site:
    folder: Path
    url: str
    environment: dict[str, str]
    postgres: Postgres
    redis: Redis
    disk: UploadsDisk
    supervisor: Supervisor

    def program(self, name: str) -> Program:
        return self.supervisor.programs[name]

    def log_of(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def clock_file(self, worker: str) -> Path:
        return self.folder / f"clock-{worker}"

    def held(self, worker: str) -> Held | None:
        """The job that the worker holds at this moment; None also while the database is away."""
        try:
            with psycopg.connect(self.postgres.url(), connect_timeout=2) as database:
                return held_by(database, worker=worker)
        except psycopg.OperationalError:
            return None

    def readers(self, worker: str) -> list[psutil.Process]:
        """The worker's reading children."""
        found = []
        for process in self.program(worker).family():
            try:
                if "ocr.reading.child" in process.cmdline():
                    found.append(process)
            except psutil.NoSuchProcess:
                continue
        return found

    def pool_children(self, program: str) -> list[psutil.Process]:
        """The processes that Celery or Gunicorn has forked to do the work."""
        eldest = self.program(program).family()[:1]
        try:
            return eldest[0].children() if eldest else []
        except psutil.NoSuchProcess:
            return []

    def manage(self, *arguments: str) -> str:
        """The output of a management command. Raises CalledProcessError."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            text=True,
            capture_output=True,
        ).stdout

    @cached_property
    def _broker(self) -> Celery:
        return Celery(broker=self.redis.url, set_as_current=False)

    def send_message(self, job_id: str) -> None:
        """The message that wakes a worker for the job, as the service itself sends it."""
        self._broker.send_task("ocr.tasks.process", args=[job_id], queue="celery", retry=False)

    def audit_problem(self) -> str:
        """What is wrong with the audit trail; empty when it is whole."""
        try:
            self.manage("verify_audit")
        except subprocess.CalledProcessError as error:
            return str(error.stderr).strip()[-500:]
        return ""

    def start_services(self) -> None:
        for name in ALL:
            own = {"DATABASE_URL": self.postgres.url(name)}
            if name in WORKERS:
                self.clock_file(name).write_text("+0")
                own |= clock_variables(self.clock_file(name))
            environment = {**self.environment, **own}
            self.supervisor.add(Program(name, COMMANDS[name], environment, self.log_of(name)))


@contextmanager
def site(*, keep: Path | None = None) -> Iterator[Site]:
    """Servers that run and a migrated database; no process of the service yet. With `keep`, logs stay there."""
    folder = Path(tempfile.mkdtemp(prefix="paydraft-chaos-"))
    folder.chmod(0o755)  # PostgreSQL's user has to come through
    (data := folder / "data").mkdir()
    with ExitStack() as stack:
        stack.callback(_leave, folder, keep)
        disk = UploadsDisk(data=data, place=folder / "disk")
        stack.callback(disk.close)
        postgres, redis = Postgres(folder / "postgres"), Redis(folder / "redis")
        postgres.start()
        stack.callback(_stop_quietly, postgres)
        redis.start()
        stack.callback(redis.stop)
        port = free_port()
        made = Site(
            folder=folder,
            url=f"http://127.0.0.1:{port}",
            environment=_environment(data=data, port=port, postgres=postgres, redis=redis),
            postgres=postgres,
            redis=redis,
            disk=disk,
            supervisor=stack.enter_context(Supervisor()),
        )
        made.manage("migrate", "-v0")
        yield made


def _environment(*, data: Path, port: int, postgres: Postgres, redis: Redis) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PAYDRAFT_DATA_DIR": str(data),
        "DATABASE_URL": postgres.url(),
        "REDIS_URL": redis.url,
        "BIND": f"127.0.0.1:{port}",
        "WEB_PROCESSES": "2",
        "SECRET_KEY": "of-the-fault-tests-alone",
        "API_RATE_LIMIT": "600000/min",
        "API_WRITE_RATE_LIMIT": "600000/min",
        "WEBHOOK_ALLOW_HTTP": "1",
        "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        "WEBHOOK_TIMEOUT_SECONDS": "3",
        "OCR_ENGINE": engine.NAME,
        "OCR_SECOND_ENGINE": "none",
        "OMP_NUM_THREADS": "1",
    }


def wait_until_up(made: Site) -> None:
    """Until the web process answers and both workers have taken up their work."""

    def is_up() -> bool:
        try:
            with urllib.request.urlopen(f"{made.url}/healthz", timeout=2):  # noqa: S310 - ourselves
                return True
        except OSError:
            return False

    def has_readers() -> bool:
        return all(made.readers(worker) for worker in WORKERS)

    wait_until(is_up, what="The web process does not answer")
    wait_until(has_readers, what="A worker has no reader")


def _stop_quietly(postgres: Postgres) -> None:
    postgres.stop(signal.SIGINT)


def _leave(folder: Path, keep: Path | None) -> None:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.log"):
            shutil.copy(path, keep)
    time.sleep(0.2)  # what was killed lets go of its files
    shutil.rmtree(folder, ignore_errors=True)
