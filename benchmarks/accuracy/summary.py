"""Scored documents as figures: plain data that goes into report.json, and that tables and charts are made from."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.accuracy.drafts import ScoredDraft
from ocr.evaluation.calibration import acceptance_curve, expected_calibration_error, reliability
from ocr.evaluation.scoring import ScoredDocument, ScoredField
from ocr.evaluation.statistics import Share, clustered, wilson
from ocr.extraction.fields import FIELD_NAMES

SEGMENTS = {
    "machine": "what e-invoices and payment codes state",
    "qr": "digital PDFs with a payment code, as they are",
    "digital": "digital PDFs, without their e-invoice",
    "scan_clean": "digital PDFs as clean scans at 200 dpi",
    "scan_degraded": "digital PDFs as degraded scans at 200 dpi",
    "native_scan": "real scans and photographs",
    "qr_scan_clean": "with a payment code, as clean scans",
    "qr_scan_degraded": "with a payment code, as degraded scans",
}
_WORST = 20
_KINDS_OF_MISTAKE = 3
_MOST_POINTS = 200


@dataclass(frozen=True, slots=True)
class Run:
    """One pass over the documents: `settings` are the scores by strictness, the usual one first."""

    settings: Mapping[str, Sequence[ScoredDocument]]
    without_payer: Sequence[ScoredDocument]
    drafts: Sequence[tuple[str, ScoredDraft]]

    @property
    def usual(self) -> Sequence[ScoredDocument]:
        return next(iter(self.settings.values()))


def summary(run: Run) -> dict[str, Any]:
    """All figures by segment, kind and language; the mistakes; the worst documents."""
    return {
        "segments": {name: _segment(run, name) for name in SEGMENTS if _of(run.usual, name)},
        "kinds": _accuracies(run.usual, lambda each: f"{each.subject.kind}, {each.subject.variant}"),
        "languages": _accuracies(run.usual, lambda each: f"{each.subject.segment}, {each.subject.language or '?'}"),
        "sources": _sources(run.usual),
        "mistakes": _mistakes(run.usual),
        "worst": _worst(run.usual),
    }


def _of(documents: Sequence[ScoredDocument], segment: str) -> list[ScoredDocument]:
    return [each for each in documents if each.subject.segment == segment]


def _segment(run: Run, name: str) -> dict[str, Any]:
    documents, without = _of(run.usual, name), _of(run.without_payer, name)
    fields = [field for document in documents for field in document.fields]
    bins = reliability(documents)
    drafts = [draft for segment, draft in run.drafts if segment == name]
    ready = [draft for draft in drafts if draft.is_ready]
    return {
        "documents": len(documents),
        "could_pass": sum(each.could_pass for each in documents),
        "suppliers": len({each.subject.group for each in documents}),
        "all_fields": _tally(fields) | _bounds(_accuracy(documents)),
        "given_right": _bounds(_precision(documents)),
        "all_fields_payer_unknown": _tally(field for document in without for field in document.fields)
        | _bounds(_accuracy(without)),
        "fields": {field: figures for field in FIELD_NAMES if (figures := _field(fields, field))},
        "accepted": {setting: _acceptance(_of(scored, name)) for setting, scored in run.settings.items()},
        "accepted_payer_unknown": _acceptance(without),
        "curve": [[round(each.threshold, 4), each.accepted, each.false] for each in _thinned(documents)],
        "calibration": {
            "error": _rounded(expected_calibration_error(bins)),
            "bins": [[round(each.confidence, 4), each.right, each.count] for each in bins],
        },
        "drafts": {
            "documents": len(drafts),
            "ready": len(ready),
            "wrong_money": sum(draft.has_wrong_money for draft in ready),
            "wrong_words": sum(draft.has_wrong_words for draft in ready),
        },
    }


def _tally(fields: Iterable[ScoredField]) -> dict[str, int]:
    counts = Counter(field.outcome for field in fields)
    return {"right": counts["right"], "wrong": counts["wrong"], "empty": counts["empty"]}


def _field(fields: Sequence[ScoredField], name: str) -> dict[str, Any]:
    mine = [field for field in fields if field.name == name]
    tally = _tally(mine)
    return tally | _bounds(wilson(part=tally["right"], whole=len(mine))) if mine else {}


def _accuracy(documents: Sequence[ScoredDocument]) -> Share:
    return clustered(
        [
            (each.subject.group, sum(field.outcome == "right" for field in each.fields), len(each.fields))
            for each in documents
        ]
    )


def _precision(documents: Sequence[ScoredDocument]) -> Share:
    """Right among the values given."""
    given = [(each.subject.group, [field for field in each.fields if field.value is not None]) for each in documents]
    return clustered([(group, sum(field.outcome == "right" for field in mine), len(mine)) for group, mine in given])


def _acceptance(documents: Sequence[ScoredDocument]) -> dict[str, Any]:
    coverage = clustered([(each.subject.group, int(each.is_accepted), 1) for each in documents])
    false = clustered([(each.subject.group, int(each.is_false_success), 1) for each in documents if each.is_accepted])
    return {"coverage": _shares(coverage), "false_success": _shares(false)}


def _thinned(documents: Sequence[ScoredDocument]) -> Any:
    points = acceptance_curve(documents)
    step = max(1, len(points) // _MOST_POINTS)
    return [*points[:-1:step], points[-1]] if points else []


def _accuracies(documents: Sequence[ScoredDocument], key: Callable[[ScoredDocument], str]) -> dict[str, Any]:
    by: dict[str, list[ScoredDocument]] = defaultdict(list)
    for document in documents:
        by[key(document)].append(document)
    return {
        name: {"documents": len(mine)}
        | _tally(field for document in mine for field in document.fields)
        | _bounds(_accuracy(mine))
        | {"accepted": sum(each.is_accepted for each in mine), "false": sum(each.is_false_success for each in mine)}
        for name, mine in sorted(by.items())
    }


def _sources(documents: Sequence[ScoredDocument]) -> dict[str, Any]:
    """Right and wrong values by the witness that gave them."""
    by: dict[str, list[ScoredField]] = defaultdict(list)
    for document in documents:
        for field in document.fields:
            if field.source:
                by[field.source].append(field)
    return {name: _tally(mine) for name, mine in sorted(by.items())}


def _mistakes(documents: Sequence[ScoredDocument]) -> dict[str, Any]:
    """For each field the commonest kinds of mistake: kind, how many, of them wrong values, and one example's id."""
    found: dict[str, dict[str, list[tuple[str, bool]]]] = defaultdict(lambda: defaultdict(list))
    for document in documents:
        for field in document.fields:
            if field.mistake:
                place = f"{document.subject.id} ({document.subject.variant})"
                found[field.name][field.mistake].append((place, field.outcome == "wrong"))
    return {
        name: [
            {"kind": kind, "count": len(cases), "wrong": sum(is_wrong for _, is_wrong in cases), "such_as": cases[0][0]}
            for kind, cases in sorted(found[name].items(), key=lambda item: -len(item[1]))[:_KINDS_OF_MISTAKE]
        ]
        for name in FIELD_NAMES
        if name in found
    }


def _worst(documents: Sequence[ScoredDocument]) -> list[dict[str, Any]]:
    """First those that passed with something wrong, then by wrong values, then by empty fields."""
    ranked = sorted(
        documents, key=lambda each: (-each.is_false_success, -_count(each, "wrong"), -_count(each, "empty"))
    )
    return [
        {
            "id": each.subject.id,
            "variant": each.subject.variant,
            "accepted": each.is_accepted,
            "wrong": [field.name for field in each.fields if field.outcome == "wrong"],
            "empty": [field.name for field in each.fields if field.outcome == "empty"],
        }
        for each in ranked[:_WORST]
        if any(field.outcome != "right" for field in each.fields)
    ]


def _count(document: ScoredDocument, outcome: str) -> int:
    return sum(field.outcome == outcome for field in document.fields)


def _bounds(share: Share) -> dict[str, float | None]:
    return {"share": _rounded(share.value), "low": _rounded(share.low), "high": _rounded(share.high)}


def _shares(share: Share) -> dict[str, Any]:
    return {"part": share.part, "whole": share.whole} | _bounds(share)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)
