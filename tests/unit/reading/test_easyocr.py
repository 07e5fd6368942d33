"""EasyOCR with its real weights: `make test-easyocr` runs these in an environment of their own."""

from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from ocr.reading.engines import EngineUnavailable
from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox
from tests.unit.reading.documents import encoded, page_picture

pytestmark = [pytest.mark.easyocr, pytest.mark.timeout(600)]

ENGLISH = ("Invoice No. 2026-0417", "Total amount due EUR 1,234.51", "IBAN DE89 3704 0044 0532 0130 00")
GERMAN = ("Rechnung Nr. 2026-0417 für Müller", "Gesamtbetrag EUR 1.234,51", "zahlbar innerhalb von 30 Tagen")


def slip(lines: tuple[str, ...]) -> bytes:
    """A scan of a small sheet: EasyOCR takes its time by the pixel."""
    document = pymupdf.open()
    page = document.new_page(width=280, height=110)
    for number, line in enumerate(lines):
        page.insert_text((20, 30 + 28 * number), line, fontsize=12)
    return encoded(page_picture(document.tobytes(), dpi=150), "PNG", dpi=(150, 150))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ReadingSandbox]:
    with ReadingSandbox(engine_name="easyocr", limits=ReadingLimits()) as sandbox:
        yield sandbox


def test_an_english_page_is_read(sandbox: ReadingSandbox) -> None:
    result = sandbox.read(slip(ENGLISH))
    text = "".join(word.text for word in result.document.pages[0].words)
    assert ("easyocr" in result.engine, "English only" in result.engine) == (True, True)
    assert result.document.pages[0].engine == "easyocr"
    assert text == "".join(ENGLISH).replace(" ", "")
    assert result.document.notes == ()


def test_a_german_page_is_left_to_the_default_engine_with_a_note(sandbox: ReadingSandbox) -> None:
    result = sandbox.read(slip(GERMAN))
    text = "".join(word.text for word in result.document.pages[0].words)
    assert text == "".join(GERMAN).replace(" ", "")
    assert (result.document.pages[0].engine, result.engine.partition(" ")[0]) == ("rapidocr", "rapidocr")
    assert [note.code for note in result.document.notes] == ["engine_cannot_read_language"]


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import easyocr_en_models

    from ocr.reading.engines.easyocr_engine import MODELS, EasyOcrEngine

    for name in MODELS:
        (tmp_path / name).write_bytes(b"a pickle of someone else's")
    monkeypatch.setattr(easyocr_en_models, "model_dir", lambda: str(tmp_path))
    with pytest.raises(EngineUnavailable, match="not the published one"):
        EasyOcrEngine()
