"""The child process of the sandbox: how it is started, asked, and ended."""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO, cast

from ocr.reading.engines import EngineUnavailable
from ocr.reading.folders import ReaderFolder
from ocr.reading.frames import ChannelClosed, ChannelTimedOut, Frame, receive_frame, send_frame
from ocr.reading.limits import ReadingLimits

logger = logging.getLogger(__name__)

START_SECONDS = 60.0

_MOST_ENGINES = 4
_MOST_PICTURE_BYTES = 16 * 1024 * 1024
_PROJECT = Path(__file__).resolve().parents[2]
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TZ")
_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
)


class ReaderFailed(Exception):
    """The child died, or did not answer in time; `code` is that of the UnreadableDocument it becomes. `is_final` when
    another child would fare no better. `reason` goes into the log, and repeats nothing of a document."""

    def __init__(self, code: str, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.is_final = is_final


class ReaderProcess:
    """One child, ready when it is made. Raises EngineUnavailable when it does not start."""

    def __init__(self, engine_name: str, limits: ReadingLimits) -> None:
        self.asked = 0
        self.holds: tuple[str, ...] = ()
        self._named: set[str] = set()
        self._folder = ReaderFolder()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed in `stop`
        self.process = subprocess.Popen(  # noqa: S603
            [
                sys.executable, "-P", "-s", "-B", "-X", "utf8", "-m", "ocr.reading.child",
                "--engine", engine_name, "--limits", json.dumps(asdict(limits)), "--parent", str(os.getpid()),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=self._folder.path,
            env=_environment(self._folder.path),
            bufsize=0,
            start_new_session=True,
        )  # fmt: skip
        self._requests = cast(IO[bytes], self.process.stdin).fileno()
        self._replies = cast(IO[bytes], self.process.stdout).fileno()
        os.set_blocking(self._requests, False)
        os.set_blocking(self._replies, False)
        try:
            ready = self._receive(time.monotonic() + START_SECONDS)
        except ReaderFailed as failure:
            self.stop()
            raise EngineUnavailable(f"The reader process does not start: {failure}") from failure
        self.holds = tuple(ready.header.get("holds", ()))

    def ask(self, request: Frame, deadline: float) -> Frame:
        self.asked += 1
        try:
            numbered = Frame({**request.header, "number": self.asked}, request.payload)
            send_frame(descriptor=self._requests, frame=numbered, deadline=deadline)
        except ChannelTimedOut as error:
            raise ReaderFailed("reader_timed_out", "the child did not take the document in time") from error
        except ChannelClosed as error:
            raise self._death() from error
        reply = self._receive(deadline)
        if reply.header.get("number") != self.asked:
            raise ReaderFailed("reader_crashed", "the answer is to another document")
        self._name_engines(reply)
        return reply

    def _name_engines(self, reply: Frame) -> None:
        """Says once in the log what each engine that was loaded runs on: which runtime, in which precision."""
        versions = reply.header.get("loaded")
        for version in versions if isinstance(versions, list) else ():
            if version not in self._named and len(self._named) < _MOST_ENGINES:
                self._named.add(version)
                logger.info("Reader process %s reads pages with %.200s", self.process.pid, version)

    def stop(self) -> None:
        """Kills the process and all that it left behind."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self._errors):
            if stream:
                stream.close()
        self._folder.remove()

    def _receive(self, deadline: float) -> Frame:
        try:
            return receive_frame(descriptor=self._replies, deadline=deadline, max_payload=_MOST_PICTURE_BYTES)
        except ChannelTimedOut as error:
            raise ReaderFailed("reader_timed_out", "the wall time is used up") from error
        except ChannelClosed as error:
            raise self._death() from error

    def _death(self) -> ReaderFailed:
        try:
            status = self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return ReaderFailed("reader_crashed", "the child closed its channel")
        last_words = self._last_words()
        if status == -signal.SIGXCPU:
            # Processor time is the document's own doing, unlike a wall clock on a busy machine.
            return ReaderFailed("reader_timed_out", "the processor time is used up", is_final=True)
        if "bad_alloc" in last_words or "MemoryError" in last_words:
            return ReaderFailed("reader_out_of_memory", "out of memory")
        name = signal.Signals(-status).name if status < 0 else f"exit status {status}"
        # What libraries print may quote the document; before the first one, it says what the installation lacks.
        told = f": {last_words}" if not self.asked else ""
        return ReaderFailed("reader_crashed", f"the child died of {name}{told}")

    def _last_words(self) -> str:
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(size - 2000, 0))
        return self._errors.read().decode(errors="replace").strip()


def _environment(folder: str) -> dict[str, str]:
    """What the child may know: no secret, no address, no proxy of ours is in it."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {
        **kept,
        **dict.fromkeys(_ONE_THREAD, "1"),
        "LANG": "C.UTF-8",
        # One heap for all threads: with one for each, what a large page frees stays with the thread that read it.
        "MALLOC_ARENA_MAX": "1",
        "HOME": folder,
        "TMPDIR": folder,
        "PYTHONPATH": str(_PROJECT),
    }
