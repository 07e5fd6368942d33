"""The measurements as a table for the terminal and for Markdown, and as a chart in SVG."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from benchmarks.charts import COLOURS, Drawing
from benchmarks.ocr.measuring import Measurement
from benchmarks.ocr.tokens import KINDS
from benchmarks.tables import table

_COSTS = ("engine", "scan", "CPU s", "engine s", "wall s", "start s", "peak MB")
_RECALL = ("engine", "scan", "all key tokens", *(f"{kind}s" for kind in KINDS), "char. errors")
_BAR, _ROW, _LEFT, _WIDTH, _LONGEST = 16, 26, 320, 900, 380


def machine() -> str:
    """The processor and how many of it, for beside the figures."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = f"{platform.system()} {name}"
    return f"{name}, {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"


def tables(measurements: Sequence[Measurement]) -> str:
    """What a page costs, and what was read of it: two tables for the terminal that are Markdown as well."""
    costs = table(headings=_COSTS, rows=[_cost(measurement) for measurement in measurements], names=2)
    recall = table(headings=_RECALL, rows=[_recall_by_kind(measurement) for measurement in measurements], names=2)
    return f"{costs}\n\n{recall}"


def chart(measurements: Sequence[Measurement], *, caption: str) -> str:
    """Processor seconds of a page as bars, with the recall of key tokens at their ends; SVG."""
    longest = max(measurement.processor_seconds for measurement in measurements)
    engines = list(dict.fromkeys(measurement.engine for measurement in measurements))
    drawing = Drawing(
        width=_WIDTH,
        height=60 + _ROW * len(measurements),
        title="Processor seconds for a page, and key tokens read exactly",
    )
    for index, measurement in enumerate(measurements):
        top = 36 + _ROW * index
        length = max(measurement.processor_seconds / longest * _LONGEST, 1)
        colour = COLOURS[engines.index(measurement.engine) % len(COLOURS)]
        value = f"{measurement.processor_seconds:.2f} s · {_recall(measurement)}"
        drawing.text(x=_LEFT - 8, y=top + 13, text=f"{measurement.engine}, {measurement.setting.name}", anchor="end")
        drawing.bar(x=_LEFT, y=top, width=length, height=_BAR, colour=colour)
        drawing.text(x=_LEFT + length + 8, y=top + 13, text=value)
    return drawing.finished(caption=caption)


def _cost(measurement: Measurement) -> tuple[str, ...]:
    return (
        measurement.engine,
        measurement.setting.name,
        f"{measurement.processor_seconds:.2f}",
        f"{measurement.engine_seconds:.2f}",
        f"{measurement.wall_seconds:.2f}",
        f"{measurement.start_seconds:.1f}",
        f"{measurement.peak_bytes / 1024**2:.0f}",
    )


def _recall_by_kind(measurement: Measurement) -> tuple[str, ...]:
    kinds = (f"{measurement.tokens_read[kind]}/{measurement.tokens[kind]}" for kind in KINDS)
    return (
        measurement.engine,
        measurement.setting.name,
        f"{_recall(measurement)} of {measurement.tokens.total()}",
        *kinds,
        f"{measurement.characters_wrong / max(measurement.characters, 1):.2%}",
    )


def _recall(measurement: Measurement) -> str:
    return f"{measurement.tokens_read.total() / max(measurement.tokens.total(), 1):.2%}"
