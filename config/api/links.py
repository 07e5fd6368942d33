"""Where the answer to one request leads: the `links` of the OpenAPI description, by operation."""

from dataclasses import dataclass, field
from typing import Any

BODY = "$response.body#/"


@dataclass(frozen=True, slots=True)
class Link:
    """What of an answer the next request takes: `row` is the answer's field for its path, `body` those for its body."""

    to: str
    row: str | None = "id"
    body: dict[str, Any] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        link: dict[str, Any] = {"operationId": self.to}
        if self.row:
            link["parameters"] = {"id": BODY + self.row}
        return {**link, "requestBody": self.body} if self.body else link


def _row(*names: str) -> tuple[Link, ...]:
    return tuple(Link(name) for name in names)


def _crud(name: str) -> tuple[Link, ...]:
    return _row(f"{name}_retrieve", f"{name}_update", f"{name}_delete")


_JOB = (
    Link("ocr_job_retrieve", "job_id"),
    Link("ocr_job_evidence", "job_id"),
    Link("ocr_job_reprocess", "job_id"),
    Link("uploads_retrieve", "upload_id"),
    Link("uploads_content", "upload_id"),
)
_OF_COUNTERPARTY = {"counterparty_id": BODY + "id"}
_FOR_CUSTOMER = {"customer_id": BODY + "id"}
_TO_ACCOUNT = {"destination": {"counterparty_id": BODY + "counterparty_id", "cp_account_id": BODY + "id"}}

# By operation and status of the answer.
LINKS: dict[tuple[str, str], tuple[Link, ...]] = {
    ("customers_retrieve", "200"): tuple(
        Link(name, row=None, body=_FOR_CUSTOMER)
        for name in ("ocr_job_create", "counterparties_create", "webhook_endpoints_create")
    ),
    ("ocr_job_create", "202"): _JOB,
    ("ocr_job_reprocess", "202"): _JOB,
    ("ocr_job_retrieve", "200"): (
        *_JOB,
        Link("transfers_retrieve", "transfer_id"),
        Link("transfers_update", "transfer_id"),
        Link("transfers_finalize", "transfer_id"),
    ),
    ("counterparties_create", "201"): (
        *_crud("counterparties"),
        Link("bank_accounts_create", row=None, body=_OF_COUNTERPARTY),
        Link("contacts_create", row=None, body=_OF_COUNTERPARTY),
        Link("addresses_create", row=None, body=_OF_COUNTERPARTY),
        Link(
            "invoices_create",
            row=None,
            body={"customer_id": BODY + "customer_id", "destination": _OF_COUNTERPARTY},
        ),
    ),
    ("bank_accounts_create", "201"): (
        *_crud("bank_accounts"),
        Link("transfers_create", row=None, body=_TO_ACCOUNT),
    ),
    ("bank_accounts_create", "202"): _row("bank_details_changes_retrieve"),
    ("bank_accounts_update", "202"): _row("bank_details_changes_retrieve"),
    ("contacts_create", "201"): _crud("contacts"),
    ("addresses_create", "201"): _crud("addresses"),
    ("transfers_create", "201"): _row(
        "transfers_retrieve", "transfers_update", "transfers_finalize", "transfers_cancel"
    ),
    ("transfers_update", "200"): _row("transfers_finalize", "transfers_cancel"),
    ("transfers_finalize", "200"): _row("transfers_pain001", "transfers_retrieve"),
    ("invoices_create", "201"): _row("invoices_retrieve", "invoices_update", "invoices_pdf"),
    ("uploads_retrieve", "200"): _row("uploads_content", "uploads_update", "uploads_delete"),
    ("webhook_endpoints_create", "201"): (
        *_crud("webhook_endpoints"),
        *_row("webhook_endpoints_rotate_secret"),
    ),
}


def link_answers_to_requests(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook. Raises KeyError for an operation or an answer that is not described."""
    operations = {one["operationId"]: one for item in result["paths"].values() for one in item.values()}
    for (operation, status), links in LINKS.items():
        answer = operations[operation]["responses"][status]
        answer["links"] = {operations[link.to]["operationId"]: link.described() for link in links}
    return result
