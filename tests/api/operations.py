"""The operations of the API as its own OpenAPI description has them, and what of them names rows by id."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

JSON = "application/json"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path; `body` is the JSON schema of what is sent in `content_type`, None without a body."""

    operation_id: str
    method: str
    path: str
    content_type: str
    body: dict[str, Any] | None
    example: Any
    query: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.operation_id}{' as form' if self.content_type == MULTIPART else ''}"

    def id_parameters(self) -> list[str]:
        """The query parameters that take an id."""
        return [one["name"] for one in self.query if one["schema"].get("format") == "uuid"]

    def text_parameters(self) -> list[str]:
        """The query parameters that take any text."""
        plain = [one for one in self.query if one["schema"]["type"] == "string" and "enum" not in one["schema"]]
        return [one["name"] for one in plain if one["schema"].get("format") is None and one["name"] != "sort"]


@cache
def description() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, wherever it was only named."""
    while "$ref" in schema or ("allOf" in schema and len(schema["allOf"]) == 1):
        if "allOf" in schema:
            schema = schema["allOf"][0]
        else:
            schema = description()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def operations() -> list[Operation]:
    """Every operation, once for each content type that it takes."""
    return [
        Operation(
            operation_id=found["operationId"],
            method=method.upper(),
            path=path,
            content_type=content_type,
            body=content.get("schema"),
            example=next((one["value"] for one in content.get("examples", {}).values()), None),
            query=tuple(one for one in found.get("parameters", []) if one["in"] == "query"),
        )
        for path, methods in description()["paths"].items()
        for method, found in methods.items()
        for content_type, content in found.get("requestBody", {}).get("content", {JSON: {}}).items()
    ]


def id_fields(schema: dict[str, Any], place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where in a body ids stand, as keys from the outside in; 0 stands for the first entry of a list."""
    schema = resolved(schema)
    if schema.get("format") == "uuid":
        yield place
    for name, inner in schema.get("properties", {}).items():
        yield from id_fields(inner, (*place, name))
    if isinstance(schema.get("items"), dict):
        yield from id_fields(schema["items"], (*place, 0))
    for choice in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from id_fields(choice, place)
