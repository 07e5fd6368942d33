"""What the whole extraction gives for documents whose suppliers the probabilities have never seen."""

from collections.abc import Sequence

from benchmarks.accuracy.running import ReadDocument, scored
from benchmarks.training.fitting import fit
from benchmarks.training.labelled import Labelled
from ocr.evaluation.scoring import ScoredDocument
from ocr.evaluation.statistics import folds
from ocr.extraction.calibration import Models
from ocr.extraction.fields import FieldName
from ocr.extraction.thresholds import Strictness

_FOLDS = 10


def held_out_models(
    *, documents: Sequence[ReadDocument], examples: dict[FieldName, list[Labelled]]
) -> dict[str, Models]:
    """For each group of documents the models that were fitted without it."""
    fold_of = folds(groups=[each.known.group for each in documents], count=_FOLDS)
    models = [_without(examples, {group for group, own in fold_of.items() if own == fold}) for fold in range(_FOLDS)]
    return {group: models[fold] for group, fold in fold_of.items()}


def held_out_scores(
    *, documents: Sequence[ReadDocument], models: dict[str, Models], strictness: Strictness
) -> list[ScoredDocument]:
    """Every document scored with its group's models, the payer known."""
    return [
        scored(read=each, knows_payer=True, strictness=strictness, models=models[each.known.group])
        for each in documents
    ]


def _without(examples: dict[FieldName, list[Labelled]], held: set[str]) -> Models:
    return {name: fit([each for each in found if each.group not in held]) for name, found in examples.items()}
