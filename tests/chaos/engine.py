"""An OCR engine with a fault of the kind that native libraries have: one sort of page kills its process."""

import os
import signal

from ocr.reading.engines import RecognisedWord, RgbImage
from ocr.reading.engines.tesseract_engine import TesseractEngine
from ocr.reading.languages import LANGUAGES

NAME = "tests.chaos.engine:FragileEngine"
_DARK = 60  # mean of all pixels; paper is far above it


class FragileEngine(TesseractEngine):
    """Tesseract, until it sees a dark page. It claims all languages, so that no second engine is loaded beside it:
    its processes are killed all the time, and have to be there again soon."""

    def __init__(self) -> None:
        super().__init__()
        self.languages = tuple(LANGUAGES)

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        if float(image.mean()) < _DARK:
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().read(image)
