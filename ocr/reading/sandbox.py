"""Reading hostile documents at arm's length: a child process that can be killed, with the models kept warm in it."""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from ocr.reading.document import DocumentText, Region, UnreadableDocument, document_from_plain
from ocr.reading.engines import ENGINE_NAMES, EngineUnavailable
from ocr.reading.folders import ReaderFolder
from ocr.reading.frames import ChannelClosed, ChannelTimedOut, Frame, receive_frame, send_frame
from ocr.reading.limits import ReadingLimits

logger = logging.getLogger(__name__)

_PROJECT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0
_TRIES = 2
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TZ")
_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
)
_MESSAGES = {
    "reader_crashed": "The document makes the reader fail; open it, print it to a new PDF and send that.",
    "reader_timed_out": "Reading the document takes too long; send fewer pages, or scan them again at 200 dpi.",
    "reader_out_of_memory": "Reading the document takes too much memory; send fewer pages, or scan them at 200 dpi.",
}


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """`seconds` are processor seconds by stage, `read` being the whole and `ocr` the engine's part of it.

    `engine` names program and weights where a page was OCRed, and is empty otherwise.
    """

    document: DocumentText
    seconds: tuple[tuple[str, float], ...]
    engine: str
    peak_bytes: int = 0


class _ChildFailed(Exception):
    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class ReadingSandbox:
    """One child process, started with the first document and replaced after `documents_per_child` documents, after a
    crash and after a time-out. Threads may share it: they take turns."""

    def __init__(
        self,
        *,
        engine_name: str,
        limits: ReadingLimits,
        documents_per_child: int = 200,
        second_engine_name: str = "",
    ) -> None:
        self._engine_name = engine_name
        self._second_engine_name = second_engine_name
        self._limits = limits
        self._documents_per_child = documents_per_child
        self._lock = threading.RLock()
        self._child: _Child | None = None
        self._is_prepared = False
        self._owner = os.getpid()
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader-start")

    def read(self, content: bytes) -> ReadingResult:
        """Everything that stands in the document.

        Raises UnreadableDocument when the document is at fault, also when two children in a row did not survive it
        (`reader_crashed`, `reader_timed_out`, `reader_out_of_memory`); EngineUnavailable when the installation is.
        """
        with self._lock:
            for attempt in range(1, _TRIES + 1):
                try:
                    return _result(self._ask(Frame({"command": "read"}, content)))
                except _ChildFailed as failure:
                    logger.warning("Reader failed (attempt %s of %s): %s", attempt, _TRIES, failure)
                    self._stop()
                    if attempt == _TRIES:
                        raise UnreadableDocument(code=failure.code, message=_MESSAGES[failure.code]) from failure
        raise AssertionError("unreachable")

    def read_again(
        self, *, content: bytes, document: DocumentText, regions: Sequence[Region]
    ) -> tuple[DocumentText, tuple[tuple[str, float], ...]]:
        """The document with what its engines read in these regions, drawn larger; and processor seconds by stage.

        What was read before is enough: where reading again fails, the document comes back as it was.
        """
        # Of the pages only how they lay is needed.
        pages = tuple(replace(page, words=()) for page in document.pages)
        header = {
            "command": "read_again",
            "document": DocumentText(kind=document.kind, pages=pages).to_plain(),
            "regions": [asdict(region) for region in regions],
            "engines": self._engines_for(document),
        }
        with self._lock:
            try:
                reply = _result(self._ask(Frame(header, content)))
            except _ChildFailed as failure:
                logger.warning("Regions not read again: %s", failure)
                self._stop()
                return document, ()
            except (UnreadableDocument, EngineUnavailable) as error:
                logger.warning("Regions not read again: %s", error)
                return document, ()
        return replace(document, rereadings=reply.document.rereadings), reply.seconds

    def _engines_for(self, document: DocumentText) -> list[str]:
        """The engine that read the document, which may be the default one in the place of the one that is set, and the
        second one."""
        read_by = [page.engine for page in document.pages if page.engine in ENGINE_NAMES]
        first = read_by[0] if read_by and self._engine_name in ENGINE_NAMES else self._engine_name
        return list(dict.fromkeys(name for name in (first, self._second_engine_name) if name))

    def warm_up(self) -> str:
        """Loads the OCR engine into the child and comes back with its version. Raises EngineUnavailable, also when the
        child does not survive it."""
        with self._lock:
            try:
                return str(self._ask(Frame({"command": "warm_up"})).header["engine"])
            except _ChildFailed as failure:
                self._stop()
                raise EngineUnavailable(
                    f"The OCR engine {self._engine_name!r} cannot be started: {failure}"
                ) from failure

    def prepare(self) -> None:
        """Has this child, and every later one, load the OCR engine beside its work; comes back at once.

        Documents that need no OCR do not wait for it.
        """
        with self._lock:
            self._is_prepared = True
            try:
                self._ready_child()
            except (_ChildFailed, EngineUnavailable) as failure:
                logger.warning("Reader not prepared, the next document will try again: %s", failure)
                self._stop()

    def close(self) -> None:
        """Ends the child, after the document that it is reading. The sandbox can be used again afterwards."""
        with self._lock:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def child_pid(self) -> int | None:
        """The child's process id; None when there is none."""
        child = self._child
        return child.process.pid if child else None

    @property
    def holds(self) -> tuple[str, ...]:
        """What confines the running child, as `confine` names it; empty when there is none."""
        child = self._child
        return child.holds if child else ()

    def _ask(self, request: Frame) -> Frame:
        child = self._ready_child()
        try:
            reply = child.ask(request, time.monotonic() + self._limits.wall_seconds)
        except BaseException:
            # Whatever interrupted the wait, the answer to this document must not be there for the next one.
            self._stop()
            raise
        outcome = reply.header.get("outcome")
        if outcome == "unreadable":
            raise UnreadableDocument(code=str(reply.header["code"]), message=str(reply.header["message"]))
        if outcome == "engine_unavailable":
            raise EngineUnavailable(str(reply.header["message"]))
        if outcome == "out_of_memory":
            raise _ChildFailed("reader_out_of_memory", "out of memory")
        if outcome not in {"read", "read_again", "warm"}:
            raise _ChildFailed("reader_crashed", str(reply.header.get("error", "an answer of no known kind")))
        return reply

    def _ready_child(self) -> "_Child":
        if self._owner != os.getpid():
            # A forked worker must not talk to its parent's child, nor does the starter's thread exist in it.
            self._owner, self._child = os.getpid(), None
            self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader-start")
        child = self._child
        if child and (child.asked >= self._documents_per_child or child.process.poll() is not None):
            self._stop()
            child = None
        if child is None:
            # Started from a thread that lives as long as the sandbox: the child dies with the thread that started it.
            try:
                child = self._child = self._starter.submit(_Child, self._engine_name, self._limits).result()
            except OSError as error:
                raise EngineUnavailable(f"The reader process does not start: {error}") from error
            if self._is_prepared:
                child.ask(Frame({"command": "prepare"}), time.monotonic() + _START_SECONDS)
        return child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child and self._owner == os.getpid():
            child.stop()


class _Child:
    def __init__(self, engine_name: str, limits: ReadingLimits) -> None:
        self.asked = 0
        self.holds: tuple[str, ...] = ()
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
            ready = self._receive(time.monotonic() + _START_SECONDS)
        except _ChildFailed as failure:
            self.stop()
            raise EngineUnavailable(f"The reader process does not start: {failure}") from failure
        self.holds = tuple(ready.header.get("holds", ()))

    def ask(self, request: Frame, deadline: float) -> Frame:
        self.asked += 1
        try:
            numbered = Frame({**request.header, "number": self.asked}, request.payload)
            send_frame(descriptor=self._requests, frame=numbered, deadline=deadline)
        except ChannelTimedOut as error:
            raise _ChildFailed("reader_timed_out", "the child did not take the document in time") from error
        except ChannelClosed as error:
            raise self._death() from error
        reply = self._receive(deadline)
        if reply.header.get("number") != self.asked:
            raise _ChildFailed("reader_crashed", "the answer is to another document")
        return reply

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
            return receive_frame(descriptor=self._replies, deadline=deadline, max_payload=0)
        except ChannelTimedOut as error:
            raise _ChildFailed("reader_timed_out", "the wall time is used up") from error
        except ChannelClosed as error:
            raise self._death() from error

    def _death(self) -> _ChildFailed:
        try:
            status = self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return _ChildFailed("reader_crashed", "the child closed its channel")
        last_words = self._last_words()
        if status == -signal.SIGXCPU:
            return _ChildFailed("reader_timed_out", "the processor time is used up")
        if "bad_alloc" in last_words or "MemoryError" in last_words:
            return _ChildFailed("reader_out_of_memory", "out of memory")
        name = signal.Signals(-status).name if status < 0 else f"exit status {status}"
        return _ChildFailed("reader_crashed", f"the child died of {name}: {last_words}")

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


def _result(reply: Frame) -> ReadingResult:
    try:
        seconds: Iterable[tuple[Any, Any]] = reply.header["seconds"].items()
        return ReadingResult(
            document=document_from_plain(reply.header["document"]),
            seconds=tuple((str(name), float(value)) for name, value in seconds),
            engine=str(reply.header.get("engine", "")),
            peak_bytes=int(reply.header.get("peak_bytes", 0)),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _ChildFailed("reader_crashed", f"the answer is not a document: {error}") from error
