"""Hostile pages drawn for a person to look at: a picture or a refusal in time, and never the file's own bytes."""

import time

import pytest

from ocr.reading.document import UnreadableDocument
from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox
from tests.hostile.conftest import PATIENCE_SECONDS, Listener
from tests.hostile.corpus import groups
from tests.hostile.test_reading import SENTENCE, peak_bytes
from tests.unit.reading.documents import text_pdf

DRAWN = ("pdf boxes", "pdf bombs", "pdf loops", "png", "disguises")


def drawn(reader: ReadingSandbox, content: bytes) -> tuple[bytes, str]:
    """The picture, or the sentence with which the page was refused."""
    try:
        return reader.draw(content=content, number=1, page=None, dpi=160), ""
    except UnreadableDocument as refusal:
        return b"", refusal.message


@pytest.mark.parametrize("group", DRAWN)
def test_no_page_harms_who_looks_at_it(group: str, hostile_reader: ReadingSandbox, listener: Listener) -> None:
    good = text_pdf()
    for name, content in groups(listener.url)[group]():
        started = time.monotonic()
        picture, refusal = drawn(hostile_reader, content)
        assert time.monotonic() - started < PATIENCE_SECONDS, name
        assert peak_bytes(hostile_reader) < ReadingLimits().memory_bytes, name
        assert picture[:4] == b"RIFF" if picture else SENTENCE.fullmatch(refusal), f"{name}: {refusal}"
        assert len(picture) < 16 * 1024 * 1024, name
    assert drawn(hostile_reader, good)[0][8:12] == b"WEBP"
    assert not listener.calls
