"""The sender's address in one line, small above the window or at the foot, also where the strokes between its parts
are lost."""

from collections.abc import Iterator
from dataclasses import replace

from ocr.extraction.evidence import Evidence
from ocr.extraction.lines import Line, Segment, tokens_of, union
from ocr.extraction.party_names import is_sender_line, is_street_line, is_zip_line, name_of

_STROKE = " · "
_WIDEST_GAP = 3.0
"""Heights between two parts of one line; columns stand further apart."""


def sender_lines(evidence: Evidence) -> Iterator[Segment]:
    """One-line addresses that begin with a name, in reading order.

    An engine that overlooks the strokes between the parts leaves them as segments beside each other; such a row comes
    back as one segment with the strokes put in again.
    """
    for line in evidence.sheet.lines:
        whole = [segment for segment in line.segments if is_sender_line(segment.text)]
        yield from whole or _rejoined(line)


def _rejoined(line: Line) -> Iterator[Segment]:
    """The longest run of parts from a name over a street to a town."""
    for at, first in enumerate(line.segments):
        if name_of(first.text) is None:
            continue
        parts = [first]
        for other in line.segments[at + 1 :]:
            if other.box.x0 - parts[-1].box.x1 > _WIDEST_GAP * max(first.height, 1.0):
                break
            parts.append(other)
        towns = [place for place, part in enumerate(parts) if is_zip_line(part.text)]
        if towns and towns[0] > 1 and any(is_street_line(part.text) for part in parts[1 : towns[0]]):
            yield _joined(parts[: towns[0] + 1])
            return


def _joined(parts: list[Segment]) -> Segment:
    text, starts = "", []
    for part in parts:
        at = len(text) + len(_STROKE) if text else 0
        starts += [at + start for start in part.starts]
        text = f"{text}{_STROKE}{part.text}" if text else part.text
    return replace(
        parts[0],
        text=text,
        box=union([part.box for part in parts]),
        words=tuple(word for part in parts for word in part.words),
        starts=tuple(starts),
        tokens=tokens_of(text),
    )
