"""The OCR job with all that hangs on it: what reading saw, one row per field, corrections people made, match
candidates, the runs, and what was learnt from it."""

from ocr.models.hints import HintUse, SupplierHint
from ocr.models.jobs import MatchOutcome, OcrJob, Stage, WaitingJob
from ocr.models.readings import FieldName, FieldSource, OcrField, OcrMatchCandidate, OcrReading
from ocr.models.reviews import OcrCorrection, OcrJobOnlooker, OcrReviewDecision
from ocr.models.runs import OcrRun

__all__ = [
    "FieldName",
    "FieldSource",
    "HintUse",
    "MatchOutcome",
    "OcrCorrection",
    "OcrField",
    "OcrJob",
    "OcrJobOnlooker",
    "OcrMatchCandidate",
    "OcrReading",
    "OcrReviewDecision",
    "OcrRun",
    "Stage",
    "SupplierHint",
    "WaitingJob",
]
