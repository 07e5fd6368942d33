"""PDF: page words from a sound text layer or from the page's image, QR codes, and e-invoices among the attachments."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pymupdf

from customers.sentences import Sentence
from ocr.reading.attachments import read_attachments
from ocr.reading.codes import find_codes
from ocr.reading.document import Box, CodeWitness, DocumentText, Page, ReadingNote, UnreadableDocument
from ocr.reading.engines import OcrEngine, RgbImage
from ocr.reading.limits import ReadingLimits
from ocr.reading.page_image import PageImage, PageReading, read_page_image
from ocr.reading.raw_pages import Cut, RawPage
from ocr.reading.soundness import unsoundness
from ocr.reading.stopwatch import Stopwatch
from ocr.reading.text_layer import Painted, TextLayer, painted_on, read_text_layer

_DPI = 200
_POINTS_PER_PIXEL = 72 / _DPI
_SMALLEST_CODE_POINTS = 24.0
_MODULES_OF_SMALLEST_CODE = 40  # filled squares that a drawn code has at the least; version 1 has about 200

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)


def read_pdf(
    *, content: bytes, limits: ReadingLimits, engine: Callable[[], OcrEngine], stopwatch: Stopwatch
) -> DocumentText:
    """Every page and witness of a PDF. Raises UnreadableDocument: `encrypted`, `corrupt`, `no_pages`,
    `too_many_pages`, `page_too_large`, `too_large`; EngineUnavailable when a page needs OCR and there is no engine."""
    with stopwatch.measure("open"):
        document = _open(content, limits)
    with document:
        with _damage_is_the_documents(), stopwatch.measure("attachments"):
            witnesses, attachment_notes = read_attachments(document=document, limits=limits)
        pages: list[Page] = []
        codes: list[CodeWitness] = []
        notes = [*attachment_notes]
        for index in range(document.page_count):
            reading = _reading(document, index, limits, engine, stopwatch)
            pages.append(reading.page)
            codes.extend(reading.codes)
            notes.extend(reading.notes)
            if sum(len(read.words) for read in pages) > limits.max_words:
                raise UnreadableDocument(
                    code="too_large", message=Sentence("The PDF has far more text than an invoice; split it.")
                )
    return DocumentText("pdf", tuple(pages), witnesses, tuple(codes[: limits.max_codes]), tuple(notes))


def raw_page_of_pdf(*, content: bytes, number: int, limits: ReadingLimits) -> RawPage:
    """A page of a PDF that has been read before. Raises UnreadableDocument as `read_pdf`."""
    document = _open(content, limits)
    with _damage_is_the_documents():
        page = document.load_page(number - 1)

    def cut(box: Box, pixels_per_point: float) -> Cut:
        with _damage_is_the_documents():
            zoom = pymupdf.Matrix(pixels_per_point, pixels_per_point)
            clip = pymupdf.Rect(box.x0, box.y0, box.x1, box.y1)
            pixmap = page.get_pixmap(matrix=zoom, clip=clip, colorspace=pymupdf.csRGB, alpha=False)
        pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
        return Cut(pixels, pixmap.x / pixels_per_point, pixmap.y / pixels_per_point, 1 / pixels_per_point)

    return RawPage(width=page.rect.width, height=page.rect.height, cut=cut)


def _open(content: bytes, limits: ReadingLimits) -> Any:
    with _damage_is_the_documents():
        document = pymupdf.open(stream=content, filetype="pdf")
        if not document.is_pdf or (document.is_repaired and _is_cut_off(content)):
            raise _corrupt()
        if document.needs_pass and not document.authenticate(""):
            raise UnreadableDocument(
                code="encrypted",
                message=Sentence("The PDF is protected by a password; send it without the protection."),
            )
        # Counting walks the page tree, which can be a circle or the wrong kind of thing.
        page_count = document.page_count
    if page_count == 0:
        raise UnreadableDocument(code="no_pages", message=Sentence("The PDF has no pages; export the invoice again."))
    if page_count > limits.max_pages:
        raise UnreadableDocument(
            code="too_many_pages",
            message=Sentence(
                "The PDF has {page_count} pages and at most {most} are read; split it.",
                page_count=page_count,
                most=limits.max_pages,
            ),
        )
    return document


def _is_cut_off(content: bytes) -> bool:
    """True when no end-of-file mark follows the last object (ISO 32000-1 7.5.5). A linearised file or an incremental
    update has such a mark in its middle as well."""
    end = content.rfind(b"%%EOF")
    return end < 0 or b"endobj" in content[end:] or b" obj" in content[end:]


def _corrupt() -> UnreadableDocument:
    return UnreadableDocument(
        code="corrupt",
        message=Sentence("The PDF is damaged or cut off; export or scan the invoice again and send the whole file."),
    )


@contextmanager
def _damage_is_the_documents() -> Iterator[None]:
    """What MuPDF raises becomes `corrupt`, or MemoryError; only ever around MuPDF, never around an engine."""
    try:
        yield
    except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase) as error:
        if "malloc" in str(error) or "memory" in str(error):
            raise MemoryError(str(error)) from error
        raise _corrupt() from error


def _reading(
    document: Any, index: int, limits: ReadingLimits, engine: Callable[[], OcrEngine], stopwatch: Stopwatch
) -> PageReading:
    number = index + 1
    with _damage_is_the_documents(), stopwatch.measure("text_layer"):
        page = document.load_page(index)
        painted = painted_on(page)
        layer = read_text_layer(page=page, painted=painted)
    reason = unsoundness(layer.figures)
    if painted.entries and reason:
        with _damage_is_the_documents(), stopwatch.measure("raster"):
            pixels = _raster(page, limits)
        image = PageImage(number=number, pixels=pixels, points_per_pixel=_POINTS_PER_PIXEL)
        reading = read_page_image(image=image, engine=engine, stopwatch=stopwatch)
        return replace(
            reading,
            page=replace(reading.page, unseen=layer.unseen),
            notes=(*_note_on_unsound(layer, number, reason), *reading.notes),
        )
    with _damage_is_the_documents():
        codes = _codes_beside_text(page, painted, limits, stopwatch)
    read = Page(
        number=number,
        width=page.rect.width,
        height=page.rect.height,
        source="text",
        words=layer.words,
        unseen=layer.unseen,
    )
    return PageReading(read, codes, _notes_on(layer, number))


def _note_on_unsound(layer: TextLayer, number: int, reason: str) -> tuple[ReadingNote, ...]:
    if not layer.words and not layer.figures.hidden_characters:
        return ()
    message = Sentence(
        "The text layer of page {number} was left out, because {reason}; the page was read from its image.",
        number=number,
        reason=reason,
    )
    return (ReadingNote("text_layer_left_out", message),)


def _notes_on(layer: TextLayer, number: int) -> tuple[ReadingNote, ...]:
    if not layer.figures.hidden_characters:
        return ()
    return (
        ReadingNote(
            "hidden_text",
            Sentence("Page {number} carries text that cannot be seen on it; it was left out.", number=number),
        ),
    )


def _codes_beside_text(
    page: Any, painted: Painted, limits: ReadingLimits, stopwatch: Stopwatch
) -> tuple[CodeWitness, ...]:
    """Codes on a page whose words are known. Rendering is the dearest part of reading a digital page, so it is done
    only where something that can be a code is painted."""
    if not _may_carry_code(painted) or _raster_size(page) > limits.max_page_pixels:
        return ()
    with stopwatch.measure("raster"):
        pixmap = page.get_pixmap(dpi=_DPI, colorspace=pymupdf.csGRAY, alpha=False)
        grey = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.width)
    with stopwatch.measure("codes"):
        return find_codes(grey=grey, page=page.number + 1, points_per_pixel=_POINTS_PER_PIXEL)


def _may_carry_code(painted: Painted) -> bool:
    small = 0
    for kind, (x0, y0, x1, y1) in painted.entries:
        width, height = x1 - x0, y1 - y0
        if kind.endswith("-text") or kind == "clip-path":
            continue
        if min(width, height) < _SMALLEST_CODE_POINTS:
            small += kind == "fill-path" and max(width, height) < _SMALLEST_CODE_POINTS * 4
        elif kind != "stroke-path" and (kind != "fill-path" or 0.8 < width / height < 1.25):
            return True
    return small >= _MODULES_OF_SMALLEST_CODE


def _raster_size(page: Any) -> float:
    return float(page.rect.width * page.rect.height) / _POINTS_PER_PIXEL**2


def _raster(page: Any, limits: ReadingLimits) -> RgbImage:
    largest_picture = max((width * height for _, _, width, height, *_ in page.get_images()), default=0)
    if max(_raster_size(page), largest_picture) > limits.max_page_pixels:
        raise UnreadableDocument(
            code="page_too_large",
            message=Sentence(
                "Page {number} is larger than {most} megapixels; scan it again at 200 to 300 dpi.",
                number=page.number + 1,
                most=limits.max_page_pixels // 1_000_000,
            ),
        )
    pixmap = page.get_pixmap(dpi=_DPI, colorspace=pymupdf.csRGB, alpha=False)
    # MuPDF would keep up to 256 MB of decoded pictures, those of closed documents too.
    pymupdf.TOOLS.store_shrink(100)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
