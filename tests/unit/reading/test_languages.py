"""The language of a page, and which engine reads a document whose language the set one cannot spell."""

import pymupdf
import pytest

from ocr.reading import document_engine
from ocr.reading.document import DocumentText
from ocr.reading.engines import EngineUnavailable, OcrEngine, load_engine
from ocr.reading.languages import LANGUAGES, language_of
from ocr.reading.limits import ReadingLimits
from ocr.reading.reader import read_document
from ocr.reading.sandbox import ReadingSandbox
from tests.unit.reading.documents import INVOICE_LINES, scanned_pdf, text_pdf
from tests.unit.reading.engines import PREFIX

ENGLISH = (
    "Invoice number 2026-0417, due date 3 November 2026",
    "Description, quantity, price, amount",
    "Please pay within 30 days to the account below",
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Invoice number 17, due date 1 May. Please pay within 30 days."),
        ("de", "Rechnung Nr. 17 vom 1. Mai, zahlbar innerhalb von 30 Tagen ohne Abzug"),
        ("fr", "FACTURE N° 17 — Désignation, quantité, montant, échéance à 30 jours"),
        ("it", "Fattura numero 17 del 1 maggio, scadenza 30 giorni, imponibile, importo"),
        ("es", "Factura número 17, fecha de vencimiento, base imponible, precio"),
        ("nl", "Factuur 17, vervaldatum, het bedrag voor 1 mei te betalen"),
        ("pl", "Faktura 17, termin płatności, ilość, wartość brutto, nabywca"),
    ],
)
def test_a_language_is_told_with_and_without_its_accents(language: str, text: str) -> None:
    assert language_of([text]) == language
    plain = text.translate(str.maketrans("éàúłśćń", "eaulscn"))
    assert language_of(plain.upper().split()) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ACME GmbH 2026-0417 EUR 1.234,51 IBAN DE89 3704 0044 0532 0130 00",
        "Rechnung / Invoice, Datum / Date, Menge / Quantity, Preis / Price, Betrag / Amount, Seite / Page",
    ],
)
def test_too_little_text_or_two_languages_tell_none(text: str) -> None:
    assert language_of([text]) is None


def read(*pages: bytes, engine: str = "EnglishEngine") -> DocumentText:
    document = pymupdf.open()
    for page in pages:
        document.insert_pdf(pymupdf.open(stream=page, filetype="pdf"))
    return read_document(content=document.tobytes(), limits=ReadingLimits(), engine_name=PREFIX + engine)


def test_a_document_in_a_language_of_the_set_engine_is_read_by_it() -> None:
    document = read(scanned_pdf(text_pdf(lines=ENGLISH), dpi=120))
    assert [page.engine for page in document.pages] == ["test"]
    assert [word.text for word in document.pages[0].words] == ["ink"]
    assert document.notes == ()


def test_a_document_in_another_language_is_read_by_the_default_engine_and_says_so() -> None:
    empty_page = scanned_pdf(text_pdf(lines=()), dpi=120)
    document = read(empty_page, scanned_pdf(dpi=120), scanned_pdf(text_pdf(lines=ENGLISH), dpi=120))
    assert [page.engine for page in document.pages] == [None, "rapidocr", "rapidocr"]
    assert "".join(word.text for word in document.pages[1].words) == "".join(INVOICE_LINES).replace(" ", "")
    [note] = document.notes
    assert note.code == "engine_cannot_read_language"
    assert note.message == (
        "The document is in a language (de) that the engine test cannot spell with the weights installed (en); "
        "rapidocr read it instead."
    )


def test_the_run_names_the_engine_that_read_the_document() -> None:
    with ReadingSandbox(engine_name=PREFIX + "EnglishEngine", limits=ReadingLimits()) as sandbox:
        german, english = (
            sandbox.read(scanned_pdf(dpi=120)),
            sandbox.read(scanned_pdf(text_pdf(lines=ENGLISH), dpi=120)),
        )
    assert german.engine.startswith("rapidocr 3.")
    assert english.engine == "test 1"


def test_an_engine_that_spells_all_languages_needs_no_first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []

    def load(name: str) -> OcrEngine:
        loaded.append(name)
        return load_engine(name)

    monkeypatch.setattr(document_engine, "load_engine", load)
    assert set(LANGUAGES) <= set(load_engine(PREFIX + "InkEngine").languages)
    assert [page.engine for page in read(scanned_pdf(dpi=120), engine="InkEngine").pages] == ["test"]
    assert loaded == [PREFIX + "InkEngine"]


def test_without_the_default_engine_the_set_one_reads_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> OcrEngine:
        if name == "rapidocr":
            raise EngineUnavailable("not here")
        return load_engine(name)

    monkeypatch.setattr(document_engine, "load_engine", load)
    document = read(scanned_pdf(dpi=120))
    assert ([page.engine for page in document.pages], document.notes) == (["test"], ())
