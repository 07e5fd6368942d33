"""What every operation of the OpenAPI description has in common: names, errors, and the shared headers."""

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from config.api.refusals import ErrorBody, refusal

ERRORS_OF_EVERY_OPERATION = ("401", "403", "406", "429", "500", "503")
IDEMPOTENCY = [
    OpenApiParameter(
        "X-Idempotency-Key",
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x20-\\x7e]+$"},
        OpenApiParameter.HEADER,
        description="The same key with the same body gets the first answer again, with "
        "`Idempotent-Replayed: true`; with another body 422; while the first is running 409. "
        "Kept 31 days per API key and path. An answer that refused the request is not kept. "
        "`Idempotency-Key` is understood too.",
    ),
    OpenApiParameter(
        "Idempotent-Replayed",
        {"type": "string", "enum": ["true"]},
        OpenApiParameter.HEADER,
        response=[200, 201, 202],
        description="There when the answer is the first one to this idempotency key, again.",
    ),
    OpenApiParameter(
        "Location",
        OpenApiTypes.URI_REF,
        OpenApiParameter.HEADER,
        response=[201],
        description="The address of what was made.",
    ),
]
ANSWERED = {
    "GET 200": "As it is now.",
    "PATCH 200": "As it is after the change.",
    "POST 200": "As it is afterwards.",
    "POST 201": "As it was made.",
}


class ContractSchema(AutoSchema):
    """`further_errors` of a view are statuses, by action, which no other operation of this method answers."""

    def get_override_parameters(self) -> list[Any]:
        return IDEMPOTENCY if self.method == "POST" else []

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]
        for parameter in told:
            parameter["description"] = "Its id. A malformed one is answered like one that nobody has."
        return told

    def _get_serializer_name(self, serializer: Any, direction: str, bypass_extensions: bool = False) -> str:
        # What is sent and what is answered are classes of their own here: nothing needs a prefix or a suffix.
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)
        return name.removeprefix("Patched").removesuffix("Request") if direction == "request" else name

    def _map_serializer(self, serializer: Any, direction: str, bypass_extensions: bool = False) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_serializer(serializer, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if type(serializer).__doc__ is None:
            schema.pop("description", None)  # that of a class it builds on, which is about something else
        if direction == "request" and schema.get("properties"):
            schema["additionalProperties"] = False
        return schema

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if direction == "request":
            return bodies  # what the receivers of our webhooks answer
        for code, body in bodies.items():
            body["description"] = body["description"] or ANSWERED.get(f"{self.method} {code}", "")
        error: Any = self.resolve_serializer(ErrorBody, direction)
        for code in sorted(self._errors() - set(bodies)):
            bodies[code] = self._refused(code, schema=error.ref)
        return bodies

    def _errors(self) -> set[str]:
        codes = set(ERRORS_OF_EVERY_OPERATION)
        if "{" in self.path or self.method == "POST":
            codes.add("404")
        if self.method in {"POST", "PATCH"}:
            codes |= {"400", "409", "413", "415"}
        if self.method == "POST":
            codes.add("422")
        if self.method == "DELETE":
            codes.add("409")
        if self._is_list_view():
            codes |= {"400", "414"}
        return codes | set(getattr(self.view, "further_errors", {}).get(getattr(self.view, "action", ""), ()))

    def _refused(self, code: str, *, schema: dict[str, str]) -> dict[str, Any]:
        """The shared answer by its name; written out where the operation has an example of its own."""
        shared = refusal(code=code, method=self.method)
        described = shared.described(schema=schema)
        examples = self._get_examples(ErrorBody(), "response", "application/json", code)  # type: ignore[no-untyped-call]
        if examples:
            described["content"]["application/json"]["examples"] = examples
            return described
        component = ResolvedComponent(
            name=shared.name, type=ResolvedComponent.RESPONSE, schema=described, object=shared.name
        )  # type: ignore[no-untyped-call]
        self.registry.register_on_missing(component)
        return dict(component.ref)


class ListLimits(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """How many rows a body may bring, which drf-spectacular does not say."""

    target_class = "rest_framework.serializers.ListSerializer"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        schema = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)
        if direction == "request" and not self.target.allow_empty:
            schema["minItems"] = 1
        if direction == "request" and self.target.max_length is not None:
            schema["maxItems"] = self.target.max_length
        return schema


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "config.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key, made with `manage.py create_api_key`."}
