"""Prepares the database and runs the service as child processes, for the demonstration and for `make serve`."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from samples.client import OPENER

ROOT = Path(__file__).resolve().parent.parent
# DATA_DIR as in the settings, which are not imported: they would make a secret key before anything is checked.
DATA_DIR = Path(os.environ.get("PAYDRAFT_DATA_DIR", "").strip() or ROOT / "var")
GUNICORN = (sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi")
WORKER = (sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1")
START_SECONDS = 90.0
STOP_SECONDS = 30.0  # gunicorn itself waits 25 seconds for the requests in hand


class RunFailed(Exception):
    """The message is one sentence that says what went wrong and what to look at."""


@dataclass(frozen=True, slots=True)
class DemoAccess:
    """Who may do what with the demonstration data; the key acts for this one customer.

    `admin_password` is empty where somebody has changed it, or had a user of that name before.
    """

    customer_id: str
    customer_name: str
    api_key: str
    admin_user: str
    admin_password: str


def short(path: Path) -> str:
    """The path as a person in the project's folder would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def has_broker() -> bool:
    """Whether REDIS_URL is set: then the web process runs no worker of its own."""
    return bool(os.environ.get("REDIS_URL", "").strip())


def prepare(*, log: Path) -> DemoAccess:
    """Migrates the database and loads the demonstration data, both without harm when done before.

    Raises RunFailed with the last line that the command wrote.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    _manage("migrate", "--noinput", "--verbosity", "0", log=log)
    printed = _manage("load_demo_data", "--json", log=log)
    try:
        access = json.loads(printed)
        return DemoAccess(
            customer_id=access["customer_id"],
            customer_name=access["customer_name"],
            api_key=access["api_key"],
            admin_user=access["admin_user"],
            admin_password=access["admin_password"] or "",
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RunFailed(f"manage.py load_demo_data --json printed no access data; see {short(log)}.") from error


def _manage(*arguments: str, log: Path) -> str:
    done = subprocess.run(  # noqa: S603 - the command is this project's own
        [sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    with log.open("a", encoding="utf-8") as file:
        file.write(done.stderr)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RunFailed(f"manage.py {arguments[0]} failed: {last}\nThe whole of it is in {short(log)}.")
    return done.stdout


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_taken(*, host: str, port: int) -> bool:
    """Whether listening there would fail, because of another process or for want of permission."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


class Service:
    """The processes of the service; leaving the `with` block stops every one of them, and their children."""

    def __init__(self, *, commands: Sequence[Sequence[str]], log: Path | None = None) -> None:
        """What they print is appended to `log`; None leaves it to the terminal."""
        self._commands = commands
        self._log = log
        self._where = f"see {short(log)}" if log else "what it printed above says why"
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Service":
        with ExitStack() as stack:
            output = stack.enter_context(self._log.open("ab")) if self._log else None
            for command in self._commands:
                process = subprocess.Popen(  # noqa: S603 - the command is this project's own
                    command,
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,  # Ctrl-C reaches this process only, which stops the others in good order
                )
                self._processes.append(process)
        return self

    def __exit__(self, *exception: object) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._processes:
            with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
                process.wait(max(0.0, deadline - time.monotonic()))
            with suppress(ProcessLookupError, PermissionError):  # macOS answers "not permitted" for a group of zombies
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def wait_until_healthy(self, base_url: str) -> None:
        """Returns when `/healthz` says 200. Raises RunFailed when a process ends before, or after 90 seconds."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.check_alive()
            try:
                with OPENER.open(f"{base_url}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except urllib.error.HTTPError as error:
                raise RunFailed(f"{base_url}/healthz answers {error.code}; {self._where}.") from error
            except OSError:
                time.sleep(0.1)  # not listening yet
        raise RunFailed(f"{base_url}/healthz did not answer within {START_SECONDS:.0f} seconds; {self._where}.")

    def check_alive(self) -> None:
        for process, command in zip(self._processes, self._commands, strict=True):
            if process.poll() is not None:
                name = next(part for part in ("gunicorn", "celery") if part in command)
                raise RunFailed(f"{name} ended with code {process.returncode}; {self._where}.")

    def wait(self) -> int:
        """Waits for the first process, and gives its exit code."""
        return self._processes[0].wait()


def stop_on_termination() -> None:
    """Makes SIGTERM end the program as Ctrl-C does, so that the service is stopped on the way out."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
