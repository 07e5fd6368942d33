"""The figures of one set of documents as Markdown."""

from collections.abc import Mapping
from typing import Any

from benchmarks.accuracy.summary import SEGMENTS
from benchmarks.tables import table
from ocr.evaluation.mistakes import REMEDIES
from ocr.extraction.fields import FIELD_NAMES

_NONE = "–"
_SCORES = (0.95, 0.9, 0.8, 0.7, 0.5, 0.3)


def section(*, title: str, figures: Mapping[str, Any]) -> str:
    """Everything that was measured over the documents of one origin. Ids and field names, never a value."""
    parts = [
        f"# Accuracy: {title}",
        headline(figures),
        "## False success and coverage",
        _acceptance(figures),
        "## Fields",
        _fields(figures),
        "## Kinds of documents",
        _accuracies(figures["kinds"], "kind, form"),
        "## Languages",
        _accuracies(figures["languages"], "documents, language"),
        "## What the values were read from",
        _sources(figures),
        "## What is still wrong or empty",
        _mistakes(figures),
        "## The worst documents",
        _worst(figures),
    ]
    return "\n\n".join(parts)


def headline(figures: Mapping[str, Any]) -> str:
    """For every segment the share of fields that are right, of values given that are right, and calibration error."""
    rows = []
    for name, segment in figures["segments"].items():
        without = segment["all_fields_payer_unknown"]
        rows.append(
            (
                SEGMENTS[name],
                f"{segment['documents']} of {segment['suppliers']}",
                str(segment["could_pass"]),
                _share(segment["all_fields"]),
                _share(segment["given_right"]),
                _percent(without["share"]),
                _percent(segment["calibration"]["error"]),
            )
        )
    headings = (
        "documents",
        "n of suppliers",
        "with all a payment needs",
        "fields right",
        "values given right",
        "payer unknown",
        "calibration error",
    )
    return table(headings=headings, rows=rows)


def _acceptance(figures: Mapping[str, Any]) -> str:
    rows = []
    for name, segment in figures["segments"].items():
        settings = {**segment["accepted"], "payer unknown": segment["accepted_payer_unknown"]}
        for setting, accepted in settings.items():
            coverage, false = accepted["coverage"], accepted["false_success"]
            rows.append(
                (
                    SEGMENTS[name],
                    setting,
                    f"{coverage['part']} of {coverage['whole']}",
                    _share(coverage),
                    str(false["part"]),
                    _share(false),
                )
            )
    accepted_table = table(
        headings=("documents", "setting", "accepted", "coverage", "with a wrong field", "false success"),
        rows=rows,
        names=2,
    )
    return f"{accepted_table}\n\n{_curve(figures)}\n\n{_drafts(figures)}"


def _curve(figures: Mapping[str, Any]) -> str:
    """The curve at a few scores, as coverage / false success."""
    rows = []
    for name, segment in figures["segments"].items():
        cells = []
        for least in _SCORES:
            passed = [point for point in segment["curve"] if point[0] >= least]
            _, accepted, false = passed[-1] if passed else (least, 0, 0)
            share = f"{false / accepted:.1%}" if accepted else _NONE
            cells.append(f"{accepted / segment['documents']:.1%} / {share}")
        rows.append((SEGMENTS[name], *cells))
    headings = ("documents", *(f"score from {least:.2f}" for least in _SCORES))
    told = "Coverage / false success were documents to pass from this probability on that all their values are right:"
    return f"{told}\n\n{table(headings=headings, rows=rows)}"


def _drafts(figures: Mapping[str, Any]) -> str:
    drafts = [
        (
            SEGMENTS[name],
            f"{segment['drafts']['ready']} of {segment['drafts']['documents']}",
            str(segment["drafts"]["wrong_money"]),
            str(segment["drafts"]["wrong_words"]),
        )
        for name, segment in figures["segments"].items()
    ]
    headings = ("documents", "drafts without blocker", "wrong amount, currency or account", "wrong reference or date")
    return "With the true sellers and their accounts in the books:\n\n" + table(headings=headings, rows=drafts)


def _fields(figures: Mapping[str, Any]) -> str:
    segments = figures["segments"]
    rows = [
        (name, *(_tally(segment["fields"].get(name)) for segment in segments.values()))
        for name in FIELD_NAMES
        if any(name in segment["fields"] for segment in segments.values())
    ]
    rows.append(("all fields", *(_tally(segment["all_fields"]) for segment in segments.values())))
    return "Right / wrong / empty, and the share that is right.\n\n" + table(headings=("field", *segments), rows=rows)


def _accuracies(rows: Mapping[str, Any], heading: str) -> str:
    return table(
        headings=(heading, "documents", "right / wrong / empty", "right", "accepted", "of them with a wrong field"),
        rows=[
            (name, str(row["documents"]), _counts(row), _share(row), str(row["accepted"]), str(row["false"]))
            for name, row in rows.items()
        ],
    )


def _sources(figures: Mapping[str, Any]) -> str:
    return table(
        headings=("source", "right", "wrong", "share"),
        rows=[
            (name, str(row["right"]), str(row["wrong"]), _percent(row["right"] / max(1, row["right"] + row["wrong"])))
            for name, row in figures["sources"].items()
        ],
    )


def _mistakes(figures: Mapping[str, Any]) -> str:
    rows = [
        (name, kind["kind"], REMEDIES[kind["kind"]], str(kind["count"]), str(kind["wrong"]))
        for name, kinds in figures["mistakes"].items()
        for kind in kinds
    ]
    return table(headings=("field", "kind", "what it needs", "times", "wrong"), rows=rows, names=3)


def _worst(figures: Mapping[str, Any]) -> str:
    rows = [
        (
            each["id"],
            each["variant"],
            "yes" if each["accepted"] else "no",
            ", ".join(each["wrong"]) or _NONE,
            ", ".join(each["empty"]) or _NONE,
        )
        for each in figures["worst"]
    ]
    return table(headings=("document", "form", "accepted", "wrong", "empty"), rows=rows, names=5)


def _tally(figures: Mapping[str, Any] | None) -> str:
    return f"{_counts(figures)} {_percent(figures['share'])}" if figures else _NONE


def _counts(figures: Mapping[str, Any]) -> str:
    return f"{figures['right']} / {figures['wrong']} / {figures['empty']}"


def _share(figures: Mapping[str, Any]) -> str:
    if figures["share"] is None:
        return _NONE
    return f"{figures['share']:.1%} ({figures['low']:.1%} to {figures['high']:.1%})"


def _percent(value: float | None) -> str:
    return _NONE if value is None else f"{value:.1%}"
