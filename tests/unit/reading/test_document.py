"""The trip of what was read to JSON and back, and what does not survive it."""

import json
import math
from dataclasses import replace

import pytest

from customers.sentences import Sentence
from ocr.reading.document import (
    Box,
    CodeWitness,
    DocumentText,
    Page,
    ReadingNote,
    Word,
    XmlElement,
    XmlWitness,
    document_from_plain,
    shown,
)

DOCUMENT = DocumentText(
    kind="pdf",
    pages=(
        Page(
            number=1,
            width=595.0,
            height=842.0,
            source="ocr",
            engine="test 1",
            words=(Word(text="Größe", box=Box(1.0, 2.0, 3.5, 4.0), confidence=0.5),),
        ),
    ),
    xml=(XmlWitness("factur-x.xml", XmlElement("{urn:x}a", "text", (("id", "1"),), (XmlElement("{urn:x}b"),))),),
    codes=(CodeWitness(page=1, box=Box(0.0, 0.0, 9.0, 9.0), symbology="QRCode", text="BCD\n002"),),
    notes=(ReadingNote(code="hidden_text", message=Sentence("Some text is hidden.")),),
)


def back(document: DocumentText) -> DocumentText:
    return document_from_plain(json.loads(json.dumps(document.to_plain())))


def test_what_was_read_comes_back_as_it_was() -> None:
    assert back(DOCUMENT) == DOCUMENT


@pytest.mark.parametrize("unseen", ["\x00", "\x07", "\x1d", "\x7f", "\u200b", "\u202e", "\u2066", "\ufeff", "\ud800"])
def test_characters_that_nobody_sees_are_left_out_everywhere(unseen: str) -> None:
    page = replace(DOCUMENT.pages[0], words=(Word(text=f"DE{unseen}89", box=Box(0.0, 0.0, 1.0, 1.0)),))
    document = replace(
        DOCUMENT,
        pages=(page,),
        xml=(XmlWitness(f"a{unseen}.xml", XmlElement("a", f"x{unseen}y", (("id", f"1{unseen}"),))),),
        codes=(replace(DOCUMENT.codes[0], text=f"BCD\n{unseen}002"),),
        notes=(ReadingNote(code="n", message=Sentence(f"m{unseen}")),),
    )

    found = document_from_plain(document.to_plain())

    assert found.pages[0].words[0].text == "DE89"
    assert (found.xml[0].name, found.xml[0].root.text, found.xml[0].root.attributes) == ("a.xml", "xy", (("id", "1"),))
    assert (found.codes[0].text, found.notes[0].message) == ("BCD\n002", "m")


def test_a_word_of_nothing_else_is_no_word() -> None:
    page = replace(DOCUMENT.pages[0], words=(Word(text="\u200b", box=Box(0.0, 0.0, 1.0, 1.0)),))

    assert back(replace(DOCUMENT, pages=(page,))).pages[0].words == ()


def test_letters_of_every_language_stay() -> None:
    text = "Ångström & Żółć – 1 234,50 € № 5\tñ\nø ß Ελλάδα"

    assert shown(text) == text


@pytest.mark.parametrize("nowhere", [math.nan, math.inf, -math.inf])
def test_a_place_that_is_no_number_is_refused(nowhere: float) -> None:
    page = replace(DOCUMENT.pages[0], words=(Word(text="a", box=Box(0.0, nowhere, 1.0, 1.0)),))

    for document in (
        replace(DOCUMENT, pages=(page,)),
        replace(DOCUMENT, pages=(replace(DOCUMENT.pages[0], width=nowhere),)),
    ):
        with pytest.raises(ValueError, match="nowhere"):
            document_from_plain(document.to_plain())
