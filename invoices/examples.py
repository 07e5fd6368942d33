"""What the API description shows of invoices: invented, and adding up."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_CUSTOMER_ID = "0f9f6a34-50a5-4d0c-9b52-0f6f5a1b7c01"
_SOURCE = {"counterparty_id": "e5f6a7b8-2c3d-4e5f-9a0b-3c4d5e6f7a06"}
_DESTINATION = {"counterparty_id": "6a2d7c1e-93b1-4b7f-8f0f-6f6f2c1d8e02"}
_ITEM = {"title": "Oak boards, planed", "description": None, "quantity": "2.5", "price": "4000"}

_ROW: dict[str, Any] = {
    "id": "a8b9c0d1-4e5f-4a6b-8c2d-5e6f7a8b9c08",
    "customer_id": _CUSTOMER_ID,
    "invoice_number": "INV-00042",
    "status": "draft",
    "description": "Delivery of March",
    "reference": None,
    "due_date": "2026-04-01",
    "source": {**_SOURCE, "cp_account_id": None, "cp_address_id": None},
    "destination": {
        **_DESTINATION,
        "cp_account_id": None,
        "cp_address_id": "d4c3b2a1-6f5e-4d8c-9b7a-1f2e3d4c5b05",
    },
    "amount": {
        "currency": "EUR",
        "precision": 2,
        "subtotal": "10000",
        "discount": "1000",
        "vat": "1805",
        "shipping": "500",
        "total": "11305",
    },
    "rates": {"discount": "10", "vat": "19"},
    "items": [{**_ITEM, "total_price": "10000"}],
    "created_at": "2026-03-02T09:00:00Z",
    "created_by": "key:Zk3vQ9aB",
    "modified_at": "2026-03-02T09:00:00Z",
    "modified_by": "key:Zk3vQ9aB",
    "active": True,
    "metadata": {},
}

INVOICE = [
    OpenApiExample(
        "Request",
        value={
            "customer_id": _CUSTOMER_ID,
            "description": "Delivery of March",
            "due_date": "2026-04-01",
            "source": _SOURCE,
            "destination": _DESTINATION,
            "amount": {"currency": "EUR", "shipping": "500"},
            "rates": {"discount": "10", "vat": "19"},
            "items": [_ITEM],
        },
        request_only=True,
    ),
    OpenApiExample("Answer", value=_ROW, response_only=True, status_codes=["201"]),
]
INVOICES = [OpenApiExample("Answer", value=_ROW, response_only=True, status_codes=["200"])]
INVOICE_CHANGES = [
    OpenApiExample("Request", value={"status": "sent"}, request_only=True),
    OpenApiExample("Answer", value={**_ROW, "status": "sent"}, response_only=True, status_codes=["200"]),
]
_UPLOAD: dict[str, Any] = {
    "id": "2d3e4f5a-6b7c-4d8e-8f9a-1b2c3d4e5f10",
    "customer_id": _CUSTOMER_ID,
    "file_name": "invoice.pdf",
    "document_type": "invoice",
    "status": "draft",
    "content_length": 48213,
    "content_type": "application/pdf",
    "file_extension": "pdf",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "page_count": 1,
    "created_at": "2026-03-02T09:00:00Z",
    "created_by": "key:Zk3vQ9aB",
    "modified_at": "2026-03-02T09:00:00Z",
    "modified_by": "key:Zk3vQ9aB",
    "active": True,
    "metadata": {},
}
UPLOADS = [OpenApiExample("Answer", value=_UPLOAD, response_only=True, status_codes=["200"])]
UPLOAD_CHANGES = [
    OpenApiExample("Request", value={"metadata": {"folder": "2026-03"}}, request_only=True),
    OpenApiExample(
        "Answer", value={**_UPLOAD, "metadata": {"folder": "2026-03"}}, response_only=True, status_codes=["200"]
    ),
]
