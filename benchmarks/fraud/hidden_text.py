"""Text that people do not see: white, without ink, under a picture, or too small. Done to the printed PDF."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pymupdf

from benchmarks.generator.draft import grouped_iban

_DPI = 200
_NO_INK = 3
"""Text rendering mode 3 of ISO 32000-1: neither filled nor stroked."""

_WHITE, _GREY = (1, 1, 1), (0.6, 0.6, 0.6)
_TINY = 0.8
_LEAVE = 0
"""PyMuPDF's PDF_REDACT_IMAGE_NONE and PDF_REDACT_LINE_ART_NONE: only text is taken out."""


@dataclass(frozen=True, slots=True)
class _Place:
    page: int
    box: pymupdf.Rect


def beside_in_white(*, pdf: bytes, shown: str, hidden: str) -> bytes | None:
    """A second IBAN with its label, white on white, below the one that is shown. None where `shown` is not found."""
    return _written_below(pdf, shown, hidden, size=8.0, colour=_WHITE)


def beside_in_tiny_letters(*, pdf: bytes, shown: str, hidden: str) -> bytes | None:
    """The same in letters of less than a point."""
    return _written_below(pdf, shown, hidden, size=_TINY, colour=_GREY)


def without_ink_over_picture(*, pdf: bytes, shown: str, hidden: str) -> bytes | None:
    """The IBAN that is shown becomes a picture; the text layer has the hidden one without ink in its place."""

    def replace_text(page: pymupdf.Page, box: pymupdf.Rect, picture: bytes) -> None:
        page.insert_image(box, stream=picture)
        _write_into(page, box, hidden, render_mode=_NO_INK)

    return _replaced(pdf, shown, replace_text)


def under_picture(*, pdf: bytes, shown: str, hidden: str) -> bytes | None:
    """The hidden IBAN is written in black, and the picture of the one that is shown lies over it."""

    def replace_text(page: pymupdf.Page, box: pymupdf.Rect, picture: bytes) -> None:
        _write_into(page, box, hidden, render_mode=0)
        page.insert_image(box, stream=picture)

    return _replaced(pdf, shown, replace_text)


def searchable_scan(*, pictures_of: bytes, text_of: bytes) -> bytes:
    """Pictures of one document's pages with the text of the other, without ink, as scanning programs lay it there."""
    scan = pymupdf.open()
    with (
        pymupdf.open(stream=pictures_of, filetype="pdf") as shown,
        pymupdf.open(stream=text_of, filetype="pdf") as read,
    ):
        for page in shown:
            sheet = scan.new_page(width=page.rect.width, height=page.rect.height)
            sheet.insert_image(sheet.rect, stream=page.get_pixmap(dpi=_DPI).tobytes("jpeg"))
            for x0, _, _, y1, word, *_ in read[page.number].get_text("words") if page.number < len(read) else ():
                sheet.insert_text((x0, y1 - 2), word, fontsize=8, render_mode=_NO_INK)
    return bytes(scan.tobytes(no_new_id=True, deflate=True))


def _written_below(
    pdf: bytes, shown: str, hidden: str, *, size: float, colour: tuple[float, float, float]
) -> bytes | None:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        places = list(_places(document, shown))
        if not places:
            return None
        first = places[0]
        corner = (first.box.x0, first.box.y1 + size)
        document[first.page].insert_text(corner, f"IBAN: {grouped_iban(hidden)}", fontsize=size, color=colour)
        return bytes(document.tobytes(no_new_id=True, deflate=True))


def _replaced(
    pdf: bytes, shown: str, replace_text: Callable[[pymupdf.Page, pymupdf.Rect, bytes], None]
) -> bytes | None:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        places = list(_places(document, shown))
        for place in places:
            page = document[place.page]
            picture = page.get_pixmap(clip=place.box, dpi=_DPI).tobytes("png")
            page.add_redact_annot(place.box)
            page.apply_redactions(images=_LEAVE, graphics=_LEAVE)
            replace_text(page, place.box, picture)
        return bytes(document.tobytes(no_new_id=True, deflate=True)) if places else None


def _write_into(page: pymupdf.Page, box: pymupdf.Rect, iban: str, *, render_mode: int) -> None:
    text = grouped_iban(iban)
    size = box.width / pymupdf.get_text_length(text, fontsize=1)
    page.insert_text((box.x0, box.y1 - 0.22 * box.height), text, fontsize=size, render_mode=render_mode)


def _places(document: pymupdf.Document, iban: str) -> Iterator[_Place]:
    """Where the IBAN stands whole on one line, in groups of four or in one."""
    for number in range(document.page_count):
        for form in (grouped_iban(iban), iban):
            for box in document[number].search_for(form):
                if box.width > 10 * box.height:
                    yield _Place(number, box)
