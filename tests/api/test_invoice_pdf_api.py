"""`/v2/invoices/{id}/pdf`: the invoice to be saved, for those who may read it."""

from typing import Any
from uuid import uuid4

import pymupdf
import pytest
from rest_framework.test import APIClient

from counterparties.models import Address, Contact, Counterparty
from customers.models import Customer
from tests.api.conftest import client_for
from tests.api.operations import description
from tests.api.test_bad_input import is_error
from tests.ledger import OWN_IBAN, a_customer

pytestmark = pytest.mark.django_db

PATH = "/v2/invoices"


@pytest.fixture
def invoice(client: APIClient, invoice_body: dict[str, Any], seller: Counterparty, buyer: Counterparty) -> str:
    """The address of an invoice with all that can be said."""
    Address.objects.create(counterparty=seller, street="Mühlenweg 4", zip="20095", city="Hamburg", country="DE")
    Contact.objects.create(counterparty=buyer, type="email", value="old@hollowoak.example")
    Contact.objects.create(counterparty=buyer, type="email", value="ap@hollowoak.example", preferred=True)
    source = invoice_body["source"] | {"cp_account_id": str(seller.accounts.get().pk)}
    more = {"source": source, "due_date": "2027-04-01", "rates": {"vat": "19"}, "reference": "RF18539007547034"}
    answer = client.post(PATH, invoice_body | more)
    assert answer.status_code == 201, answer.content
    return str(answer["Location"])


def texts(content: bytes) -> str:
    with pymupdf.open(stream=content) as document:
        return "\n".join(page.get_text() for page in document)


def test_the_pdf_is_an_attachment_that_no_browser_runs(client: APIClient, invoice: str) -> None:
    answer = client.get(f"{invoice}/pdf", HTTP_ACCEPT="application/pdf")

    number = client.get(invoice).json()["invoice_number"]
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="{number}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert int(answer["Content-Length"]) == len(answer.content)
    page = texts(answer.content)
    grouped = " ".join(OWN_IBAN[start : start + 4] for start in range(0, len(OWN_IBAN), 4))
    for printed in (number, "Aldermoor Trading GmbH", "Mühlenweg 4", "ap@hollowoak.example", "EUR 119.00", grouped):
        assert printed in page
    assert "old@hollowoak.example" not in page
    assert client.get(f"{invoice}/pdf").content == answer.content


def test_without_an_account_there_is_no_code_and_no_error(client: APIClient, invoice_body: dict[str, Any]) -> None:
    row = client.post(PATH, invoice_body).json()
    answer = client.get(f"{PATH}/{row['id']}/pdf")
    assert answer.status_code == 200
    page = texts(answer.content)
    assert "IBAN" not in page
    assert "Scan to pay" not in page
    assert page.count(row["invoice_number"]) == 2  # as its number, and as what to quote


def test_a_number_never_becomes_a_path_or_a_header(client: APIClient, invoice_body: dict[str, Any]) -> None:
    row = client.post(PATH, invoice_body | {"invoice_number": '../../Ä "1"; x=2 & <b>'}).json()
    answer = client.get(f"{PATH}/{row['id']}/pdf")
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%84-1-x-2-b.pdf"


def test_another_customers_invoice_is_not_there(invoice: str) -> None:
    stranger = client_for([a_customer("Somebody Else AG")])
    for path in (f"{invoice}/pdf", f"{PATH}/{uuid4()}/pdf", f"{PATH}/not-an-id/pdf"):
        is_error(stranger.get(path), 404, "not_found")


def test_reading_invoices_is_a_scope(invoice: str, customer: Customer) -> None:
    assert client_for([customer], ["invoices:read"]).get(f"{invoice}/pdf").status_code == 200
    is_error(client_for([customer], ["invoices:write"]).get(f"{invoice}/pdf"), 403, "forbidden")
    assert APIClient().get(f"{invoice}/pdf").status_code == 401
    assert client_for([customer]).post(f"{invoice}/pdf").status_code == 405


def test_the_description_says_what_comes_back() -> None:
    answers = description()["paths"]["/v2/invoices/{id}/pdf"]["get"]["responses"]
    assert answers["200"]["content"] == {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
    assert {"401", "403", "404"} <= set(answers)
