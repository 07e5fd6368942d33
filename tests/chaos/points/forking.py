"""A process for each run: forked after the service was loaded, with nothing of its parent's connections."""

import json
import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from django.db import connections

PATIENCE_SECONDS = 300  # for a machine that has other work as well


@dataclass(frozen=True, slots=True)
class Ended:
    """How the process ended; `said` is what the work came back with, None where it was killed."""

    pid: int
    is_killed: bool
    said: Any
    error: str = ""


def in_a_process(work: Callable[[], Any], *, scratch: Path) -> Ended:
    """Does the work in a forked process. What it comes back with goes through JSON."""
    scratch.unlink(missing_ok=True)
    pid = os.fork()
    if not pid:
        _work(work, scratch=scratch)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        died_of = os.WTERMSIG(status)
        late = f"it took longer than {PATIENCE_SECONDS} s" if died_of == signal.SIGALRM else f"it died of {died_of}"
        is_killed = died_of == signal.SIGKILL
        return Ended(pid=pid, is_killed=is_killed, said=None, error="" if is_killed else late)
    told = json.loads(scratch.read_text())
    return Ended(pid=pid, is_killed=False, said=told["said"], error=told["error"])


def _work(work: Callable[[], Any], *, scratch: Path) -> NoReturn:
    """Leaves without whatever was registered for the parent's end."""
    signal.alarm(PATIENCE_SECONDS)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    said, error = None, ""
    try:
        said = work()
        connections.close_all()
    except BaseException:  # noqa: BLE001 — a forked process must never come back into its parent's code
        error = traceback.format_exc()
    scratch.write_text(json.dumps({"said": said, "error": error}))
    os._exit(0)
