"""What every operation of the OpenAPI description has in common: the error shape and the shared headers."""

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from config.api.errors import body_of_error

ERRORS_OF_EVERY_OPERATION = ("401", "403", "429", "500")


ERRORS: dict[str, tuple[str, dict[str, Any]]] = {
    "400": (
        "Something about the request is not valid.",
        body_of_error(
            code="validation_error",
            message="The request is not valid; see details of: customer_id.",
            details={"customer_id": ["This field is required."]},
        ),
    ),
    "401": (
        "No API key, or one that opens nothing.",
        body_of_error(
            code="unauthorized", message="No API key was given; send one as 'Authorization: Bearer <api key>'."
        ),
    ),
    "403": (
        "The API key lacks the scope.",
        body_of_error(
            code="forbidden",
            message="The API key lacks the scope that this request needs.",
            details={"reason": "The API key needs the scope invoices:write."},
        ),
    ),
    "404": (
        "There is no such row, or it belongs to a customer the key may not act for.",
        body_of_error(code="not_found", message="There is no such resource."),
    ),
    "409": (
        "It cannot be done as things are, or the first request with this idempotency key is still running.",
        body_of_error(
            code="request_in_progress",
            message="The first request with this idempotency key is still running; ask again as Retry-After says.",
        ),
    ),
    "410": (
        "The stored file is gone.",
        body_of_error(code="document_missing", message="The stored file is gone; send the document again."),
    ),
    "413": (
        "The body is too large.",
        body_of_error(code="document_too_large", message="The request is larger than this service accepts."),
    ),
    "415": (
        "The body or the document is of a kind that is not taken.",
        body_of_error(code="unsupported_media_type", message="Send the body with another Content-Type."),
    ),
    "416": (
        "The range begins behind the end of the document.",
        body_of_error(
            code="range_not_satisfiable",
            message="The document has 48213 bytes; ask for a range that begins within it.",
        ),
    ),
    "422": (
        "The idempotency key was used with another body.",
        body_of_error(
            code="idempotency_key_reused",
            message="This idempotency key was used with another body; use a new key for a new request.",
        ),
    ),
    "429": (
        "Too many requests with this key; `Retry-After` says when to come back.",
        body_of_error(code="rate_limited", message="Too many requests with this API key; wait as Retry-After says."),
    ),
    "503": (
        "The storage does not answer.",
        body_of_error(code="storage_unavailable", message="The storage does not answer; try again later."),
    ),
    "500": (
        "Something failed on the side of the service.",
        body_of_error(
            code="internal_error",
            message="Something failed on our side; try again, and tell the operator of this service if it stays.",
        ),
    ),
}


class ErrorBody(serializers.Serializer[dict[str, Any]]):
    """Every failure has this shape."""

    error = serializers.CharField(help_text="Machine-readable code.")
    message = serializers.CharField(help_text="One sentence for a person, saying what to do next.")
    details = serializers.DictField(help_text="For validation errors: field name → messages. Empty otherwise.")


class ContractSchema(AutoSchema):
    """`further_errors` of a view are statuses, by action, which no other operation of this method answers."""

    def get_override_parameters(self) -> list[Any]:
        if self.method != "POST":
            return []
        return [
            OpenApiParameter(
                "X-Idempotency-Key",
                {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x20-\\x7e]+$"},
                OpenApiParameter.HEADER,
                description="The same key with the same body gets the first answer again, with "
                "`Idempotent-Replayed: true`; with another body 422; while the first is running 409. "
                "Kept 31 days per API key and path. An answer that refused the request is not kept. "
                "`Idempotency-Key` is understood too.",
            )
        ]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        codes = set(ERRORS_OF_EVERY_OPERATION)
        if "{" in self.path or self.method == "POST":
            codes.add("404")
        if self.method in {"POST", "PATCH", "PUT"}:
            codes |= {"400", "409", "413", "415", "422"}
        if self.method == "DELETE":
            codes.add("409")
        if self._is_list_view():
            codes.add("400")
        codes |= set(getattr(self.view, "further_errors", {}).get(getattr(self.view, "action", ""), ()))
        for code in sorted(codes - set(bodies)):
            bodies[code] = self._get_response_for_code(ErrorBody, code, direction=direction)  # type: ignore[no-untyped-call]
            meaning, example = ERRORS[code]
            bodies[code]["description"] = meaning
            bodies[code]["content"]["application/json"]["examples"] = {"Error": {"value": example}}
        return bodies


def refuse_unknown_fields(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: bodies with a field that is not described are refused, and the description says so."""
    for name, component in result["components"]["schemas"].items():
        if name.endswith("Request") and component.get("type") == "object":
            component["additionalProperties"] = False
    return result


WEBHOOK_HEADERS = {
    "webhook-id": "The same in every attempt and every replay: by it a receiver knows a message again.",
    "webhook-timestamp": "Seconds since 1970, of this attempt: refuse what is more than five minutes off.",
    "webhook-signature": "`v1,` and the base64 of the HMAC-SHA256 over `id.timestamp.body`, for each secret in use, "
    "with a blank between them.",
}


def describe_webhooks(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: webhooks have headers of their own, need no key, and are answered in their own way."""
    for item in result.get("webhooks", {}).values():
        operation = item["post"]
        operation["parameters"] = [
            {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
            for name, text in WEBHOOK_HEADERS.items()
        ]
        operation["responses"] = {
            code: answer for code, answer in operation["responses"].items() if not code.isdecimal()
        }
        operation["security"] = []
    return result


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "config.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key, made with `manage.py create_api_key`."}
