"""What the whole extraction gives for documents whose suppliers the probabilities have never seen."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.accuracy.running import ReadDocument, scored
from benchmarks.training.fitting import fit
from benchmarks.training.labelled import Labelled
from ocr.evaluation.scoring import ScoredDocument
from ocr.evaluation.statistics import folds
from ocr.extraction.calibration import Models
from ocr.extraction.fields import FieldName
from ocr.extraction.thresholds import USUAL, Strictness

_FOLDS = 10


@dataclass(frozen=True, slots=True)
class HeldOutFigures:
    """Fields right, wrong and empty; documents, those accepted, and those of them with a wrong field."""

    outcomes: Counter[str]
    documents: int
    accepted: int
    false: int

    @property
    def row(self) -> str:
        total = sum(self.outcomes.values()) or 1
        shares = "  ".join(f"{name} {self.outcomes[name] / total:6.1%}" for name in ("right", "wrong", "empty"))
        return f"{self.documents:5} documents  {shares}  accepted {self.accepted:4}, of these wrong {self.false}"


def held_out_scores(
    *,
    documents: Sequence[ReadDocument],
    examples: dict[FieldName, list[Labelled]],
    strictness: Strictness = USUAL,
) -> list[ScoredDocument]:
    """Every document scored with models that were fitted without any document of its group."""
    fold_of = folds(groups=[each.known.group for each in documents], count=_FOLDS)
    models = [_without(examples, {group for group, own in fold_of.items() if own == fold}) for fold in range(_FOLDS)]
    return [
        scored(read=each, knows_payer=True, strictness=strictness, models=models[fold_of[each.known.group]])
        for each in documents
    ]


def figures_of(results: Sequence[ScoredDocument]) -> HeldOutFigures:
    """The figures of one segment, or of all."""
    accepted = [each for each in results if each.is_accepted]
    return HeldOutFigures(
        outcomes=Counter(field.outcome for each in results for field in each.fields),
        documents=len(results),
        accepted=len(accepted),
        false=sum(each.is_false_success for each in accepted),
    )


def _without(examples: dict[FieldName, list[Labelled]], held: set[str]) -> Models:
    return {name: fit([each for each in found if each.group not in held]) for name, found in examples.items()}
