"""A search for text finds it in any case, on SQLite as on PostgreSQL, and wildcards mean themselves."""

import pytest
from django.db.models import F, Value

from customers.models import Customer
from invoices.models import Upload
from tests.api.conftest import client_for
from tests.ledger import a_customer, an_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> Customer:
    return a_customer()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("RECHNUNG-Ü.pdf", "rechnung-ü"),
        ("rechnung-ü.pdf", "RECHNUNG-Ü"),
        ("Rechnung-Ü.pdf", "rECHNUNG-ü"),
        ("FACTURE ŒUVRE.pdf", "œuvre"),
        ("Città di Castello.pdf", "CITTÀ"),
        ("ΤΙΜΟΛΟΓΙΟ.pdf", "τιμολόγιο".replace("ό", "ο")),
        ("СЧЁТ.pdf", "счёт"),
        ("Straße.pdf", "STRAßE"),
        ("a*ü?[b]^-%_.pdf", "A*Ü?[B]^-%_"),
        ("発票.pdf", "発票"),
    ],
)
def test_letters_beyond_ascii_have_cases_too(customer: Customer, name: str, text: str) -> None:
    found = an_upload(customer, file_name=name)
    an_upload(customer, content=b"%PDF-1.7 another", file_name="Rechnung-U.pdf")

    listed = client_for([customer]).get("/v2/uploads", {"search._text.ilike": text}).json()

    assert [row["id"] for row in listed["data"]] == [str(found.pk)]


@pytest.mark.parametrize("text", ["*ü", "?ü", "[a-z]ü", "%ü", "_ü", "ü*", "ü[", "ü]", "[^x]ü", "\\ü", "ue", "ü-u"])
def test_no_letter_is_a_wildcard(customer: Customer, text: str) -> None:
    an_upload(customer, file_name="Rechnung-ü-1.pdf")

    assert client_for([customer]).get("/v2/uploads", {"search._text.ilike": text}).json()["data"] == []


def test_what_a_column_holds_is_found_in_another() -> None:
    upload = an_upload(a_customer(), file_name="Rechnung.pdf")

    assert Upload.objects.filter(file_name__icontains=F("file_name")).get() == upload
    assert not Upload.objects.filter(file_name__icontains=Value("ü")).exists()
