"""RapidOCR with the PP-OCRv6 small models that its wheel carries, on ONNX Runtime with one thread."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnxruntime
import rapidocr
from PIL import Image

from ocr.reading.engines import EngineUnavailable, RecognisedWord, RgbImage
from ocr.reading.engines.latin_head import UnknownModel, cut_to_latin
from ocr.reading.engines.words import boxed_word, split_line

MODELS = ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx")
_LONGEST_SIDE = 1600  # of a page in the detector: 960 loses small print, the full 200 dpi gains nothing
_PAGE_ASPECT = 1.42  # a till receipt is longer than A4 and would be shrunk until nothing can be read
_MAX_ASPECT = 6.0
_LARGEST_ZOOM = 2.0


class RapidOcrEngine:
    """Reads Latin script with all accents."""

    name = "rapidocr"
    languages = ("de", "en", "fr", "it", "es", "nl", "pt", "pl", "cs", "sv", "da", "fi", "hu", "ro")

    def __init__(self) -> None:
        models = Path(rapidocr.__file__).parent / "models"
        missing = [name for name in MODELS if not (models / name).is_file()]
        if missing:
            # Without this check RapidOCR would try to download them.
            raise EngineUnavailable(
                f"RapidOCR's model files {', '.join(missing)} are missing; run: pip install --force-reinstall rapidocr"
            )
        self.version = f"rapidocr {version('rapidocr')}, onnxruntime {version('onnxruntime')}, PP-OCRv6 small"
        detector = models / MODELS[0]
        with TemporaryDirectory() as folder:
            recogniser = Path(folder) / "recogniser.onnx"
            try:
                recogniser.write_bytes(cut_to_latin(models / MODELS[1]))
                self.version += " Latin"
            except UnknownModel:
                recogniser = models / MODELS[1]
            self._ocr: Any = rapidocr.RapidOCR(params=_parameters(detector, recogniser))
            # Models are loaded on first use otherwise, when the file is gone again.
            self._detector = self._ocr._load_det_model()
            self._detector.session.session = _session(detector)
            self._ocr._load_rec_model().session.session = _session(recogniser)

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        zoom = min(_LONGEST_SIDE / max(image.shape[:2]), _LARGEST_ZOOM)
        if zoom > 1.05:
            words = self._read(_enlarged(image, zoom))
            return tuple(
                RecognisedWord(
                    word.text, word.x0 / zoom, word.y0 / zoom, word.x1 / zoom, word.y1 / zoom, word.confidence
                )
                for word in words
            )
        return self._read(image)

    def _read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        height, width = image.shape[:2]
        aspect = min(max(height, width) / min(height, width), _MAX_ASPECT)
        # The detector looks at this attribute anew for every image.
        self._detector.limit_side_len = round(_LONGEST_SIDE * max(aspect / _PAGE_ASPECT, 1.0) ** 0.5)
        found = self._ocr(np.ascontiguousarray(image[:, :, ::-1]), return_word_box=True)
        if found.boxes is None or found.txts is None:
            return ()
        placed = iter(found.word_results or ())
        pieces = next(placed, None)
        words: list[RecognisedWord] = []
        for text, corners, confidence in zip(found.txts, found.boxes, found.scores, strict=True):
            # RapidOCR leaves lines whose words it could not place out of `word_results`.
            if _spells(pieces, text):
                words.extend(_placed_words(text, pieces, confidence))
                pieces = next(placed, None)
            else:
                words.extend(split_line(text=text, corners=corners, confidence=confidence))
        return tuple(words)


def _enlarged(image: RgbImage, zoom: float) -> RgbImage:
    """Bicubic, as the detector overlooks letters of few pixels: at 96 dpi two values in a hundred."""
    height, width = image.shape[:2]
    size = (round(width * zoom), round(height * zoom))
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC))


def _spells(pieces: Any, text: str) -> bool:
    try:
        return "".join(piece[0] for piece in pieces) == "".join(text.split())
    except TypeError:
        return False


def _placed_words(text: str, pieces: Any, confidence: float) -> Iterator[RecognisedWord]:
    """One word for each blank-separated part of the text, or several where it has gaps as wide as a letter is high.

    RapidOCR knows where in the line each character was seen, which holds even where a label and its value were taken
    as one line with a wide gap between them; but it takes spaced letters apart, and these are joined again.
    """
    remaining = iter(pieces)
    for part in text.split():
        spelled = ""
        corners: list[tuple[str, Any]] = []
        while len(spelled) + sum(len(piece) for piece, _ in corners) < len(part):
            piece, _, quad = next(remaining)
            if corners and _gap(corners[-1][1], quad) > _height(quad):
                yield _joined(corners, confidence)
                spelled += "".join(piece for piece, _ in corners)
                corners = []
            corners.append((piece, quad))
        if corners:
            yield _joined(corners, confidence)


def _joined(parts: list[tuple[str, Any]], confidence: float) -> RecognisedWord:
    text = "".join(piece for piece, _ in parts)
    return boxed_word(text=text, corners=[corner for _, quad in parts for corner in quad], confidence=confidence)


def _gap(before: Any, after: Any) -> float:
    return float(max(after[0][0] - before[1][0], after[0][1] - before[2][1]))


def _height(quad: Any) -> float:
    return float(min(abs(quad[2][1] - quad[0][1]), abs(quad[1][0] - quad[0][0])) or 1.0)


def _session(model: Path) -> onnxruntime.InferenceSession:
    """The model with options that RapidOCR has no names for: without a memory pattern for every shape of input the
    process takes a third less, in the same time."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = True
    options.enable_mem_pattern = False
    provider = ("CPUExecutionProvider", {"arena_extend_strategy": "kSameAsRequested"})
    return onnxruntime.InferenceSession(str(model), options, providers=[provider])


def _parameters(detector: Path, recogniser: Path) -> dict[str, Any]:
    return {
        "Global.use_cls": False,  # costs time and turns lines that were upright
        "Global.log_level": "error",
        "Global.max_side_len": 10_000,  # lines are cut out of the page at its own resolution
        "Det.model_path": str(detector),
        "Rec.model_path": str(recogniser),
        "Det.limit_type": "max",
        "Det.limit_side_len": _LONGEST_SIDE,
    }
