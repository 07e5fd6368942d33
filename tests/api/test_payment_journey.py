"""From a document to the bank's file over the API alone, with a person in between."""

from typing import Any
from uuid import UUID

import pytest
from lxml import etree
from rest_framework.test import APIClient

from counterparties.models import CounterpartyAccount
from customers.models import Customer
from ocr.models import OcrJob
from ocr.processing import process_job
from tests.api.test_bad_input import is_error
from tests.api.test_ocr_jobs import JOBS, finished
from tests.unit.transfers.test_pain001 import schema, texts

pytestmark = pytest.mark.django_db


def test_a_document_becomes_a_payment_file(
    client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
) -> None:
    job = finished(client, customer)
    draft_url = f"/v2/transfers/{job['transfer_id']}"
    draft: dict[str, Any] = client.get(draft_url).json()
    assert draft["destination"]["cp_account_id"] == str(supplier_account.pk)

    answered = client.patch(
        draft_url,
        {
            "amount": {"amount_minor": "4711", "currency": "EUR"},
            "destination": {
                "counterparty_id": draft["destination"]["counterparty_id"],
                "cp_account_id": draft["destination"]["cp_account_id"],
            },
            "settled_blockers": [code for code in draft["blockers"] if code == "low_confidence"],
        },
    )
    assert answered.json()["blockers"] == [], answered.content

    # What a person has put right is not overwritten when the document is read again.
    assert client.post(f"{JOBS}/{job['job_id']}/reprocess", {"from_stage": "extract"}).status_code == 202
    process_job(UUID(job["job_id"]))
    assert client.get(draft_url).json()["amount"]["amount_minor"] == "4711"

    assert is_error(client.get(f"{draft_url}/pain001"), 409, "transfer_not_final")
    payment = client.post(f"{draft_url}/finalize").json()
    assert client.get(f"{JOBS}/{job['job_id']}").json()["transaction_id"] == payment["id"]
    assert OcrJob.objects.get().upload.status == "attached"
    assert is_error(client.delete(f"/v2/uploads/{job['upload_id']}"), 409, "upload_attached")

    root = etree.fromstring(client.get(f"/v2/transfers/{payment['id']}/pain001").content)
    schema().assertValid(root)
    assert (texts(root, "InstdAmt"), texts(root, "CdtrAcct/Id/IBAN")) == (["47.11"], [supplier_account.iban])
