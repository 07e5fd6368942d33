"""What speaks for or against the name that leads the sellers: words for the model in `calibration.py`.

They change neither the order nor the score of the names, only how sure the best one is in the end.
"""

from collections.abc import Callable, Sequence
from statistics import median

from ocr.extraction.contacts import Printed
from ocr.extraction.evidence import Evidence
from ocr.extraction.lines import Segment, compact, overlaps
from ocr.extraction.paper import is_till_strip
from ocr.extraction.party_names import core_of, has_legal_form, is_street_line, is_zip_line, name_of, same_party
from ocr.extraction.party_options import NameOption

_HEAD = 0.35
"""Share of the page's height that may hold a letterhead."""

_NEAR = 4
"""Lines between a name and its tax number."""


def marks_of(
    *, evidence: Evidence, sellers: Sequence[NameOption], buyers: Sequence[NameOption], vat_ids: Sequence[Printed]
) -> tuple[str, ...]:
    """The marks of the first of the sellers (at least one), in a fixed order."""
    best, others = sellers[0], sellers[1:]
    marks: dict[str, Callable[[], bool]] = {
        "legal_form": lambda: has_legal_form(best.name),
        "seen_again": lambda: _is_seen_again(evidence, best),
        "first_name": lambda: _is_first_name(evidence, best.segment),
        "tallest": lambda: _is_tallest(evidence, best.segment),
        "payee": lambda: _is_payee(evidence, best),
        "tax_number": lambda: any(_is_near(best, each.segment) for each in vat_ids if not each.of_buyer),
        "no_buyer": lambda: not buyers,
        "till_strip": lambda: is_till_strip(sheet=evidence.sheet, page=best.segment.page),
        "only_name": lambda: not others,
        "rival_with_legal_form": lambda: not has_legal_form(best.name) and any(has_legal_form(x.name) for x in others),
        "line_above": lambda: any(_touches(other, best.segment) for other in _names_near(evidence, best, -1)),
        "line_below": lambda: any(_touches(best.segment, other) for other in _names_near(evidence, best, 1)),
        "label_word": lambda: bool(evidence.labels.within(best.segment)),
    }
    return tuple(mark for mark, holds in marks.items() if holds())


def _is_seen_again(evidence: Evidence, best: NameOption) -> bool:
    core = compact(core_of(best.name))
    return len(core) > 3 and evidence.sheet.compact.count(core) > 1


def _is_first_name(evidence: Evidence, segment: Segment) -> bool:
    """Whether nothing above it on the first page could be a name."""
    if segment.page != evidence.sheet.lines[0].page:
        return False
    above = [line for line in evidence.sheet.lines[: segment.line] if line.page == segment.page]
    return not any(_may_be_name(evidence, other) for line in above for other in line.segments)


def _may_be_name(evidence: Evidence, segment: Segment) -> bool:
    return name_of(segment.text) is not None and not evidence.labels.within(segment)


def _is_tallest(evidence: Evidence, segment: Segment) -> bool:
    """Whether nothing in the head of its page is set larger, letters and nothing else counted."""
    if segment.page != evidence.sheet.lines[0].page:
        return False
    end = _HEAD * evidence.sheet.page_heights.get(segment.page, 842.0)
    heights = [
        other.height
        for other in evidence.sheet.segments
        if other.page == segment.page and other.box.y0 < end and _may_be_name(evidence, other)
    ]
    usual = median(other.height for other in evidence.sheet.segments)
    return segment.height > 1.2 * usual and segment.height >= max(heights, default=0.0)


def _is_payee(evidence: Evidence, best: NameOption) -> bool:
    """Whether the holder of the account goes by this name."""
    phrases = {label.phrase for label in evidence.labels.of("account_holder")}
    return any(reason.removeprefix("label:") in phrases for reason in best.reasons)


def _is_near(best: NameOption, segment: Segment) -> bool:
    if best.block and best.block.holds(segment):
        return True
    return (
        segment.page == best.segment.page
        and abs(segment.line - best.segment.line) <= _NEAR
        and overlaps(one=segment.box, other=best.segment.box)
    )


def _names_near(evidence: Evidence, best: NameOption, step: int) -> list[Segment]:
    """Lines next to the name that could be a part of it: no address, no label, no other party."""
    at = best.segment.line + step
    if not 0 <= at < len(evidence.sheet.lines):
        return []
    return [
        other
        for other in evidence.sheet.lines[at].segments
        if _may_be_name(evidence, other)
        and not is_zip_line(other.text)
        and not is_street_line(other.text)
        and not same_party(one=other.text, other=best.name)
    ]


def _touches(upper: Segment, lower: Segment) -> bool:
    """Whether one is set right under the other, in letters of about one size, with one edge or middle."""
    if upper.page != lower.page or not 0.75 < upper.height / max(1.0, lower.height) < 1.33:
        return False
    height = min(upper.height, lower.height)
    one, other = upper.box, lower.box
    flush = min(abs(one.x0 - other.x0), abs(one.x1 - other.x1), abs(one.x0 + one.x1 - other.x0 - other.x1) / 2)
    return other.y0 - one.y1 < 0.7 * height and flush < 0.8 * height
