"""OCR engines: one file each, one protocol, chosen by name.

An engine reads one upright page image. It is loaded once in the process that reads documents and never anywhere else:
importing this package imports no engine. Besides the names in `ENGINE_NAMES`, `package.module:ClassName` names an
engine of one's own with the same protocol.
"""

import threading
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RgbImage = NDArray[np.uint8]
ENGINE_NAMES: tuple[str, ...] = ("rapidocr", "easyocr", "tesseract")
DEFAULT_ENGINE = ENGINE_NAMES[0]

_loading = threading.RLock()
_versions: dict[str, str] = {}

_PATHS = {
    "rapidocr": "ocr.reading.engines.rapidocr_engine:RapidOcrEngine",
    "easyocr": "ocr.reading.engines.easyocr_engine:EasyOcrEngine",
    "tesseract": "ocr.reading.engines.tesseract_engine:TesseractEngine",
}


class EngineUnavailable(Exception):
    """The engine cannot be loaded here; `message` says what is missing and names the command that brings it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """One word in pixels of the image, origin top left; `confidence` is the engine's own figure, 0..1."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float


class OcrEngine(Protocol):
    """`languages` are ISO 639-1 codes that it can spell; `version` names the program and the weights."""

    name: str
    version: str
    languages: tuple[str, ...]

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        """The words of an RGB image (rows, columns, 3; uint8), in the engine's reading order."""
        ...


def load_engine(name: str) -> OcrEngine:
    """The engine of that name, loaded and kept; waits for a thread that loads it already. Raises EngineUnavailable."""
    with _loading:
        return _loaded(name)


def warm_engine(name: str) -> OcrEngine:
    """Loads the engine and has it read an empty page. Raises EngineUnavailable.

    The first page after loading costs twice as much as the next: memory is taken and kernels are chosen.
    """
    with _loading:
        engine = _loaded(name)
        engine.read(np.full((320, 640, 3), 255, np.uint8))
        return engine


def loaded_versions() -> list[str]:
    """The versions of the engines that this process has loaded by now; waits for none that is being loaded."""
    return list(_versions.values())


@cache
def _loaded(name: str) -> OcrEngine:
    path = _PATHS.get(name, name)
    module_name, _, class_name = path.partition(":")
    if not class_name:
        raise EngineUnavailable(f"There is no OCR engine {name!r}; choose one of: {', '.join(ENGINE_NAMES)}.")
    try:
        engine_class = getattr(import_module(module_name), class_name)
    except (ImportError, AttributeError) as error:
        raise EngineUnavailable(f"The OCR engine {name!r} cannot be imported: {error}.") from error
    engine: OcrEngine = engine_class()
    _versions[name] = engine.version
    return engine
