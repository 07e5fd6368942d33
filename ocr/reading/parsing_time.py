"""How long foreign formats may be parsed: an honest page takes a tenth of a second, a hostile one would take for ever.

The OCR engine's time is another matter: it grows with the pages, and no file can make one page endless for it.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from customers.sentences import Sentence
from ocr.reading.confinement import allow_processor_seconds
from ocr.reading.document import UnreadableDocument
from ocr.reading.limits import ReadingLimits
from ocr.reading.stopwatch import Stopwatch

_PARSING = frozenset({"open", "attachments", "text_layer", "raster", "decode", "xml"})
_ENGINE_SECONDS = 3  # a thread may be loading the engine meanwhile, and the kernel counts for the whole process


class BoundedStopwatch(Stopwatch):
    """Measures, and ends the process by SIGXCPU when the stages that parse take more than `parsing_seconds` of
    processor time in all, or everything together more than `cpu_seconds`. For the reader process alone."""

    def __init__(self, limits: ReadingLimits) -> None:
        super().__init__()
        self._parsing_left = float(limits.parsing_seconds)
        self._end = time.process_time() + limits.cpu_seconds

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        if name not in _PARSING:
            with super().measure(name):
                yield
            return
        if self._parsing_left <= 0:
            raise UnreadableDocument(
                code="too_large",
                message=Sentence(
                    "The document takes far longer to open and draw than an invoice; print it to a new PDF."
                ),
            )
        started = time.thread_time()
        allow_processor_seconds(math.ceil(min(self._parsing_left + _ENGINE_SECONDS, self._all_left())))
        try:
            with super().measure(name):
                yield
        finally:
            self._parsing_left -= time.thread_time() - started
            allow_processor_seconds(math.ceil(self._all_left()))

    def _all_left(self) -> float:
        return max(self._end - time.process_time(), 0.0)
