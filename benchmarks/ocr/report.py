"""The measurements as a table for the terminal and for Markdown, and as a chart in SVG."""

import os
import platform
from collections.abc import Sequence
from html import escape
from pathlib import Path

from benchmarks.ocr.measuring import Measurement

_HEADINGS = ("engine", "scan", "CPU s", "engine s", "wall s", "key tokens", "char. errors", "peak MB")
_BAR, _ROW, _LEFT, _WIDTH, _LONGEST = 16, 26, 320, 900, 380
_COLOURS = ("#2563a8", "#c2762b", "#5b8c3e", "#8a4f9e")


def machine() -> str:
    """The processor and how many of it, for beside the figures."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = f"{platform.system()} {name}"
    return f"{name}, {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"


def table(measurements: Sequence[Measurement]) -> str:
    """A Markdown table, aligned so that it is one on the terminal too."""
    rows = [_HEADINGS, *(_row(measurement) for measurement in measurements)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def chart(measurements: Sequence[Measurement], *, caption: str) -> str:
    """Processor seconds of a page as bars, with the recall of key tokens at their ends; SVG."""
    longest = max(measurement.processor_seconds for measurement in measurements)
    engines = list(dict.fromkeys(measurement.engine for measurement in measurements))
    height = 60 + _ROW * len(measurements)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        'font-size="13"><rect width="100%" height="100%" fill="#fff"/>',
        '<text x="10" y="22" font-weight="bold">Processor seconds for a page, and key tokens read exactly</text>',
    ]
    for index, measurement in enumerate(measurements):
        top = 36 + _ROW * index
        length = max(measurement.processor_seconds / longest * _LONGEST, 1)
        colour = _COLOURS[engines.index(measurement.engine) % len(_COLOURS)]
        label = f"{measurement.engine}, {measurement.setting.name}"
        value = f"{measurement.processor_seconds:.2f} s · {_recall(measurement)}"
        parts.append(f'<text x="{_LEFT - 8}" y="{top + 13}" text-anchor="end">{escape(label)}</text>')
        parts.append(f'<rect x="{_LEFT}" y="{top}" width="{length:.1f}" height="{_BAR}" fill="{colour}"/>')
        parts.append(f'<text x="{_LEFT + length + 8:.1f}" y="{top + 13}">{escape(value)}</text>')
    parts.append(f'<text x="10" y="{height - 8}" font-size="11" fill="#555">{escape(caption)}</text></svg>')
    return "\n".join(parts) + "\n"


def _row(measurement: Measurement) -> tuple[str, ...]:
    return (
        measurement.engine,
        measurement.setting.name,
        f"{measurement.processor_seconds:.2f}",
        f"{measurement.engine_seconds:.2f}",
        f"{measurement.wall_seconds:.2f}",
        f"{_recall(measurement)} of {measurement.tokens}",
        f"{measurement.characters_wrong / max(measurement.characters, 1):.2%}",
        f"{measurement.peak_bytes / 1024**2:.0f}",
    )


def _recall(measurement: Measurement) -> str:
    return f"{measurement.tokens_read / max(measurement.tokens, 1):.2%}"
