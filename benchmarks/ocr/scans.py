"""Scans made from digital documents: pages as pictures, clean or as a mediocre scanner would deliver them."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
from PIL import Image, ImageFilter

from benchmarks.ocr.tokens import PlacedWord

_POINTS_PER_INCH = 72
_FEWEST_WORDS = 30
_MAX_PAGES_PER_DOCUMENT = 2
_ODD_SHARE = 0.02
_LARGEST_SKEW = 0.6  # degrees


@dataclass(frozen=True, slots=True)
class DigitalPage:
    """A page whose words are known; the place in the folder names it."""

    path: Path
    index: int
    words: tuple[PlacedWord, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """A PDF of one picture. `skew` is by how many radians the page was turned counter-clockwise around its centre,
    which lies at `centre` in points."""

    content: bytes
    skew: float
    centre: tuple[float, float]

    def straightened(self, word: PlacedWord) -> PlacedWord:
        """The word where it was printed, before the page was turned."""
        across, down = word.left - self.centre[0], (word.top + word.bottom) / 2 - self.centre[1]
        left = across * math.cos(self.skew) - down * math.sin(self.skew) + self.centre[0]
        middle = across * math.sin(self.skew) + down * math.cos(self.skew) + self.centre[1]
        half = (word.bottom - word.top) / 2
        return PlacedWord(word.text, left, middle - half, middle + half)


def digital_pages(folder: Path) -> Iterator[DigitalPage]:
    """The first two pages of every PDF under the folder that carry readable text of their own, upright."""
    for path in sorted(folder.rglob("*.pdf")):
        with pymupdf.open(path) as document:
            for index in range(min(document.page_count, _MAX_PAGES_PER_DOCUMENT)):
                page = document[index]
                words = tuple(PlacedWord(text, x0, y0, y1) for x0, y0, _, y1, text, *_ in page.get_text("words"))
                if len(words) >= _FEWEST_WORDS and not page.rotation and _is_printed(page, words):
                    yield DigitalPage(path, index, words)


def scan(*, page: DigitalPage, dpi: int, is_degraded: bool) -> Scan:
    """The page as a picture; the same page, resolution and quality give the same bytes."""
    with pymupdf.open(page.path) as document:
        pixmap = document[page.index].get_pixmap(dpi=dpi, colorspace=pymupdf.csRGB, alpha=False)
        rect = document[page.index].rect
    picture = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
    skew = 0.0
    if is_degraded:
        chance = random.Random(f"{page.path.name} {page.index} {dpi}")  # noqa: S311  the same scan at every run
        skew = math.radians(chance.uniform(-_LARGEST_SKEW, _LARGEST_SKEW))
        picture = as_mediocre_scan(picture, dpi=dpi, skew=skew, chance=chance)
    scanned = pymupdf.open()
    sheet = scanned.new_page(width=rect.width, height=rect.height)
    sheet.insert_image(sheet.rect, pixmap=pymupdf.Pixmap(pymupdf.csRGB, *picture.size, picture.tobytes(), False))
    return Scan(scanned.tobytes(deflate=True), skew, (rect.width / 2, rect.height / 2))


def as_mediocre_scan(picture: Image.Image, *, dpi: int, skew: float, chance: random.Random) -> Image.Image:
    """A little askew, a little out of focus, greyish, with sensor noise and without colours; `skew` in radians."""
    turned = picture.convert("L").rotate(math.degrees(skew), Image.Resampling.BICUBIC, fillcolor=255)
    soft = turned.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 0.7) * dpi / 200))
    noise = np.random.default_rng(chance.randrange(2**32)).normal(0, chance.uniform(4, 9), (soft.height, soft.width))
    ink, paper = chance.uniform(15, 45), chance.uniform(225, 245)
    grey = np.asarray(soft, np.float32) / 255 * (paper - ink) + ink + noise
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).convert("RGB")


def _is_printed(page: Any, words: tuple[PlacedWord, ...]) -> bool:
    """False where the text is a scanner's own reading under a picture, or has no mapping to Unicode."""
    text = "".join(word.text for word in words)
    odd = sum(character == "\ufffd" or "\ue000" <= character <= "\uf8ff" for character in text)
    hidden = any(span["type"] == 3 for span in page.get_texttrace())
    return odd <= len(text) * _ODD_SHARE and not hidden
