"""What a client does with the service, through the package that is generated from the API's description.

`tests/integration/test_generated_client.py` makes that package, holds this module to its types with `mypy --strict`,
and runs it against a real service. It is written as a user of the client would write it.
"""

import time
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from uuid import UUID

from paydraft_client import AuthenticatedClient
from paydraft_client.api.counterparties import counterparties_list
from paydraft_client.api.customers import customers_list
from paydraft_client.api.ocr import ocr_job_create, ocr_job_evidence, ocr_job_retrieve
from paydraft_client.api.transfers import (
    transfers_finalize,
    transfers_pain001,
    transfers_retrieve,
    transfers_update,
)
from paydraft_client.api.uploads import uploads_content
from paydraft_client.api.webhooks import webhook_endpoints_create, webhook_endpoints_delete
from paydraft_client.models import (
    Counterparty,
    ErrorBody,
    EventType,
    JobEvidence,
    JobRequestV2,
    JobResponseV2,
    JobStatus,
    JobUploadRequestV2,
    NewWebhookEndpoint,
    PaginatedCounterpartyList,
    PaginatedCustomerList,
    Transfer,
    TransferChanges,
    WebhookEndpointWithSecret,
)
from paydraft_client.types import File, Response

PATIENCE_SECONDS = 60.0


class Refused(Exception):
    """The service said no; its error, as the client parsed it, is the argument."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A client with its key, and the customer it acts for."""

    client: AuthenticatedClient
    customer_id: UUID

    @classmethod
    def of(cls, *, url: str, key: str) -> "Caller":
        """The caller for the one customer that the key may act for."""
        client = AuthenticatedClient(base_url=url, token=key)
        customers = customers_list.sync(client=client)
        assert isinstance(customers, PaginatedCustomerList), customers
        [customer] = customers.data
        return cls(client=client, customer_id=customer.id)

    def send_form(self, document: bytes, *, once: str) -> Response[ErrorBody | JobResponseV2]:
        file = File(payload=BytesIO(document), file_name="invoice.pdf", mime_type="application/pdf")
        body = JobUploadRequestV2(file=file, customer_id=self.customer_id)
        return ocr_job_create.sync_detailed(client=self.client, body=body, x_idempotency_key=once)

    def send_base64(self, text: str) -> Response[ErrorBody | JobResponseV2]:
        body = JobRequestV2(base64_file=text, customer_id=self.customer_id)
        return ocr_job_create.sync_detailed(client=self.client, body=body)

    def finished(self, job_id: UUID) -> JobResponseV2:
        """The job once it has ended, polled as its `Retry-After` says."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            answer = ocr_job_retrieve.sync_detailed(job_id, client=self.client)
            job = answer.parsed
            assert isinstance(job, JobResponseV2), job
            assert int(job.status) == answer.status_code
            if job.status is not JobStatus.VALUE_202:
                return job
            time.sleep(min(0.1, float(answer.headers["Retry-After"])))
        raise AssertionError(f"job {job_id} stayed at 202")

    def evidence(self, job_id: UUID) -> JobEvidence:
        found = ocr_job_evidence.sync(job_id, client=self.client)
        assert isinstance(found, JobEvidence), found
        return found

    def counterparties(self, *, name: str) -> list[Counterparty]:
        found = counterparties_list.sync(client=self.client, search_text_ilike=name, limit=5, sort="legal_name")
        assert isinstance(found, PaginatedCounterpartyList), found
        return found.data

    def transfer(self, transfer_id: UUID) -> Transfer:
        return _transfer(transfers_retrieve.sync(transfer_id, client=self.client))

    def corrected(self, transfer_id: UUID, changes: TransferChanges) -> Transfer:
        return _transfer(transfers_update.sync(transfer_id, client=self.client, body=changes))

    def finalized(self, transfer_id: UUID) -> Transfer:
        """The payment; raises Refused, with the blockers, for a draft that has some."""
        return _transfer(transfers_finalize.sync(transfer_id, client=self.client))

    def payment_file(self, transfer_id: UUID) -> bytes:
        answer = transfers_pain001.sync(transfer_id, client=self.client)
        if isinstance(answer, ErrorBody):
            raise Refused(answer)
        assert isinstance(answer, File)
        return answer.payload.read()

    def document(self, upload_id: UUID, *, part: str) -> tuple[HTTPStatus, bytes]:
        """The status, and the bytes of a part such as `bytes=0-3`."""
        answer = uploads_content.sync_detailed(upload_id, client=self.client, range_=part)
        assert isinstance(answer.parsed, File), answer.parsed
        return answer.status_code, answer.content

    def subscribed(self, url: str) -> WebhookEndpointWithSecret:
        body = NewWebhookEndpoint(customer_id=self.customer_id, url=url, event_types=[EventType.OCR_JOB_FINISHED])
        endpoint = webhook_endpoints_create.sync(client=self.client, body=body)
        if isinstance(endpoint, ErrorBody):
            raise Refused(endpoint)
        assert endpoint is not None
        return endpoint

    def unsubscribed(self, endpoint_id: UUID) -> HTTPStatus:
        return webhook_endpoints_delete.sync_detailed(endpoint_id, client=self.client).status_code


def _transfer(answer: ErrorBody | Transfer | None) -> Transfer:
    if isinstance(answer, ErrorBody):
        raise Refused(answer)
    assert answer is not None
    return answer
