"""`manage.py extract`: documents in, a line each out, no database."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ocr.extraction.fields import RESULT_NAMES
from tests.documents import encrypted_pdf, invoice_pdf
from tests.ledger import SUPPLIERS_IBAN


def extracted(*paths: Path) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("extract", *map(str, paths), "--json", "--today", "2026-10-10", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "1-good.pdf").write_bytes(invoice_pdf())
    (tmp_path / "2-locked.pdf").write_bytes(encrypted_pdf())
    (tmp_path / "3-note.pdf").write_text("only a note")
    (tmp_path / "4-empty.pdf").write_bytes(b"")
    return tmp_path


def test_a_document_gives_all_that_is_promised(folder: Path) -> None:
    [line] = extracted(folder / "1-good.pdf")

    assert list(line) == [
        "file", "result", "seller", "sources", "confidence", "warnings", "notes", "accepted", "seconds", "error",
    ]  # fmt: skip
    assert list(line["result"]) == list(RESULT_NAMES)
    assert (line["result"]["total"], line["result"]["iban"]) == ("1190.00", SUPPLIERS_IBAN)
    assert line["seller"]["name"] == "Hollow Oak Timber Ltd"
    assert line["sources"]["iban"] == "text"
    assert 0 < line["confidence"]["iban"] <= 1
    assert {"read", "extract"} <= set(line["seconds"])
    assert line["error"] is None


def test_a_document_that_cannot_be_read_says_why_and_the_run_goes_on(folder: Path) -> None:
    lines = extracted(folder)

    assert [line["error"].split(":")[0] if line["error"] else None for line in lines] == [
        None, "encrypted", "unsupported", "empty",
    ]  # fmt: skip
    assert [line["accepted"] for line in lines][1:] == [False, False, False]


def test_a_file_that_is_not_there_says_so(folder: Path) -> None:
    lines = extracted(folder / "1-good.pdf", folder / "missing.pdf")

    assert lines[1]["error"].startswith("not_a_readable_file")


def test_nothing_readable_at_all_is_a_failure(folder: Path) -> None:
    with pytest.raises(CommandError, match="None of the documents"):
        call_command("extract", str(folder / "2-locked.pdf"), stdout=StringIO())


def test_without_json_it_is_a_table_for_a_person(folder: Path) -> None:
    out = StringIO()

    call_command("extract", str(folder / "1-good.pdf"), stdout=out)

    assert f"iban                  {SUPPLIERS_IBAN}" in out.getvalue()
    assert "customer_email        —" in out.getvalue()
