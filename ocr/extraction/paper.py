"""What the pages are printed on: letters, or the narrow paper of a till."""

from statistics import median

from ocr.extraction.lines import Sheet

_NARROW = 60.0
"""Letters across the paper strip of a till at the most; across a letter there are about ninety."""

_FILLED = 0.6
"""Share of its paper's width that the print of a till takes at least."""

_FEWEST = 8
"""Segments below which a page says too little to tell."""


def is_till_strip(*, sheet: Sheet, page: int) -> bool:
    """Whether the page is as narrow as the paper of a till, measured in its own letters."""
    own = [segment for segment in sheet.segments if segment.page == page]
    if len(own) < _FEWEST:
        return False
    letter = median((segment.box.x1 - segment.box.x0) / len(segment.text) for segment in own)
    width = max(segment.box.x1 for segment in own) - min(segment.box.x0 for segment in own)
    return _FILLED * sheet.page_widths.get(page, 595.0) < width < _NARROW * letter
