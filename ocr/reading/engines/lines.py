"""Finding the lines of a page and spelling them: PP-OCR's two networks with as little as possible around them.

What comes before and after the networks is RapidOCR's own, but for what costs time or memory: the page is handed over
in single precision, short lines are not padded to a width that most lines do not have, and lines of about one width
are recognised together.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr.ch_ppocr_det.main import TextDetector
from rapidocr.ch_ppocr_det.utils import DBPostProcess
from rapidocr.ch_ppocr_rec.utils import CTCLabelDecode
from rapidocr.utils.process_img import get_rotate_crop_image

from ocr.reading.engines import RgbImage
from ocr.reading.engines.networks import Network, Tensor

_DETECTOR_STEP = 32  # the network halves the page five times
_LINE_HEIGHT = 48
_WIDTH_STEP = 64  # every width is a shape that the runtime keeps kernels for
_LEAST_WIDTH = 128
_BATCH_WIDTH = 512  # more lines at once are not faster on one thread and take memory
_PADDED_SHARE = 1.3
_MAX_LINES = 3000
_SCALE = 2 / 255


@dataclass(frozen=True, slots=True)
class SpelledLine:
    """`quad` is four corners in pixels; `pieces` is RapidOCR's record of where in the line each character was seen,
    `confidence` the mean of its characters."""

    text: str
    confidence: float
    quad: NDArray[np.float32]
    crop: RgbImage
    pieces: Any


class Detector:
    def __init__(self, network: Network) -> None:
        self._network = network
        self._boxes = DBPostProcess(
            thresh=0.3,
            box_thresh=0.5,
            max_candidates=_MAX_LINES,
            unclip_ratio=1.6,
            score_mode="fast",
            use_dilation=True,
        )

    def find(self, image: RgbImage, *, longest_side: int) -> NDArray[np.float32]:
        """The quads of the lines of an RGB image (n, 4, 2), in reading order; it is shrunk to that side for it."""
        height, width = image.shape[:2]
        ratio = min(longest_side / max(height, width), 1.0)
        size = (_stepped(width * ratio), _stepped(height * ratio))
        probabilities = self._network(_normalised(cv2.resize(image, size))[np.newaxis])
        quads, _ = self._boxes(probabilities, (height, width))
        return TextDetector.sorted_boxes(quads) if len(quads) else np.empty((0, 4, 2), np.float32)


class Recogniser:
    def __init__(self, network: Network, characters: list[str]) -> None:
        self._network = network
        self._decode = CTCLabelDecode(character=list(characters))

    def spell(self, image: RgbImage, quads: NDArray[np.float32]) -> list[SpelledLine]:
        """The lines of an RGB image in the order of their quads. Lines that stand on their end are turned."""
        return self._spelled([get_rotate_crop_image(image, quad.copy()) for quad in quads], list(quads))

    def spell_again(self, lines: Sequence[SpelledLine]) -> list[SpelledLine]:
        """The same lines as this network spells them."""
        return self._spelled([line.crop for line in lines], [line.quad for line in lines])

    def _spelled(self, crops: Sequence[RgbImage], quads: Sequence[NDArray[np.float32]]) -> list[SpelledLine]:
        spelled: list[SpelledLine | None] = [None] * len(crops)
        for batch, width in _batches(crops):
            values = np.zeros((len(batch), 3, _LINE_HEIGHT, width), np.float32)
            for row, index in enumerate(batch):
                line_width = min(_line_width(crops[index]), width)
                values[row, :, :, :line_width] = _normalised(cv2.resize(crops[index], (line_width, _LINE_HEIGHT)))
            texts, pieces = self._decode(
                self._network(values),
                True,
                wh_ratio_list=[crops[index].shape[1] / crops[index].shape[0] for index in batch],
                max_wh_ratio=width / _LINE_HEIGHT,
            )
            for row, index in enumerate(batch):
                text, confidence = texts[row]
                spelled[index] = SpelledLine(text, float(confidence), quads[index], crops[index], pieces[row])
        return [line for line in spelled if line is not None]


def _batches(crops: Sequence[RgbImage]) -> Iterator[tuple[list[int], int]]:
    """Indices of lines of about one width, and the width that all of them are padded to."""
    widths = [max(_LEAST_WIDTH, math.ceil(_line_width(crop) / _WIDTH_STEP) * _WIDTH_STEP) for crop in crops]
    batch: list[int] = []
    for index in sorted(range(len(crops)), key=widths.__getitem__):
        width = widths[index]
        if batch and (width * (len(batch) + 1) > _BATCH_WIDTH or width > widths[batch[0]] * _PADDED_SHARE):
            yield batch, widths[batch[-1]]
            batch = []
        batch.append(index)
    if batch:
        yield batch, widths[batch[-1]]


def _line_width(crop: RgbImage) -> int:
    height, width = crop.shape[0], crop.shape[1]
    return math.ceil(_LINE_HEIGHT * int(width) / int(height))


def _stepped(length: float) -> int:
    return max(round(length / _DETECTOR_STEP), 1) * _DETECTOR_STEP


def _normalised(image: Any) -> Tensor:
    """An RGB image as the networks take it: -1..1, channels first and blue the first of them, in single precision."""
    values: Tensor = image.transpose(2, 0, 1)[::-1].astype(np.float32, order="C")  # what else is copied once more
    values *= _SCALE
    values -= 1
    return values
