"""The service's processes, each started again when it ends, as systemd or Docker would."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.services import ROOT

RESTART_AFTER_SECONDS = 0.5
STOP_SECONDS = 60.0


@dataclass
class Program:
    """`is_wanted` is False while somebody stops it on purpose."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    is_wanted: bool = True
    starts: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    def start(self) -> None:
        with self.lock, self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=dict(self.environment), stdout=out, stderr=out, start_new_session=True
            )
            self.is_wanted = True
            self.starts += 1

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def family(self) -> list[psutil.Process]:
        """The process and all below it, the eldest first; what has ended meanwhile is left out."""
        try:
            eldest = psutil.Process(self.pid)
            return [eldest, *eldest.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def kill_group(self) -> None:
        """SIGKILL to all of it at once, as when its container or its machine goes. Readers have a group of their own;
        the kernel ends them with their parents."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # gone before

    def stop(self) -> int:
        """Asks it to end and waits; the exit status. One that does not end in time is killed."""
        with self.lock:
            self.is_wanted = False
            assert self.process is not None
            self.process.terminate()
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill_group()
            return self.process.wait()


class Supervisor:
    """Holds the programs up until the block ends."""

    def __init__(self) -> None:
        self.programs: dict[str, Program] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def add(self, program: Program) -> Program:
        self.programs[program.name] = program
        program.start()
        return program

    def __enter__(self) -> "Supervisor":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join()
        for program in self.programs.values():
            family = program.family()
            program.kill_group()
            for process in family:
                if process.is_running():
                    process.kill()
            if program.process is not None:
                program.process.wait()

    def _watch(self) -> None:
        while not self._closing.wait(0.1):
            for program in self.programs.values():
                if program.is_wanted and program.process is not None and program.process.poll() is not None:
                    time.sleep(RESTART_AFTER_SECONDS)
                    with program.lock:
                        if program.is_wanted and program.process.poll() is not None:
                            program.start()
