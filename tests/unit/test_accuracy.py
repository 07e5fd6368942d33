"""`make accuracy`: what it takes for true, the forms it reads documents in, and the readings it keeps."""

import json
from pathlib import Path

import pymupdf
import pytest

from benchmarks.accuracy import floors
from benchmarks.accuracy.readings import KeptReadings
from benchmarks.accuracy.truth import TruthUnreadable, known_documents
from benchmarks.accuracy.variants import Variant, variant_of
from ocr.evaluation.scoring import ScoredDocument, ScoredField, Subject

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
FACTUR_X = SAMPLES / "invoices" / "freight-facturx-de.pdf"


def written(folder: Path, row: dict[str, object]) -> Path:
    (folder / "a.pdf").write_bytes(b"%PDF")
    (folder / "truth.jsonl").write_text(json.dumps({"id": "a", "file": "a.pdf"} | row) + "\n", encoding="utf-8")
    return folder


def test_only_what_is_known_and_visible_is_true(tmp_path: Path) -> None:
    row: dict[str, object] = {
        "fields": {"total": "119.00", "buyer_name": "Example AG", "bic": None, "due_date": "2026-11-05"},
        "fields_visible": ["total", "buyer_name", "bic"],
        "accept": {"buyer_name": ["Example"]},
        "extra": {"invoice_date": "2026-10-06", "amount_due": "0.00"},
        "group": "acme",
        "publish": "internal",
    }
    (document,) = known_documents(written(tmp_path, row))
    assert {name: each.values for name, each in document.truth.items()} == {
        "total": ("119.00",),
        "customer_name": ("Example AG", "Example"),
        "issue_date": ("2026-10-06",),
    }
    assert document.payer == ("Example AG", "Example")
    assert (document.group, document.may_be_published) == ("acme", False)


def test_the_amounts_of_a_credit_note_are_right_with_either_sign(tmp_path: Path) -> None:
    row: dict[str, object] = {"fields": {"total": "119.00", "bic": "ELZSDEHH"}, "extra": {"document_type": "381"}}
    (document,) = known_documents(written(tmp_path, row))
    assert document.truth["total"].values == ("119.00", "-119.00")
    assert document.truth["bic"].values == ("ELZSDEHH",)


def test_a_payment_code_stands_for_the_fields(tmp_path: Path) -> None:
    (document,) = known_documents(written(tmp_path, {"payloads": [{"fields": {"total": "12.50"}}]}))
    assert (document.kind, document.truth["total"].values) == ("qr", ("12.50",))


def test_a_line_that_is_not_understood_is_named(tmp_path: Path) -> None:
    written(tmp_path, {"fields": ["total"]})
    with pytest.raises(TruthUnreadable, match=r"truth\.jsonl, line 1"):
        list(known_documents(tmp_path))


def test_without_its_e_invoice_a_pdf_still_says_the_same_on_its_pages() -> None:
    content = FACTUR_X.read_bytes()
    with (
        pymupdf.open(stream=variant_of(content=content, variant="no_xml")) as stripped,
        pymupdf.open(stream=content) as whole,
    ):
        assert whole.embfile_names() == ["factur-x.xml"]
        assert stripped.embfile_names() == []
        assert stripped[0].get_text() == whole[0].get_text()


@pytest.mark.parametrize("variant", ["scan_clean", "scan_degraded"])
def test_a_scan_is_a_picture_and_always_the_same(variant: Variant) -> None:
    content = FACTUR_X.read_bytes()
    pictures = []
    for _ in range(2):
        with pymupdf.open(stream=variant_of(content=content, variant=variant)) as scanned:
            assert scanned[0].get_text() == ""
            assert scanned[0].rect == pymupdf.open(stream=content)[0].rect
            pictures.append(scanned.extract_image(scanned[0].get_images()[0][0])["image"])
    assert pictures[0] == pictures[1]


def test_a_document_is_read_once(tmp_path: Path) -> None:
    content = (SAMPLES / "invoices" / "storage-uk.pdf").read_bytes()
    missed: list[str] = []
    for _ in range(2):
        with KeptReadings(folder=tmp_path, engine="rapidocr") as readings:
            reading = readings.read(content=content, variant="as_is", on_miss=lambda: missed.append("as_is"))
            assert reading.document is not None
            assert reading.document.pages[0].words
    assert missed == ["as_is"]


def test_that_a_document_cannot_be_read_is_kept_as_well(tmp_path: Path) -> None:
    for _ in range(2):
        with KeptReadings(folder=tmp_path, engine="rapidocr") as readings:
            reading = readings.read(content=b"no document", variant="as_is")
            assert (reading.document, reading.error) == (None, "unsupported")


def test_what_falls_below_a_floor_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "floors.toml").write_text("[a.digital]\nfields_right = 0.9\nfalse_success = 0.1\ncoverage = 0.5\n")
    monkeypatch.setattr(floors, "_FLOORS", tmp_path / "floors.toml")
    right, wrong = (ScoredField("total", each, "1", ("1",), 0.9, "text") for each in ("right", "wrong"))
    subject = Subject(id="a", group="a", segment="digital")
    good = ScoredDocument(subject, (right,), is_accepted=True, acceptance=0.9)
    false = ScoredDocument(subject, (wrong,), is_accepted=True, acceptance=0.9)
    held = ScoredDocument(subject, (right,), is_accepted=False, acceptance=0.0)
    assert list(floors.broken_floors(name="a", documents=[good])) == []
    assert list(floors.broken_floors(name="b", documents=[false])) == []
    assert len(list(floors.broken_floors(name="a", documents=[false]))) == 2
    assert [text.split(": ")[1][:6] for text in floors.broken_floors(name="a", documents=[held])] == ["0.00% "]
    assert len(list(floors.broken_floors(name="a", documents=[]))) == 1
