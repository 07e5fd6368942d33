"""Invented invoices to send: drawn once and kept, each made unlike all others by bytes that no reader looks at."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pymupdf

from benchmarks.generator.degradation import scanned
from benchmarks.generator.generation import generate_one

SEED = 20_26
_number = itertools.count()


def digital_invoices(*, count: int, kept: Path) -> list[bytes]:
    """PDFs with a text layer, in many layouts and languages."""
    return [_kept(kept / f"digital-{SEED}-{index}.pdf", index, is_scan=False) for index in range(count)]


def scanned_pages(*, count: int, kept: Path) -> list[bytes]:
    """One page each as a picture at 200 dpi, from a good scanner."""
    return [_kept(kept / f"scan-{SEED}-{index}.pdf", index, is_scan=True) for index in range(count)]


def unlike(content: bytes) -> bytes:
    """The same document with other bytes behind its end, where readers do not look."""
    return content + b"\n%% %d %d %s\n" % (os.getpid(), next(_number), os.urandom(8).hex().encode())


def enlarged(content: bytes, *, size: int) -> bytes:
    """The same document with a stream in it that no page shows, so that it has about `size` bytes."""
    with pymupdf.open("pdf", content) as document:
        number = document.get_new_xref()
        document.update_object(number, "<<>>")
        document.update_stream(number, os.urandom(max(1, size - len(content))), compress=False)
        return bytes(document.tobytes())


def in_turn(documents: list[bytes]) -> Iterator[bytes]:
    for document in itertools.cycle(documents):
        yield unlike(document)


def _kept(path: Path, index: int, *, is_scan: bool) -> bytes:
    if path.exists():
        return path.read_bytes()
    content = generate_one(index=index, seed=SEED).pdf
    if is_scan:
        content = scanned(pdf=_first_page(content), preset="clean", dpi=200, seed=path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return content


def _first_page(content: bytes) -> bytes:
    with pymupdf.open("pdf", content) as document:
        document.select([0])
        return bytes(document.tobytes(garbage=3))
