"""The reader process: `python -m ocr.reading.child`. Started and spoken to by `ocr.reading.sandbox` alone.

Frames come on standard input and go to what was standard output; descriptor 1 itself points to standard error from
the first moment on, so that whatever a library prints cannot get between the frames. Django is not imported here.
"""

import argparse
import json
import os
import resource
import signal
import sys
import threading
import traceback
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from customers.sentences import plain_sentence
from ocr.reading.confinement import allow_processor_seconds, confine
from ocr.reading.document import UnreadableDocument
from ocr.reading.frames import ChannelClosed, Frame, receive_frame, send_frame
from ocr.reading.limits import ReadingLimits

_GRACE_SECONDS = 10


def main() -> None:
    arguments = _arguments()
    limits = ReadingLimits(**json.loads(arguments.limits))
    replies = os.dup(1)
    os.dup2(2, 1)
    holds = confine(limits=limits, parent=arguments.parent, folder=str(Path.cwd()))
    # The parsers, now that the confinement holds. Where they cannot be loaded there is no "ready" and the parent knows
    # that the installation is at fault, not its document.
    import_module("ocr.reading.reader")
    from ocr.reading.engines import loaded_versions

    send_frame(descriptor=replies, frame=Frame({"outcome": "ready", "holds": holds}))
    while True:
        try:
            request = receive_frame(descriptor=0)
        except ChannelClosed:
            return
        answer = _answer(request, limits, arguments.engine)
        picture = answer.pop("picture", b"")
        kept = {"number": request.header.get("number"), "loaded": loaded_versions()}
        send_frame(descriptor=replies, frame=Frame({**answer, **kept}, picture))
        if request.header.get("command") == "prepare":
            # After the answer: an engine that takes the process down with it must not take the answer too.
            threading.Thread(target=_prepare, args=(arguments.engine,), name="prepare", daemon=True).start()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--limits", required=True)
    parser.add_argument("--parent", type=int, required=True)
    return parser.parse_args()


def _answer(request: Frame, limits: ReadingLimits, engine_name: str) -> dict[str, Any]:
    from ocr.reading.engines import EngineUnavailable

    allow_processor_seconds(limits.cpu_seconds)
    # The parent keeps the time. Should it die without a word, in C code that sees no closed pipe, the kernel ends us.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(int(limits.wall_seconds) + _GRACE_SECONDS)
    try:
        if request.header.get("command") == "warm_up":
            return _warm_up(engine_name)
        if request.header.get("command") == "prepare":
            return {"outcome": "warm", "engine": ""}
        if request.header.get("command") == "read_again":
            return _read_again(request, limits)
        if request.header.get("command") == "draw":
            return _draw(request, limits)
        return _read(request.payload, limits, engine_name)
    except UnreadableDocument as error:
        return {"outcome": "unreadable", "code": error.code, **plain_sentence(error.message)}
    except EngineUnavailable as error:
        return {"outcome": "engine_unavailable", "message": error.message}
    except MemoryError:
        return {"outcome": "out_of_memory"}
    except Exception as error:  # noqa: BLE001  a parser's surprise is a crash like any other; the parent decides
        if _is_lack_of_memory(error):
            return {"outcome": "out_of_memory"}
        return {"outcome": "failed", "error": _without_its_message(error)}
    finally:
        signal.alarm(0)


def _read(content: bytes, limits: ReadingLimits, engine_name: str) -> dict[str, Any]:
    from ocr.reading.parsing_time import BoundedStopwatch
    from ocr.reading.reader import read_document

    stopwatch = BoundedStopwatch(limits)
    with stopwatch.measure("read"):
        document = read_document(content=content, limits=limits, engine_name=engine_name, stopwatch=stopwatch)
    return {
        "outcome": "read",
        "document": document.to_plain(),
        "seconds": dict(stopwatch.seconds),
        "engine": _engine_versions(engine_name, {page.engine for page in document.pages if page.engine}),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def _read_again(request: Frame, limits: ReadingLimits) -> dict[str, Any]:
    from ocr.reading.document import DocumentText, document_from_plain, region_from_plain
    from ocr.reading.engines import load_engine
    from ocr.reading.rereading import PageRegion, read_regions
    from ocr.reading.stopwatch import Stopwatch

    stopwatch = Stopwatch()
    document = document_from_plain(request.header["document"])
    pages = {page.number: page for page in document.pages}
    regions = [region_from_plain(each) for each in request.header["regions"]]
    rereadings = read_regions(
        content=request.payload,
        regions=[PageRegion(region, pages[region.page]) for region in regions],
        limits=limits,
        engines=[partial(load_engine, name) for name in request.header["engines"]],
        stopwatch=stopwatch,
    )
    answer = DocumentText(kind=document.kind, pages=(), rereadings=tuple(rereadings))
    return {"outcome": "read_again", "document": answer.to_plain(), "seconds": dict(stopwatch.seconds)}


def _draw(request: Frame, limits: ReadingLimits) -> dict[str, Any]:
    from ocr.reading.document import document_from_plain
    from ocr.reading.page_picture import draw_page

    number = int(request.header["page"])
    pages = document_from_plain(request.header["document"]).pages
    page = next((each for each in pages if each.number == number), None)
    picture = draw_page(
        content=request.payload, number=number, page=page, dpi=int(request.header["dpi"]), limits=limits
    )
    return {"outcome": "drawn", "picture": picture}


def _warm_up(engine_name: str) -> dict[str, Any]:
    import ocr.reading.reader  # noqa: F401  loads the parsers
    from ocr.reading.engines import warm_engine

    return {"outcome": "warm", "engine": warm_engine(engine_name).version}


def _prepare(engine_name: str) -> None:
    """In a thread of its own: documents that need no OCR are read meanwhile. A page that does waits, and is told."""
    try:
        _warm_up(engine_name)
    except Exception as error:  # noqa: BLE001  whatever it is, the first page that needs the engine meets it again
        sys.stderr.write(f"the OCR engine could not be prepared: {type(error).__name__}: {error}\n")


def _engine_versions(engine_name: str, used: set[str]) -> str:
    """Those of the engines that read a page: the one that is set, the default one, or none."""
    from ocr.reading.engines import DEFAULT_ENGINE, load_engine

    if not used:
        return ""
    names = {engine_name, DEFAULT_ENGINE} if DEFAULT_ENGINE in used else {engine_name}
    return "; ".join(engine.version for engine in map(load_engine, sorted(names)) if engine.name in used)


def _without_its_message(error: Exception) -> str:
    """The type and the place in the code: a message may quote the document, and this goes into a log."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _is_lack_of_memory(error: Exception) -> bool:
    """Libraries in C say it in their own words."""
    text = str(error).lower()
    return any(
        word in text
        for word in (
            "bad_alloc",
            "bad allocation",
            "failed to allocate",
            "insufficient memory",
            "malloc",
            "allocate memory",
        )
    )


if __name__ == "__main__":
    main()
    sys.stdout.flush()
