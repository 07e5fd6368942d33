"""The operations of the API as its own OpenAPI description has them, and what of them names rows by id."""

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

# Keys from the outside of a body in; 0 stands for the first entry of a list.
Place = tuple[str | int, ...]

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

    @property
    def is_list(self) -> bool:
        """Whether it is searched and paged through."""
        return any(one["name"] == "limit" for one in self.query)

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


def answers(path: str, method: str) -> dict[str, dict[str, Any]]:
    """What the operation may answer, by status, shared answers written out."""
    shared = description()["components"]["responses"]
    told: dict[str, dict[str, Any]] = description()["paths"][path][method.lower()]["responses"]
    return {code: shared[one["$ref"].rsplit("/", 1)[-1]] if "$ref" in one else one for code, one in told.items()}


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
            query=tuple(
                {**one, "schema": resolved(one["schema"])}
                for one in found.get("parameters", [])
                if one["in"] == "query"
            ),
        )
        for path, methods in description()["paths"].items()
        for method, found in methods.items()
        for content_type, content in found.get("requestBody", {}).get("content", {JSON: {}}).items()
    ]


def id_fields(schema: dict[str, Any], place: Place = ()) -> Iterator[Place]:
    """Where in a body ids stand, see `Place`."""
    schema = resolved(schema)
    if schema.get("format") == "uuid":
        yield place
    for name, inner in schema.get("properties", {}).items():
        yield from id_fields(inner, (*place, name))
    if isinstance(schema.get("items"), dict):
        yield from id_fields(schema["items"], (*place, 0))
    for choice in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from id_fields(choice, place)


def places(schema: dict[str, Any], place: Place = ()) -> Iterator[Place]:
    """Every place of a body at which a value can stand, the outermost not among them."""
    schema = resolved(schema)
    if place:
        yield place
    for name, inner in schema.get("properties", {}).items():
        yield from places(inner, (*place, name))
    if isinstance(schema.get("items"), dict):
        yield from places(schema["items"], (*place, 0))


def with_value(body: Any, place: Place, value: Any) -> Any:
    """A copy of the body with the value at the place; what is missing around it is made, and nothing more."""
    changed = copy.deepcopy(body)
    holder = changed
    for part, inner in itertools.pairwise(place):
        empty: Any = [] if inner == 0 else {}
        if isinstance(holder, list):
            holder[:1] = [holder[0] if holder and isinstance(holder[0], type(empty)) else empty]
        elif not isinstance(holder.get(part), type(empty)):
            holder[part] = empty
        holder = holder[part]
    if isinstance(holder, list):
        holder[:1] = [value]
    else:
        holder[place[-1]] = value
    return changed
