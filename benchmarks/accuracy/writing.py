"""The report as files: report.md and a page for each set to read, report.json to compare with, and the charts."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy.charts import curve_chart, fields_chart, reliability_chart
from benchmarks.accuracy.locales import locale_line
from benchmarks.accuracy.report import headline, section
from benchmarks.ocr.report import machine

_INTRODUCTION = """# Accuracy

Written by `make accuracy`; [the form of the truth](../truth-format.md) says what counts as right. Shares of single
fields carry Wilson's 95 % interval; those over all fields and documents are drawn by supplier, whose documents succeed
and fail together. The paying company's name was known unless a row says otherwise, as it is in production. Where a
document must not be published, its id stands here and none of its values."""


def write_report(*, report: Mapping[str, Any], changed: Sequence[str] | None, folder: Path) -> None:
    """Writes all files into the folder, which is made where it is missing: report.md with the headlines, and a page
    and three charts for each set. `changed` None means: nothing to compare."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    parts = [_INTRODUCTION, f"Measured on {machine()}."]
    if report.get("has_old_readings"):
        parts.append("Readings made by earlier reading code were taken where there were some (`--old-readings`).")
    for name, figures in report["sets"].items():
        parts += [f"## {name}", headline(figures), f"[All figures, charts and what is still wrong]({name}.md)"]
        _write_set(name=name, figures=figures, folder=folder)
    if "locales" in report:
        version = report["locales"]["version"]
        parts += ["## Locales", f"By locale-invoice-check {version}: {locale_line(report['locales'])}."]
    if changed is not None:
        parts += ["## Since the report before", "\n".join(f"- {line}" for line in changed) or "Nothing is different."]
    (folder / "report.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _write_set(*, name: str, figures: Mapping[str, Any], folder: Path) -> None:
    caption = f"{name}: n = {sum(each['documents'] for each in figures['segments'].values())} readings."
    charts = {"fields": fields_chart, "curve": curve_chart, "reliability": reliability_chart}
    for kind, draw in charts.items():
        (folder / f"{name}-{kind}.svg").write_text(draw(figures=figures, caption=caption), encoding="utf-8")
    shown = "\n\n".join(f"![{kind}]({name}-{kind}.svg)" for kind in charts)
    (folder / f"{name}.md").write_text(f"{section(title=name, figures=figures)}\n\n{shown}\n", encoding="utf-8")
