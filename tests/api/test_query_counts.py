"""How many SQL queries each reading request takes: as many with a hundred rows, and a hundred parts, as with one.

The counts stand in docs/query-counts.md; with WRITE_QUERY_COUNTS=1 in the environment the page is written anew.
"""

import os
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from config.api.throttling import KeyThrottle
from counterparties.models import Address, Contact, Counterparty
from counterparties.onboarding import open_onboarding
from invoices.models import Invoice, InvoiceItem
from ocr.extraction.fields import RESULT_NAMES
from ocr.models import OcrCorrection, OcrField, OcrJob, OcrMatchCandidate, OcrRun
from tests.api.conftest import client_for
from tests.api.operations import Operation, operations
from tests.api.walking import OURS
from tests.ledger import an_account
from tests.services import ROOT
from tests.tenants import Tenant, a_whole_tenant, rows_of

PAGE = ROOT / "docs/query-counts.md"
SIZES = (1, 20, 100)
READING = [one for one in operations() if one.method == "GET"]
HEAD = """# Queries

How many SQL queries each request takes that reads, the two for its key and the customers of it among them: when there
are 1, 20 and 100 rows of everything for the key, a list shows them all on one page, and a single row has as many parts
(accounts, contacts, addresses, items, runs, corrections, candidates). A search takes one more, which counts what there
is without it. The same on PostgreSQL and SQLite, but for the two statements of the second wall on
PostgreSQL ([tenants.md](tenants.md)); `tests/api/test_query_counts.py` counts them, and holds this page to what it
counts.

| request | 1 row | 20 rows | 100 rows | searched |
| --- | --: | --: | --: | --: |
"""


def grow(tenant: Tenant, size: int) -> UUID:
    """Gives the rows that the tenant's single addresses show as many parts as this; a counterparty with all of them."""
    supplier = Counterparty.objects.get(pk=tenant.ids["counterparty_id"])
    invoice = Invoice.objects.get(pk=tenant.ids["invoice_id"])
    job = OcrJob.objects.get(pk=tenant.ids["ocr_job_id"])
    now = timezone.now()
    # Accounts come with a new counterparty only, or are confirmed by a second person.
    fresh = Counterparty.objects.create(
        customer=supplier.customer, legal_name="Many Accounts Ltd", onboarding=open_onboarding(by="test")
    )
    for number in range(size):
        an_account(fresh, german_iban(1000 * size + number))
    for one in (supplier, fresh):
        customer, numbers = one.customer, range(one.addresses.count(), size)
        for number in numbers:  # what is looked up by is worked out in saving
            Contact.objects.create(customer=customer, counterparty=one, type="email", value=f"{number}@oak.example")
        Address.objects.bulk_create(
            Address(customer=customer, counterparty=one, country="DE", street=f"Row {number}") for number in numbers
        )
    InvoiceItem.objects.bulk_create(
        InvoiceItem(invoice=invoice, position=number, title="Oak", quantity=1, price_minor=0, total_minor=0)
        for number in range(InvoiceItem.objects.filter(invoice=invoice).count() + 1, size + 1)
    )
    OcrRun.objects.bulk_create(
        OcrRun(job=job, token=uuid4(), attempt=1, from_stage="match", started_at=now, ended_at=now, outcome="finished")
        for _ in range(job.runs.count(), size)
    )
    OcrCorrection.objects.bulk_create(
        OcrCorrection(job=job, target="total", after=str(number), corrected_by="anna")
        for number in range(job.corrections.count(), size)
    )
    known = Counterparty.objects.exclude(pk__in=job.match_candidates.values("counterparty"))[:size]
    OcrMatchCandidate.objects.bulk_create(
        OcrMatchCandidate(job=job, rank=rank, counterparty=one, legal_name=one.legal_name, score=0.5)
        for rank, one in enumerate(known, start=job.match_candidates.count() + 1)
    )
    OcrField.objects.bulk_create(
        OcrField(job=job, name=name) for name in RESULT_NAMES if not job.fields.filter(name=name).exists()
    )
    return fresh.pk


def german_iban(number: int) -> str:
    account = f"50010517{number:010d}"
    return f"DE{98 - int(f'{account}131400') % 97:02d}{account}"


def count(client: APIClient, path: str) -> int:
    """The queries of one request."""
    client.get(path)  # what is remembered between requests is so now
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code < 300, answer.content
    queries = [one["sql"] for one in captured.captured_queries]
    return len([sql for sql in queries if not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))])


def id_of(operation: Operation, *, tenant: Tenant, client: APIClient) -> UUID:
    """The row of the tenant that the operation shows."""
    for row in rows_of(tenant.customer):
        if client.get(operation.path.replace("{id}", str(row.pk))).status_code < 300:
            return UUID(str(row.pk))
    raise AssertionError(f"no row of a_whole_tenant is shown by {operation}")


def a_search(operation: Operation, tenant: Tenant) -> str:
    """Texts where the list has any, else whatever finds the tenant's rows."""
    names = [one["name"] for one in operation.query]
    if "search._text.ilike" in names:
        return "search._text.ilike=oak"
    return f"search.customer_id={tenant.customer.pk}"


@pytest.mark.django_db
def test_a_hundred_rows_take_as_many_queries_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": None, "key_write": None})
    tenants: list[Tenant] = []
    counts: dict[str, list[int]] = {}
    ids: dict[str, UUID] = {}
    for size in SIZES:
        tenants += [a_whole_tenant(mark=f"Oak{number}y", ibans=OURS) for number in range(len(tenants), size)]
        ids["counterparties_retrieve"] = grow(tenants[0], size)
        client = client_for([tenant.customer for tenant in tenants])
        for operation in READING:
            shown = f"`GET {operation.path}`"
            if "{id}" in operation.path and operation.operation_id not in ids:
                ids[operation.operation_id] = id_of(operation, tenant=tenants[0], client=client)
            whole = f"{operation.path}?limit=100" if operation.is_list else operation.path
            path = whole.replace("{id}", str(ids.get(operation.operation_id)))
            counts.setdefault(shown, []).append(count(client, path))
            if operation.is_list:
                assert len(client.get(path).json()["data"]) >= size, f"{operation} has fewer rows than {size}"
            if operation.is_list and size == SIZES[-1]:
                counts[shown].append(count(client, f"{path}&{a_search(operation, tenants[0])}"))

    growing = {shown: found for shown, found in counts.items() if len(set(found[: len(SIZES)])) > 1}
    assert growing == {}, "more rows take more queries: select or prefetch what each row shows"
    page = HEAD + "".join(
        f"| {shown} | {' | '.join(map(str, found))} |{'' if len(found) > len(SIZES) else ' |'}\n"
        for shown, found in sorted(counts.items(), key=lambda one: one[0].strip("`"))
    )
    if os.environ.get("WRITE_QUERY_COUNTS") == "1":
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "docs/query-counts.md is out of date; see the head of this test"
