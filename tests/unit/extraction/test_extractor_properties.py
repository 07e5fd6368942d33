"""Whatever words stand wherever on a page: fields come back, and what is given passes its own check."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.extraction import checks
from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import FIELD_NAMES, KnownPayer
from ocr.reading.document import Box, DocumentText, Page, Word

TODAY = date(2026, 3, 1)
TELLING = st.sampled_from(
    [
        "IBAN", "IBAN:", "DE89", "3704", "0044", "0532", "0130", "00", "DE89370400440532013000", "BIC", "COBADEFFXXX",
        "RF18", "5390", "0754", "7034", "Rechnung", "Nr.", "Invoice", "No:", "Total", "Gesamtbetrag", "netto", "MwSt.",
        "VAT", "19", "%", "19%", "1.471,60", "1,471.60", "€", "EUR", "$", "kr", "31.02.2026", "01/02/2026",
        "2026-02-30", "Fällig", "am", "Datum", "GmbH", "Ltd", "·", "|", "12345", "Köln", "info@acme.example", "@",
        "USt-IdNr.", "DE136695976", "+++010/8068/17183+++", "Straße", "ﬁ", "İ", "ß", "½", "٣", "²", "１２３",
        "-", "--", "0", "(5,00)",
    ]
)  # fmt: skip
TEXTS = TELLING | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@st.composite
def words(draw: st.DrawFn) -> Word:
    left, top = draw(st.integers(0, 560)), draw(st.integers(0, 60)) * 13
    text = draw(TEXTS)
    width, height = draw(st.integers(1, 120)), draw(st.integers(6, 20))
    return Word(text, Box(left, top, left + width, top + height), draw(st.floats(0, 1)))


@st.composite
def documents(draw: st.DrawFn) -> DocumentText:
    pages = [
        Page(number, 595, 842, draw(st.sampled_from(["text", "ocr"])), tuple(draw(st.lists(words(), max_size=60))))
        for number in range(1, draw(st.integers(1, 2)) + 1)
    ]
    return DocumentText(kind="pdf", pages=tuple(pages))


@settings(max_examples=150)
@given(documents())
def test_any_words_anywhere_give_fields_that_pass_their_checks(document: DocumentText) -> None:
    payer = KnownPayer(names=("Acme GmbH",), vat_id="DE136695976", ibans=("DE89370400440532013000",))
    fields = extract_fields(document=document, payer=payer, today=TODAY)
    assert tuple(reading.name for reading in fields.readings) == FIELD_NAMES
    assert fields.value("iban") not in payer.ibans
    values = {reading.name: reading.value for reading in fields.readings if reading.value is not None}
    for name in ("total", "subtotal", "sales_tax_amount", "sales_tax_percentage"):
        assert name not in values or Decimal(values[name]).is_finite()
    for name in ("due_date", "issue_date"):
        assert name not in values or date.fromisoformat(values[name])
    assert "iban" not in values or checks.iban_of(values["iban"]) == values["iban"]
    assert "bic" not in values or checks.bic_of(values["bic"]) == values["bic"]
    assert all(0 <= reading.chosen.confidence <= 1 for reading in fields.readings if reading.chosen)
    assert extract_fields(document=document, payer=payer, today=TODAY) == fields
