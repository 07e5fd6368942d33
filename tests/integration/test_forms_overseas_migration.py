"""Legal forms that are known since come to a ledger that is in use: what it knows by name keeps being found."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from counterparties.models import Counterparty
from customers.models import Customer
from invoices.models import Upload
from ocr.models import OcrField, OcrJob

pytestmark = pytest.mark.django_db

BEFORE_AND_NOW = {
    "Margodal Heating Pty Ltd": ("margodal heating pty", "margodal heating"),
    "Meyer & Co.": ("meyer co", "meyer"),
    "Meyer & Co. GmbH": ("meyer co", "meyer co"),
    "Hollmann Technik GmbH": ("hollmann technik", "hollmann technik"),
}


def derive(migration: str) -> None:
    import_module(migration).derive(apps, connection.schema_editor())


def test_names_of_before_get_the_keys_of_now() -> None:
    customer = Customer.objects.create(legal_name="Nordlicht Handels GmbH")
    for name, (before, _) in BEFORE_AND_NOW.items():
        row = Counterparty.objects.create(customer=customer, legal_name=name, aliases=["Kehl AG & Co."])
        Counterparty.objects.filter(pk=row.pk).update(name_key=before, alias_keys="|kehl ag co|")

    derive("counterparties.migrations.0012_forms_overseas")

    rows = {row.legal_name: row for row in Counterparty.objects.all()}
    assert {name: row.name_key for name, row in rows.items()} == {
        name: now for name, (_, now) in BEFORE_AND_NOW.items()
    }
    assert rows["Hollmann Technik GmbH"].alias_keys == "|kehl|"
    assert rows["Meyer & Co. GmbH"].alias_keys == "|meyer|kehl|"


def test_jobs_of_before_are_known_by_the_seller_s_key_of_now() -> None:
    customer = Customer.objects.create(legal_name="Nordlicht Handels GmbH")
    jobs = {}
    for name, (before, _) in BEFORE_AND_NOW.items():
        upload = Upload.objects.create(
            customer=customer, sha256="0" * 64, content_length=1, content_type="application/pdf", file="invented.pdf"
        )
        jobs[name] = OcrJob.objects.create(customer=customer, upload=upload, seller_key=before)
        OcrField.objects.create(job=jobs[name], name="seller_name", value=name, source="text", confidence=0.9)

    derive("ocr.migrations.0011_sellers_without_forms")

    for name, (_, now) in BEFORE_AND_NOW.items():
        jobs[name].refresh_from_db()
        assert jobs[name].seller_key == now
