"""What the API description shows of transfers: invented, and consistent with each other."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_CUSTOMER_ID = "0f9f6a34-50a5-4d0c-9b52-0f6f5a1b7c01"
_DRAFT_ID = "1d2c3b4a-5e6f-4a7b-8c9d-0e1f2a3b4c09"
_PAYEE = {
    "counterparty_id": "6a2d7c1e-93b1-4b7f-8f0f-6f6f2c1d8e02",
    "cp_account_id": "b7c9e5d2-1a44-4f3b-9a6e-2f4b8d7c6a03",
}
_PAYER = {
    "counterparty_id": "e5f6a7b8-2c3d-4e5f-9a0b-3c4d5e6f7a06",
    "cp_account_id": "2e3d4c5b-6f7a-4b8c-9d0e-1f2a3b4c5d10",
}
_AMOUNT = {"amount_minor": "11900", "currency": "EUR"}

_DRAFT: dict[str, Any] = {
    "id": _DRAFT_ID,
    "customer_id": _CUSTOMER_ID,
    "status": "draft",
    "amount": _AMOUNT,
    "source": _PAYER,
    "destination": {
        **_PAYEE,
        "iban": "DE02120300000000202051",
        "bic": "BYLADEM1001",
        "name": "Hollow Oak Timber GmbH",
    },
    "reference": "RF18539007547034",
    "requested_execution_date": "2026-03-30",
    "upload_id": None,
    "ocr_job_id": None,
    "blockers": [],
    "supersedes_id": None,
    "created_at": "2026-03-02T09:00:00Z",
    "created_by": "key:Zk3vQ9aB",
    "modified_at": "2026-03-02T09:00:00Z",
    "modified_by": "key:Zk3vQ9aB",
    "active": True,
    "metadata": {},
}
_PENDING = {
    **_DRAFT,
    "id": "3f4e5d6c-7a8b-4c9d-8e0f-2a3b4c5d6e11",
    "status": "pending",
    "supersedes_id": _DRAFT_ID,
}
_BLOCKED = {
    "error": "transfer_blocked",
    "message": "The transfer cannot be finalised yet. Choose a known bank account of the counterparty.",
    "details": {
        "blockers": [{"code": "account_unknown", "message": "Choose a known bank account of the counterparty."}]
    },
}


def _shown(*, sent: Any = None, answered: Any, code: str = "200") -> list[OpenApiExample]:
    examples = [OpenApiExample("Answer", value=answered, response_only=True, status_codes=[code])]
    if sent is not None:
        examples.append(OpenApiExample("Request", value=sent, request_only=True))
    return examples


TRANSFERS = _shown(answered=_DRAFT)
TRANSFER = _shown(
    sent={
        "customer_id": _CUSTOMER_ID,
        "amount": _AMOUNT,
        "destination": _PAYEE,
        "reference": "RF18539007547034",
        "requested_execution_date": "2026-03-30",
    },
    answered=_DRAFT,
    code="201",
)
TRANSFER_CHANGES = _shown(sent={"destination": _PAYEE, "reference": "RF18539007547034"}, answered=_DRAFT)
FINALIZED = [
    *_shown(sent={}, answered=_PENDING),
    OpenApiExample("Blocked", value=_BLOCKED, response_only=True, status_codes=["409"]),
]
CANCELLED = _shown(sent={}, answered={**_DRAFT, "status": "cancelled"})
