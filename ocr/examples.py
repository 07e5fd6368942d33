"""What the API description shows of OCR jobs: invented, and consistent with each other."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

from ocr.extraction.fields import EVIDENCE_NAMES, RESULT_NAMES

_CUSTOMER_ID = "0f9f6a34-50a5-4d0c-9b52-0f6f5a1b7c01"
_COUNTERPARTY_ID = "6a2d7c1e-93b1-4b7f-8f0f-6f6f2c1d8e02"
_ACCOUNT_ID = "b7c9e5d2-1a44-4f3b-9a6e-2f4b8d7c6a03"
_RESULT = {
    "total": "113.05",
    "customer_name": "Aldermoor Trading GmbH",
    "customer_email": None,
    "currency_code": "EUR",
    "currency_symbol": "€",
    "due_date": "2026-04-01",
    "subtotal": "95.00",
    "sales_tax_percentage": "19",
    "sales_tax_amount": "18.05",
    "invoice_number": "2026-0042",
    "reference": None,
    "bic": "BYLADEM1001",
    "iban": "DE02120300000000202051",
}
_QUEUED: dict[str, Any] = {
    "job_id": "1c2d3e4f-5a6b-4c7d-9e8f-0a1b2c3d4e09",
    "status": 202,
    "upload_id": "2d3e4f5a-6b7c-4d8e-8f9a-1b2c3d4e5f10",
    "transfer_id": None,
    "recipient_match": "not_found",
    "counterparty_match": "not_found",
    "counterparty_id": None,
    "cp_account_id": None,
    "result": dict.fromkeys(_RESULT),
    "recipient": None,
    "transaction_id": None,
    "message": "The document is waiting to be read.",
}
_FINISHED = {
    **_QUEUED,
    "status": 200,
    "transfer_id": "3e4f5a6b-7c8d-4e9f-9a0b-2c3d4e5f6a11",
    "recipient_match": "found",
    "counterparty_match": "found",
    "counterparty_id": _COUNTERPARTY_ID,
    "cp_account_id": _ACCOUNT_ID,
    "result": _RESULT,
    "recipient": {
        "id": _COUNTERPARTY_ID,
        "legal_name": "Hollow Oak Timber GmbH",
        "email": "billing@hollow-oak.example",
        "iban": "DE02120300000000202051",
        "bic": "BYLADEM1001",
        "type": "business",
        "customer_id": _CUSTOMER_ID,
        "address": {
            "street": "Mühlenweg 4",
            "city": "Hamburg",
            "zip": "20249",
            "country": "DE",
            "state": None,
        },
        "created_at": "2026-03-02T09:00:00Z",
    },
    "message": "The document was read and a draft payment prepared.",
}
_ACCEPTED = OpenApiExample("Answer", value=_QUEUED, response_only=True, status_codes=["202"])

START = [
    OpenApiExample(
        "Request",
        value={"base64_file": "JVBERi0xLjcKJeLjz9MK", "customer_id": _CUSTOMER_ID, "file_name": "invoice.pdf"},
        request_only=True,
        media_type="application/json",
    ),
    _ACCEPTED,
]
REPROCESS = [OpenApiExample("Request", value={"from_stage": "match"}, request_only=True), _ACCEPTED]
FINISHED = [OpenApiExample("Finished", value=_FINISHED, response_only=True, status_codes=["200"])]
_FAILED = {**_QUEUED, "status": 422, "message": "The PDF is protected by a password; send it without one."}
POLLED = [
    *FINISHED,
    OpenApiExample("Waiting", value=_QUEUED, response_only=True, status_codes=["202"]),
    OpenApiExample("Failed", value=_FAILED, response_only=True, status_codes=["422"]),
]

_EMPTY_FIELD: dict[str, Any] = {
    "value": None,
    "raw": None,
    "source": None,
    "page": None,
    "box": None,
    "confidence": None,
    "checks_passed": [],
    "checks_failed": [],
    "candidates": [],
    "note": "The document says nothing of it.",
}
_IBAN_FIELD = {
    **_EMPTY_FIELD,
    "value": "DE02120300000000202051",
    "raw": "DE02 1203 0000 0000 2020 51",
    "source": "text",
    "page": 1,
    "box": [72.0, 700.5, 240.2, 712.0],
    "confidence": 0.99,
    "checks_passed": ["mod_97"],
    "note": None,
}
EVIDENCE = [
    OpenApiExample(
        "Answer",
        value={
            "job_id": _QUEUED["job_id"],
            "document_type": "invoice",
            "fields": {**dict.fromkeys((*RESULT_NAMES, *EVIDENCE_NAMES), _EMPTY_FIELD), "iban": _IBAN_FIELD},
            "tax_breakdown": [{"rate": "19", "basis": "95.00", "amount": "18.05", "category": "S"}],
            "match": {
                "counterparty_match": "found",
                "recipient_match": "found",
                "name_check": None,
                "candidates": [
                    {
                        "counterparty_id": _COUNTERPARTY_ID,
                        "legal_name": "Hollow Oak Timber GmbH",
                        "score": 0.98,
                        "reasons": [{"code": "iban_exact", "weight": 0.9, "detail": "DE02120300000000202051"}],
                        "against": [],
                    }
                ],
            },
            "warnings": [],
            "notes": [],
            "corrections": [],
            "runs": [],
        },
        response_only=True,
        status_codes=["200"],
    )
]
