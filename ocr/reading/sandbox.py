"""Reading hostile documents at arm's length: a child process that can be killed, with the models kept warm in it."""

import logging
import math
import os
import re
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from types import TracebackType
from typing import Any, Self

from customers.sentences import Sentence, sentence_from_plain
from customers.telemetry.counting import count
from customers.telemetry.metrics import SANDBOX_RESTARTS
from ocr.reading.document import DocumentText, Page, Region, UnreadableDocument, document_from_plain, shown
from ocr.reading.engines import ENGINE_NAMES, EngineUnavailable
from ocr.reading.frames import Frame
from ocr.reading.limits import ReadingLimits
from ocr.reading.reader_process import START_SECONDS, ReaderFailed, ReaderProcess

logger = logging.getLogger(__name__)

_TRIES = 2
_PLACE = re.compile(r"[A-Za-z_]\w{0,60}( at \w{1,60}\.py:\d{1,6})?", re.ASCII)
_AGAIN_SECONDS = 30.0  # wall time for a few regions; what they can gain is not worth more
_MESSAGES = {
    "reader_crashed": Sentence("The document makes the reader fail; open it, print it to a new PDF and send that."),
    "reader_timed_out": Sentence(
        "Reading the document takes too long; send fewer pages, or scan them again at 200 dpi."
    ),
    "reader_out_of_memory": Sentence(
        "Reading the document takes too much memory; send fewer pages, or scan them at 200 dpi."
    ),
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
        self._child: ReaderProcess | None = None
        self._is_prepared = False
        self._owner = os.getpid()
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader-start")

    def read(self, content: bytes) -> ReadingResult:
        """Everything that stands in the document.

        Raises UnreadableDocument when the document is at fault, also when it used up the processor time of one child,
        or two children in a row did not survive it
        (`reader_crashed`, `reader_timed_out`, `reader_out_of_memory`); EngineUnavailable when the installation is.
        """
        with self._lock:
            for attempt in range(1, _TRIES + 1):
                try:
                    # The last child does nothing beside reading: what the preparing of an engine breaks is not held
                    # against the document.
                    return _result(self._ask(Frame({"command": "read"}, content), is_alone=attempt == _TRIES))
                except ReaderFailed as failure:
                    logger.warning("Reader failed (attempt %s of %s): %s", attempt, _TRIES, failure.reason)
                    self._replace(failure)
                    if attempt == _TRIES or failure.is_final:
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
                reply = _result(self._ask(Frame(header, content), most_seconds=_AGAIN_SECONDS))
            except ReaderFailed as failure:
                logger.warning("Regions not read again: %s", failure.reason)
                self._replace(failure)
                return document, ()
            except UnreadableDocument as error:
                logger.warning("Regions not read again: %s", error.code)
                return document, ()
            except EngineUnavailable as error:
                logger.warning("Regions not read again: %s", error.message)
                return document, ()
        asked_for = tuple(each for each in reply.document.rereadings if each.region in regions)
        return replace(document, rereadings=asked_for), reply.seconds

    def draw(self, *, content: bytes, number: int, page: Page | None, dpi: int) -> bytes:
        """A page of the document as WebP, turned as it was read; `page` is None where it was not read.

        Raises UnreadableDocument when it cannot be drawn, EngineUnavailable when the installation is at fault.
        """
        header = {
            "command": "draw",
            "page": number,
            "dpi": dpi,
            # Of the page only how it lay is needed.
            "document": DocumentText("pdf", (replace(page, words=(), unseen=()),) if page else ()).to_plain(),
        }
        with self._lock:
            try:
                picture = self._ask(Frame(header, content)).payload
            except ReaderFailed as failure:
                logger.warning("Page not drawn: %s", failure.reason)
                self._replace(failure)
                raise UnreadableDocument(code=failure.code, message=_MESSAGES[failure.code]) from failure
        if picture[:4] != b"RIFF" or picture[8:12] != b"WEBP":
            raise UnreadableDocument(code="reader_crashed", message=_MESSAGES["reader_crashed"])
        return picture

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
            except ReaderFailed as failure:
                self._replace(failure)
                raise EngineUnavailable(
                    f"The OCR engine {self._engine_name!r} cannot be started: {failure}"
                ) from failure

    def prepare(self) -> None:
        """Has this child, and later ones, load the OCR engine beside their work; comes back at once.

        Documents that need no OCR do not wait for it. A child that takes a document over from one that died loads the
        engine with the first page that needs it.
        """
        with self._lock:
            self._is_prepared = True
            try:
                self._ready_child()
            except (ReaderFailed, EngineUnavailable) as failure:
                reason = failure.reason if isinstance(failure, ReaderFailed) else failure.message
                logger.warning("Reader not prepared, the next document will try again: %s", reason)
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

    def _ask(self, request: Frame, *, most_seconds: float = math.inf, is_alone: bool = False) -> Frame:
        child = self._ready_child(is_alone=is_alone)
        try:
            reply = child.ask(request, time.monotonic() + min(self._limits.wall_seconds, most_seconds))
        except BaseException:
            # Whatever interrupted the wait, the answer to this document must not be there for the next one.
            self._stop()
            raise
        outcome = reply.header.get("outcome")
        if outcome == "unreadable":
            raise _unreadable(reply)
        if outcome == "engine_unavailable":
            raise EngineUnavailable(str(reply.header["message"]))
        if outcome == "out_of_memory":
            raise ReaderFailed("reader_out_of_memory", "out of memory")
        if outcome not in {"read", "read_again", "warm", "drawn"}:
            # The child's own word: the type of an error and a place, or whatever a hostile document made of it.
            said = str(reply.header.get("error", ""))
            raise ReaderFailed("reader_crashed", said if _PLACE.fullmatch(said) else "an answer of no known kind")
        return reply

    def _ready_child(self, *, is_alone: bool = False) -> ReaderProcess:
        """The child that takes the next request; a new one `is_alone` where it prepares no engine beside its work."""
        if self._owner != os.getpid():
            # A forked worker must not talk to its parent's child, nor does the starter's thread exist in it.
            self._owner, self._child = os.getpid(), None
            self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader-start")
        child = self._child
        if child and (child.asked >= self._documents_per_child or child.process.poll() is not None):
            count(SANDBOX_RESTARTS, reason="worn" if child.process.poll() is None else "died_idle")
            self._stop()
            child = None
        if child is None:
            # Started from a thread that lives as long as the sandbox: the child dies with the thread that started it.
            try:
                child = self._child = self._starter.submit(ReaderProcess, self._engine_name, self._limits).result()
            except OSError as error:
                raise EngineUnavailable(f"The reader process does not start: {error}") from error
            if self._is_prepared and not is_alone:
                child.ask(Frame({"command": "prepare"}), time.monotonic() + START_SECONDS)
        return child

    def _replace(self, failure: ReaderFailed) -> None:
        count(SANDBOX_RESTARTS, reason=failure.code)
        self._stop()

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child and self._owner == os.getpid():
            child.stop()


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
        raise ReaderFailed("reader_crashed", f"the answer is not a document: {type(error).__name__}") from error


def _unreadable(reply: Frame) -> UnreadableDocument:
    """What the child says of the document. Raises `ReaderFailed` where it says nothing that can be understood."""
    try:
        return UnreadableDocument(
            code=shown(str(reply.header["code"])), message=sentence_from_plain(reply.header, clean=shown)
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReaderFailed("reader_crashed", f"the answer is not a refusal: {type(error).__name__}") from error
