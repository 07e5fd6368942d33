"""Blocks of lines set under each other: addresses, mostly."""

from collections.abc import Sequence
from dataclasses import dataclass

from ocr.extraction.lexicon import Labels, any_words
from ocr.extraction.lines import Segment, Sheet, compact, union
from ocr.extraction.party_names import SEPARATORS, is_sender_line, is_street_line, is_zip_line
from ocr.reading.document import Box

_TALLEST = 9


@dataclass(frozen=True, slots=True)
class Block:
    """Segments of one left edge, close under each other, top first."""

    segments: tuple[Segment, ...]

    @property
    def box(self) -> Box:
        return union([segment.box for segment in self.segments])

    @property
    def page(self) -> int:
        return self.segments[0].page

    @property
    def zip_line(self) -> int | None:
        """The place of the line with postal code and town; None when there is none."""
        return next((at for at, segment in enumerate(self.segments) if is_zip_line(segment.text)), None)

    @property
    def is_address(self) -> bool:
        """A postal code, with a name above it."""
        return self.zip_line is not None and self.zip_line > 0

    def holds(self, segment: Segment) -> bool:
        return any(own.index == segment.index for own in self.segments)


def find_blocks(sheet: Sheet) -> list[Block]:
    """Blocks of at least two lines, in reading order of their first line."""
    open_blocks: list[list[Segment]] = []
    done: list[list[Segment]] = []
    for segment in sheet.segments:
        if is_sender_line(segment.text):
            continue
        still_open: list[list[Segment]] = []
        home: list[Segment] | None = None
        greets = compact(segment.text) in any_words("salutations")  # opens an address of its own
        for block in open_blocks:
            last = block[-1]
            if last.page != segment.page or segment.box.y0 - last.box.y1 > 1.25 * max(last.height, segment.height):
                done.append(block)
                continue
            still_open.append(block)
            if home is None and not greets and _continues(last, segment) and len(block) < _TALLEST:
                home = block
        if home is None:
            still_open.append([segment])
        else:
            home.append(segment)
        open_blocks = still_open
    blocks = [Block(tuple(block)) for block in [*done, *open_blocks] if len(block) > 1]
    return sorted(blocks, key=lambda block: block.segments[0].index)


def address_of(*, block: Sequence[Segment], labels: Labels) -> str | None:
    """Street, postal code, town and country of an address block on one line; None when it has no postal code."""
    parts: list[str] = []
    seen_zip = False
    for segment in block:
        text = segment.text.strip(" ,")
        if is_zip_line(text):
            parts.append(text)
            seen_zip = True
        elif not seen_zip and is_street_line(text):
            parts.append(text)
        elif seen_zip:
            if text.isalpha() and len(text) < 30 and not labels.within(segment):
                parts.append(text)
            break
    return ", ".join(parts) if seen_zip else None


def address_in_line(text: str) -> str | None:
    """Street, postal code and town out of a line that also holds a name, a phone number or more; None without any."""
    parts = [part.strip() for part in SEPARATORS.split(text) if part.strip()]
    for place, part in enumerate(parts):
        if is_zip_line(part):
            street = [other for other in parts[max(0, place - 1) : place] if is_street_line(other)]
            return ", ".join([*street, part]) if street else None
    return None


def _continues(last: Segment, segment: Segment) -> bool:
    """Under it, with the same left edge; a block set flush right shares the right one."""
    if segment.line == last.line or segment.box.y0 < last.box.y0:
        return False
    same_edge = abs(segment.box.x0 - last.box.x0) <= 2
    close = segment.box.y0 - last.box.y1 <= (1.25 if same_edge else 0.95) * max(last.height, segment.height)
    edge = 0.8 * max(last.height, segment.height)
    flush = abs(segment.box.x0 - last.box.x0) <= edge or abs(segment.box.x1 - last.box.x1) <= edge
    return close and flush
