"""Pages drawn to look at, and regions of them read once more, without the sandbox around it."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import numpy as np
import pymupdf
import pytest
from PIL import Image

from ocr.reading.document import Box, Page, Region, UnreadableDocument
from ocr.reading.drawing import drawn
from ocr.reading.engines import EngineUnavailable, OcrEngine
from ocr.reading.limits import ReadingLimits
from ocr.reading.page_picture import draw_page
from ocr.reading.pdf import raw_page_of_pdf
from ocr.reading.rereading import PageRegion, read_regions
from ocr.reading.stopwatch import Stopwatch
from tests.unit.reading.documents import UBL, encoded, text_pdf
from tests.unit.reading.engines import EnglishEngine, InkEngine

LIMITS = ReadingLimits()


def marked_pdf(*, width: float = 200, height: float = 100) -> bytes:
    """One page with a black mark of ten points in its left upper corner."""
    document = pymupdf.open()
    page = document.new_page(width=width, height=height)
    page.draw_rect(pymupdf.Rect(10, 10, 20, 20), fill=(0, 0, 0), width=0)
    return bytes(document.tobytes())


def a_page(*, width: float = 200, height: float = 100, quarter_turns: int = 0) -> Page:
    return Page(
        number=1, width=width, height=height, source="ocr", words=(), engine="test", quarter_turns=quarter_turns
    )


def picture(content: bytes, *, number: int = 1, page: Page | None = None, dpi: int = 72) -> Image.Image:
    drawn_page = draw_page(content=content, number=number, page=page, dpi=dpi, limits=LIMITS)
    opened = Image.open(BytesIO(drawn_page))
    assert opened.format == "WEBP"
    return opened.convert("L")


def dark(opened: Image.Image) -> tuple[int, int]:
    """The middle of what is dark, in pixels."""
    rows, columns = np.nonzero(np.asarray(opened) < 128)
    return round(float(columns.mean())), round(float(rows.mean()))


@pytest.mark.parametrize(
    ("turns", "size", "middle"),
    [(0, (200, 100), (15, 15)), (1, (100, 200), (15, 185)), (2, (200, 100), (185, 85)), (3, (100, 200), (85, 15))],
)
def test_a_page_is_drawn_as_it_was_turned_to_be_read(
    turns: int, size: tuple[int, int], middle: tuple[int, int]
) -> None:
    page = a_page(width=size[0], height=size[1], quarter_turns=turns)
    opened = picture(marked_pdf(), page=page)

    assert opened.size == pytest.approx(size, abs=1)
    assert dark(opened) == pytest.approx(middle, abs=2)


def test_a_page_that_was_not_read_is_drawn_as_it_lies() -> None:
    opened = picture(marked_pdf(), page=None, dpi=144)

    assert opened.size == pytest.approx((400, 200), abs=1)
    assert dark(opened) == pytest.approx((30, 30), abs=2)


def test_a_large_page_has_fewer_pixels_than_were_asked_for() -> None:
    opened = picture(marked_pdf(width=3000, height=3000), dpi=300)

    assert opened.width * opened.height <= 6_000_000


def test_a_photograph_is_made_smaller() -> None:
    photograph = Image.new("RGB", (2000, 1000), "white")
    opened = picture(encoded(photograph, "PNG", dpi=(300, 300)), dpi=72)

    assert opened.size == pytest.approx((480, 240), abs=2)


@pytest.mark.parametrize(
    ("content", "code"), [(b"nothing that is known", "unsupported"), (UBL, "no_pages"), (b"%PDF-1.7 broken", "corrupt")]
)
def test_what_cannot_be_drawn_is_told(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        draw_page(content=content, number=1, page=None, dpi=72, limits=LIMITS)
    assert refused.value.code == code


def test_a_page_that_would_be_nothing_or_too_much_is_not_drawn() -> None:
    raw = raw_page_of_pdf(content=marked_pdf(), number=1, limits=LIMITS)
    page = a_page()

    for window, scale in ((Box(0, 0, 0.1, 0.1), 1.0), (Box(0, 0, 200, 100), 100.0), (Box(900, 900, 950, 950), 1.0)):
        assert drawn(raw=raw, page=page, window=window, scale=scale) is None
    with pytest.raises(UnreadableDocument, match="Page 1 cannot be drawn"):
        draw_page(content=marked_pdf(), number=1, page=replace(page, width=0.0, quarter_turns=2), dpi=72, limits=LIMITS)


def missing() -> OcrEngine:
    raise EngineUnavailable("It is not installed.")


@pytest.mark.parametrize(
    ("engines", "read_by"),
    [
        ([InkEngine], ["ink"]),
        ([missing, InkEngine], ["ink"]),
        ([InkEngine, EnglishEngine], ["ink", "ink"]),
        ([missing], []),
    ],
    ids=["one", "the first is missing", "two", "none"],
)
def test_a_region_is_read_by_each_engine_that_is_there(
    engines: list[Callable[[], OcrEngine]], read_by: list[str]
) -> None:
    stopwatch = Stopwatch()
    region = Region(1, Box(8, 8, 22, 22))
    again = list(
        read_regions(
            content=marked_pdf(),
            regions=[PageRegion(region, a_page())],
            limits=LIMITS,
            engines=engines,
            stopwatch=stopwatch,
        )
    )

    assert [word.text for each in again for word in each.words] == read_by
    for each in again:
        (word,) = each.words
        assert (each.region, each.engine) == (region, "test")
        assert (word.box.x0, word.box.y0, word.box.x1, word.box.y1) == pytest.approx((10, 10, 20, 20), abs=0.5)
    assert "draw" in dict(stopwatch.seconds)


def test_what_lies_beside_the_region_is_left_out_and_a_region_off_the_page_is_passed_over() -> None:
    regions = [Region(1, Box(8, 21, 22, 30)), Region(1, Box(900, 900, 950, 950))]
    again = list(
        read_regions(
            content=marked_pdf(),
            regions=[PageRegion(each, a_page()) for each in regions],
            limits=LIMITS,
            engines=[InkEngine],
            stopwatch=Stopwatch(),
        )
    )

    assert [(each.region, each.words) for each in again] == [(regions[0], ())]


def test_a_picture_s_region_is_read_as_well() -> None:
    content = encoded(picture(text_pdf(), dpi=150).convert("RGB"), "PNG", dpi=(150, 150))
    page = a_page(width=595, height=842)
    region = Region(1, Box(0, 0, 595, 842))
    found = read_regions(
        content=content,
        regions=[PageRegion(region, page)],
        limits=LIMITS,
        engines=[InkEngine],
        stopwatch=Stopwatch(),
    )
    assert len(list(found)) <= 1
