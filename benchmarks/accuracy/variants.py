"""The forms that a document of known truth is read in: as it is, without its e-invoice, and as a scan."""

import hashlib
import io
import math
from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
import pymupdf
from PIL import Image, ImageFilter

Variant = Literal["as_is", "no_xml", "scan_clean", "scan_degraded"]

EDITION = "1"
"""To be raised when a variant comes out differently: readings of the earlier one are not taken any more."""

SCAN_DPI = 200
_MAX_PAGES = 5
_ATTACHED_TO_THE_PAGE = 17  # FileAttachment, as MuPDF numbers annotations
_MAX_PIXELS = 7000
_LARGEST_TURN = 1.0  # degrees


def variant_of(*, content: bytes, variant: Variant) -> bytes:
    """The document's bytes in that form; the same bytes give the same bytes."""
    return _MAKERS[variant](content)


def _without_xml(content: bytes) -> bytes:
    """The PDF without its attachments, so that what is printed has to be read."""
    with pymupdf.open(stream=content, filetype="pdf") as document:
        for name in list(document.embfile_names()):
            document.embfile_del(name)
        document.xref_set_key(document.pdf_catalog(), "AF", "null")
        for page in document:
            for annotation in list(page.annots(types=[_ATTACHED_TO_THE_PAGE])):
                page.delete_annot(annotation)
        stripped: bytes = document.tobytes(garbage=3, deflate=True)
    return stripped


def _scanned_cleanly(content: bytes) -> bytes:
    return _scan(content, None)


def _scanned_badly(content: bytes) -> bytes:
    seed = hashlib.sha256(content).digest()[:8]

    def chance(page: int) -> np.random.Generator:
        return np.random.default_rng([int.from_bytes(seed, "big"), page])

    return _scan(content, chance)


def _scan(content: bytes, chance: Callable[[int], np.random.Generator] | None) -> bytes:
    """The first pages as pictures and nothing else, as a scanner stores them: JPEG in a PDF."""
    scanned = pymupdf.open()
    for index, (picture, width, height) in enumerate(_pictures(content)):
        encoded = io.BytesIO()
        if chance is None:
            picture.save(encoded, "JPEG", quality=90)
        else:
            _degraded(picture, chance(index)).save(encoded, "JPEG", quality=60)
        page = scanned.new_page(width=width, height=height)
        page.insert_image(page.rect, stream=encoded.getvalue())
    pdf: bytes = scanned.tobytes(garbage=3, deflate=True)
    return pdf


def _pictures(content: bytes) -> Iterator[tuple[Image.Image, float, float]]:
    """Each page with its width and height in points."""
    with pymupdf.open(stream=content, filetype="pdf") as document:
        for index in range(min(document.page_count, _MAX_PAGES)):
            page = document[index]
            zoom = min(SCAN_DPI / 72, _MAX_PIXELS / max(page.rect.width, page.rect.height))
            pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
            picture = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
            yield picture, page.rect.width, page.rect.height


def _degraded(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """What an office scanner does to paper: a turn of up to one degree, softness, uneven light on paper that is not
    quite white, sensor noise, and half of the time no colours."""
    turn = chance.uniform(-_LARGEST_TURN, _LARGEST_TURN)
    softness = chance.uniform(0.4, 0.9)
    turned = picture.rotate(turn, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(softness)), np.float32)
    height, width = soft.shape[:2]
    direction, strength = chance.uniform(0, 2 * math.pi), chance.uniform(0, 0.06)
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * math.cos(direction)
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * math.sin(direction)
    light = (1 + strength * (across + down)) * chance.uniform(0.94, 1.0)
    paper = np.array([1.0, chance.uniform(0.97, 1.0), chance.uniform(0.93, 1.0)], np.float32)
    noise = chance.normal(0, chance.uniform(4, 8), (height, width, 1)).astype(np.float32)
    seen = soft * light[..., None] * paper + noise
    if chance.random() < 0.5:
        seen = seen.mean(axis=2, keepdims=True).repeat(3, axis=2)
    return Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))


_MAKERS: dict[Variant, Callable[[bytes], bytes]] = {
    "as_is": lambda content: content,
    "no_xml": _without_xml,
    "scan_clean": _scanned_cleanly,
    "scan_degraded": _scanned_badly,
}
