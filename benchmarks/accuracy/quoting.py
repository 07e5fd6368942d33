"""The figures that the README quotes from the report that is kept."""

from collections.abc import Mapping
from typing import Any

from benchmarks.accuracy.summary import SEGMENTS
from benchmarks.tables import table
from ocr.extraction.thresholds import USUAL

BEGIN = "<!-- the next lines are written by `make accuracy DATA=… ARGS=--out=docs/accuracy` -->"
END = "<!-- up to here -->"
_SETS = ("dev", "generated")
_QUOTED = ("machine", "digital", "scan_clean", "scan_degraded", "native_scan")


def quoted(report: Mapping[str, Any]) -> str:
    """The headline figures as a table: how many fields are right, and how many documents would pass without a person,
    with a wrong value or without."""
    rows = []
    for name in _SETS:
        for segment, figures in _segments(report, name):
            coverage, false = (figures["accepted"][USUAL][each] for each in ("coverage", "false_success"))
            rows.append(
                (
                    f"{name}: {SEGMENTS[segment]}",
                    str(figures["documents"]),
                    f"{figures['all_fields']['share']:.1%}",
                    f"{figures['given_right']['share']:.1%}",
                    f"{coverage['part']} ({figures['could_pass']})",
                    str(false["part"]),
                )
            )
    headings = (
        "documents",
        "n",
        "fields right",
        "values given right",
        "would pass (could)",
        "of them with a wrong value",
    )
    return table(headings=headings, rows=rows)


def with_quoted(*, text: str, report: Mapping[str, Any]) -> str:
    """The text with the figures between its two marks. Raises ValueError where a mark is missing."""
    before, behind = text.index(BEGIN) + len(BEGIN), text.index(END)
    return f"{text[:before]}\n\n{quoted(report)}\n\n{text[behind:]}"


def _segments(report: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any]]]:
    found = report["sets"].get(name, {"segments": {}})["segments"]
    return [(segment, found[segment]) for segment in _QUOTED if segment in found]
