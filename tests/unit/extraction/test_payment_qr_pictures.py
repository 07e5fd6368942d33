"""From the picture of a national payment code to what it states."""

from io import BytesIO

import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image

from ocr.extraction.payment_qr import testimony_of_code as read_code
from ocr.reading.codes import find_codes
from tests.unit.extraction.test_payment_qr_national import PAYMENT, SPAYD, by_square, hub3, upn


def on_a_sheet(code: Image.Image, *, degrees: float) -> Image.Image:
    sheet = Image.new("L", (1654, 2339), 255)
    sheet.paste(code.convert("L").rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255), (500, 900))
    return sheet


def qr_code(payload: str, *, encoding: str) -> Image.Image:
    stream = BytesIO()
    segno.make(payload.encode(encoding), error="m", micro=False).save(stream, kind="png", scale=4, border=4)
    return Image.open(stream)


def pdf417_code(payload: str) -> Image.Image:
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.PDF417, ec_level="4")
    return Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=2, add_quiet_zones=True)))


@pytest.mark.parametrize("degrees", [0, 3, 90, 180])
@pytest.mark.parametrize(
    ("code", "payee", "total", "reference"),
    [
        (qr_code(SPAYD, encoding="utf-8"), "Lampa s.r.o.", "480.50", "1234567890"),
        (qr_code(by_square(*PAYMENT), encoding="ascii"), "Lampa a.s.", "123.45", "2026017"),
        (qr_code(upn(), encoding="iso-8859-2"), "Žarnica d.o.o.", "123.45", "SI00225268-32526-222"),
        (pdf417_code(hub3()), "Žarulja d.o.o.", "123.55", "HR00 17-2026"),
    ],
    ids=["spayd", "pay_by_square", "upn_qr", "hub3"],
)
def test_a_code_in_a_picture_states_its_payment(
    code: Image.Image, degrees: float, payee: str, total: str, reference: str
) -> None:
    picture = np.asarray(on_a_sheet(code, degrees=degrees))
    (witness,) = find_codes(grey=picture, page=1, points_per_pixel=0.36)
    testimony = read_code(witness)
    assert testimony is not None
    stated = {name: candidate.value for name, candidate in testimony.candidates}
    assert (stated["seller_name"], stated["total"], stated["reference"]) == (payee, total, reference)
