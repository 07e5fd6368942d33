import pymupdf
import pytest

from benchmarks.generator.generation import GeneratedInvoice, generate

COUNT, SEED = 300, 7


@pytest.fixture(scope="session")
def invoices() -> list[GeneratedInvoice]:
    return list(generate(count=COUNT, seed=SEED))


@pytest.fixture(scope="session")
def documents(invoices: list[GeneratedInvoice]) -> dict[str, pymupdf.Document]:
    return {invoice.name: pymupdf.open(stream=invoice.pdf, filetype="pdf") for invoice in invoices}
