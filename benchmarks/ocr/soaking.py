"""How large the reader process grows: many pages through one child that is never replaced."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice, product

from benchmarks.ocr.measuring import Setting
from benchmarks.ocr.scans import DigitalPage, scan
from ocr.reading.sandbox import ReadingSandbox

_STEP = 100


@dataclass(frozen=True, slots=True)
class Growth:
    """After so many pages: the largest that the process has been, and the mean processor seconds of a page."""

    pages: int
    peak_bytes: int
    processor_seconds: float


def soak(
    *,
    sandbox: ReadingSandbox,
    pages: Sequence[DigitalPage],
    settings: Sequence[Setting],
    count: int,
    progress: Callable[[Growth], None],
) -> Growth:
    """Reads `count` scans of the pages, all pages at one setting and then at the next; `progress` hears of every
    hundred. Comes back with the end. A service replaces its child earlier, see READER_DOCUMENTS_PER_CHILD."""
    spent = 0.0
    peak = 0
    growth = Growth(0, 0, 0.0)
    for number, (setting, page) in enumerate(islice(cycle(product(settings, pages)), count), start=1):
        result = sandbox.read(scan(page=page, dpi=setting.dpi, is_degraded=setting.is_degraded).content)
        spent += dict(result.seconds)["read"]
        peak = max(peak, result.peak_bytes)
        growth = Growth(number, peak, spent / number)
        if number % _STEP == 0:
            progress(growth)
    return growth
