"""What speaks for or against the name that leads the sellers: words for the model in `calibration.py`.

They change neither the order nor the score of the names, only how sure the best one is in the end.
"""

from collections.abc import Callable

from ocr.extraction.evidence import Evidence
from ocr.extraction.lines import Segment, compact
from ocr.extraction.paper import is_till_strip
from ocr.extraction.party_names import core_of, name_of, same_party
from ocr.extraction.party_options import NameOption


def marks_of(*, evidence: Evidence, best: NameOption) -> tuple[str, ...]:
    """The marks of the first of the sellers, in a fixed order.

    `seen_again`: the name is printed more than once. `till_strip`: the page is the paper of a till. `line_above` and
    `line_below`: a line that touches the name could be a part of it.
    """
    marks: dict[str, Callable[[], bool]] = {
        "seen_again": lambda: _is_seen_again(evidence, best),
        "till_strip": lambda: is_till_strip(sheet=evidence.sheet, page=best.segment.page),
        "line_above": lambda: any(_touches(other, best.segment) for other in _names_near(evidence, best, -1)),
        "line_below": lambda: any(_touches(best.segment, other) for other in _names_near(evidence, best, 1)),
    }
    return tuple(mark for mark, holds in marks.items() if holds())


def _is_seen_again(evidence: Evidence, best: NameOption) -> bool:
    core = compact(core_of(best.name))
    return len(core) > 3 and evidence.sheet.compact.count(core) > 1


def _names_near(evidence: Evidence, best: NameOption, step: int) -> list[Segment]:
    """What stands in the next line and could be a part of the name: no address, no label, no other spelling of it."""
    at = best.segment.line + step
    if not 0 <= at < len(evidence.sheet.lines):
        return []
    return [
        other
        for other in evidence.sheet.lines[at].segments
        if name_of(other.text) is not None
        and not evidence.labels.within(other)
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
