"""PNG, JPEG, TIFF and WebP: every page turned upright, on white, as RGB, with its size in points."""

import math
import struct
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from customers.sentences import Sentence
from ocr.reading.document import Box, CodeWitness, DocumentKind, DocumentText, Page, ReadingNote, UnreadableDocument
from ocr.reading.engines import OcrEngine
from ocr.reading.limits import ReadingLimits
from ocr.reading.page_image import PageImage, read_page_image
from ocr.reading.raw_pages import Cut, RawPage
from ocr.reading.sniffing import sniff
from ocr.reading.stopwatch import Stopwatch

_FORMATS: dict[DocumentKind, tuple[str, ...]] = {
    "png": ("PNG",),
    "jpeg": ("JPEG", "MPO"),
    "tiff": ("TIFF",),
    "webp": ("WEBP",),
}
_A4_LONG_SIDE = 842.0
_USUAL_DPI = 200
_PLAUSIBLE_LONG_SIDE = (280.0, 1300.0)  # points: a receipt to a little over A3
_LIKELY_LONG_SIDE = (560.0, 1300.0)  # of a page whose resolution is not stated: A5 and more
_LONGEST_SIDE_PIXELS = 4000  # A4 at more than 300 dpi gains nothing and costs memory

# What Pillow's decoders let through when a header lies.
_DAMAGE = (OSError, EOFError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, struct.error)

# The bound is ours, from the header and before decoding; Pillow's own would be a warning in a log.
Image.MAX_IMAGE_PIXELS = None


def read_image(
    *,
    content: bytes,
    kind: DocumentKind,
    limits: ReadingLimits,
    engine: Callable[[], OcrEngine],
    stopwatch: Stopwatch,
) -> DocumentText:
    """Every page of an image file. Raises UnreadableDocument: `corrupt`, `too_many_pages`, `page_too_large`,
    `too_large`; EngineUnavailable when there is no engine."""
    pages: list[Page] = []
    codes: list[CodeWitness] = []
    notes: list[ReadingNote] = []
    for image in _page_images(content, kind, limits, stopwatch):
        reading = read_page_image(image=image, engine=engine, stopwatch=stopwatch)
        pages.append(reading.page)
        codes.extend(reading.codes)
        notes.extend(reading.notes)
    return DocumentText(kind, tuple(pages), (), tuple(codes[: limits.max_codes]), tuple(notes))


def raw_page_of_image(*, content: bytes, number: int, limits: ReadingLimits) -> RawPage:
    """A page of an image file that has been read before. Raises UnreadableDocument as `read_image`."""
    watch = Stopwatch()
    images = _page_images(content, sniff(content), limits, watch)
    image = next((each for each in images if each.number == number), None)
    if image is None:
        raise UnreadableDocument(code="corrupt", message=Sentence("The image has lost a page; send the invoice again."))
    scale = image.points_per_pixel

    def cut(box: Box, _pixels_per_point: float) -> Cut:
        left, top = int(box.x0 / scale), int(box.y0 / scale)
        pixels = image.pixels[top : math.ceil(box.y1 / scale), left : math.ceil(box.x1 / scale)]
        return Cut(np.ascontiguousarray(pixels), left * scale, top * scale, scale)

    height, width = image.pixels.shape[:2]
    return RawPage(width=width * scale, height=height * scale, cut=cut)


def _page_images(
    content: bytes, kind: DocumentKind, limits: ReadingLimits, stopwatch: Stopwatch
) -> Iterator[PageImage]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=_FORMATS[kind]) as file:
                with stopwatch.measure("decode"):
                    numbers = _page_numbers(file, kind, limits)
                for number in numbers:
                    with stopwatch.measure("decode"):
                        image = _page_image(file, number)
                    yield image
    except _DAMAGE as error:
        raise UnreadableDocument(
            code="corrupt",
            message=Sentence(
                "The image is damaged or cut off; scan or photograph the invoice again and send the whole file."
            ),
        ) from error


def _page_numbers(file: Image.Image, kind: DocumentKind, limits: ReadingLimits) -> range:
    """Pages from 1, all of whose headers have been seen to be within the limits. Only TIFF has pages: an animation's
    or a stereo photograph's other frames are not."""
    count = 0
    while True:
        _check_size(file, count + 1, limits)
        count += 1
        if kind != "tiff":
            break
        if count > limits.max_pages:
            raise UnreadableDocument(
                code="too_many_pages",
                message=Sentence(
                    "The TIFF has more than the {most} pages that are read; split it.", most=limits.max_pages
                ),
            )
        try:
            file.seek(count)
        except EOFError:
            break
    return range(1, count + 1)


def _check_size(file: Image.Image, number: int, limits: ReadingLimits) -> None:
    if file.width * file.height > limits.max_page_pixels:
        raise UnreadableDocument(
            code="page_too_large",
            message=Sentence(
                "Page {number} has {width} × {height} pixels, more than {most} megapixels; "
                "scan it again at 200 to 300 dpi.",
                number=number,
                width=file.width,
                height=file.height,
                most=limits.max_page_pixels // 1_000_000,
            ),
        )


def _page_image(file: Image.Image, number: int) -> PageImage:
    if file.format == "TIFF":
        file.seek(number - 1)
    across, down = _stated_dpi(file) or (0.0, 0.0)
    finest = max(across, down)
    # Fax pages have fewer lines than columns to the inch; letters must have their shape back before they are read.
    stretch = (finest / across, finest / down) if finest and not 0.95 < across / down < 1.05 else (1.0, 1.0)
    long_side = max(file.width * stretch[0], file.height * stretch[1])
    if file.format in {"JPEG", "MPO"}:
        file.draft("RGB", (_LONGEST_SIDE_PIXELS, _LONGEST_SIDE_PIXELS))
    image = _on_white(file, stretch)
    if max(image.size) > _LONGEST_SIDE_PIXELS:
        image.thumbnail((_LONGEST_SIDE_PIXELS, _LONGEST_SIDE_PIXELS), Image.Resampling.BOX)
    points = long_side * _points_per_pixel(long_side, finest)
    return PageImage(number=number, pixels=np.asarray(image), points_per_pixel=points / max(image.size))


def _on_white(file: Image.Image, stretch: tuple[float, float]) -> Image.Image:
    """Upright RGB, what is transparent on white. 16-bit greys are scaled, which `convert` alone would clip."""
    file.load()
    image: Image.Image = file
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float32)
        top = float(values.max()) if values.size else 0.0
        image = Image.fromarray((values * (255.0 / max(top, 255.0))).clip(0, 255).astype(np.uint8))
        image.info = file.info
        if orientation := file.getexif().get(0x0112):
            image.getexif()[0x0112] = orientation
    if stretch != (1.0, 1.0):
        image = image.convert("RGB" if image.mode in {"1", "P", "L"} else image.mode)
        image = image.resize((round(image.width * stretch[0]), round(image.height * stretch[1])))
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        sheet = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(sheet, layered).convert("RGB")
    return image.convert("RGB")


def _stated_dpi(file: Image.Image) -> tuple[float, float] | None:
    stated: Any = file.info.get("dpi")
    try:
        across, down = (float(value) for value in stated)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 20 < across < 5000 and 20 < down < 5000 else None


def _points_per_pixel(long_side: float, dpi: float) -> float:
    """From the stated resolution (0 is none), else from 200 dpi, where that gives a sheet of paper; else as if A4.

    Photographs and screenshots state 72 dpi whatever they show.
    """
    for candidate, (shortest, longest) in ((dpi, _PLAUSIBLE_LONG_SIDE), (_USUAL_DPI, _LIKELY_LONG_SIDE)):
        if candidate and shortest <= long_side * 72 / candidate <= longest:
            return 72 / candidate
    return _A4_LONG_SIDE / long_side
