"""One import in a process of its own, as somebody would start it, and what that process took."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


class ImportFailed(Exception):
    """The command ended with an error, which it has printed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Of one import: seconds by the clock, seconds of the processor in the process, its most memory in MiB."""

    database: str
    what: str
    rows: int
    wall: float
    processor: float
    memory: float
    said: str

    @property
    def rows_a_second(self) -> float:
        return self.rows / self.wall


def take(*, path: Path, customer_id: str, database: str, what: str, rows: int) -> Taken:
    """Imports the file into the database of the environment. Raises ImportFailed."""
    command = [sys.executable, "manage.py", "import_counterparties", str(path), "--customer", customer_id]
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ImportFailed(f"The import ended with {process.returncode}.")
    return Taken(
        database=database,
        what=what,
        rows=rows,
        wall=time.monotonic() - started,
        processor=usage.ru_utime + usage.ru_stime,
        memory=usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024),
        said=said.strip(),
    )
