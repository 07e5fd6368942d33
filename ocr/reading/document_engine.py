"""The engine that reads one document: the one that is set, or the default one where the set one cannot spell it."""

from customers.sentences import Sentence
from ocr.reading.document import ReadingNote
from ocr.reading.engines import DEFAULT_ENGINE, EngineUnavailable, OcrEngine, RecognisedWord, RgbImage, load_engine
from ocr.reading.languages import LANGUAGES, language_of

_MOST_LOOKS = 3  # a page on its head, or one without words, does not tell the language


class DocumentEngine:
    """An `OcrEngine` for the pages of one document, loaded by the first of them.

    An engine whose weights lack languages must not guess at them: EasyOCR's come without accents, and it is sure of
    them. So the default engine has a first look, which takes a tenth of EasyOCR's time; where the page turns out to be
    in a language that the set engine lacks, the default one reads the document, and `notes` say so.
    """

    def __init__(self, engine_name: str) -> None:
        self._engine_name = engine_name
        self._looks = 0
        self._reader: OcrEngine | None = None
        self.name = self.version = ""
        self.languages: tuple[str, ...] = ()
        self.notes: tuple[ReadingNote, ...] = ()

    def load(self) -> OcrEngine:
        """Itself, with the set engine loaded. Raises EngineUnavailable."""
        self._loaded()
        return self

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        engine = self._loaded()
        if self._looks < _MOST_LOOKS:
            self._looks += 1
            seen = self._look(image)
            if seen is not None:
                return seen
        return engine.read(image)

    def _loaded(self) -> OcrEngine:
        if self._reader is None:
            reader = self._use(load_engine(self._engine_name))
            if self._engine_name == DEFAULT_ENGINE or set(LANGUAGES) <= set(self.languages):
                self._looks = _MOST_LOOKS
            return reader
        return self._reader

    def _use(self, engine: OcrEngine) -> OcrEngine:
        self._reader = engine
        self.name, self.version, self.languages = engine.name, engine.version, engine.languages
        return engine

    def _look(self, image: RgbImage) -> tuple[RecognisedWord, ...] | None:
        """What the default engine reads, where it has to read the document; None where the set one can."""
        try:
            default = load_engine(DEFAULT_ENGINE)
        except EngineUnavailable:
            self._looks = _MOST_LOOKS
            return None
        words = default.read(image)
        language = language_of(word.text for word in words)
        if language is None:
            return None
        self._looks = _MOST_LOOKS
        if language in self.languages:
            return None
        message = Sentence(
            "The document is in a language ({language}) that the engine {name} cannot spell with the "
            "weights installed ({languages}); {other} read it instead.",
            language=language,
            name=self.name,
            languages=", ".join(self.languages),
            other=default.name,
        )
        self.notes = (ReadingNote("engine_cannot_read_language", message),)
        self._use(default)
        return words
