"""Readings that are kept: OCR is the costly part, and a change of extraction does not change what was read."""

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.accuracy.variants import EDITION, Variant, variant_of
from ocr.extraction.fields import KnownPayer
from ocr.extraction.second_look import regions_to_read_again
from ocr.reading.document import DocumentText, UnreadableDocument, document_from_plain
from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox

_PROJECT = Path(__file__).resolve().parents[2]
_WHAT_READS = (
    "pymupdf",
    "rapidocr",
    "onnxruntime",
    "openvino",
    "opencv-python-headless",
    "pillow",
    "zxing-cpp",
    "lxml",
)
_PATIENT = ReadingLimits(cpu_seconds=600, wall_seconds=1200.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """`document` is None where the document cannot be read; `error` says why then."""

    document: DocumentText | None
    error: str = ""


class KeptReadings:
    """Reads documents in the confined child, as the service does, and each only once.

    A reading is kept under the digest of the document, its variant, and all that a reading depends on: the code of
    `ocr/reading`, the engine, the versions of the libraries. With `is_lenient` one of older code is taken as well.
    """

    def __init__(self, *, folder: Path, engine: str, is_lenient: bool = False) -> None:
        self._folder = folder
        self._engine = engine
        self._is_lenient = is_lenient
        self._sandbox = ReadingSandbox(engine_name=engine, limits=_PATIENT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sandbox.close()

    def read(self, *, content: bytes, variant: Variant, on_miss: Callable[[], None] = lambda: None) -> Reading:
        """The kept reading, or a new one. Raises EngineUnavailable."""

        def read_anew() -> Reading:
            on_miss()
            try:
                return Reading(self._sandbox.read(variant_of(content=content, variant=variant)).document)
            except UnreadableDocument as error:
                return Reading(None, error.code)

        return self._kept(_name(content, variant), read_anew)

    def read_again(self, *, content: bytes, variant: Variant, reading: Reading, payer: KnownPayer) -> Reading:
        """The reading with what a second look at its doubtful regions saw, as the pipeline takes one."""
        document = reading.document
        if document is None or not any(page.source == "ocr" for page in document.pages):
            return reading
        regions = regions_to_read_again(document=document, payer=payer)
        if not regions:
            return reading

        def look_again() -> Reading:
            form = variant_of(content=content, variant=variant)
            return Reading(self._sandbox.read_again(content=form, document=document, regions=regions)[0])

        places = hashlib.sha256(repr(regions).encode()).hexdigest()[:16]
        return self._kept(f"{_name(content, variant)}-{places}", look_again)

    def _kept(self, name: str, make: Callable[[], Reading]) -> Reading:
        kept = self._folder / f"{name}.{reading_code(self._engine)[:16]}.json.z"
        found = kept if kept.is_file() else self._older(name)
        if found is not None:
            return _unpacked(found.read_bytes())
        reading = make()
        self._folder.mkdir(parents=True, exist_ok=True)
        being_written = kept.with_suffix(".new")
        being_written.write_bytes(_packed(reading))
        being_written.replace(kept)
        return reading

    def _older(self, name: str) -> Path | None:
        if not self._is_lenient:
            return None
        return max(self._folder.glob(f"{name}.*.json.z"), key=lambda path: path.stat().st_mtime, default=None)


def _name(content: bytes, variant: Variant) -> str:
    return f"{hashlib.sha256(content).hexdigest()}-{variant}-{EDITION}"


@cache
def reading_code(engine: str) -> str:
    """A digest of everything that decides what a reading is."""
    digest = hashlib.sha256(engine.encode())
    for path in sorted((_PROJECT / "ocr" / "reading").rglob("*.py")):
        digest.update(path.read_bytes())
    for package in _WHAT_READS:
        try:
            digest.update(f"{package} {version(package)}".encode())
        except PackageNotFoundError:
            digest.update(f"{package} is not here".encode())
    return digest.hexdigest()


def _packed(reading: Reading) -> bytes:
    plain = {"document": reading.document.to_plain() if reading.document else None, "error": reading.error}
    return zlib.compress(json.dumps(plain).encode(), 6)


def _unpacked(content: bytes) -> Reading:
    plain = json.loads(zlib.decompress(content))
    return Reading(document_from_plain(plain["document"]) if plain["document"] else None, plain["error"])
