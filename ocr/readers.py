"""This process's reading children, made from the settings and kept warm; a forked process gets its own.

One reads documents; another one draws pages for people, who must not wait until a long document has been read.
"""

import atexit
import os
import threading
from dataclasses import replace

from django.conf import settings

from ocr.reading.engine_report import engine_report
from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox

_lock = threading.Lock()
_sandbox: ReadingSandbox | None = None
_drawing: ReadingSandbox | None = None
_owner = 0

# A page takes a twentieth of a second; a photograph of a hundred megapixels some seconds.
_DRAWING_CPU_SECONDS, _DRAWING_WALL_SECONDS = 20, 30.0


def reading_limits() -> ReadingLimits:
    """What a document and the child that reads it may use up."""
    return ReadingLimits(
        max_pages=settings.MAX_DOCUMENT_PAGES,
        max_page_pixels=settings.MAX_PAGE_MEGAPIXELS * 1_000_000,
        cpu_seconds=settings.READER_CPU_SECONDS,
        wall_seconds=settings.READER_WALL_SECONDS,
        memory_bytes=settings.READER_MEMORY_MIB * settings.MEBIBYTE,
    )


def second_engine_name() -> str:
    """The engine that reads doubtful regions as well; empty for none. `auto` is Tesseract where it is installed."""
    asked: str = settings.OCR_SECOND_ENGINE
    if asked == "none" or asked == settings.OCR_ENGINE:
        return ""
    if asked != "auto":
        return asked
    return "tesseract" if settings.OCR_ENGINE != "tesseract" and engine_report("tesseract").is_ready else ""


def current_sandbox() -> ReadingSandbox:
    """The sandbox of this process; made on first use, safe to call from any thread."""
    global _sandbox
    with _lock:
        _forget_parents()
        if _sandbox is None:
            _sandbox = ReadingSandbox(
                engine_name=settings.OCR_ENGINE,
                limits=reading_limits(),
                documents_per_child=settings.READER_DOCUMENTS_PER_CHILD,
                second_engine_name=second_engine_name(),
            )
        return _sandbox


def drawing_sandbox() -> ReadingSandbox:
    """The one that draws pages and loads no OCR engine; otherwise as `current_sandbox`."""
    global _drawing
    with _lock:
        _forget_parents()
        if _drawing is None:
            limits = replace(reading_limits(), cpu_seconds=_DRAWING_CPU_SECONDS, wall_seconds=_DRAWING_WALL_SECONDS)
            _drawing = ReadingSandbox(
                engine_name=settings.OCR_ENGINE,
                limits=limits,
                documents_per_child=settings.READER_DOCUMENTS_PER_CHILD,
            )
        return _drawing


def close_sandbox() -> None:
    """Ends this process's children, if it has any."""
    global _sandbox, _drawing
    with _lock:
        if _owner == os.getpid():
            for sandbox in filter(None, (_sandbox, _drawing)):
                sandbox.close()
        _sandbox = _drawing = None


def _forget_parents() -> None:
    """A forked process must not talk to its parent's children. Call it under the lock."""
    global _sandbox, _drawing, _owner
    if _owner != os.getpid():
        _sandbox = _drawing = None
        _owner = os.getpid()


atexit.register(close_sandbox)
