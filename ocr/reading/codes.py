"""QR and PDF417 codes on a page image, as payload text and place.

The payment codes of Europe are QR codes (Swiss QR-bill, EPC069-12 and the national ones), but for the Croatian HUB3,
which is a PDF417 code. Other symbologies would cost several times the time and carry no payment.
"""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from ocr.reading.code_regions import Region, code_like_regions
from ocr.reading.code_text import text_of_payload
from ocr.reading.document import Box, CodeWitness

Grey = NDArray[np.uint8]

_QR_CODE = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
# Looking for PDF417 takes twice the time of looking for QR codes: it is done only where something is like a code.
_BOTH = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.PDF417])
_NAMES = {"QR Code": "QRCode", "QR Code Model 1": "QRCode", "QR Code Model 2": "QRCode", "PDF417": "PDF417"}
# The decoder finds a PDF417 code only within a few degrees of the axes, and a QR code at any angle.
_TURNS = (5, -5, 10, -10, 15, -15, 20, -20, 25, -25, 30, -30, 35, -35, 40, -40, 45)
_PAPER = 255
# To be read again on one page, about a second's work; a PDF417 code of the usual size at any angle takes half of it.
_MOST_PIXELS = 48_000_000
_LARGEST_VERSION = 4_000_000
_MARGIN = 72  # pixels around a region: what its blocks leave out of the code, and the quiet zone


def find_codes(*, grey: Grey, page: int, points_per_pixel: float) -> tuple[CodeWitness, ...]:
    """The readable codes of a grey page image (rows, columns); boxes come back in points.

    Places that look like a code and gave no QR code are read again, as PDF417 too, larger and turned.
    """
    page_image = np.ascontiguousarray(grey)
    found = [(code, _corners(code)) for code in _decoded(page_image, _QR_CODE)]
    regions = (region for region in code_like_regions(page_image) if not any(_touches(region, at) for _, at in found))
    pixels = _MOST_PIXELS
    for region in regions:
        codes, spent = _decoded_closer(page_image, region, pixels)
        found.extend(codes)
        pixels -= spent
    return tuple(
        CodeWitness(page=page, box=_box(corners, points_per_pixel), symbology=_NAMES[str(code.format)], text=text)
        for code, corners in found
        if (text := text_of_payload(payload=bytes(code.bytes), guess=code.text))
    )


def to_grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGB (rows, columns, 3) as luminance with the weights of ITU-R BT.601."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def _decoded(image: Grey, formats: zxingcpp.BarcodeFormats) -> list[Any]:
    found = zxingcpp.read_barcodes(image, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return [code for code in found if code.valid and code.bytes and str(code.format) in _NAMES]


def _decoded_closer(
    page_image: Grey, region: Region, most_pixels: int
) -> tuple[list[tuple[Any, NDArray[np.float64]]], int]:
    """The codes in one place of the page with their corners on the page, and how many pixels were read for them."""
    left, top = max(0, region.left - _MARGIN), max(0, region.top - _MARGIN)
    crop = Image.fromarray(page_image[top : region.bottom + _MARGIN, left : region.right + _MARGIN])
    # The crop may have been enlarged and turned: the region is as good a place of the code as anyone needs.
    place = np.array([(region.left, region.top), (region.right, region.bottom)], dtype=np.float64)
    spent = 0
    for image in _versions(crop):
        spent += image.width * image.height
        if spent > most_pixels:
            break
        if codes := _decoded(np.asarray(image), _BOTH):
            return [(code, place) for code in codes], spent
    return [], spent


def _versions(crop: Image.Image) -> Iterator[Image.Image]:
    """The crop as it is, enlarged, and turned; those that are not too large."""
    yield crop
    for factor in (2, 3):
        if crop.width * crop.height * factor**2 <= _LARGEST_VERSION:
            yield crop.resize((crop.width * factor, crop.height * factor), Image.Resampling.BICUBIC)
    factor = 2 if crop.width * crop.height * 8 <= _LARGEST_VERSION else 1
    if crop.width * crop.height <= _LARGEST_VERSION:
        image = crop.resize((crop.width * factor, crop.height * factor), Image.Resampling.BICUBIC)
        for degrees in _TURNS:
            yield image.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=_PAPER)


def _corners(code: Any) -> NDArray[np.float64]:
    at = code.position
    corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    return np.array([(corner.x, corner.y) for corner in corners], dtype=np.float64)


def _touches(region: Region, corners: NDArray[np.float64]) -> bool:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return bool(left < region.right and right > region.left and top < region.bottom and bottom > region.top)


def _box(corners: NDArray[np.float64], scale: float) -> Box:
    (left, top), (right, bottom) = corners.min(axis=0) * scale, corners.max(axis=0) * scale
    return Box(float(left), float(top), float(right), float(bottom))
