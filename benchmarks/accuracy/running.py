"""The whole pipeline over documents of known truth: reading in the confined child, extraction, acceptance, scores."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from benchmarks.accuracy.drafts import ScoredDraft, scored_draft
from benchmarks.accuracy.readings import KeptReadings, Reading
from benchmarks.accuracy.truth import KnownDocument
from benchmarks.accuracy.variants import Variant
from counterparties.evidence import CounterpartyRow
from ocr.evaluation.scoring import ScoredDocument, Subject, score
from ocr.extraction.calibration import Models
from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import KnownPayer
from ocr.extraction.thresholds import USUAL, Strictness
from ocr.reading.document import DocumentText

THE_DAY = date(2026, 12, 1)
_NOW_AND_THEN = 20
_IMAGE_NAMES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"})


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A known document in one of its forms, read; `segment` is the headline it counts under."""

    known: KnownDocument
    kind: str
    variant: Variant
    segment: str
    reading: Reading


def read_all(
    *,
    documents: Sequence[KnownDocument],
    readings: KeptReadings,
    wanted: Sequence[Variant] | None = None,
    scans_of: int = 1,
) -> Iterator[ReadDocument]:
    """Every document in every form that makes sense for it; scans are made of every `scans_of`-th document only.

    Progress goes to standard error.
    """
    for number, known in enumerate(documents, start=1):
        content = known.path.read_bytes()

        def say(variant: Variant, number: int = number, known: KnownDocument = known) -> Callable[[], None]:
            return lambda: _say(number, f"reading {number} of {len(documents)}: {known.id}, {variant}")

        first = readings.read(content=content, variant="as_is", on_miss=say("as_is"))
        kind = known.kind or _kind_of(known, first.document)
        for variant in _variants(known=known, kind=kind, document=first.document):
            if wanted and variant not in wanted:
                continue
            if variant.startswith("scan") and number % scans_of:
                continue
            reading = (
                first if variant == "as_is" else readings.read(content=content, variant=variant, on_miss=say(variant))
            )
            segment = _segment(known=known, kind=kind, variant=variant, document=first.document)
            payer = KnownPayer(names=known.payer)
            looked_at = readings.read_again(content=content, variant=variant, reading=reading, payer=payer)
            yield ReadDocument(known, kind, variant, segment, looked_at)
    _say(0, "")


def scored(
    *, read: ReadDocument, knows_payer: bool, strictness: Strictness = USUAL, models: Models | None = None
) -> ScoredDocument:
    """What extraction makes of the reading, against the truth; with or without knowing whose invoice it is. `models`
    are probabilities other than the shipped ones."""
    known = read.known
    subject = Subject(
        id=known.id,
        group=known.group,
        kind=read.kind,
        language=known.language,
        variant=read.variant,
        segment=read.segment,
        may_be_published=known.may_be_published,
    )
    if read.reading.document is None:
        return score(subject=subject, truth=known.truth, fields=None, error=read.reading.error)
    payer = KnownPayer(names=known.payer) if knows_payer else KnownPayer()
    try:
        fields = extract_fields(
            document=read.reading.document, payer=payer, today=THE_DAY, strictness=strictness, models=models
        )
    except Exception as error:  # noqa: BLE001  the job would fail: the document counts, and the run goes on
        return score(subject=subject, truth=known.truth, fields=None, error=f"extraction failed: {error!r}")
    return score(subject=subject, truth=known.truth, fields=fields)


def draft_of(*, read: ReadDocument, candidates: tuple[CounterpartyRow, ...]) -> ScoredDraft | None:
    """The draft payment that the reading becomes, with these counterparties in the books; None without a reading."""
    if read.reading.document is None:
        return None
    payer = KnownPayer(names=read.known.payer)
    fields = extract_fields(document=read.reading.document, payer=payer, today=THE_DAY)
    return scored_draft(known=read.known, fields=fields, candidates=candidates, today=THE_DAY)


def _kind_of(known: KnownDocument, document: DocumentText | None) -> str:
    if known.path.suffix.lower() in _IMAGE_NAMES:
        return "image"
    if document is None:
        return "digital_pdf"
    if document.kind in {"ubl", "cii"}:
        return "xml"
    if document.xml:
        return "facturx"
    if document.codes:
        return "qr"
    return "scan" if document.pages and all(page.source == "ocr" for page in document.pages) else "digital_pdf"


def _variants(*, known: KnownDocument, kind: str, document: DocumentText | None) -> list[Variant]:
    """A scan is read as it is: taking it for a scan once more would say nothing new."""
    if known.path.suffix.lower() != ".pdf" or kind == "scan" or known.text_layer in {"ocr", "none"}:
        return ["as_is"]
    without: list[Variant] = ["no_xml"] if document and document.xml else []
    return ["as_is", *without, "scan_clean", "scan_degraded"]


def _segment(*, known: KnownDocument, kind: str, variant: Variant, document: DocumentText | None) -> str:
    if variant.startswith("scan"):
        return f"qr_{variant}" if kind == "qr" else variant
    if kind == "xml" or known.is_of_code or (variant == "as_is" and document and document.xml):
        return "machine"
    if kind == "qr":
        return "qr"
    return "native_scan" if kind in {"scan", "image"} else "digital"


def _say(number: int, text: str) -> None:
    """On a terminal one line that changes; elsewhere a line now and then."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()
    elif text and number % _NOW_AND_THEN == 0:
        sys.stderr.write(f"{text}\n")
