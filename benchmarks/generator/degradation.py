"""What happens to a page between the printer and the reader: pure functions on pictures, and two presets.

The mediocre scanner is that of `benchmarks.ocr.scans`; here are the other mishaps.
"""

import io
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from benchmarks.ocr.scans import as_mediocre_scan

Kind = Literal[
    "skew", "blur", "noise", "jpeg", "fold", "stamp", "low_resolution", "uneven_light", "faded", "scanner", "photocopy"
]
Preset = Literal["clean", "degraded"]
PRESETS: tuple[Preset, ...] = ("clean", "degraded")

KINDS: tuple[Kind, ...] = (
    "skew",
    "blur",
    "noise",
    "jpeg",
    "fold",
    "stamp",
    "low_resolution",
    "uneven_light",
    "faded",
    "scanner",
    "photocopy",
)
_WHITE = (255, 255, 255)
_STAMPS = ("EINGEGANGEN", "BEZAHLT", "RECEIVED", "COPY", "GEBUCHT", "PAYE LE", "INGEKOMEN", "KOPIE", "PAID")
_QUALITY = {"clean": (88, 94), "degraded": (45, 70)}


@dataclass(frozen=True, slots=True)
class Mishap:
    strength: float
    chance: random.Random
    dpi: int


def degrade(*, image: Image.Image, kind: Kind, strength: float, chance: random.Random, dpi: int = 200) -> Image.Image:
    """The RGB picture after one mishap, as large as before. `strength` runs from 0, hardly to be seen, to 1, as bad as
    a document that a person would still accept; the same `chance` gives the same picture."""
    return _MAKERS[kind](image, Mishap(strength, chance, dpi))


def scanned(*, pdf: bytes, preset: Preset, dpi: int, seed: str) -> bytes:
    """A PDF of pictures: each page as a good scanner gives it, or with some mishaps. The same seed, same bytes."""
    chance = random.Random(f"{seed} {preset} {dpi}")  # noqa: S311  the same scan at every run
    scans = pymupdf.open()
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        for page in document.pages():
            pixmap = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csRGB, alpha=False)
            picture = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
            for kind, strength in _mishaps(preset, chance):
                picture = degrade(image=picture, kind=kind, strength=strength, chance=chance, dpi=dpi)
            stored = io.BytesIO()
            picture.save(stored, "JPEG", quality=chance.randint(*_QUALITY[preset]))
            sheet = scans.new_page(width=page.rect.width, height=page.rect.height)
            sheet.insert_image(sheet.rect, stream=stored.getvalue())
    return bytes(scans.tobytes(garbage=3, deflate=True, no_new_id=True))


def _mishaps(preset: Preset, chance: random.Random) -> list[tuple[Kind, float]]:
    """A clean scan has a trace of blur and noise. A degraded one has been through the mediocre scanner, or through a
    few mishaps of moderate strength, in the order in which they happen to paper."""
    if preset == "clean":
        return [("blur", 0.05), ("noise", 0.05)]
    before: list[Kind] = [kind for kind in ("fold", "stamp", "faded") if chance.random() < 0.25]
    if chance.random() < 0.4:
        return [*((kind, chance.uniform(0.2, 0.7)) for kind in before), ("scanner", 0.5)]
    after: list[Kind] = [kind for kind in ("uneven_light", "low_resolution", "blur") if chance.random() < 0.4]
    kinds: list[Kind] = [*before, "skew", *after, "noise"]
    return [(kind, chance.uniform(0.1, 0.6)) for kind in kinds]


def _skew(image: Image.Image, how: Mishap) -> Image.Image:
    """By up to three degrees either way."""
    degrees = 3 * how.strength * how.chance.choice((-1, 1)) * how.chance.uniform(0.6, 1)
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=_WHITE)


def _blur(image: Image.Image, how: Mishap) -> Image.Image:
    """Out of focus, by more pixels at a higher resolution."""
    return image.filter(ImageFilter.GaussianBlur((0.2 + 1.3 * how.strength) * how.dpi / 200))


def _noise(image: Image.Image, how: Mishap) -> Image.Image:
    seen = np.asarray(image, np.float32)
    noise = _numbers(how.chance).normal(0, 2 + 16 * how.strength, (*seen.shape[:2], 1)).astype(np.float32)
    return _picture(seen + noise)


def _jpeg(image: Image.Image, how: Mishap) -> Image.Image:
    """Stored at quality 90 down to 15, and read again."""
    stored = io.BytesIO()
    image.save(stored, "JPEG", quality=round(90 - 75 * how.strength))
    return Image.open(stored).convert("RGB")


def _fold(image: Image.Image, how: Mishap) -> Image.Image:
    """The shadows of a letter folded in three, a little out of place, dark above the crease and light below."""
    seen = np.asarray(image, np.float32)
    height = seen.shape[0]
    rows = np.arange(height, dtype=np.float32)
    light = np.ones(height, np.float32)
    for third in (1 / 3, 2 / 3):
        crease = height * (third + how.chance.uniform(-0.02, 0.02))
        width = how.dpi * how.chance.uniform(0.05, 0.25)
        light -= (0.1 + 0.35 * how.strength) * np.exp(-(((rows - crease) / width) ** 2)) * (rows < crease)
        light -= 0.25 * how.strength * np.exp(-((rows - crease) ** 2) / 4)
    return _picture(seen * light[:, None, None])


def _stamp(image: Image.Image, how: Mishap) -> Image.Image:
    """A rubber stamp in red or blue, aslant, over whatever stands there; its ink lets the print show through."""
    text = how.chance.choice(_STAMPS)
    font = ImageFont.load_default(size=how.dpi * how.chance.uniform(0.14, 0.26))
    left, top, right, bottom = font.getbbox(text)
    pad = how.dpi // 12
    size = (math.ceil(right - left) + 2 * pad, math.ceil(bottom - top) + 2 * pad)
    mask = Image.new("L", size, 0)
    pen = ImageDraw.Draw(mask)
    pen.text((pad - left, pad - top), text, fill=255, font=font)
    pen.rectangle((2, 2, size[0] - 3, size[1] - 3), outline=255, width=max(2, how.dpi // 70))
    mask = mask.rotate(how.chance.uniform(-20, 20), Image.Resampling.BICUBIC, expand=True)
    ink = np.array(how.chance.choice(((170, 25, 40), (30, 50, 150), (60, 60, 60))), np.float32) / 255
    x = how.chance.randrange(max(1, image.width - mask.width))
    y = how.chance.randrange(max(1, image.height - mask.height))
    cover = np.zeros((image.height, image.width), np.float32)
    part = np.asarray(mask, np.float32)[: image.height - y, : image.width - x] / 255
    cover[y : y + part.shape[0], x : x + part.shape[1]] = part * (0.35 + 0.5 * how.strength)
    return _picture(np.asarray(image, np.float32) * (1 - cover[..., None] * (1 - ink)))


def _low_resolution(image: Image.Image, how: Mishap) -> Image.Image:
    """Seen at as little as 90 dpi and enlarged again."""
    seen_at = min(float(how.dpi), max(90.0, 200.0 * (1 - 0.55 * how.strength)))
    small = (max(1, round(image.width * seen_at / how.dpi)), max(1, round(image.height * seen_at / how.dpi)))
    return image.resize(small, Image.Resampling.BOX).resize(image.size, Image.Resampling.BICUBIC)


def _uneven_light(image: Image.Image, how: Mishap) -> Image.Image:
    """Paler paper and a lamp that falls off towards one side, as on a photograph."""
    direction = how.chance.uniform(0, 2 * math.pi)
    across = np.linspace(-1, 1, image.width, dtype=np.float32)[None, :] * math.cos(direction)
    down = np.linspace(-1, 1, image.height, dtype=np.float32)[:, None] * math.sin(direction)
    light = 1 - 0.04 - 0.28 * how.strength * (1 + across + down) / 2
    paper = np.array([1.0, how.chance.uniform(0.96, 1), how.chance.uniform(0.9, 1)], np.float32)
    return _picture(np.asarray(image, np.float32) * light[..., None] * paper)


def _faded(image: Image.Image, how: Mishap) -> Image.Image:
    """Ink that is running out."""
    seen = np.asarray(image, np.float32)
    return _picture(255 - (255 - seen) * (1 - 0.6 * how.strength))


def _scanner(image: Image.Image, how: Mishap) -> Image.Image:
    skew = math.radians(1.2 * how.strength * how.chance.uniform(-1, 1))
    return as_mediocre_scan(image, dpi=how.dpi, skew=skew, chance=how.chance)


def _photocopy(image: Image.Image, how: Mishap) -> Image.Image:
    """Black and white only, with specks."""
    grey = np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(0.5 * how.dpi / 200)), np.float32)
    numbers = _numbers(how.chance)
    black = grey + numbers.normal(0, 5 + 25 * how.strength, grey.shape) < 150
    specks = numbers.random(grey.shape) < 0.0004 * how.strength
    return Image.fromarray(np.where(black | specks, 0, 255).astype(np.uint8)).convert("RGB")


def _numbers(chance: random.Random) -> np.random.Generator:
    return np.random.default_rng(chance.randrange(2**32))


def _picture(values: NDArray[np.floating[Any]]) -> Image.Image:
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


_MAKERS: dict[Kind, Callable[[Image.Image, Mishap], Image.Image]] = {
    "skew": _skew,
    "blur": _blur,
    "noise": _noise,
    "jpeg": _jpeg,
    "fold": _fold,
    "stamp": _stamp,
    "low_resolution": _low_resolution,
    "uneven_light": _uneven_light,
    "faded": _faded,
    "scanner": _scanner,
    "photocopy": _photocopy,
}
