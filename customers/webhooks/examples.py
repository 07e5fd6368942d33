"""What the API description shows of webhooks: invented, and consistent with each other."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_CUSTOMER_ID = "0f9f6a34-50a5-4d0c-9b52-0f6f5a1b7c01"
_NEW: dict[str, Any] = {
    "customer_id": _CUSTOMER_ID,
    "url": "https://erp.example.com/paydraft",
    "description": "ERP",
    "event_types": ["ocr_job.finished", "ocr_job.failed"],
}
_ROW: dict[str, Any] = {
    "id": "1d9d4b7a-7b0e-4c55-a1b8-5a3f6f0c2e06",
    **_NEW,
    "status": "enabled",
    "disabled_reason": None,
    "disabled_at": None,
    "failing_since": None,
    "last_success_at": "2026-03-02T09:00:01Z",
    "created_at": "2026-03-02T09:00:00Z",
    "created_by": "key:Zk3vQ9aB",
    "modified_at": "2026-03-02T09:00:00Z",
    "modified_by": "key:Zk3vQ9aB",
    "active": True,
    "metadata": {},
}
_WITH_SECRET = {**_ROW, "last_success_at": None, "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDGjZrPT9CbVE="}


def _shown(value: dict[str, Any], *, status: str, name: str = "example") -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=[status])


ENDPOINTS = [_shown(_ROW, status="200")]
NEW_ENDPOINT = [OpenApiExample("new", value=_NEW, request_only=True), _shown(_WITH_SECRET, status="201")]
CHANGED_ENDPOINT = [
    OpenApiExample("pause", value={"status": "disabled"}, request_only=True),
    _shown(
        {**_ROW, "status": "disabled", "disabled_reason": "asked", "disabled_at": "2026-03-02T10:00:00Z"}, status="200"
    ),
]
ROTATION = [
    OpenApiExample("overlap of two days", value={"overlap_hours": 48}, request_only=True),
    _shown(_WITH_SECRET, status="200"),
]
