"""One engine on a pile of scans, read as the service reads them: in the confined child, its models warm."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.ocr.scans import DigitalPage, Scan, scan
from benchmarks.ocr.tokens import Comparison, PlacedWord, compare
from ocr.reading.document import DocumentText
from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox

_WARMING = 2
_PATIENT = ReadingLimits(cpu_seconds=600, wall_seconds=900.0)


@dataclass(frozen=True, slots=True)
class Setting:
    dpi: int
    is_degraded: bool

    @property
    def name(self) -> str:
        return f"{self.dpi} dpi, {'degraded' if self.is_degraded else 'clean'}"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One engine at one setting. Times are seconds of a page, medians; `engine_seconds` is the processor time of the
    engine alone, `processor_seconds` that of the whole reading: drawing the page, straightening, codes, and words.

    `peak_bytes` is the largest that the process had been until then, `start_seconds` the wall time until the engine was
    ready to read.
    """

    engine: str
    setting: Setting
    pages: int
    processor_seconds: float
    engine_seconds: float
    wall_seconds: float
    start_seconds: float
    peak_bytes: int
    tokens: Counter[str]
    tokens_read: Counter[str]
    characters: int
    characters_wrong: int
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """`seconds` is the wall time from nothing to a child that has read its first, empty page."""

    version: str
    seconds: float


def start(sandbox: ReadingSandbox) -> Start:
    """Starts the child with its engine. Raises EngineUnavailable."""
    began = time.perf_counter()
    return Start(sandbox.warm_up(), time.perf_counter() - began)


def sandbox_of(engine: str) -> ReadingSandbox:
    """A child that is never replaced, so that its memory shows."""
    return ReadingSandbox(engine_name=engine, limits=_PATIENT, documents_per_child=1_000_000)


def measure(
    *,
    engine: str,
    sandbox: ReadingSandbox,
    started: Start,
    setting: Setting,
    pages: Sequence[DigitalPage],
    progress: Callable[[int], None],
) -> Measurement:
    """Reads every page once, after two for warming up; `progress` is told how many are read."""
    for _, scanned in _scans(pages[:_WARMING], setting):
        sandbox.read(scanned.content)
    processor, alone, walls, comparisons = [], [], [], []
    peak = 0
    for number, (page, scanned) in enumerate(_scans(pages, setting), start=1):
        began = time.perf_counter()
        result = sandbox.read(scanned.content)
        walls.append(time.perf_counter() - began)
        seconds = dict(result.seconds)
        processor.append(seconds["read"])
        alone.append(seconds.get("ocr", 0.0))
        peak = max(peak, result.peak_bytes)
        comparisons.append(_compared(page, scanned, result.document))
        progress(number)
    return Measurement(
        engine=engine,
        setting=setting,
        pages=len(comparisons),
        processor_seconds=median(processor),
        engine_seconds=median(alone),
        wall_seconds=median(walls),
        start_seconds=started.seconds,
        peak_bytes=peak,
        tokens=sum((comparison.tokens for comparison in comparisons), Counter()),
        tokens_read=sum((comparison.tokens_read for comparison in comparisons), Counter()),
        characters=sum(comparison.characters for comparison in comparisons),
        characters_wrong=sum(comparison.characters_wrong for comparison in comparisons),
        missed=tuple(token for comparison in comparisons for token in comparison.missed),
    )


def _scans(pages: Sequence[DigitalPage], setting: Setting) -> Iterator[tuple[DigitalPage, Scan]]:
    for page in pages:
        yield page, scan(page=page, dpi=setting.dpi, is_degraded=setting.is_degraded)


def _compared(page: DigitalPage, scanned: Scan, document: DocumentText) -> Comparison:
    """The reader sets pages straight that lie askew, but for a little: whichever of both fits is how it was."""
    read = [
        PlacedWord(word.text, word.box.x0, word.box.y0, word.box.y1)
        for read_page in document.pages
        for word in read_page.words
    ]
    straightened = [scanned.straightened(word) for word in read]
    return min(
        (compare(printed=page.words, read=words) for words in (read, straightened)),
        key=lambda comparison: comparison.characters_wrong,
    )
