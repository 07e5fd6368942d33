"""The figures of one set of documents as three charts."""

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.accuracy.summary import SEGMENTS
from benchmarks.charts import COLOURS, Drawing
from ocr.extraction.fields import FIELD_NAMES

_RIGHT, _WRONG, _EMPTY = "#5b8c3e", "#b03a48", "#d9d9d9"
_ROW, _NAMES, _COLUMN, _GAP = 24, 170, 150, 14
_SIDE, _MARGIN, _TOP = 400, 60, 40
_MOST_FALSE = 0.2


def fields_chart(*, figures: Mapping[str, Any], caption: str) -> str:
    """For every field and segment a bar of what is right, wrong and empty; SVG."""
    segments = figures["segments"]
    names = [name for name in FIELD_NAMES if any(name in segment["fields"] for segment in segments.values())]
    height = 90 + _ROW * (len(names) + 1)
    width = _NAMES + (_COLUMN + _GAP) * len(segments) + 10
    drawing = Drawing(width=width, height=height, title="Right (green), wrong (red) and empty (grey) values by field")
    for column, (key, segment) in enumerate(segments.items()):
        left = _NAMES + column * (_COLUMN + _GAP)
        drawing.text(x=left, y=46, text=key.replace("_", " "), weight="bold")
        for row, name in enumerate((*names, "all fields")):
            top = 56 + _ROW * row
            if column == 0:
                drawing.text(x=_NAMES - 8, y=top + 13, text=name.replace("_", " "), anchor="end")
            tally = segment["all_fields"] if name == "all fields" else segment["fields"].get(name)
            if tally:
                _stacked(drawing, tally, left, top)
    return drawing.finished(caption=caption)


def _stacked(drawing: Drawing, tally: Mapping[str, Any], left: float, top: float) -> None:
    count = tally["right"] + tally["wrong"] + tally["empty"]
    for outcome, colour in (("right", _RIGHT), ("wrong", _WRONG), ("empty", _EMPTY)):
        width = tally[outcome] / count * _COLUMN
        drawing.bar(x=left, y=top, width=width, height=16, colour=colour)
        left += width


def curve_chart(*, figures: Mapping[str, Any], caption: str) -> str:
    """False success over coverage, from the surest documents on; SVG. The dots are the usual setting."""
    drawing, place = _square(
        "False success (up) and coverage (right), the surest documents first", _MOST_FALSE, "{:.0%}"
    )
    for index, (key, segment) in enumerate(figures["segments"].items()):
        colour = COLOURS[index % len(COLOURS)]
        documents = segment["documents"]
        points = [
            place(accepted / documents, min(false / accepted, _MOST_FALSE) / _MOST_FALSE)
            for _, accepted, false in segment["curve"]
            if accepted
        ]
        if points:
            drawing.line(points=points, colour=colour)
        usual = next(iter(segment["accepted"].values()))
        if usual["false_success"]["share"] is not None:
            x, y = place(usual["coverage"]["share"], min(usual["false_success"]["share"], _MOST_FALSE) / _MOST_FALSE)
            drawing.dot(x=x, y=y, radius=5, colour=colour)
        _legend(drawing, index, f"{SEGMENTS[key]} ({documents})", colour)
    return drawing.finished(caption=caption)


def reliability_chart(*, figures: Mapping[str, Any], caption: str) -> str:
    """How often values of one confidence were right; on the diagonal a confidence is a probability; SVG."""
    drawing, place = _square("Values that were right (up) and how sure they were (right), from 50 %", 1.0, "")
    drawing.line(points=[place(0, 0), place(1, 1)], colour="#999", width=1, dashes="4 4")
    for step in range(6):
        _, y = place(0, step / 5)
        drawing.text(x=_MARGIN - 8, y=y + 4, text=f"{0.5 + step / 10:.0%}", anchor="end", size=11)
    for index, (key, segment) in enumerate(figures["segments"].items()):
        colour = COLOURS[index % len(COLOURS)]
        bins = [(confidence, right / count, count) for confidence, right, count in segment["calibration"]["bins"]]
        points = [place(max(0, confidence * 2 - 1), max(0, share * 2 - 1)) for confidence, share, _ in bins]
        if points:
            drawing.line(points=points, colour=colour, width=1.5)
        for (x, y), (_, _, count) in zip(points, bins, strict=True):
            drawing.dot(x=x, y=y, radius=min(7.0, 1.5 + count**0.5 / 4), colour=colour)
        error = segment["calibration"]["error"]
        _legend(drawing, index, f"{SEGMENTS[key]}: error {error:.1%}" if error is not None else SEGMENTS[key], colour)
    return drawing.finished(caption=caption)


def _square(title: str, highest: float, form: str) -> tuple[Drawing, Callable[[float, float], tuple[float, float]]]:
    """A frame, and what turns shares of it (0..1, up and right) into places."""
    drawing = Drawing(width=_MARGIN + _SIDE + 420, height=_TOP + _SIDE + 60, title=title)

    def place(right: float, up: float) -> tuple[float, float]:
        return _MARGIN + right * _SIDE, _TOP + (1 - up) * _SIDE

    drawing.line(points=[place(0, 1), place(0, 0), place(1, 0)], colour="#333", width=1)
    for step in range(6):
        x, y = place(step / 5, 0)
        drawing.text(
            x=x, y=y + 18, text=f"{step / 5:.0%}" if form else f"{0.5 + step / 10:.0%}", anchor="middle", size=11
        )
        if form:
            _, height = place(0, step / 5)
            drawing.text(x=_MARGIN - 8, y=height + 4, text=form.format(step / 5 * highest), anchor="end", size=11)
    return drawing, place


def _legend(drawing: Drawing, index: int, text: str, colour: str) -> None:
    top = _TOP + 10 + index * 22
    drawing.bar(x=_MARGIN + _SIDE + 30, y=top, width=14, height=14, colour=colour)
    drawing.text(x=_MARGIN + _SIDE + 52, y=top + 12, text=text, size=12)
