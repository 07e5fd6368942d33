from collections.abc import Iterator

import pymupdf
import pytest
from PIL import Image

from ocr.reading.document import Box, DocumentText, Page, Region
from ocr.reading.drawing import on_raw_page
from ocr.reading.engines.tesseract_engine import TesseractEngine
from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox
from tests.unit.reading.documents import encoded, page_picture, scanned_pdf, text_pdf
from tests.unit.reading.engines import PREFIX


@pytest.fixture(scope="module")
def two_engines() -> Iterator[ReadingSandbox]:
    with ReadingSandbox(
        engine_name="rapidocr", limits=ReadingLimits(), second_engine_name="tesseract", documents_per_child=100
    ) as sandbox:
        yield sandbox


def region_around(document: DocumentText, text: str) -> Region:
    (box,) = (word.box for word in document.pages[0].words if text in word.text)
    return Region(1, box)


def as_pdf(picture: Image.Image) -> bytes:
    document = pymupdf.open()
    page = document.new_page(width=picture.width * 0.36, height=picture.height * 0.36)
    page.insert_image(page.rect, stream=encoded(picture, "PNG"))
    return bytes(document.tobytes())


@pytest.mark.tesseract
@pytest.mark.parametrize(
    ("degrees", "kind"), [(0, "png"), (90, "pdf"), (180, "png"), (270, "pdf"), (3, "pdf"), (-94.5, "png")]
)
def test_a_region_is_read_again_by_both_engines_however_the_page_lay(
    two_engines: ReadingSandbox, degrees: float, kind: str
) -> None:
    picture = page_picture(text_pdf()).rotate(
        degrees, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC
    )
    content = as_pdf(picture) if kind == "pdf" else encoded(picture, "PNG", dpi=(200, 200))
    document = two_engines.read(content).document
    region = region_around(document, "1.234,51")
    again, seconds = two_engines.read_again(content=content, document=document, regions=[region])
    assert [(each.engine, [word.text for word in each.words]) for each in again.rereadings] == [
        ("rapidocr", ["1.234,51"]),
        ("tesseract", ["1.234,51"]),
    ]
    for each in again.rereadings:
        assert (each.words[0].box.x0, each.words[0].box.x1) == pytest.approx((region.box.x0, region.box.x1), abs=4)
    assert again.pages == document.pages
    assert {"draw", "ocr_rapidocr", "ocr_tesseract"} <= {name for name, _ in seconds}


def test_a_second_engine_that_is_not_there_is_done_without() -> None:
    content = scanned_pdf()
    with ReadingSandbox(
        engine_name=PREFIX + "HastyEngine", limits=ReadingLimits(), second_engine_name="no.such:Engine"
    ) as sandbox:
        document = sandbox.read(content).document
        again, _ = sandbox.read_again(content=content, document=document, regions=[region_around(document, "DE89")])
    assert [each.engine for each in again.rereadings] == ["test"]


def test_a_reader_that_dies_of_the_second_look_leaves_the_first() -> None:
    content = scanned_pdf()
    with ReadingSandbox(engine_name=PREFIX + "StumblingEngine", limits=ReadingLimits()) as sandbox:
        document = sandbox.read(content).document
        again, seconds = sandbox.read_again(
            content=content, document=document, regions=[region_around(document, "DE89")]
        )
        assert (again, seconds) == (document, ())
        assert sandbox.read(content).document == document


@pytest.mark.parametrize(
    "box", [Box(-50, -50, -10, -10), Box(100, 100, 100, 100), Box(0, 0, 595, 842), Box(500, 700, 9e9, 9e9)]
)
def test_a_region_that_cannot_be_drawn_is_left_out(box: Box) -> None:
    content = scanned_pdf()
    with ReadingSandbox(engine_name=PREFIX + "HastyEngine", limits=ReadingLimits()) as sandbox:
        document = sandbox.read(content).document
        again, _ = sandbox.read_again(content=content, document=document, regions=[Region(1, box)])
        assert len(again.rereadings) <= 1
        assert sandbox.read(content).document == document


@pytest.mark.parametrize("quarter_turns", range(4))
def test_a_corner_of_the_upright_page_is_found_on_the_page_as_it_lay(quarter_turns: int) -> None:
    page = Page(1, 600.0, 800.0, "ocr", (), quarter_turns=quarter_turns)
    raw = (800.0, 600.0) if quarter_turns % 2 else (600.0, 800.0)
    corner = {0: (0, 0), 1: (800, 0), 2: (600, 800), 3: (0, 600)}[quarter_turns]
    assert on_raw_page((0.0, 0.0), page=page, raw_size=raw) == pytest.approx(corner)


@pytest.mark.tesseract
def test_tesseract_reads_a_strip_that_holds_one_line() -> None:
    import numpy as np

    picture = page_picture(text_pdf(), dpi=400).crop((350, 1420, 2900, 1540))
    assert "0532" in " ".join(word.text for word in TesseractEngine().read(np.asarray(picture)))
