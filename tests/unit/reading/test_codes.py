"""Codes of every size, angle and character set that payments use, on pages drawn for the purpose."""

from io import BytesIO

import numpy as np
import pymupdf
import pytest
import segno
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from ocr.reading.codes import find_codes
from ocr.reading.document import CodeWitness
from ocr.reading.limits import ReadingLimits
from ocr.reading.reader import read_document
from tests.unit.reading.documents import text_page
from tests.unit.reading.engines import PREFIX

DPI = 200
EPC = ("BCD", "002", "1", "SCT", "", "Nordlicht Lampen GmbH", "DE89370400440532013000", "EUR119.50", "", "", "R-17")
HUB3 = "\n".join(
    (
        *("HRVHUB30", "EUR", "000000000012355", "Ana Primjer", "Obala 1", "21000 Split", "Žarulja d.o.o."),
        *("Šetalište 2", "10000 Zagreb", "HR1210010051863000160", "HR00", "17-2026", "COST", "Račun 17"),
    )
)


def squeezed(image: Image.Image, *, millimetres: float) -> Image.Image:
    """As wide as that on a page at 200 dpi, its edges grey as a scanner makes them."""
    width = round(millimetres / 25.4 * DPI)
    return image.resize((width, round(image.height * width / image.width)), Image.Resampling.BOX)


def qr_code(payload: str | bytes, *, millimetres: float = 25, encoding: str | None = "utf-8") -> Image.Image:
    stream = BytesIO()
    code = segno.make(payload, error="m", micro=False, encoding=None if isinstance(payload, bytes) else encoding)
    code.save(stream, kind="png", scale=20, border=4)
    return squeezed(Image.open(stream).convert("L"), millimetres=millimetres)


def pdf417_code(payload: str | bytes, *, millimetres: float = 58) -> Image.Image:
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.PDF417, ec_level="4")
    image = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=8, add_quiet_zones=True)))
    return squeezed(image.convert("L"), millimetres=millimetres)


def sheet(*codes: Image.Image, degrees: float = 0, grain: float = 0) -> NDArray[np.uint8]:
    paper = Image.new("L", (1654, 2339), 255)
    for place, code in enumerate(codes):
        turned = code.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        paper.paste(turned, (300, 400 + 800 * place))
    noise = np.random.default_rng(1).normal(0, grain, (2339, 1654)) if grain else 0.0
    return np.asarray((np.asarray(paper, np.float64) + noise).clip(0, 255), np.uint8)


def found(grey: NDArray[np.uint8]) -> tuple[CodeWitness, ...]:
    return find_codes(grey=grey, page=1, points_per_pixel=72 / DPI)


@pytest.mark.parametrize("degrees", [0, 2, 7, 20, 45, 90, 100, 180, 270])
@pytest.mark.parametrize("grain", [0, 12])
def test_codes_are_read_at_any_angle(degrees: float, grain: float) -> None:
    payload = "\n".join(EPC)
    codes = found(sheet(qr_code(payload), pdf417_code(HUB3), degrees=degrees, grain=grain))
    assert {(code.symbology, code.text) for code in codes} == {("QRCode", payload), ("PDF417", HUB3)}


@pytest.mark.parametrize("degrees", [0, 7, 20])
def test_a_dense_code_is_read_though_its_modules_are_hardly_larger_than_a_pixel(degrees: float) -> None:
    payload = "\n".join(EPC) + " und noch viel mehr zu dieser Rechnung" * 7
    (code,) = found(sheet(qr_code(payload, millimetres=16), degrees=degrees))
    assert code.text == payload


@pytest.mark.parametrize("millimetres", [42, 50, 70])
def test_a_pdf417_code_is_read_in_every_size_that_is_printed(millimetres: float) -> None:
    (code,) = found(sheet(pdf417_code(HUB3, millimetres=millimetres)))
    assert code.text == HUB3


def test_a_code_stands_where_it_is_drawn() -> None:
    for image in (qr_code("\n".join(EPC)), pdf417_code(HUB3)):
        (code,) = found(sheet(image))
        left, top = 300 * 72 / DPI, 400 * 72 / DPI
        assert left - 15 < code.box.x0 < code.box.x1 < left + image.width * 72 / DPI + 15
        assert top - 15 < code.box.y0 < code.box.y1 < top + image.height * 72 / DPI + 15


def test_a_page_that_is_restless_all_over_has_no_codes() -> None:
    grains = np.random.default_rng(2).integers(0, 2, (390, 276), np.uint8) * 255
    assert found(np.kron(grains, np.ones((6, 6), np.uint8))) == ()


@pytest.mark.parametrize(
    ("declared", "encoding", "name"),
    [
        ("1", "utf-8", "Škoda & Söhne"),
        ("2", "iso-8859-1", "Müller Façades"),
        ("3", "iso-8859-2", "Łódź Świeże Śliwki"),
        ("4", "iso-8859-4", "Rīgas Šķūņi"),
        ("5", "iso-8859-5", "Лампа ООД"),
        ("6", "iso-8859-7", "Φως ΑΕ"),
        ("7", "iso-8859-10", "Þórður Ðag"),
        ("8", "iso-8859-15", "Œuvre Ÿ"),
        ("2", "utf-8", "Müller Façades"),  # declared wrongly
    ],
)
def test_an_epc_code_is_read_in_the_character_set_it_declares(declared: str, encoding: str, name: str) -> None:
    payload = "\n".join([*EPC[:2], declared, *EPC[3:5], name, *EPC[6:]])
    (code,) = found(sheet(qr_code(payload.encode(encoding))))
    assert code.text == payload


def test_a_upn_code_is_read_in_the_character_set_of_its_standard() -> None:
    payload = "UPNQR\nŽarnica Češnjevek d.o.o.\nŠiška\n"
    (code,) = found(sheet(qr_code(payload.encode("iso-8859-2"))))
    assert code.text == payload


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-2", "cp1250"])
def test_a_hub3_code_is_read_in_each_character_set_in_use(encoding: str) -> None:
    (code,) = found(sheet(pdf417_code(HUB3.encode(encoding))))
    assert code.text == HUB3


def test_bytes_that_no_payment_standard_declares_are_read_as_the_decoder_does() -> None:
    (code,) = found(sheet(qr_code("Grüße", encoding="iso-8859-1")))
    assert code.text == "Grüße"


@pytest.mark.parametrize("rotation", [0, 90])
def test_a_pdf417_code_drawn_of_squares_is_found_beside_text_on_a_turned_page(rotation: int) -> None:
    document = pymupdf.open()
    page = text_page(document)
    code = zxingcpp.create_barcode(HUB3, zxingcpp.BarcodeFormat.PDF417, ec_level="4")
    modules = np.array(zxingcpp.write_barcode_to_image(code, add_quiet_zones=False))
    side = 165 / modules.shape[1]
    squares = (
        f"{300 + column * side:.3f} {200 - row * side:.3f} {side:.3f} {side:.3f} re f"
        for row, column in np.argwhere(modules < 128)
    )
    stream = document.get_new_xref()
    document.update_object(stream, "<<>>")
    document.update_stream(stream, "\n".join(squares).encode())
    first = page.get_contents()[0]
    document.xref_set_key(page.xref, "Contents", f"[{first} 0 R {stream} 0 R]")
    page.set_rotation(rotation)
    result = read_document(content=document.tobytes(), limits=ReadingLimits(), engine_name=PREFIX + "ForbiddenEngine")
    assert [(code.symbology, code.text) for code in result.codes] == [("PDF417", HUB3)]
