"""Three documents of a supplier: the first is corrected by its truth, then the third read with and without that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from benchmarks.accuracy.readings import KeptReadings
from benchmarks.accuracy.truth import KnownDocument
from benchmarks.accuracy.variants import Variant
from ocr.evaluation.comparison import Expected, is_same
from ocr.evaluation.scoring import ScoredDocument, Subject, score
from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import FieldName, InvoiceFields, KnownPayer
from ocr.extraction.hint_places import TAUGHT, Hint, learnt, places_of
from ocr.extraction.hints import Used, hinted
from ocr.extraction.thresholds import USUAL
from ocr.reading.document import DocumentText

THE_DAY = date(2026, 12, 1)
ON_THE_LAST_LINE: frozenset[FieldName] = frozenset({"total", "subtotal", "sales_tax_amount"})
"""Of several places with one amount a person points at the last, for sums end a bill; of others at the first."""


@dataclass(frozen=True, slots=True)
class Taught:
    """One supplier: its third document without and with the hints of its first. `used` are those that found a value,
    `corrected` how many values of the first were put right."""

    supplier: str
    without: ScoredDocument
    with_hints: ScoredDocument
    corrected: int
    hints: int
    used: tuple[Used, ...]


def suppliers(documents: Sequence[KnownDocument]) -> Iterator[list[KnownDocument]]:
    """The documents of each supplier that has three, in the order of their ids."""
    ordered = sorted(documents, key=lambda each: (each.group, each.id))
    for group, rows in groupby(ordered, key=lambda each: each.group):
        if group and len(found := list(rows)) >= 3:
            yield found[:3]


def measured(*, three: Sequence[KnownDocument], readings: KeptReadings, variant: Variant) -> Taught | None:
    """None where one of the documents cannot be read."""
    first, _, third = three
    read_first, read_third = (
        readings.read(content=each.path.read_bytes(), variant=variant).document for each in (first, third)
    )
    if read_first is None or read_third is None:
        return None
    before = _extracted(read_first, first)
    corrections = wrong_or_empty(fields=before, truth=first.truth)
    hints = [hint for each in corrections if (hint := _hint(read_first, *each)) is not None]
    hints = [replace(hint, id=number) for number, hint in enumerate(hints, start=1)]
    plain = _extracted(read_third, third)
    taught, used = hinted(fields=plain, document=read_third, hints=hints, strictness=USUAL)
    return Taught(
        supplier=third.group,
        without=_scored(plain, third, variant),
        with_hints=_scored(taught, third, variant),
        corrected=len(corrections),
        hints=len(hints),
        used=used,
    )


def wrong_or_empty(*, fields: InvoiceFields, truth: Mapping[FieldName, Expected]) -> list[tuple[FieldName, str]]:
    """What a person puts right on the document, each with the value it should have."""
    found = []
    for name, right in truth.items():
        value = fields.value(name)
        if (
            name in TAUGHT
            and right.values
            and not any(is_same(name=name, value=value or "", truth=t) for t in right.values)
        ):
            found.append((name, right.values[0]))
    return found


def _hint(document: DocumentText, name: FieldName, value: str) -> Hint | None:
    """From where the value stands; what the page does not say teaches nothing."""
    places = places_of(document=document, name=name, value=value)
    if not places:
        return None
    page, box = places[-1] if name in ON_THE_LAST_LINE else places[0]
    return learnt(document=document, name=name, page=page, box=box, value=value)


def _extracted(document: DocumentText, known: KnownDocument) -> InvoiceFields:
    return extract_fields(document=document, payer=KnownPayer(names=known.payer), today=THE_DAY, strictness=USUAL)


def _scored(fields: InvoiceFields, known: KnownDocument, variant: Variant) -> ScoredDocument:
    subject = Subject(id=known.id, group=known.group, kind=known.kind, language=known.language, variant=variant)
    return score(subject=subject, truth=known.truth, fields=fields)
