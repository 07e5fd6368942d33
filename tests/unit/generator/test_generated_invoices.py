"""The generator's documents say what their truth says, in every language and case, and stay on the page."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pymupdf

from benchmarks.generator.cases import CASES
from benchmarks.generator.catalogue import COUNTRY_CODES, LANGUAGE_CODES
from benchmarks.generator.generation import GeneratedInvoice, generate
from benchmarks.generator.truth import FIELDS

LARGEST_OVERLAPPING_SHARE = 0.002


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def text_of(document: pymupdf.Document) -> str:
    return bare("".join(page.get_text() for page in document.pages()))


def amount(row: dict[str, Any], name: str) -> Decimal:
    return Decimal(row["fields"][name] or "0")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first, again = list(generate(count=12, seed=3)), list(generate(count=12, seed=3))
    other = list(generate(count=12, seed=4))

    assert [(invoice.pdf, invoice.truth) for invoice in first] == [(invoice.pdf, invoice.truth) for invoice in again]
    assert not {invoice.pdf for invoice in first} & {invoice.pdf for invoice in other}


def test_a_longer_run_begins_with_the_documents_of_a_shorter_one(invoices: list[GeneratedInvoice]) -> None:
    assert [invoice.pdf for invoice in generate(count=5, seed=7)] == [invoice.pdf for invoice in invoices[:5]]


def test_every_country_language_and_case_occurs(invoices: list[GeneratedInvoice]) -> None:
    rows = [invoice.truth for invoice in invoices]

    assert {row["country"] for row in rows} == set(COUNTRY_CODES)
    assert {row["lang"] for row in rows} == set(LANGUAGE_CODES)
    assert {row["case"] for row in rows} == set(CASES)
    assert len({row["group"] for row in rows}) > 30
    assert max(Counter(row["layout"] for row in rows).values()) <= 2


def test_what_is_printed_of_every_field_stands_in_the_text_layer(
    invoices: list[GeneratedInvoice], documents: dict[str, pymupdf.Document]
) -> None:
    missing = []
    for invoice in invoices:
        text = text_of(documents[invoice.name])
        for field, printed in invoice.truth["printed"].items():
            missing += [(invoice.name, field, each) for each in printed if bare(each) not in text]

    assert missing == []


def test_visible_values_are_known_and_absent_ones_are_not(invoices: list[GeneratedInvoice]) -> None:
    for row in (invoice.truth for invoice in invoices):
        assert set(row["fields"]) == set(FIELDS)
        assert all(row["fields"][field] is not None for field in row["fields_visible"]), row["id"]
        assert all(row["fields"][field] is None for field in row["fields_absent"]), row["id"]
        assert {"total", "invoice_number", "seller_name", "buyer_name"} <= set(row["fields_visible"]), row["id"]


def test_the_truth_adds_up(invoices: list[GeneratedInvoice]) -> None:
    for row in (invoice.truth for invoice in invoices):
        extra, lines = row["extra"], row["extra"]["tax_lines"]
        net = sum((Decimal(line["basis"]) for line in lines), Decimal(0))
        tax = sum((Decimal(line["amount"]) for line in lines), Decimal(0))
        total = amount(row, "total")

        assert net + tax + Decimal(extra["rounding"]) == total, row["id"]
        assert total - Decimal(extra["prepaid"]) == Decimal(extra["amount_due"]), row["id"]
        assert row["fields"]["subtotal"] in {None, f"{net:.2f}"}, row["id"]
        assert row["fields"]["sales_tax_amount"] in {None, f"{tax:.2f}"}, row["id"]
        for line in lines:
            exact = Decimal(line["basis"]) * Decimal(line["rate"]) / 100
            assert abs(exact - Decimal(line["amount"])) <= Decimal("0.01"), row["id"]
        assert (total < 0) == (extra["document_type"] == "381"), row["id"]


def test_no_word_leaves_its_page(documents: dict[str, pymupdf.Document]) -> None:
    outside = [
        (name, word[4])
        for name, document in documents.items()
        for page in document.pages()
        for word in page.get_text("words")
        if word[0] < 8 or word[2] > page.rect.width - 8 or word[1] < 4 or word[3] > page.rect.height - 4
    ]

    assert outside == []


def test_words_do_not_overlap(documents: dict[str, pymupdf.Document]) -> None:
    overlapping, count = [], 0
    for name, document in documents.items():
        for page in document.pages():
            words = sorted(page.get_text("words"), key=lambda word: word[1])
            count += len(words)
            for index, one in enumerate(words):
                for other in words[index + 1 :]:
                    if other[1] > one[3]:
                        break
                    if overlap(one, other):
                        overlapping.append((name, one[4], other[4]))

    assert len(overlapping) <= count * LARGEST_OVERLAPPING_SHARE, overlapping[:20]


def overlap(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """By more than a hair across and by half a line down: the boxes of neighbouring lines may touch."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return bool(across > 1.5 and down > 0.45 * min(one[3] - one[1], other[3] - other[1]))
