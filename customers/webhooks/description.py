"""The messages in the OpenAPI description, from the side of who receives them (OpenAPI 3.1, `webhooks`)."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, OpenApiWebhook, extend_schema
from rest_framework import serializers

from customers.webhooks.events import EventType

TAKEN = OpenApiResponse(description="Any 2xx: the message was taken. 410 switches the endpoint off.")
_IDS = {
    "job_id": "5c1c9d0e-7f0b-4a52-9f43-5d0a0c6f2b07",
    "customer_id": "0f9f6a34-50a5-4d0c-9b52-0f6f5a1b7c01",
    "upload_id": "8e2f1c3d-4b5a-4c6d-8e7f-9a0b1c2d3e08",
    "transfer_id": "2b3c4d5e-6f70-4182-93a4-b5c6d7e8f909",
}


class JobEndData(serializers.Serializer[Any]):
    """Whose job, and what to fetch: `GET /v2/invoices/ocr/{job_id}`."""

    job_id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    upload_id = serializers.UUIDField()
    transfer_id = serializers.UUIDField(allow_null=True, help_text="The draft transfer; null while there is none.")
    status = serializers.IntegerField(help_text="What a poll answers: 200 finished, 422 failed for good.")


class TransferFinalizedData(serializers.Serializer[Any]):
    """Whose transfer, and what to fetch: `GET /v2/transfers/{transfer_id}`."""

    transfer_id = serializers.UUIDField(help_text="The pending transfer.")
    customer_id = serializers.UUIDField()
    supersedes_id = serializers.UUIDField(help_text="The draft that it came from.")
    upload_id = serializers.UUIDField(allow_null=True)
    ocr_job_id = serializers.UUIDField(allow_null=True)
    status = serializers.CharField(help_text="`pending`.")


class TestData(serializers.Serializer[Any]):
    """The endpoint that is tested."""

    webhook_endpoint_id = serializers.UUIDField()


def _message(name: str, fields: dict[str, Any], *, about: str) -> type[serializers.Serializer[Any]]:
    return type(name, (serializers.Serializer,), {**fields, "__doc__": about})


def _webhook(
    type_: EventType, *, data: type[serializers.Serializer[Any]], summary: str, example: Any
) -> OpenApiWebhook:
    name = "".join(part.title() for part in type_.value.replace("_", ".").split("."))
    fields: dict[str, serializers.Field[Any, Any, Any, Any]] = {
        "type": serializers.ChoiceField(choices=[(type_.value, type_.label)]),
        "timestamp": serializers.DateTimeField(help_text="When it happened; a repeated attempt does not change it."),
        "data": data(),
    }
    value = {"type": type_.value, "timestamp": "2026-03-02T09:00:00.123Z", "data": example}
    decorate = extend_schema(
        summary=summary,
        description="Signed as Standard Webhooks has it; verify `webhook-signature` before anything else.",
        tags=["Webhooks"],
        request=_message(f"{name}Message", fields, about=summary),
        responses={"2XX": TAKEN},
        examples=[OpenApiExample("message", value=value)],
    )
    return OpenApiWebhook(type_.value, decorate)


job_finished = _webhook(
    EventType.JOB_FINISHED,
    data=JobEndData,
    summary="An OCR job has its result and its draft transfer.",
    example={**_IDS, "status": 200},
)
job_failed = _webhook(
    EventType.JOB_FAILED,
    data=JobEndData,
    summary="An OCR job failed for good.",
    example={**_IDS, "transfer_id": None, "status": 422},
)
transfer_finalized = _webhook(
    EventType.TRANSFER_FINALIZED,
    data=TransferFinalizedData,
    summary="A draft became a payment that may go out.",
    example={
        "transfer_id": "3c4d5e6f-7081-4293-a4b5-c6d7e8f90a10",
        "customer_id": _IDS["customer_id"],
        "supersedes_id": _IDS["transfer_id"],
        "upload_id": _IDS["upload_id"],
        "ocr_job_id": _IDS["job_id"],
        "status": "pending",
    },
)
test = _webhook(
    EventType.TEST,
    data=TestData,
    summary="Somebody tests the endpoint.",
    example={"webhook_endpoint_id": "1d9d4b7a-7b0e-4c55-a1b8-5a3f6f0c2e06"},
)
