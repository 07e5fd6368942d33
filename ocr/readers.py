"""This process's reading child, made from the settings and kept warm; a forked process gets its own."""

import atexit
import os
import threading

from django.conf import settings

from ocr.reading.engine_report import engine_report
from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox

_lock = threading.Lock()
_sandbox: ReadingSandbox | None = None
_owner = 0


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
    global _sandbox, _owner
    with _lock:
        if _sandbox is None or _owner != os.getpid():
            _sandbox = ReadingSandbox(
                engine_name=settings.OCR_ENGINE,
                limits=reading_limits(),
                documents_per_child=settings.READER_DOCUMENTS_PER_CHILD,
                second_engine_name=second_engine_name(),
            )
            _owner = os.getpid()
        return _sandbox


def close_sandbox() -> None:
    """Ends this process's reading child, if it has one."""
    global _sandbox
    with _lock:
        if _sandbox is not None and _owner == os.getpid():
            _sandbox.close()
        _sandbox = None


atexit.register(close_sandbox)
