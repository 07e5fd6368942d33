"""QR codes on a page image, as payload text and place. Every payment code in use in Europe is a QR code:
Swiss QR-bill (SIX IG QR-bill), EPC069-12, and the national ones; other symbologies would cost five times the time."""

from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from ocr.reading.document import Box, CodeWitness

_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def find_codes(*, grey: NDArray[np.uint8], page: int, points_per_pixel: float) -> tuple[CodeWitness, ...]:
    """The readable QR codes of a grey page image (rows, columns); boxes come back in points."""
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey),
        formats=_FORMATS,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return tuple(
        CodeWitness(page=page, box=_box(code.position, points_per_pixel), symbology="QRCode", text=code.text)
        for code in found
        if code.valid and code.text
    )


def to_grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGB (rows, columns, 3) as luminance in integers: ITU-R BT.601 weights in 1/256."""
    red, green, blue = (image[:, :, channel].astype(np.uint16) for channel in range(3))
    return ((red * 77 + green * 150 + blue * 29) >> 8).astype(np.uint8)


def _box(position: Any, scale: float) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across = [corner.x * scale for corner in corners]
    down = [corner.y * scale for corner in corners]
    return Box(min(across), min(down), max(across), max(down))
