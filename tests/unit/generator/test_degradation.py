"""Scans are made of pages by pure functions: the same chance gives the same picture."""

import random
from typing import get_args

import numpy as np
import pymupdf
import pytest
from PIL import Image

from benchmarks.generator.degradation import KINDS, PRESETS, Kind, Preset, degrade, scanned
from benchmarks.generator.generation import GeneratedInvoice

DPI = 190


@pytest.fixture(scope="module")
def picture(invoices: list[GeneratedInvoice]) -> Image.Image:
    pixmap = pymupdf.open(stream=invoices[0].pdf, filetype="pdf")[0].get_pixmap(dpi=DPI)
    page = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
    return page.crop((0, 100, 600, 700))


def degraded(picture: Image.Image, kind: Kind, strength: float) -> Image.Image:
    chance = random.Random(5)  # noqa: S311  the same mishap at every run
    return degrade(image=picture, kind=kind, strength=strength, chance=chance, dpi=DPI)


def difference(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(np.asarray(one, np.float32) - np.asarray(other, np.float32)).mean())


def test_every_kind_is_listed() -> None:
    assert get_args(Kind) == KINDS
    assert get_args(Preset) == PRESETS


@pytest.mark.parametrize("kind", KINDS)
def test_a_mishap_leaves_the_size_and_grows_with_its_strength(picture: Image.Image, kind: Kind) -> None:
    before = picture.tobytes()
    light, heavy = degraded(picture, kind, 0.1), degraded(picture, kind, 0.9)

    assert light.size == heavy.size == picture.size
    assert light.mode == heavy.mode == "RGB"
    assert degraded(picture, kind, 0.9).tobytes() == heavy.tobytes()
    assert difference(heavy, picture) > difference(light, picture) * 1.01 > 0
    assert picture.tobytes() == before


@pytest.mark.parametrize("preset", PRESETS)
def test_a_scan_is_pictures_of_all_pages_and_the_same_for_the_same_seed(
    invoices: list[GeneratedInvoice], preset: Preset
) -> None:
    invoice = next(invoice for invoice in invoices if invoice.truth["pages"] == 2)
    scan = scanned(pdf=invoice.pdf, preset=preset, dpi=72, seed="s")
    document = pymupdf.open(stream=scan, filetype="pdf")

    assert document.page_count == 2
    assert not any(page.get_text().strip() for page in document.pages())
    assert all(len(page.get_images()) == 1 for page in document.pages())
    assert scanned(pdf=invoice.pdf, preset=preset, dpi=72, seed="s") == scan
    assert scanned(pdf=invoice.pdf, preset=preset, dpi=72, seed="t") != scan
