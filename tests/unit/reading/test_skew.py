import numpy as np
import pytest
from PIL import Image

from ocr.extraction.lines import sheet_of
from ocr.reading.codes import to_grey
from ocr.reading.engines import RgbImage
from ocr.reading.sandbox import ReadingSandbox
from ocr.reading.skew import LEAST_DEGREES, slant_of, straightened
from tests.unit.reading.documents import INVOICE_LINES, encoded, page_picture, text_pdf

MANY_LINES = tuple(f"{line} / {number}" for number in range(3) for line in INVOICE_LINES)


def picture(*, askew: float = 0.0, quarter_turns: int = 0) -> Image.Image:
    """A page of text, turned clockwise by so many degrees."""
    page = page_picture(text_pdf(lines=MANY_LINES), dpi=150)
    page = page.rotate(-askew, resample=Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    return page.rotate(90 * quarter_turns, expand=True)


def grey(image: Image.Image) -> RgbImage:
    return to_grey(np.asarray(image))


@pytest.mark.parametrize("askew", [-5.0, -3.0, -1.0, 0.0, 0.5, 2.0, 4.0])
def test_the_slant_of_a_page_is_measured_to_a_fifth_of_a_degree(askew: float) -> None:
    assert slant_of(grey(picture(askew=askew))) == pytest.approx(askew, abs=0.2)


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_page_on_its_side_or_head_slants_as_measured_upright(quarter_turns: int) -> None:
    assert slant_of(grey(picture(askew=2.0, quarter_turns=quarter_turns))) == pytest.approx(2.0, abs=0.2)


def test_what_has_no_lines_of_text_is_not_said_to_slant() -> None:
    noise = np.random.default_rng(7).integers(0, 255, (700, 500), np.uint8)
    assert slant_of(noise) == 0.0
    assert slant_of(np.full((700, 500), 255, np.uint8)) == 0.0
    assert slant_of(np.zeros((1, 900), np.uint8)) == 0.0


def test_a_page_that_is_nearly_straight_is_left_as_it_is() -> None:
    page = picture(askew=LEAST_DEGREES / 2)
    pixels = np.asarray(page)
    straight = straightened(pixels=pixels, grey=grey(page))
    assert straight.pixels is pixels
    assert straight.degrees == 0.0


def test_a_page_is_set_straight_without_losing_what_is_printed_at_its_edge() -> None:
    page = picture()
    sheet = np.asarray(page).copy()
    sheet[2:10, 2:300] = 0  # a rule in the very corner
    turned = Image.fromarray(sheet).rotate(-4, resample=Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    straight = straightened(pixels=np.asarray(turned), grey=grey(turned))
    assert straight.degrees == pytest.approx(-4.0, abs=0.2)
    assert slant_of(to_grey(straight.pixels)) == pytest.approx(0.0, abs=0.2)
    assert (straight.pixels[:, :, 0] < 128).sum() > 0.95 * (np.asarray(turned)[:, :, 0] < 128).sum()


@pytest.mark.parametrize(("askew", "quarter_turns"), [(4.0, 0), (-3.0, 1)])
def test_a_page_askew_is_read_line_by_line_and_says_so(
    reader: ReadingSandbox, askew: float, quarter_turns: int
) -> None:
    content = encoded(picture(askew=askew, quarter_turns=quarter_turns), "PNG", dpi=(150, 150))
    document = reader.read(content).document
    codes = [note.code for note in document.notes]
    assert codes == ["page_straightened", *(["page_turned"] if quarter_turns else [])]
    assert document.pages[0].height > document.pages[0].width
    lines = ["".join(line.text.split()) for line in sheet_of(document).lines]
    assert "NettobetragEUR1.037,40/1" in lines
    assert all(word.box.y1 - word.box.y0 < 22 for word in document.pages[0].words)
