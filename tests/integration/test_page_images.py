"""Pages as pictures: drawn in the sandbox as they were read, kept for the next look, never the document itself."""

import io
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest
from PIL import Image

from invoices.document_keys import new_key
from ocr import page_images
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.page_images import PageMissing, forget_other_pages, forget_pages, page_picture
from ocr.processing import process_job
from ocr.readers import drawing_sandbox
from ocr.reading.document import Page
from tests.documents import image, invoice_pdf
from tests.ledger import a_customer

pytestmark = pytest.mark.django_db

WIDTH, HEIGHT = 595 * 160 // 72, 842 * 160 // 72


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.PAGE_IMAGES_DIR = tmp_path / "pages"
    return tmp_path / "pages"


def a_job(content: bytes) -> OcrJob:
    job = accept_document(customer=a_customer(), content=content, file_name="bill", by="test")
    process_job(job.pk)
    job.refresh_from_db()
    return job


def size_of(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture)) as opened:
        assert opened.format == "WEBP"
        return opened.size


def test_each_page_is_drawn_and_kept_for_the_next_look(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = a_job(invoice_pdf(pages=2))

    pictures = [page_picture(job=job, number=number) for number in (1, 2)]

    assert pictures[0] != pictures[1]
    assert size_of(pictures[0]) == pytest.approx((WIDTH, HEIGHT), abs=2)
    assert len(list(folder.iterdir())) == 2
    monkeypatch.setattr(page_images, "drawing_sandbox", None)
    assert page_picture(job=job, number=2) == pictures[1]
    forget_pages(upload_sha256=job.upload.sha256)
    assert list(folder.iterdir()) == []


def test_a_page_that_is_not_there_is_told(folder: Path) -> None:
    job = a_job(invoice_pdf())

    for number in (0, 2, 10**9):
        with pytest.raises(PageMissing, match="no page"):
            page_picture(job=job, number=number)
    assert not folder.exists()


def test_a_document_that_cannot_be_drawn_is_told_and_leaves_the_next_one_alone() -> None:
    with pytest.raises(PageMissing, match="damaged"):
        page_picture(job=a_job(b"%PDF-1.4\nnothing in it"), number=1)

    assert page_picture(job=a_job(invoice_pdf()), number=1)


def test_an_e_invoice_has_no_page() -> None:
    job = a_job(b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>')

    with pytest.raises(PageMissing):
        page_picture(job=job, number=1)


def test_the_oldest_pictures_make_room(folder: Path, settings: Any) -> None:
    job = a_job(invoice_pdf(pages=3))
    first = page_picture(job=job, number=1)
    settings.PAGE_IMAGES_BYTES = int(len(first) * 1.5)

    for number in (2, 3):
        page_picture(job=job, number=number)

    assert sum(path.stat().st_size for path in folder.iterdir()) <= settings.PAGE_IMAGES_BYTES
    assert any("-3-" in path.name for path in folder.iterdir())


def test_pictures_that_nobody_looks_at_any_more_go(folder: Path) -> None:
    job = a_job(invoice_pdf(pages=2))
    page_picture(job=job, number=1)
    (old,) = folder.iterdir()
    os.utime(old, (0, time.time() - 8 * 86_400))

    page_picture(job=job, number=2)

    assert [path.name.split("-")[2] for path in folder.iterdir()] == ["2"]


def test_a_folder_that_cannot_be_written_to_costs_only_time(folder: Path) -> None:
    folder.write_text("in the way")

    assert page_picture(job=a_job(invoice_pdf()), number=1)


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_a_page_is_drawn_as_it_was_turned_to_be_read(quarter_turns: int) -> None:
    """A dark corner at the top left of the upright page is there in the picture, however the file held the page."""
    upright = Image.new("RGB", (800, 1200), "white")
    upright.paste((0, 0, 0), (0, 0, 80, 80))
    out = io.BytesIO()
    upright.rotate(-90 * quarter_turns, expand=True).save(out, "PNG", dpi=(144, 144))
    page = Page(number=1, width=400, height=600, source="ocr", words=(), quarter_turns=quarter_turns)

    picture = drawing_sandbox().draw(content=out.getvalue(), number=1, page=page, dpi=144)

    with Image.open(io.BytesIO(picture)) as drawn:
        assert drawn.size == pytest.approx((800, 1200), abs=2)
        dark = np.asarray(drawn.convert("L")) < 128
    assert [bool(dark[y, x]) for x, y in ((20, 20), (780, 20), (20, 1180), (780, 1180))] == [True, False, False, False]


def test_a_huge_page_is_drawn_within_bounds() -> None:
    with pymupdf.open() as pdf:
        pdf.new_page(width=14_000, height=14_000)
        content = pdf.tobytes()

    width, height = size_of(drawing_sandbox().draw(content=content, number=1, page=None, dpi=160))

    assert width * height <= 6_000_000


def test_a_photograph_is_drawn_as_large_as_a_screen_shows() -> None:
    width, height = size_of(drawing_sandbox().draw(content=image(size=(4000, 3000)), number=1, page=None, dpi=160))

    assert width * height <= 6_000_000
    assert width > height


def test_with_a_key_the_pictures_that_it_did_not_encrypt_go(folder: Path, settings: Any) -> None:
    folder.mkdir()
    kept, draft = folder / "kept", folder / "draft"
    for path in (folder / "plain.webp", folder / "older.0123", draft):
        path.write_bytes(b"x")
    forget_other_pages()
    assert len(list(folder.iterdir())) == 3  # without a key all are as they should be

    settings.DOCUMENT_KEYS = (new_key(),)
    kept = kept.with_suffix(page_images._suffix())
    kept.write_bytes(b"x")
    forget_other_pages()
    assert set(folder.iterdir()) == {kept, draft}


def test_the_pictures_of_before_go_when_a_page_is_drawn_with_a_key(folder: Path, settings: Any) -> None:
    job = a_job(invoice_pdf())
    page_picture(job=job, number=1)
    (before,) = folder.iterdir()
    settings.DOCUMENT_KEYS = (new_key(),)

    assert size_of(page_picture(job=job, number=1))

    (now,) = folder.iterdir()
    assert now != before
    assert b"WEBP" not in now.read_bytes()[:32]


def test_a_document_whose_file_is_gone_is_told(folder: Path) -> None:
    job = a_job(invoice_pdf())
    job.upload.file.delete(save=False)

    with pytest.raises(PageMissing):
        page_picture(job=OcrJob.objects.get(pk=job.pk), number=1)
