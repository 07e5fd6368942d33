"""RapidOCR with PP-OCRv6's tiny and small models, on one thread of the fastest runtime of this machine."""

from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from typing import Any

import numpy as np
from PIL import Image
from rapidocr.cal_rec_boxes import CalRecBoxes
from rapidocr.ch_ppocr_rec.typings import TextRecOutput

from ocr.reading.engines import RecognisedWord, RgbImage
from ocr.reading.engines.latin_head import UnknownModel, characters_of, cut_to_latin, with_characters
from ocr.reading.engines.lines import Detector, Recogniser, SpelledLine
from ocr.reading.engines.model_files import SMALL_RECOGNISER, TINY_CHARACTERS, TINY_DETECTOR, TINY_RECOGNISER
from ocr.reading.engines.networks import fastest_runtime, open_network, runtime_version
from ocr.reading.engines.two_speeds import TwoSpeedRecogniser
from ocr.reading.engines.words import boxed_word, split_line

_LONGEST_SIDE = 1280  # of a page in the detector: 960 loses small print, the full 200 dpi gains little for its cost
_ENLARGED_SIDE = 1600
_PAGE_ASPECT = 1.42  # a till receipt is longer than A4 and would be shrunk until nothing can be read
_MAX_ASPECT = 6.0
_LARGEST_ZOOM = 2.0
_LEAST_CONFIDENCE = 0.5
_PLACE_WORDS = CalRecBoxes()


class RapidOcrEngine:
    """Reads Latin script with all accents."""

    name = "rapidocr"
    languages = ("de", "en", "fr", "it", "es", "nl", "pt", "pl", "cs", "sv", "da", "no", "fi", "hu", "ro")
    runtime: str | None = None  # the fastest

    def __init__(self) -> None:
        runtime = self.runtime or fastest_runtime()
        self.version = f"rapidocr {version('rapidocr')}, {runtime_version(runtime)}, PP-OCRv6 tiny and small"
        tiny = with_characters(TINY_RECOGNISER.read(), TINY_CHARACTERS.read().decode().splitlines())
        self._detector = Detector(open_network(model=TINY_DETECTOR.read(), runtime=runtime))
        self._recogniser = TwoSpeedRecogniser(
            quick=_recogniser(tiny, runtime), careful=_recogniser(SMALL_RECOGNISER.read(), runtime)
        )

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        zoom = min(_ENLARGED_SIDE / max(image.shape[:2]), _LARGEST_ZOOM)
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
        longest_side = round(_LONGEST_SIDE * max(aspect / _PAGE_ASPECT, 1.0) ** 0.5)
        quads = self._detector.find(image, longest_side=longest_side)
        words: list[RecognisedWord] = []
        for line in self._recogniser.spell(image, quads):
            if line.confidence < _LEAST_CONFIDENCE or not line.text.strip():
                continue
            pieces = _located(line)
            if pieces is None:
                words.extend(split_line(text=line.text, corners=line.quad.tolist(), confidence=line.confidence))
            else:
                words.extend(_placed_words(line.text, pieces, line.confidence))
        return tuple(words)


class OpenVinoEngine(RapidOcrEngine):
    """For comparing: on OpenVINO, whatever the processor."""

    runtime = "openvino"


class OnnxRuntimeEngine(RapidOcrEngine):
    """For comparing: on ONNX Runtime, whatever the processor."""

    runtime = "onnxruntime"


def _recogniser(model: bytes, runtime: str) -> Recogniser:
    """Of Latin letters only, where the model is built as expected."""
    with suppress(UnknownModel):
        model = cut_to_latin(model)
    return Recogniser(open_network(model=model, runtime=runtime), characters_of(model))


def _enlarged(image: RgbImage, zoom: float) -> RgbImage:
    """Bicubic, as the detector overlooks letters of few pixels: at 96 dpi two values in a hundred."""
    height, width = image.shape[:2]
    size = (round(width * zoom), round(height * zoom))
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC))


def _located(line: SpelledLine) -> list[tuple[str, Any]] | None:
    """(characters, quad) of the line's parts from left to right; None where RapidOCR could not place all of them."""
    if not line.pieces.words:
        return None
    lines = TextRecOutput(imgs=[line.crop], txts=(line.text,), word_results=(line.pieces,))
    placed: Any = _PLACE_WORDS([line.crop], line.quad[np.newaxis].astype(np.float32), lines).word_results[0]
    parts = [(text, quad) for text, _, quad in placed if quad is not None]
    return parts if "".join(text for text, _ in parts) == "".join(line.text.split()) else None


def _placed_words(text: str, pieces: list[tuple[str, Any]], confidence: float) -> Iterator[RecognisedWord]:
    """One word for each blank-separated part of the text, or several where it has gaps as wide as a letter is high.

    RapidOCR knows where in the line each character was seen, which holds even where a label and its value were taken
    as one line with a wide gap between them; but it takes spaced letters apart, and these are joined again.
    """
    remaining = iter(pieces)
    for part in text.split():
        spelled = ""
        corners: list[tuple[str, Any]] = []
        while len(spelled) + sum(len(piece) for piece, _ in corners) < len(part):
            piece, quad = next(remaining)
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
