from dataclasses import replace

import pytest

from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import InvoiceFields, KnownPayer
from ocr.extraction.second_look import MOST_REGIONS, regions_to_read_again
from ocr.reading.document import Box, DocumentText, PageSource, Region, Rereading, Word, document_from_plain
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import GERMAN_INVOICE, LETTER, changed, document_of, row

RIGHT = "DE89 3704 0044 0532 0130 00"
MISREAD = "DE89 3704 0044 0582 0130 00"
OTHER_VALID = "DE02 1203 0000 0000 2020 51"


def scan(changes: dict[str, str], source: PageSource = "ocr") -> DocumentText:
    return document_of(changed(GERMAN_INVOICE, changes), source=source)


def regions_of(document: DocumentText) -> tuple[Region, ...]:
    return regions_to_read_again(document=document, payer=KnownPayer())


def reread(document: DocumentText, *readings: tuple[str, str]) -> DocumentText:
    """The document whose only doubtful region was read again: pairs of engine and text."""
    (region,) = regions_of(document)
    rereadings = tuple(Rereading(region, engine, words_in(region, text)) for engine, text in readings)
    # As it is stored and loaded by a later run.
    return document_from_plain(replace(document, rereadings=rereadings).to_plain())


def words_in(region: Region, text: str) -> tuple[Word, ...]:
    words, x = [], region.box.x0
    for word in text.split():
        words.append(Word(word, Box(x, region.box.y0 + 1, x + LETTER * len(word), region.box.y1 - 1), 0.97))
        x += LETTER * len(word) + 2.5
    return tuple(words)


def read(document: DocumentText) -> InvoiceFields:
    return extract_fields(document=document, payer=KnownPayer(), today=TODAY)


def test_nothing_is_read_again_where_all_checks_hold() -> None:
    assert regions_of(scan({})) == ()


def test_a_text_layer_is_never_doubted() -> None:
    assert regions_of(scan({RIGHT: MISREAD}, source="text")) == ()


def test_only_the_place_of_an_account_that_fails_its_check_is_read_again() -> None:
    (region,) = regions_of(scan({RIGHT: MISREAD}))
    assert region.page == 1
    assert region.box.x0 == pytest.approx(200 + LETTER * 5 + 2.5)
    assert region.box.y1 - region.box.y0 == pytest.approx(11)


def test_an_account_is_taken_when_the_second_reading_passes_the_check() -> None:
    document = scan({RIGHT: MISREAD})
    assert read(document).value("iban") is None
    reading = read(reread(document, ("rapidocr", MISREAD), ("tesseract", RIGHT))).reading("iban")
    assert reading.chosen
    assert reading.chosen.value == RIGHT.replace(" ", "")
    assert {"iban_mod97", "read_again"} <= set(reading.chosen.checks_passed)
    assert "engines_agree" not in reading.chosen.checks_passed
    assert reading.chosen.confidence <= 0.93
    first = reading.runners_up[0]
    assert (first.raw, first.checks_failed) == (MISREAD, ("iban_mod97",))
    assert reading.note == f"Read again, drawn larger, by tesseract. The first reading, “{MISREAD}”, fails its check."


def test_two_engines_that_read_alike_are_worth_more_than_one() -> None:
    document = reread(scan({RIGHT: MISREAD}), ("rapidocr", RIGHT), ("tesseract", RIGHT))
    chosen = read(document).reading("iban").chosen
    assert chosen
    assert {"read_again", "engines_agree"} <= set(chosen.checks_passed)
    assert chosen.confidence > 0.93


def test_two_readings_that_both_pass_the_check_and_differ_give_nothing() -> None:
    document = reread(scan({RIGHT: MISREAD}), ("rapidocr", RIGHT), ("tesseract", OTHER_VALID))
    assert read(document).value("iban") is None


def test_a_second_reading_that_fails_the_check_as_well_gives_nothing_and_costs_no_other_field() -> None:
    document = scan({RIGHT: MISREAD})
    again = reread(document, ("rapidocr", MISREAD), ("tesseract", MISREAD))
    before, after = read(document), read(again)
    assert after.value("iban") is None
    assert {each.name: each.value for each in after.readings} == {each.name: each.value for each in before.readings}


REPAIRED = "DE89 37O4 0044 0532 0130 00"


@pytest.mark.parametrize(("second", "value"), [(RIGHT, RIGHT), (OTHER_VALID, None), (MISREAD, None), ("", None)])
def test_a_repaired_account_that_was_read_again_is_given_only_when_that_confirms_it(
    second: str, value: str | None
) -> None:
    document = scan({RIGHT: REPAIRED})
    assert read(document).value("iban") == RIGHT.replace(" ", "")
    reading = read(reread(document, ("tesseract", second))).reading("iban")
    assert reading.value == (value and value.replace(" ", ""))
    if value is None:
        assert "not confirmed" in reading.note
        assert reading.runners_up[0].value == RIGHT.replace(" ", "")


def amounts_in(document: DocumentText, texts: dict[str, str]) -> DocumentText:
    readings = []
    for region in regions_of(document):
        text = " ".join(word.text for word in document.pages[0].words if word.box == region.box)
        readings.append(Rereading(region, "tesseract", words_in(region, texts.get(text, text))))
    return replace(document, rereadings=tuple(readings))


def test_amounts_that_do_not_add_up_are_read_again_and_taken_when_they_do() -> None:
    document = scan({"1.471,60 €": "1.477,60 €"})
    assert len(regions_of(document)) == 3
    before = read(document)
    assert before.value("total") is None
    assert "amounts_do_not_add_up" in {each.code for each in before.warnings}
    after = read(amounts_in(document, {"1.477,60": "1.471,60"}))
    assert after.value("total") == "1471.60"
    assert "amounts_do_not_add_up" not in {each.code for each in after.warnings}
    chosen = after.reading("total").chosen
    assert chosen
    assert "read_again" in chosen.checks_passed
    assert "1477.60" in [each.value for each in after.reading("total").runners_up]


def test_amounts_that_contradict_each_other_in_every_reading_stay_empty() -> None:
    document = scan({"1.471,60 €": "1.477,60 €"})
    after = read(amounts_in(document, {}))
    assert after.value("total") is None
    assert "amounts_do_not_add_up" in {each.code for each in after.warnings}


def test_a_vat_number_a_reference_and_a_bic_that_fail_their_checks_are_read_again() -> None:
    document = document_of(
        [
            *changed(GERMAN_INVOICE, {"DE136695976": "DE136695916", "COBADEFFXXX": "COBAD3FFXXX"}),
            row("Referenz: RF18 5390 0754 7035"),
        ],
        source="ocr",
    )
    assert len(regions_of(document)) == 3


def test_a_vat_number_is_taken_when_its_check_digits_hold_in_the_second_reading() -> None:
    document = scan({"DE136695976": "DE136695916"})
    after = read(reread(document, ("rapidocr", "DE136695976"))).reading("seller_vat_id").chosen
    assert after
    assert (after.value, after.checks_failed) == ("DE136695976", ())
    assert "read_again" in after.checks_passed


def test_a_page_full_of_doubts_costs_no_more_than_a_few_regions() -> None:
    rows = [row(f"IBAN: DE89 3704 0044 0532 0131 {number:02}") for number in range(1, 30)]
    assert 0 < len(regions_of(document_of(rows, source="ocr"))) <= MOST_REGIONS


@pytest.mark.parametrize(
    "text",
    ["Gläubiger-ID DE16E0100000020245 einmalig", "USt-IdNr. DE136695976 Amtsgericht München HRB 1", "Seite 12 3456"],
)
def test_what_only_begins_like_an_account_is_not_read_again(text: str) -> None:
    assert regions_of(document_of([row(text)], source="ocr")) == ()


def test_what_was_stored_before_there_were_second_looks_is_read_as_ever() -> None:
    document = scan({})
    plain = document.to_plain()
    del plain["rereadings"]
    for page in plain["pages"]:
        del page["slant"], page["quarter_turns"]
    assert document_from_plain(plain) == document_from_plain(document.to_plain())
