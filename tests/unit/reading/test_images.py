import struct
import zlib
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.reading.document import DocumentText, UnreadableDocument
from ocr.reading.limits import ReadingLimits
from ocr.reading.reader import read_document
from tests.unit.reading.documents import code_png, encoded, page_picture, text_pdf
from tests.unit.reading.engines import PREFIX

LIMITS = ReadingLimits()
# A dark block in a quarter of an A4 page at 100 dpi: pixels 100..300 across, 200..260 down.
BLOCK = (100, 200, 300, 260)
POINTS = tuple(side * 0.72 for side in BLOCK)


def sheet(mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (827, 1169), "white")
    ImageDraw.Draw(image).rectangle((BLOCK[0], BLOCK[1], BLOCK[2] - 1, BLOCK[3] - 1), fill="black")
    return image.convert(mode)


def read(content: bytes, limits: ReadingLimits = LIMITS) -> DocumentText:
    return read_document(content=content, limits=limits, engine_name=PREFIX + "InkEngine")


def ink(result: DocumentText, page: int = 1) -> tuple[float, float, float, float]:
    (word,) = result.pages[page - 1].words
    return word.box.x0, word.box.y0, word.box.x1, word.box.y1


def refusal(content: bytes, limits: ReadingLimits = LIMITS) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(content, limits)
    return caught.value.code


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_pages_are_measured_in_points_by_the_stated_resolution(kind: str) -> None:
    result = read(encoded(sheet(), kind, dpi=(100, 100)))
    page = result.pages[0]
    assert result.kind == kind.lower()
    assert (page.source, page.engine) == ("ocr", "test")
    assert (page.width, page.height) == pytest.approx((595.4, 841.7), abs=0.5)
    assert ink(result) == pytest.approx(POINTS, abs=1)


@pytest.mark.parametrize("dpi", [None, (72, 72), (1, 1)])
def test_without_a_credible_resolution_the_page_is_taken_as_a_sheet_of_paper(dpi: tuple[int, int] | None) -> None:
    picture = sheet().resize((827 * 4, 1169 * 4))
    page = read(encoded(picture, "JPEG", **({"dpi": dpi} if dpi else {}))).pages[0]
    assert page.height == pytest.approx(842, abs=0.5) or page.height == pytest.approx(1169 * 4 * 72 / 200, abs=0.5)
    assert 280 < page.height < 1300


@pytest.mark.parametrize(("orientation", "method"), [(3, "ROTATE_180"), (6, "ROTATE_90"), (8, "ROTATE_270")])
def test_a_photograph_is_turned_as_its_exif_says(orientation: int, method: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying = sheet().transpose(Image.Transpose[method])
    result = read(encoded(lying, "JPEG", exif=exif, dpi=(100, 100)))
    assert ink(result) == pytest.approx(POINTS, abs=1)
    assert result.pages[0].width < result.pages[0].height


def test_a_tiff_s_orientation_is_applied_once() -> None:
    lying = sheet().transpose(Image.Transpose.ROTATE_90)
    result = read(encoded(lying, "TIFF", dpi=(100, 100), tiffinfo={274: 6}))
    assert ink(result) == pytest.approx(POINTS, abs=1)


def test_every_page_of_a_tiff_is_read() -> None:
    others = [sheet("L"), sheet("1")]
    content = encoded(sheet(), "TIFF", save_all=True, append_images=others, compression="tiff_lzw", dpi=(100, 100))
    result = read(content)
    assert [page.number for page in result.pages] == [1, 2, 3]
    assert [ink(result, number) for number in (1, 2, 3)] == [pytest.approx(POINTS, abs=1)] * 3


def test_a_fax_page_gets_its_shape_back() -> None:
    squeezed = sheet().resize((827 * 2, 1169))
    result = read(encoded(squeezed, "TIFF", dpi=(200, 100)))
    assert ink(result) == pytest.approx(POINTS, abs=1)
    assert (result.pages[0].width, result.pages[0].height) == pytest.approx((595.4, 841.7), abs=0.5)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "I;16", "1"])
def test_every_way_of_storing_colours_is_read(mode: str) -> None:
    deep = Image.fromarray(np.asarray(sheet("L")).astype(np.uint16) * 257)
    picture = deep if mode == "I;16" else sheet(mode)
    kind = "TIFF" if mode == "CMYK" else "PNG"
    assert ink(read(encoded(picture, kind, dpi=(100, 100)))) == pytest.approx(POINTS, abs=1)


def test_what_is_transparent_is_white() -> None:
    picture = Image.new("RGBA", (827, 1169), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((BLOCK[0], BLOCK[1], BLOCK[2] - 1, BLOCK[3] - 1), fill=(0, 0, 0, 255))
    assert ink(read(encoded(picture, "PNG", dpi=(100, 100)))) == pytest.approx(POINTS, abs=1)


def test_an_empty_sheet_has_no_words() -> None:
    result = read(encoded(Image.new("L", (800, 1100), 255), "PNG"))
    assert (result.pages[0].words, result.pages[0].engine) == ((), None)


def test_a_code_comes_with_its_place() -> None:
    picture = Image.new("RGB", (827, 1169), "white")
    code = Image.open(BytesIO(code_png("https://example.org/pay", scale=4)))
    picture.paste(code, (400, 700))
    (found,) = read(encoded(picture, "PNG", dpi=(100, 100))).codes
    assert (found.text, found.symbology, found.page) == ("https://example.org/pay", "QRCode", 1)
    assert (found.box.x0, found.box.y0) == pytest.approx((416 * 0.72, 716 * 0.72), abs=3)


def header_of_a_200_megapixel_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 20_000, 10_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def test_200_megapixels_are_refused_from_the_header() -> None:
    assert refusal(header_of_a_200_megapixel_png()) == "page_too_large"


def test_a_later_page_of_a_tiff_is_measured_as_well() -> None:
    content = encoded(sheet("1"), "TIFF", save_all=True, append_images=[sheet("1").resize((2000, 2000))])
    assert refusal(content, replace(LIMITS, max_page_pixels=2_000_000)) == "page_too_large"


def test_51_pages_of_a_tiff_are_too_many() -> None:
    small = [Image.new("1", (8, 8), 1)] * 51
    assert refusal(encoded(small[0], "TIFF", save_all=True, append_images=small[1:])) == "too_many_pages"
    assert len(read(encoded(small[0], "TIFF", save_all=True, append_images=small[2:])).pages) == 50


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_picture_that_is_cut_off_is_corrupt(kind: str, share: float) -> None:
    content = encoded(page_picture(text_pdf(), dpi=60), kind)
    assert refusal(content[: int(len(content) * share)]) == "corrupt"


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\x00\x08\x00\x00\x00", b"RIFF\0\0\0\0WEBP"]
)
def test_a_signature_alone_is_corrupt(content: bytes) -> None:
    assert refusal(content) == "corrupt"


def test_a_tiff_whose_next_page_is_beyond_the_file_is_corrupt() -> None:
    content = encoded(Image.new("L", (8, 8)), "TIFF")
    directory = struct.unpack("<I", content[4:8])[0]
    end = directory + 2 + struct.unpack("<H", content[directory : directory + 2])[0] * 12
    assert refusal(content[:end] + b"\xff\xff\xff\x7f" + content[end + 4 :]) == "corrupt"
