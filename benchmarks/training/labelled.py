"""What the calibration learns from: the best candidate of every field whose truth is known, and whether it is right."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from benchmarks.accuracy.readings import KeptReadings, Reading
from benchmarks.accuracy.running import ReadDocument
from benchmarks.accuracy.variants import Variant
from ocr.evaluation.comparison import is_same
from ocr.extraction.calibration import Features, features_of
from ocr.extraction.fields import FieldName, KnownPayer
from ocr.extraction.page_reading import read_pages


class OnlyKept(KeptReadings):
    """Takes what was read before and reads nothing anew; a document that was not read is left out."""

    def read(self, *, content: bytes, variant: Variant, on_miss: Callable[[], None] = lambda: None) -> Reading:
        def miss() -> None:
            raise _NotKept

        try:
            return super().read(content=content, variant=variant, on_miss=miss)
        except _NotKept:
            return Reading(None, "not kept")


class _NotKept(Exception):
    """Ends the reading before it begins."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """`score` is the family's own, `group` the supplier or layout, `is_real` false for what a generator drew."""

    name: FieldName
    features: Features
    score: float
    is_right: bool
    group: str
    is_real: bool


def labelled(*, documents: Iterable[ReadDocument], is_real: bool) -> Iterator[Labelled]:
    """Every field of every document once with the payer known, as the service knows it, and once without."""
    for read in documents:
        if read.reading.document is None or read.reading.document.xml:
            continue  # its pages come again in the variant without XML
        known = KnownPayer(names=read.known.payer)
        for payer in (KnownPayer(), known) if known.names else (KnownPayer(),):
            page = read_pages(document=read.reading.document, payer=payer)
            for name, truth in read.known.truth.items():
                found = page.candidates.get(name)
                if not found or found[0].checks_failed:
                    continue
                yield Labelled(
                    name=name,
                    features=features_of(candidates=found, sheet=page.sheet),
                    score=found[0].confidence,
                    is_right=any(is_same(name=name, value=found[0].value, truth=each) for each in truth.values),
                    group=read.known.group,
                    is_real=is_real,
                )
