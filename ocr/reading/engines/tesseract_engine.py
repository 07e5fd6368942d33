"""Tesseract 5 through tesserocr, whose wheels carry the library; behind the extra `tesseract`. A cheap second opinion.

Its languages come from the system's packages, such as Debian's `tesseract-ocr-deu`: nothing is downloaded. Each file
is opened only if it is the published one, by its hash.
"""

import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from ocr.reading.engines import EngineUnavailable, RecognisedWord, RgbImage

INSTALL = (
    "pip install -r requirements-tesseract.lock && apt install tesseract-ocr-deu tesseract-ocr-eng tesseract-ocr-fra"
)
FOLDERS = tuple(
    Path(folder)
    for folder in (
        "/usr/share/tesseract-ocr/5/tessdata",  # Debian, Ubuntu
        "/usr/share/tessdata",  # Arch, openSUSE, Alpine
        "/usr/share/tesseract/tessdata",  # Fedora
        "/usr/local/share/tessdata",
        "/opt/homebrew/share/tessdata",
    )
)
"""Where packages put traineddata. The reader process may open no file outside of these and its own installation."""

LANGUAGES = {"deu": "de", "eng": "en", "fra": "fr"}
_SHA256 = {
    "deu": "19d219bbb6672c869d20a9636c6816a81eb9a71796cb93ebe0cb1530e2cdb22d",
    "eng": "7d4322bd2a7749724879683fc3912cb542f19906c83bcc1a52132556427170b2",
    "fra": "ced037562e8c80c13122dece28dd477d399af80911a28791a66a63ac1e3445ca",
}
"""Of `tessdata_fast` 4.1.0, which Debian and Ubuntu package."""

_POINTS_OF_LONG_SIDE = 842
_PLAUSIBLE_DPI = (150, 400)


class TesseractEngine:
    """Reads those of German, English and French whose traineddata is installed; see `languages`."""

    name = "tesseract"

    def __init__(self) -> None:
        try:
            import tesserocr
        except ImportError as error:
            raise EngineUnavailable(f"Tesseract is not installed ({error.name} is missing); run: {INSTALL}") from error
        installed = installed_languages()
        if not installed:
            raise EngineUnavailable(f"Tesseract has no language to read; run: {INSTALL}")
        for language, path in installed.items():
            _verify(path, _SHA256[language])
        self._library: Any = tesserocr
        self._api: Any = tesserocr.PyTessBaseAPI(
            path=str(next(iter(installed.values())).parent),
            lang="+".join(installed),
            psm=tesserocr.PSM.AUTO,
            oem=tesserocr.OEM.LSTM_ONLY,
        )
        self.languages = tuple(LANGUAGES[language] for language in installed)
        self.version = f"tesseract {self._api.Version()}, tesserocr {version('tesserocr')}, {'+'.join(installed)} fast"

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        height, width = image.shape[:2]
        self._api.SetImageBytes(np.ascontiguousarray(image).tobytes(), width, height, 3, 3 * width)
        dpi = round(max(height, width) * 72 / _POINTS_OF_LONG_SIDE)
        self._api.SetSourceResolution(min(max(dpi, _PLAUSIBLE_DPI[0]), _PLAUSIBLE_DPI[1]))
        try:
            self._api.Recognize()
            return tuple(self._words())
        finally:
            self._api.Clear()

    def _words(self) -> Iterator[RecognisedWord]:
        level = self._library.RIL.WORD
        found = self._api.GetIterator()
        if found is None or found.Empty(level):
            return
        for word in self._library.iterate_level(found, level):
            text, box = _text(word, level), word.BoundingBox(level)
            if text and box:
                x0, y0, x1, y1 = map(float, box)
                yield RecognisedWord(text, x0, y0, x1, y1, min(max(word.Confidence(level) / 100, 0.0), 1.0))


def installed_languages() -> Mapping[str, Path]:
    """The traineddata that can be read, by Tesseract's name of the language: those of one folder, as Tesseract looks
    into one only."""
    for folder in FOLDERS:
        found = {language: folder / f"{language}.traineddata" for language in LANGUAGES}
        if found := {language: path for language, path in found.items() if path.is_file()}:
            return found
    return {}


def _text(word: Any, level: Any) -> str:
    """tesserocr raises where Tesseract has seen something and can spell nothing."""
    try:
        return str(word.GetUTF8Text(level)).strip()
    except RuntimeError:
        return ""


def _verify(path: Path, sha256: str) -> None:
    """Raises EngineUnavailable unless the file is the one that is known."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EngineUnavailable(f"Tesseract's {path.name} cannot be opened; run: {INSTALL}") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EngineUnavailable(
            f"Tesseract's {path} is not that of tessdata_fast 4.1.0, which Debian and Ubuntu package; run: {INSTALL}"
        )
