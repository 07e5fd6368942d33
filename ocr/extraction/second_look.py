"""Doubtful regions that were read again: what is taken from the new reading, and what the evidence says of it.

Nothing is believed for being new. A value is taken when it passes the check that the first reading failed; where two
readings pass it with different values, or a repair is not confirmed, there is none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ocr.extraction.doubts import CHECK_NAMES, CheckKind, Doubt, Proven, find_doubts, find_proven
from ocr.extraction.fields import Candidate, FieldName, FieldReading, KnownPayer
from ocr.extraction.page_reading import gather
from ocr.reading.document import Box, DocumentText, Page, Region, Rereading, Word

MOST_REGIONS = 6
"""Of one document: what is wrong in more places is a bad scan, which reading longer does not make good."""

ONE_ENGINE = 0.93
"""The most that a value is worth which only one engine read, on its second attempt."""

_FIELDS: Mapping[CheckKind, tuple[FieldName, ...]] = {
    "iban": ("iban",),
    "amounts": ("total", "subtotal", "sales_tax_amount"),
    "reference": ("reference",),
    "bic": ("bic",),
    "vat_id": ("seller_vat_id",),
}


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What became of a doubt: `engines` are those whose new reading passes the check, `replaced` the regions whose
    words were taken from it. `is_contested` where no value may be given."""

    doubt: Doubt
    engines: tuple[str, ...]
    replaced: tuple[Region, ...] = ()
    is_contested: bool = False


def regions_to_read_again(*, document: DocumentText, payer: KnownPayer) -> tuple[Region, ...]:
    """The places on OCRed pages whose values fail their checks, at most `MOST_REGIONS`; none in a digital document."""
    if not any(page.source == "ocr" for page in document.pages):
        return ()
    regions: dict[Region, None] = {}
    for doubt in find_doubts(gather(document=document, payer=payer)):
        if len(regions) + len(doubt.regions) <= MOST_REGIONS:
            regions |= dict.fromkeys(doubt.regions)
    return tuple(regions)


def look_again(*, document: DocumentText, payer: KnownPayer) -> tuple[DocumentText, tuple[SecondLook, ...]]:
    """The document with the words that a second reading proved in place of the first; and what became of each doubt.

    Pure: a document without rereadings comes back as it is.
    """
    if not document.rereadings:
        return document, ()
    looks = []
    amended = document
    for doubt in find_doubts(gather(document=document, payer=payer)):
        look, chosen = _look(doubt, document, payer)
        if look is not None:
            looks.append(look)
            amended = _amended(amended, chosen)
    return amended, tuple(looks)


def _look(doubt: Doubt, document: DocumentText, payer: KnownPayer) -> tuple[SecondLook | None, tuple[Rereading, ...]]:
    readings = [each for each in document.rereadings if each.region in doubt.regions]
    if not readings:
        return None, ()
    passing: dict[str, list[tuple[Rereading, ...]]] = {}
    for attempt in _attempts(readings):
        if proven := _proof(doubt, attempt, document, payer):
            passing.setdefault(proven.value, []).append(attempt)
    agreed = set(passing) == {doubt.repaired} if doubt.repaired else len(passing) == 1
    if not agreed:
        is_contested = bool(doubt.repaired or passing)
        engines = tuple(dict.fromkeys(each.engine for each in readings))
        return SecondLook(doubt, engines, is_contested=is_contested), ()
    attempts = next(iter(passing.values()))
    engines = tuple(dict.fromkeys(each.engine for attempt in attempts for each in attempt))
    chosen = attempts[0]
    return SecondLook(doubt, engines, tuple(each.region for each in chosen)), chosen


def _attempts(readings: Sequence[Rereading]) -> Iterator[tuple[Rereading, ...]]:
    """What to put in place of the first reading: all that an engine read; then, of several regions, one by one."""
    by_engine = sorted(readings, key=lambda each: [other.engine for other in readings].index(each.engine))
    for _, group in groupby(by_engine, key=lambda each: each.engine):
        own = tuple(group)
        yield own
        if len(own) > 1:
            yield from ((each,) for each in own)


def _proof(doubt: Doubt, attempt: Sequence[Rereading], document: DocumentText, payer: KnownPayer) -> Proven | None:
    """What passes the check in the doubt's place once this attempt's words stand there."""
    evidence = gather(document=_amended(document, attempt), payer=payer)
    proofs = find_proven(evidence=evidence, kind=doubt.kind)
    return next((each for each in proofs if _meet(each.regions, doubt.regions)), None)


def _amended(document: DocumentText, readings: Sequence[Rereading]) -> DocumentText:
    pages = tuple(
        _with_words(page, [each for each in readings if each.region.page == page.number]) for page in document.pages
    )
    return replace(document, pages=pages)


def _with_words(page: Page, readings: Sequence[Rereading]) -> Page:
    if not readings:
        return page
    kept = [word for word in page.words if not any(_lies_in(word.box, each.region.box) for each in readings)]
    return replace(page, words=(*kept, *(word for each in readings for word in _levelled(each))))


def _levelled(reading: Rereading) -> Iterator[Word]:
    """The words at the height of the region: drawn larger, boxes come out a little tighter than their neighbours'."""
    top, bottom = reading.region.box.y0, reading.region.box.y1
    for word in reading.words:
        is_one_line = word.box.y1 - word.box.y0 > 0.5 * (bottom - top)
        box = Box(word.box.x0, top, word.box.x1, bottom) if is_one_line else word.box
        yield replace(word, box=box)


def _lies_in(one: Box, other: Box) -> bool:
    x, y = (one.x0 + one.x1) / 2, (one.y0 + one.y1) / 2
    return other.x0 <= x <= other.x1 and other.y0 <= y <= other.y1


def _meet(some: Iterable[Region], others: Iterable[Region]) -> bool:
    return any(_overlap(one, other) for one in some for other in others)


def _overlap(one: Region, other: Region) -> bool:
    return (
        one.page == other.page
        and one.box.x0 < other.box.x1
        and other.box.x0 < one.box.x1
        and one.box.y0 < other.box.y1
        and other.box.y0 < one.box.y1
    )


def with_second_looks(
    *, readings: Mapping[FieldName, FieldReading], looks: Sequence[SecondLook]
) -> dict[FieldName, FieldReading]:
    """The readings, with those that a second look changed, confirmed or made doubtful saying so."""
    result = dict(readings)
    for look in looks:
        for name in _FIELDS[look.doubt.kind]:
            chosen = result[name].chosen
            if chosen is None or chosen.source != "ocr" or chosen.page is None or chosen.box is None:
                continue
            here = Region(chosen.page, chosen.box)
            if look.is_contested and _meet([here], look.doubt.regions):
                result[name] = _contested(result[name], look)
            elif look.replaced and _meet([here], look.doubt.regions):
                result[name] = _read_again(result[name], chosen, look, here)
    return result


def _read_again(reading: FieldReading, chosen: Candidate, look: SecondLook, here: Region) -> FieldReading:
    agree = ("engines_agree",) if len(look.engines) > 1 else ()
    most = 1.0 if agree else ONE_ENGINE
    first = tuple(each for each in _first(look, here) if each.value != chosen.value)
    engines = " and ".join(look.engines)
    was = f" The first reading, “{first[0].raw}”, fails its check." if first else ""
    return replace(
        reading,
        chosen=replace(
            chosen,
            confidence=min(chosen.confidence, most),
            checks_passed=(*chosen.checks_passed, "read_again", *agree),
        ),
        runners_up=(*first, *reading.runners_up),
        note=f"Read again, drawn larger, by {engines}.{was}",
    )


def _contested(reading: FieldReading, look: SecondLook) -> FieldReading:
    note = f"Read again, drawn larger, by {' and '.join(look.engines)}, and not confirmed; look at the document."
    seen = tuple(each for each in (reading.chosen, *reading.runners_up) if each is not None)
    return replace(reading, chosen=None, runners_up=seen, note=note)


def _first(look: SecondLook, here: Region) -> Iterator[Candidate]:
    for region, text in zip(look.doubt.regions, look.doubt.read, strict=True):
        if _overlap(here, region):
            yield Candidate(
                value="".join(text.split()),
                raw=text,
                source="ocr",
                confidence=0.0,
                page=region.page,
                box=region.box,
                checks_failed=(CHECK_NAMES[look.doubt.kind],),
            )
