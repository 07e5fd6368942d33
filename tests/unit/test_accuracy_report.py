"""The report of `make accuracy`: its figures, and that no value of any document gets into it."""

import json
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from benchmarks.accuracy.comparing import changes
from benchmarks.accuracy.drafts import ScoredDraft
from benchmarks.accuracy.locales import broken_gates
from benchmarks.accuracy.quoting import quoted, with_quoted
from benchmarks.accuracy.summary import Run, summary
from benchmarks.accuracy.writing import write_report
from ocr.evaluation.scoring import Outcome, ScoredDocument, ScoredField, Subject


def document(name: str, *outcomes: Outcome, is_accepted: bool = True) -> ScoredDocument:
    fields = tuple(
        ScoredField(
            "seller_name" if number else "total",
            outcome,
            None if outcome == "empty" else "Secret Person",
            ("Another Person",),
            None if outcome == "empty" else 0.9,
            None if outcome == "empty" else "text",
            {"right": "", "wrong": "misread", "empty": "not found"}[outcome],
        )
        for number, outcome in enumerate(outcomes)
    )
    subject = Subject(id=name, group=f"supplier {name}", kind="digital_pdf", language="de", segment="digital")
    return ScoredDocument(subject, fields, is_accepted=is_accepted, acceptance=0.8)


@pytest.fixture
def figures() -> dict[str, Any]:
    documents = [document("a", "right", "right"), document("b", "right", "wrong"), document("c", "empty", "right")]
    drafts = [("digital", ScoredDraft(is_ready=True, has_wrong_money=False, has_wrong_words=True))]
    return summary(Run(settings={"usual": documents}, without_payer=documents[:1], drafts=drafts))


def test_the_figures_say_what_was_right_and_what_passed_wrongly(figures: dict[str, Any]) -> None:
    digital = figures["segments"]["digital"]
    assert {name: digital["all_fields"][name] for name in ("right", "wrong", "empty")} == {
        "right": 4,
        "wrong": 1,
        "empty": 1,
    }
    assert digital["accepted"]["usual"]["false_success"]["part"] == 1
    assert digital["accepted"]["usual"]["coverage"]["share"] == 1
    assert digital["all_fields_payer_unknown"]["share"] == 1
    assert digital["drafts"] == {"documents": 1, "ready": 1, "wrong_money": 0, "wrong_words": 1}
    assert figures["mistakes"]["seller_name"] == [
        {"kind": "misread", "count": 1, "wrong": 1, "such_as": "b (as_is)"},
    ]
    assert [each["id"] for each in figures["worst"]] == ["b", "c"]


def test_the_report_holds_ids_and_fields_and_no_value(figures: dict[str, Any], tmp_path: Path) -> None:
    write_report(report={"sets": {"some": figures}}, changed=["total became better"], folder=tmp_path / "new")
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "new").iterdir()}
    charts = {"some-fields.svg", "some-curve.svg", "some-reliability.svg"}
    assert set(written) == {"report.md", "some.md", "report.json", *charts}
    assert not any("Person" in text for text in written.values())
    assert "| b " in written["some.md"]
    assert "total became better" in written["report.md"]
    assert json.loads(written["report.json"])["sets"]["some"]["worst"][0]["wrong"] == ["seller_name"]
    for name, text in written.items():
        if name.endswith(".svg"):
            assert pymupdf.open(stream=text.encode(), filetype="svg")[0].get_text()


def test_what_became_different_is_said_and_nothing_else(figures: dict[str, Any]) -> None:
    report = {"sets": {"some": figures}}
    assert changes(before=report, now=report) == []
    other = json.loads(json.dumps(report))
    other["sets"]["some"]["segments"]["digital"]["fields"]["total"] |= {"right": 3, "empty": 0}
    assert changes(before=report, now=other) == [
        "some, digital: total 2 / 0 / 1 became 3 / 0 / 0 (right / wrong / empty)",
    ]
    assert changes(before={}, now=report) == []


def test_a_locale_that_does_worse_or_reads_anything_wrongly_is_named() -> None:
    def locales(german: int, wrong: int) -> dict[str, Any]:
        english = {"right": 50, "of": 50, "wrong": 0, "date_swaps": 0}
        return {"locales": {"EN": english, "DE": english | {"right": german, "wrong": wrong}}}

    assert list(broken_gates(locales(50, 0))) == []
    assert [text[:2] for text in broken_gates(locales(49, 0))] == ["DE"]
    assert [text[:2] for text in broken_gates(locales(50, 1))] == ["DE"]


def test_the_readme_quotes_the_report_that_is_kept() -> None:
    root = Path(__file__).resolve().parents[2]
    report = json.loads((root / "docs" / "accuracy" / "report.json").read_text(encoding="utf-8"))
    readme = (root / "README.md").read_text(encoding="utf-8")

    assert len(quoted(report).splitlines()) > 4
    assert with_quoted(text=readme, report=report) == readme


def test_a_text_without_marks_is_not_written_into() -> None:
    with pytest.raises(ValueError, match="substring"):
        with_quoted(text="no marks", report={"sets": {}})
