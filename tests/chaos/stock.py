"""The documents of the load: small, invented, and no two alike."""

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pymupdf
from PIL import Image, ImageOps

from tests import documents
from tests.unit.extraction import einvoice_samples

# Of a thousand documents. Poison comes apart from them: so many documents hold one.
SHARES = {"cii": 400, "ubl": 200, "pdf": 385, "image": 10, "unreadable": 5}
IMAGE_DPI = 110


@dataclass(frozen=True, slots=True)
class Document:
    """`is_fine` when it can be read and therefore has to end as finished."""

    number: int
    kind: str
    content: bytes
    is_fine: bool


def stock(*, seed: int, count: int, poisoned: frozenset[int] = frozenset()) -> Iterator[Document]:
    """So many documents, each made when it is asked for; those with a number in `poisoned` kill their reader."""
    chance = random.Random(f"documents {seed}")  # noqa: S311  the same documents at every run
    kinds = list(SHARES)
    for number in range(count):
        (kind,) = chance.choices(kinds, weights=list(SHARES.values()))
        kind = "poison" if number in poisoned else kind
        content = _MAKERS[kind](f"C{seed}-{number:06d}")
        yield Document(number, kind, content, is_fine=kind not in ("poison", "unreadable"))


def _pdf(invoice_number: str) -> bytes:
    with pymupdf.open() as pdf:
        _write_page(pdf, invoice_number)
        content: bytes = pdf.tobytes(no_new_id=True)
        return content


def _write_page(pdf: pymupdf.Document, invoice_number: str) -> None:
    page = pdf.new_page(width=595, height=842)
    for x, y, size, text in documents.INVOICE_LINES:
        page.insert_text((x, y), text.replace("INV-2026-0417", invoice_number), fontsize=size)


def _image(invoice_number: str) -> bytes:
    with pymupdf.open() as pdf:
        _write_page(pdf, invoice_number)
        content: bytes = pdf[0].get_pixmap(dpi=IMAGE_DPI, colorspace=pymupdf.csGRAY).tobytes("png")
        return content


def _unreadable(invoice_number: str) -> bytes:
    with pymupdf.open("pdf", _pdf(invoice_number)) as pdf:
        content: bytes = pdf.tobytes(encryption=documents.AES_256, user_pw="secret", owner_pw="secret")
        return content


def _cii(invoice_number: str) -> bytes:
    return einvoice_samples.files(invoice_number)[0]


def _ubl(invoice_number: str) -> bytes:
    return einvoice_samples.files(invoice_number)[1]


def _poison(invoice_number: str) -> bytes:
    """A page in white on black, at which `FragileEngine` dies."""
    with Image.open(io.BytesIO(_image(invoice_number))) as picture, io.BytesIO() as out:
        ImageOps.invert(picture).save(out, "PNG")
        return out.getvalue()


_MAKERS: dict[str, Callable[[str], bytes]] = {
    "cii": _cii,
    "ubl": _ubl,
    "pdf": _pdf,
    "image": _image,
    "unreadable": _unreadable,
    "poison": _poison,
}
