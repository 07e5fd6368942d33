"""PostgreSQL and Redis of the run's own, on free ports, to be killed and started at will."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis

PATIENCE_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_so: Callable[[], bool], *, what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Raises TimeoutError when it does not come true in time."""
    give_up_at = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"{what}, even after {seconds:.0f} seconds")
        time.sleep(0.05)


class Postgres:
    """A cluster in `folder`, run by the user `postgres` where this process is root, which PostgreSQL refuses to be."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._log = folder, folder.parent / "postgres.log"
        self._user = "postgres" if os.geteuid() == 0 else None
        self._bin = _postgres_programs()
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        if self._user:
            shutil.chown(folder, self._user)
        self._run("initdb", "--username", "postgres", "--auth", "trust", "--pgdata", str(folder), "--encoding", "UTF8")

    def url(self, application_name: str = "chaos") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres?application_name={application_name}"

    def start(self) -> None:
        options = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "jit": "off"}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(self._bin / "postgres"),
                    "-D",
                    str(self._folder),
                    *(f"--{name}={value}" for name, value in options.items()),
                ],
                stdout=log,
                stderr=log,
                user=self._user,
                start_new_session=True,
            )
        wait_until(self.is_up, what="PostgreSQL does not answer")

    def stop(self, how: signal.Signals) -> None:
        """SIGINT is a fast shutdown, SIGQUIT an immediate one without a checkpoint, as after a loss of power."""
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(PATIENCE_SECONDS)

    def is_up(self) -> bool:
        try:
            with psycopg.connect(self.url(), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._bin / program), *arguments], user=self._user, capture_output=True, text=True, cwd="/"
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")


class Redis:
    """Without persistence: what it holds goes with its process, as the service has to expect."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        folder.mkdir()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        settings = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": self._folder}
        with (self._folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["redis-server", *(word for name, value in settings.items() for word in (f"--{name}", str(value)))],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self.is_up, what="Redis does not answer")

    def signal(self, which: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(which)
        if which is signal.SIGKILL:
            self._process.wait(PATIENCE_SECONDS)

    def stop(self) -> None:
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGKILL)

    def flush(self) -> None:
        with redis.Redis.from_url(self.url, socket_timeout=5) as client:
            client.flushall()

    def is_up(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def _postgres_programs() -> Path:
    """The folder of initdb and postgres, of the newest version there is."""
    if os.geteuid() == 0:
        pwd.getpwnam("postgres")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[4]))
    found = str(debian[-1]) if debian else shutil.which("postgres")
    if not found:
        raise FileNotFoundError("PostgreSQL's server is not installed here: apt install postgresql")
    return Path(found).resolve().parent
