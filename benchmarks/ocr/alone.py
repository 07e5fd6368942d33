"""Engines as they read by themselves. In the service the default engine has a first look at a document that one of
few languages is to read, and reads those in other languages in its place."""

from ocr.reading.engines.easyocr_engine import EasyOcrEngine
from ocr.reading.engines.tesseract_engine import TesseractEngine
from ocr.reading.languages import LANGUAGES


class TesseractAlone(TesseractEngine):
    def __init__(self) -> None:
        super().__init__()
        self.languages = tuple(LANGUAGES)


class EasyOcrAlone(EasyOcrEngine):
    def __init__(self) -> None:
        super().__init__()
        self.languages = tuple(LANGUAGES)
