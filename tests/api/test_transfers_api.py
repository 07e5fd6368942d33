"""`GET /v2/transfers`: rows as the contract has them, and nothing of anybody else's."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from customers.keys import issue_key
from customers.models import Customer
from tests.ledger import a_customer, a_draft
from transfers.finalizing import finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

UNKNOWN = "5b0f3a52-6c1f-4f0e-9d7c-3d1f0a7e2b11"


def client_of(*customers: Customer, scopes: tuple[str, ...] = ("transfers:read",)) -> APIClient:
    _, plain = issue_key(
        name="test", customers=customers, scopes=scopes, expires_at=None, by="test", now=timezone.now()
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    return client


def ids(answer: Any) -> list[str]:
    return [row["id"] for row in answer.json()["data"]]


def standard_fields_of(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: row[name] for name in ("created_at", "created_by", "modified_at", "modified_by", "active", "metadata")
    }


def test_a_draft_is_shown_exactly_as_the_contract_has_it() -> None:
    customer = a_customer()
    draft = a_draft(customer, requested_execution_date=date(2026, 3, 30), blockers=["account_assumed"])

    answer = client_of(customer).get(f"/v2/transfers/{draft.pk}")

    assert answer.status_code == 200
    row = answer.json()
    assert list(row.items()) == list(
        {
            "id": str(draft.pk),
            "customer_id": str(customer.pk),
            "status": "draft",
            "amount": {"amount_minor": "11900", "currency": "EUR"},
            "source": {
                "counterparty_id": str(draft.source_counterparty_id),
                "cp_account_id": str(draft.source_account_id),
            },
            "destination": {
                "counterparty_id": str(draft.destination_counterparty_id),
                "cp_account_id": str(draft.destination_account_id),
                "iban": "DE02120300000000202051",
                "bic": "BYLADEM1001",
                "name": "Hollow Oak Timber Ltd",
            },
            "reference": "RF18539007547034",
            "requested_execution_date": "2026-03-30",
            "upload_id": str(draft.upload_id),
            "ocr_job_id": str(draft.ocr_job_id),
            "blockers": ["account_assumed"],
            "supersedes_id": None,
            **standard_fields_of(row),
        }.items()
    )
    assert (row["created_by"], row["modified_by"], row["active"], row["metadata"]) == ("test", "", True, {})


def test_what_is_not_known_is_null() -> None:
    customer = a_customer()
    empty = Transfer.objects.create(customer=customer, blockers=["amount_missing"])

    row = client_of(customer).get(f"/v2/transfers/{empty.pk}").json()

    assert row["amount"] == {"amount_minor": None, "currency": None}
    assert row["source"] == {"counterparty_id": None, "cp_account_id": None}
    assert row["destination"] == {
        "counterparty_id": None,
        "cp_account_id": None,
        "iban": None,
        "bic": None,
        "name": None,
    }
    assert [row[name] for name in ("reference", "requested_execution_date", "upload_id", "ocr_job_id")] == [None] * 4


def test_a_large_amount_keeps_all_its_digits() -> None:
    customer = a_customer()
    draft = a_draft(customer, amount_minor=999_999_999_999_999_999)

    amount = client_of(customer).get(f"/v2/transfers/{draft.pk}").json()["amount"]

    assert amount["amount_minor"] == "999999999999999999"


def test_a_finalised_transfer_names_the_draft_that_it_supersedes() -> None:
    customer = a_customer()
    draft = a_draft(customer)
    pending = finalize_transfer(transfer_id=draft.pk, by="person", now=timezone.now())
    client = client_of(customer)

    row = client.get(f"/v2/transfers/{pending.pk}").json()
    assert (row["status"], row["supersedes_id"], row["ocr_job_id"]) == ("pending", str(draft.pk), str(draft.ocr_job_id))
    assert client.get(f"/v2/transfers/{draft.pk}").json()["status"] == "superseded"


def test_the_transfers_of_other_customers_do_not_exist() -> None:
    customer, neighbour = a_customer(), a_customer("Brindle & Co")
    mine, other = a_draft(customer), a_draft(neighbour)
    client = client_of(customer)

    assert ids(client.get("/v2/transfers")) == [str(mine.pk)]
    assert client.get(f"/v2/transfers/{other.pk}").status_code == 404
    assert client.get("/v2/transfers").json()["total_unfiltered"] == 1
    for search in (
        f"customer_id={neighbour.pk}",
        f"upload_id={other.upload_id}",
        f"ocr_job_id={other.ocr_job_id}",
        f"destination_counterparty_id={other.destination_counterparty_id}",
    ):
        assert client.get(f"/v2/transfers?search.{search}").json()["data"] == [], search


@pytest.mark.parametrize("path", [f"/v2/transfers/{UNKNOWN}", "/v2/transfers/not-an-id", "/v2/transfers/1"])
def test_what_does_not_exist_is_404_in_the_shape_of_every_error(path: str) -> None:
    answer = client_of(a_customer()).get(path)

    assert answer.status_code == 404
    assert (list(answer.json()), answer.json()["error"]) == (["error", "message", "details"], "not_found")


def test_without_a_key_or_its_scope_nothing_is_handed_out() -> None:
    customer = a_customer()
    draft = a_draft(customer)
    unscoped = client_of(customer, scopes=("uploads:*", "transfers:write"))

    for path in ("/v2/transfers", f"/v2/transfers/{draft.pk}"):
        assert APIClient().get(path).status_code == 401
        assert unscoped.get(path).status_code == 403


def test_the_list_is_searched_and_sorted() -> None:
    customer = a_customer()
    job_id = uuid4()
    small = Transfer.objects.create(customer=customer, amount_minor=1, currency="CHF", destination_name="Elm & Sons")
    large = Transfer.objects.create(customer=customer, amount_minor=900, currency="EUR", ocr_job_id=job_id)
    client = client_of(customer)

    assert ids(client.get("/v2/transfers")) == [str(large.pk), str(small.pk)]
    assert ids(client.get("/v2/transfers?sort=amount_minor")) == [str(small.pk), str(large.pk)]
    assert ids(client.get("/v2/transfers?search.currency=CHF")) == [str(small.pk)]
    assert ids(client.get(f"/v2/transfers?search.ocr_job_id={job_id}")) == [str(large.pk)]
    assert ids(client.get("/v2/transfers?search._text.ilike=elm")) == [str(small.pk)]
    assert ids(client.get("/v2/transfers?search.status=pending")) == []
    assert client.get("/v2/transfers?search.ocr_job_id=1").status_code == 400
    assert client.get("/v2/transfers?search.blockers=x").status_code == 400
    assert client.get("/v2/transfers?limit=101").status_code == 400
