"""A printed page as an office scanner returns it: one JPEG, a little askew, with the grain of paper and lamp."""

from io import BytesIO

import numpy as np
import pymupdf
from PIL import Image, ImageFilter

DOTS_PER_INCH = 200
SKEW_DEGREES = 0.6  # counter-clockwise
JPEG_QUALITY = 38
SEED = 20261106


def scan(pdf: bytes) -> bytes:
    """An image-only PDF of the first page."""
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        page = document[0]
        size = (page.rect.width, page.rect.height)
        pixels = page.get_pixmap(dpi=DOTS_PER_INCH)
    image = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
    image = image.rotate(SKEW_DEGREES, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    image = _with_grain(image.filter(ImageFilter.GaussianBlur(0.6)))
    jpeg = BytesIO()
    image.save(jpeg, "JPEG", quality=JPEG_QUALITY, optimize=True, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return _as_pdf(jpeg.getvalue(), size=size)


def _with_grain(image: Image.Image) -> Image.Image:
    """Paper a shade off white, a lamp that is weaker towards one edge, and noise from a fixed seed."""
    generator = np.random.default_rng(SEED)
    samples = np.asarray(image).astype(np.float32)
    height, width, _ = samples.shape
    paper = np.array([0.975, 0.97, 0.95], dtype=np.float32)
    lamp = np.linspace(1.0, 0.965, width, dtype=np.float32)[None, :, None]
    noise = generator.normal(0.0, 4.0, size=(height, width, 1)).astype(np.float32)
    return Image.fromarray(np.clip(samples * paper * lamp + noise, 0, 255).astype(np.uint8))


def _as_pdf(jpeg: bytes, *, size: tuple[float, float]) -> bytes:
    with pymupdf.open() as document:
        page = document.new_page(width=size[0], height=size[1])
        page.insert_image(page.rect, stream=jpeg)
        document.set_metadata({"producer": "Office scanner", "creationDate": "D:20261106091500Z"})
        return bytes(document.tobytes(no_new_id=True, deflate=True))
