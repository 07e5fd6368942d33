"""The report of `make train`: what the probabilities are worth on suppliers that they were not fitted on."""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.tables import table
from benchmarks.training.fitting import HeldOut
from ocr.evaluation.calibration import expected_calibration_error, reliability
from ocr.evaluation.scoring import ScoredDocument
from ocr.evaluation.statistics import Share, clustered
from ocr.extraction.fields import FieldName
from ocr.extraction.thresholds import Strictness


def fields_report(held_out: Mapping[FieldName, HeldOut]) -> str:
    """For each field: examples, how many are right, and the Brier score before and after, also on real documents."""
    rows = []
    for name, each in held_out.items():
        right = np.array([one.is_right for one in each.examples], float)
        scores = np.array([one.score for one in each.examples])
        real = np.array([one.is_real for one in each.examples])
        rows.append(
            [
                name,
                str(len(right)),
                f"{right.mean():.1%}",
                f"{np.mean((scores - right) ** 2):.4f}",
                f"{each.brier():.4f}",
                f"{np.mean((scores[real] - right[real]) ** 2):.4f}" if real.any() else "–",
                f"{each.brier(is_real=True):.4f}" if real.any() else "–",
            ]
        )
    headings = ["field", "examples", "right", "score", "probability", "score, real", "probability, real"]
    return table(headings=headings, rows=rows)


def segments_report(scores: Mapping[Strictness, Sequence[ScoredDocument]]) -> str:
    """For each kind of document and strictness: right, wrong and empty fields, calibration, coverage, false success."""
    rows = []
    for strictness, documents in scores.items():
        for segment in sorted({each.subject.segment for each in documents}):
            mine = [each for each in documents if each.subject.segment == segment]
            rows.append([segment, strictness, *_figures(mine)])
    headings = [
        "documents", "setting", "n", "right", "wrong", "empty", "calibration error", "could pass", "accepted",
        "with a wrong field", "false success",
    ]  # fmt: skip
    return table(headings=headings, rows=sorted(rows, key=lambda row: row[0]), names=2)


def _figures(documents: Sequence[ScoredDocument]) -> list[str]:
    outcomes = [field.outcome for each in documents for field in each.fields]
    accepted = [each for each in documents if each.is_accepted]
    false = clustered([(each.subject.group, int(each.is_false_success), 1) for each in accepted])
    error = expected_calibration_error(reliability(documents))
    return [
        str(len(documents)),
        *(f"{outcomes.count(outcome) / len(outcomes):.1%}" for outcome in ("right", "wrong", "empty")),
        "–" if error is None else f"{error:.1%}",
        str(sum(each.could_pass for each in documents)),
        str(len(accepted)),
        str(sum(each.is_false_success for each in accepted)),
        _shown(false),
    ]


def _shown(share: Share) -> str:
    return "–" if share.value is None else f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})"
