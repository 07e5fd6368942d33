"""What the measurement of learning takes for a correction, and what it counts."""

from dataclasses import replace
from typing import Any

from benchmarks.generator.series import generate_series
from benchmarks.learning.__main__ import report
from benchmarks.learning.measuring import Taught, wrong_or_empty
from ocr.evaluation.comparison import expected
from ocr.evaluation.scoring import Subject, score
from ocr.extraction.fields import FIELD_NAMES, Candidate, FieldName, FieldReading, InvoiceFields
from ocr.extraction.hints import Used


def fields(**values: str) -> InvoiceFields:
    return InvoiceFields(
        tuple(
            FieldReading(name, chosen=Candidate(values[name], values[name], "text", 0.9) if name in values else None)
            for name in FIELD_NAMES
        )
    )


def truth(**values: str) -> dict[FieldName, Any]:
    return {name: expected(name=name, values=[values[name]]) for name in FIELD_NAMES if name in values}


def test_what_is_wrong_or_empty_is_put_right_and_nothing_else() -> None:
    right = truth(total="119.00", invoice_number="R-17", iban="DE02120300000000202051", currency_symbol="€")
    found = wrong_or_empty(fields=fields(total="119.0", invoice_number="R-71"), truth=right)
    assert found == [("invoice_number", "R-17"), ("iban", "DE02120300000000202051")]


def test_the_table_counts_third_documents_with_and_without() -> None:
    right, subject = truth(total="119.00", invoice_number="R-17"), Subject(id="a", group="a")
    without = score(subject=subject, truth=right, fields=fields(total="119.00", invoice_number="R-71"))
    taught = Taught("a", without, without, corrected=1, hints=1, used=(Used(1, "invoice_number", "R-17"),))
    better = score(subject=subject, truth=right, fields=fields(total="119.00", invoice_number="R-17"))
    lines = report({"some, digital": [replace(taught, with_hints=better)]}).splitlines()
    assert [cell.strip() for cell in lines[2].split("|")[1:-1]] == [
        "some, digital",
        "1",
        "1 of 2 (50.0%)",
        "2 of 2 (100.0%)",
        "1 of 2 (50.0%)",
        "0 of 2 (0.0%)",
        "1",
        "1",
    ]
    assert "| invoice_number |" in lines[-1]


def test_a_seller_keeps_its_accounts_and_words_and_writes_another_bill() -> None:
    first, second = generate_series(index=3, seed=5, length=2)
    again, _ = generate_series(index=3, seed=5, length=2)
    assert first.pdf == again.pdf
    same, other = ("seller_name", "seller_vat_id", "customer_name"), ("invoice_number", "total")
    assert [first.truth["fields"].get(name) for name in same] == [second.truth["fields"].get(name) for name in same]
    assert all(first.truth["fields"][name] != second.truth["fields"][name] for name in other)
    assert first.truth["group"] == second.truth["group"]
