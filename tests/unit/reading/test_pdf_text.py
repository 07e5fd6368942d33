"""PDF pages whose words come from the text layer: no engine may be asked."""

from typing import Any

import numpy as np
import pymupdf
import pytest

from ocr.reading.document import DocumentText, Page, UnreadableDocument
from ocr.reading.limits import ReadingLimits
from ocr.reading.reader import read_document
from tests.unit.reading.documents import (
    INVOICE_LINES,
    draw_code,
    encoded,
    page_picture,
    raw_pdf,
    scanned_pdf,
    text_page,
    text_pdf,
)
from tests.unit.reading.engines import PREFIX

EXPECTED = " ".join(INVOICE_LINES).split()


def read(document: Any) -> DocumentText:
    content = document if isinstance(document, bytes) else document.tobytes()
    return read_document(content=content, limits=ReadingLimits(), engine_name=PREFIX + "ForbiddenEngine")


def texts(page: Page) -> list[str]:
    return [word.text for word in page.words]


def box_on_ink(content: bytes, page: Page, text: str) -> bool:
    """True when the word's box on the rendered page has ink in it, and its surroundings have none."""
    pixmap = pymupdf.open(stream=content, filetype="pdf")[page.number - 1].get_pixmap(
        dpi=144, colorspace=pymupdf.csGRAY
    )
    assert (round(page.width * 2), round(page.height * 2)) == (pixmap.width, pixmap.height)
    shades = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)
    box = next(word.box for word in page.words if word.text == text)
    x0, y0, x1, y1 = (round(side * 2) for side in (box.x0, box.y0, box.x1, box.y1))
    inside = shades[y0:y1, x0:x1]
    around = shades[max(y0 - 6, 0) : y1 + 6, max(x0 - 6, 0) : x1 + 6]
    return bool((inside < 128).sum() > 20 and (inside < 128).sum() == (around < 128).sum())


def test_words_come_with_their_place() -> None:
    content = text_pdf()
    page = read(content).pages[0]
    assert texts(page) == EXPECTED
    assert (page.number, page.width, page.height, page.source, page.engine) == (1, 595, 842, "text", None)
    assert box_on_ink(content, page, "Zahlbar") or box_on_ink(content, page, "Musterwerk")
    assert {word.confidence for word in page.words} == {1.0}


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_boxes_are_those_of_the_page_as_it_is_shown(rotation: int) -> None:
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    page.insert_text((100, 300), "Alleinstehend", fontsize=14)
    page.set_rotation(rotation)
    content = document.tobytes()
    read_page = read(content).pages[0]
    assert texts(read_page) == ["Alleinstehend"]
    assert box_on_ink(content, read_page, "Alleinstehend")


def test_boxes_count_from_the_corner_of_the_crop_box() -> None:
    document = pymupdf.open()
    page = text_page(document)
    page.set_cropbox(pymupdf.Rect(50, 60, 500, 700))
    content = document.tobytes()
    read_page = read(content).pages[0]
    assert (read_page.width, read_page.height) == (450, 640)
    box = next(word.box for word in read_page.words if word.text == "Rechnung")
    assert box.x0 == pytest.approx(72 - 50, abs=1)
    assert box.y1 == pytest.approx(120 - 60, abs=5)


def test_text_outside_the_page_is_not_read() -> None:
    document = pymupdf.open()
    page = text_page(document)
    page.insert_text((700, 100), "Daneben")
    page.insert_text((100, -20), "Darüber")
    assert texts(read(document).pages[0]) == EXPECTED


def test_hidden_text_is_left_out_with_a_note() -> None:
    document = pymupdf.open()
    page = text_page(document)
    page.insert_text((72, 500), "IBAN GB82WEST12345698765432", render_mode=3)
    page.insert_text((72, 520), "weiss auf weiss", color=(1, 1, 1))
    page.insert_text((72, 540), "durchsichtig", fill_opacity=0, stroke_opacity=0)
    page.insert_text((72, 560), "winzig", fontsize=0.4)
    page.insert_text((72, 580), "nur als Schnittmaske", render_mode=7)
    page.insert_text((72, 600), "übermalt IBAN GB82WEST12345698765432")
    page.draw_rect((60, 585, 400, 606), color=None, fill=(1, 1, 1))
    result = read(document)
    assert texts(result.pages[0]) == EXPECTED
    assert [note.code for note in result.notes] == ["hidden_text"]


def test_hidden_text_amid_a_line_does_not_glue_its_neighbours_together() -> None:
    document = pymupdf.open()
    page = text_page(document)
    x = 72.0
    for text, mode in (("sichtbar", 0), ("geheim", 3), ("wieder", 0)):
        page.insert_text((x, 600), text, render_mode=mode)
        x += pymupdf.get_text_length(text, fontsize=11)
    assert texts(read(document).pages[0])[-2:] == ["sichtbar", "wieder"]


def test_white_text_on_a_dark_ground_is_read() -> None:
    document = pymupdf.open()
    page = text_page(document)
    page.draw_rect((60, 480, 300, 510), color=None, fill=(0, 0, 0.4))
    page.insert_text((72, 500), "Tabellenkopf", color=(1, 1, 1))
    result = read(document)
    assert texts(result.pages[0]) == [*EXPECTED, "Tabellenkopf"]
    assert result.notes == ()


def test_white_text_that_other_text_reaches_into_is_hidden_all_the_same() -> None:
    document = pymupdf.open()
    page = text_page(document)
    page.insert_text((72, 500), "Zahlbar bis 19.10.2026", fontsize=8)
    page.insert_text((72, 506), "IBAN GB82 WEST 1234 5698 7654 32", fontsize=8, color=(1, 1, 1))

    read_page = read(document).pages[0]

    assert texts(read_page) == [*EXPECTED, "Zahlbar", "bis", "19.10.2026"]
    assert read_page.unseen == ("IBAN GB82 WEST 1234 5698 7654 32",)


def test_text_of_an_annotation_is_read() -> None:
    document = pymupdf.open()
    page = text_page(document)
    page.add_freetext_annot((72, 500, 300, 530), "Nachtrag", fontsize=12)
    assert "Nachtrag" in texts(read(document).pages[0])


def test_an_empty_page_has_no_words_and_needs_no_engine() -> None:
    document = pymupdf.open()
    document.new_page()
    text_page(document)
    result = read(document)
    assert [len(page.words) for page in result.pages] == [0, len(EXPECTED)]


def test_a_page_of_a_few_words_only_needs_no_engine() -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((72, 800), "Seite 2 von 2")
    page.draw_line((72, 780), (500, 780))
    assert texts(read(document).pages[0]) == ["Seite", "2", "von", "2"]


def test_a_drawn_code_is_found_with_its_place() -> None:
    payload = "BCD\n002\n1\nSCT\nCOBADEFFXXX\nMusterwerk GmbH\nDE89370400440532013000\nEUR1234.51\n\n\n2026-0417"
    document = pymupdf.open()
    page = text_page(document)
    draw_code(page, payload, left=380, top=600, side=120)
    (code,) = read(document).codes
    assert (code.page, code.symbology, code.text) == (1, "QRCode", payload)
    assert (code.box.x0, code.box.y0) == pytest.approx((380, 600), abs=4)
    assert (code.box.x1, code.box.y1) == pytest.approx((500, 720), abs=4)


def test_an_encrypted_pdf_that_opens_without_a_password_is_read() -> None:
    document = pymupdf.open()
    text_page(document)
    content = document.tobytes(
        encryption=pymupdf.mupdf.PDF_ENCRYPT_AES_256, owner_pw="owner", user_pw="", permissions=0
    )
    assert texts(read(content).pages[0]) == EXPECTED


def test_text_beneath_a_picture_of_the_page_is_not_believed() -> None:
    document = pymupdf.open(stream=text_pdf(), filetype="pdf")
    picture = encoded(page_picture(text_pdf(lines=("Darüber",))), "PNG")
    document[0].insert_image(document[0].rect, stream=picture)
    page = read_document(content=document.tobytes(), limits=ReadingLimits(), engine_name=PREFIX + "InkEngine").pages[0]
    assert (page.source, texts(page)) == ("ocr", ["ink"])


def letterhead_over(body: bytes, *, top: float) -> Any:
    """A digital page whose lower part, from `top` on, is a picture."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    for number, line in enumerate(INVOICE_LINES * 2):
        page.insert_text((40, 30 + 11 * number), line, fontsize=8)
    page.insert_image((0, top, 595, 842), stream=body, keep_proportion=False)
    return document


def read_by_ink(document: Any) -> DocumentText:
    return read_document(content=document.tobytes(), limits=ReadingLimits(), engine_name=PREFIX + "InkEngine")


def test_a_letterhead_does_not_stand_for_a_scanned_body() -> None:
    body = encoded(page_picture(text_pdf(), dpi=60), "JPEG")
    result = read_by_ink(letterhead_over(body, top=300))
    assert (result.pages[0].source, texts(result.pages[0])) == ("ocr", ["ink"])
    [note] = result.notes
    assert note.code == "text_layer_left_out"
    assert "a large part of the page is a picture that it says nothing of" in note.message


def test_a_small_picture_and_a_picture_behind_the_text_leave_the_layer_sound() -> None:
    body = encoded(page_picture(text_pdf(), dpi=60), "JPEG")
    assert read(letterhead_over(body, top=700)).pages[0].source == "text"
    background = pymupdf.open()
    text_page(background).insert_image((0, 60, 595, 400), stream=body, overlay=False, keep_proportion=False)
    assert texts(read(background).pages[0]) == EXPECTED


def test_a_font_without_unicode_is_read_from_the_page_s_image() -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_font(fontname="F0", fontbuffer=pymupdf.Font("helv").buffer)
    for number, line in enumerate(INVOICE_LINES):
        page.insert_text((72, 90 + 30 * number), line, fontname="F0")
    for xref in range(1, document.xref_length()):
        if document.xref_get_key(xref, "ToUnicode")[0] != "null":
            document.xref_set_key(xref, "ToUnicode", "null")
    result = read_by_ink(pymupdf.open(stream=document.tobytes()))
    assert (result.pages[0].source, texts(result.pages[0])) == ("ocr", ["ink"])
    assert "its characters make no sense" in result.notes[0].message


def test_invisible_garbage_is_read_from_the_page_s_image() -> None:
    result = read_by_ink(pymupdf.open(stream=scanned_pdf(hidden_text="Gesarntbetrog EUR 7.234,57 " * 20)))
    assert (result.pages[0].source, texts(result.pages[0])) == ("ocr", ["ink"])
    assert "most of it cannot be seen on the page" in result.notes[0].message


def test_text_on_a_box_that_was_painted_before_it_is_read() -> None:
    document = pymupdf.open()
    page = text_page(document)
    page.draw_rect((60, 480, 300, 510), color=None, fill=(0.9, 0.9, 0.9))
    page.insert_text((72, 500), "Zwischensumme")
    result = read(document)
    assert (texts(result.pages[0])[-1], result.notes) == ("Zwischensumme", ())


def test_a_stamp_on_a_scan_does_not_stand_for_the_page() -> None:
    document = pymupdf.open(stream=scanned_pdf(), filetype="pdf")
    document[0].insert_text((72, 700), "Digital signiert von Erika Muster am 03.11.2026 um 10:15 Uhr in Musterstadt")
    page = read_document(content=document.tobytes(), limits=ReadingLimits(), engine_name=PREFIX + "InkEngine").pages[0]
    assert page.source == "ocr"


def test_ligatures_are_read_as_their_letters() -> None:
    document = pymupdf.open()
    page = text_page(document)
    writer = pymupdf.TextWriter(page.rect)
    writer.append((72, 500), "\N{LATIN SMALL LIGATURE FI}nal", font=pymupdf.Font("tiro"))
    writer.write_text(page)
    assert "\N{LATIN SMALL LIGATURE FI}" in page.get_text()
    assert texts(read(document).pages[0])[-1] == "final"


@pytest.mark.parametrize("pages", ["/Kids [2 0 R] /Count 5", "/Kids [1 2 (x)] /Count 3", "/Kids [] /Count -1"])
def test_a_page_tree_that_leads_nowhere_is_the_document_s_damage(pages: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(raw_pdf("<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages {pages} >>"))
    assert caught.value.code in {"corrupt", "no_pages"}


def test_text_beneath_a_picture_of_other_text_is_left_out_and_kept_apart() -> None:
    shown = pymupdf.open()
    text_page(shown).insert_text((72, 500), "IBAN DE89 3704 0044 0532 0130 00")
    box = pymupdf.Rect(70, 488, 330, 505)
    picture = shown[0].get_pixmap(clip=box, dpi=200).tobytes("png")
    document = pymupdf.open()
    page = text_page(document)
    page.insert_text((72, 500), "IBAN GB82 WEST 1234 5698 7654 32")
    page.insert_image(box, stream=picture)

    read_page = read(document).pages[0]

    assert texts(read_page) == EXPECTED
    assert read_page.unseen == ("IBAN GB82 WEST 1234 5698 7654 32",)


def test_text_that_shows_through_a_picture_is_read() -> None:
    """A stamp with a transparent ground."""
    document = pymupdf.open()
    page = text_page(document)
    page.insert_text((72, 500), "IBAN GB82 WEST 1234 5698 7654 32")
    stamp = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 100, 40), True)
    stamp.clear_with(0)
    stamp.set_rect(pymupdf.IRect(90, 0, 100, 40), (200, 0, 0, 255))
    page.insert_image(pymupdf.Rect(60, 480, 400, 520), pixmap=stamp)

    read_page = read(document).pages[0]

    assert texts(read_page) == [*EXPECTED, "IBAN", "GB82", "WEST", "1234", "5698", "7654", "32"]
    assert read_page.unseen == ()


@pytest.mark.parametrize("rotation", [90, 180])
def test_text_beneath_a_picture_is_found_on_turned_pages_too(rotation: int) -> None:
    document = pymupdf.open()
    page = text_page(document)
    page.insert_text((72, 500), "Betrag 7.234,57 und 1.234,57")
    page.insert_image(pymupdf.Rect(60, 480, 400, 520), stream=page.get_pixmap(clip=(60, 90, 400, 130)).tobytes("png"))
    page.set_rotation(rotation)

    assert read(document).pages[0].unseen == ("Betrag 7.234,57 und 1.234,57",)
