"""What every operation of the OpenAPI description has in common: the error shape and the shared headers."""

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

ERRORS_OF_EVERY_OPERATION = ("401", "403", "429", "500")


class ErrorBody(serializers.Serializer[dict[str, Any]]):
    """Every failure has this shape."""

    error = serializers.CharField(help_text="Machine-readable code.")
    message = serializers.CharField(help_text="One sentence for a person, saying what to do next.")
    details = serializers.DictField(help_text="For validation errors: field name → messages. Empty otherwise.")


class ContractSchema(AutoSchema):
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
        if self._is_list_view():
            codes.add("400")
        for code in sorted(codes - set(bodies)):
            bodies[code] = self._get_response_for_code(ErrorBody, code, direction=direction)  # type: ignore[no-untyped-call]
        return bodies


def refuse_unknown_fields(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: bodies with a field that is not described are refused, and the description says so."""
    for name, component in result["components"]["schemas"].items():
        if name.endswith("Request") and component.get("type") == "object":
            component["additionalProperties"] = False
    return result


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "config.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key, made with `manage.py create_api_key`."}
