import math

import pymupdf
import pytest

from benchmarks.ocr.scans import digital_pages, scan
from benchmarks.ocr.tokens import PlacedWord, compare

PRINTED = (
    PlacedWord("Invoice", 50, 100, 110),
    PlacedWord("2026-0417", 120, 100, 110),
    PlacedWord("IBAN", 50, 120, 130),
    *(
        PlacedWord(part, 80 + 30 * index, 120, 130)
        for index, part in enumerate(("DE89", "3704", "0044", "0532", "0130", "00"))
    ),
    PlacedWord("Total", 50, 140, 150),
    PlacedWord("1.234,50", 120, 140, 150),
)


def read_as(old: str, new: str) -> list[PlacedWord]:
    return [PlacedWord(word.text.replace(old, new), word.left, word.top, word.bottom) for word in PRINTED]


def test_a_page_read_rightly_misses_nothing_whatever_the_blanks_and_the_order() -> None:
    joined = [*PRINTED[:3], PlacedWord("DE89370400440532013000", 80, 121, 131), *PRINTED[-2:]]
    result = compare(printed=PRINTED, read=joined[::-1])
    assert result.tokens == result.tokens_read == {"number": 1, "IBAN": 1, "amount": 1}
    assert result.characters_wrong == 0


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [("amount", "1.234,50", "1.284,50"), ("IBAN", "0532", "O532"), ("number", "2026-0417", "2026-041")],
)
def test_one_wrong_character_is_a_missed_token_and_a_wrong_character(kind: str, old: str, new: str) -> None:
    result = compare(printed=PRINTED, read=read_as(old, new))
    assert result.tokens - result.tokens_read == {kind: 1}
    assert result.characters_wrong == 1
    assert result.missed[0].startswith(kind)


def test_a_word_read_rightly_is_right_though_columns_stand_at_different_heights() -> None:
    columns = (
        PlacedWord("Rechnungsdatum", 50, 100, 110),
        PlacedWord("Lieferadresse", 300, 106, 116),
        PlacedWord("03.11.2026", 50, 112, 122),
    )
    read = [PlacedWord(word.text, word.left + 1, word.top - 4, word.bottom - 2) for word in columns]
    assert compare(printed=columns, read=read).characters_wrong == 0
    elsewhere = [read[0], PlacedWord("Lieferadresse", 300, 300, 310), read[2]]
    assert compare(printed=columns, read=elsewhere).characters_wrong == 2 * len("Lieferadresse")


def test_a_number_that_only_begins_as_the_printed_one_is_not_read() -> None:
    result = compare(printed=PRINTED, read=read_as("2026-0417", "2026-04178"))
    assert result.tokens_read["number"] == 0


def test_words_that_are_not_on_the_page_count_as_wrong() -> None:
    assert compare(printed=PRINTED, read=[*PRINTED, PlacedWord("stray", 50, 700, 710)]).characters_wrong == 5


def test_a_degraded_scan_is_the_same_at_every_run_and_carries_no_text(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("documents")
    document = pymupdf.open()
    page = document.new_page(width=300, height=200)
    for row in range(10):
        page.insert_text((20, 20 + 15 * row), f"Line {row} of an invented invoice")
    document.save(folder / "invented.pdf")
    (digital,) = digital_pages(folder)
    degraded = scan(page=digital, dpi=100, is_degraded=True)
    again = scan(page=digital, dpi=100, is_degraded=True)
    assert 0 < abs(degraded.skew) < math.radians(1)
    assert (
        _picture(degraded.content)
        == _picture(again.content)
        != _picture(scan(page=digital, dpi=100, is_degraded=False).content)
    )
    assert not pymupdf.open(stream=degraded.content)[0].get_text()


def _picture(content: bytes) -> bytes:
    with pymupdf.open(stream=content) as document:
        return bytes(document[0].get_pixmap().samples)
