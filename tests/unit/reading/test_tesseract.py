import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr.reading.engine_report import engine_report
from ocr.reading.engines import EngineUnavailable, tesseract_engine
from ocr.reading.engines.tesseract_engine import TesseractEngine, installed_languages
from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox
from tests.unit.reading.documents import INVOICE_LINES, encoded, page_picture, scanned_pdf, text_pdf
from tests.unit.reading.test_engines import lines_of, words_of


@pytest.fixture(scope="module")
def tesseract() -> Iterator[ReadingSandbox]:
    with ReadingSandbox(engine_name="tesseract", limits=ReadingLimits()) as sandbox:
        yield sandbox


@pytest.fixture
def no_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tesseract_engine, "FOLDERS", (tmp_path,))
    return tmp_path


@pytest.mark.tesseract
def test_tesseract_reads_a_scanned_page_with_its_accents_in_the_confined_reader(tesseract: ReadingSandbox) -> None:
    result = tesseract.read(scanned_pdf())
    assert result.document.pages[0].engine == "tesseract"
    assert "".join(words_of(result.document)) == "".join(INVOICE_LINES).replace(" ", "")
    assert result.engine.startswith("tesseract 5")
    assert len(result.engine) <= 200
    assert "limits" in tesseract.holds


@pytest.mark.tesseract
def test_words_that_tesseract_reads_stand_where_they_stand_in_the_text_layer(tesseract: ReadingSandbox) -> None:
    printed = {word.text: word.box for word in tesseract.read(text_pdf()).document.pages[0].words}
    scanned = {word.text: word.box for word in tesseract.read(scanned_pdf()).document.pages[0].words}
    for text in ("1.234,51", "COBADEFFXXX", "München"):
        assert (scanned[text].x0, scanned[text].x1) == pytest.approx((printed[text].x0, printed[text].x1), abs=3)


@pytest.mark.tesseract
@pytest.mark.parametrize("turned", [90, 180, 270])
def test_tesseract_reads_a_page_scanned_the_wrong_way_up(tesseract: ReadingSandbox, turned: int) -> None:
    document = tesseract.read(encoded(page_picture(text_pdf(), turned=turned), "PNG", dpi=(200, 200))).document
    assert "Gesamtbetrag EUR 1.234,51" in lines_of(document)
    assert [note.code for note in document.notes] == ["page_turned"]


@pytest.mark.tesseract
def test_tesseract_warms_up_on_an_empty_page(tesseract: ReadingSandbox) -> None:
    assert "deu+eng+fra" in tesseract.warm_up()


@pytest.mark.tesseract
def test_tesseract_can_read_the_languages_whose_traineddata_is_installed(no_languages: Path) -> None:
    (no_languages / "fra.traineddata").symlink_to(_original("fra"))
    engine = TesseractEngine()
    assert engine.languages == ("fr",)
    assert ", fra fast" in engine.version


@pytest.mark.tesseract
def test_traineddata_that_is_not_the_published_one_is_refused(no_languages: Path) -> None:
    content = _original("deu").read_bytes()
    (no_languages / "deu.traineddata").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(EngineUnavailable, match="is not that of tessdata_fast"):
        TesseractEngine()


def test_without_a_language_the_report_says_which_command_brings_some(
    no_languages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installed_languages() == {}
    report = engine_report("tesseract")
    assert not report.is_ready
    assert "traineddata" in report.missing
    assert report.command.startswith("pip install -r requirements-tesseract.lock && apt install tesseract-ocr-deu")
    monkeypatch.setitem(sys.modules, "tesserocr", None)
    with pytest.raises(EngineUnavailable, match=r"tesserocr is missing.*requirements-tesseract\.lock"):
        TesseractEngine()


@pytest.mark.tesseract
def test_the_report_of_an_installed_tesseract_is_good() -> None:
    report = engine_report("tesseract")
    assert (report.is_ready, report.missing, report.command) == (True, (), "")
    assert dict(report.versions).keys() == {"tesserocr"}


def _original(language: str) -> Path:
    """Of the machine, whatever a test has made of the folders."""
    folders = ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tessdata", "/usr/share/tesseract/tessdata")
    return next(path for folder in folders if (path := Path(folder) / f"{language}.traineddata").is_file())
