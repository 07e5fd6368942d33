"""How long text is, as the OpenAPI description says it."""

import re
from collections.abc import Iterator
from typing import Any

EMPTY = {"type": "string", "maxLength": 0}


def join_choices_of_blank_text(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: text that may be empty is one schema where its pattern takes the empty text anyway.

    drf-spectacular offers such text and the empty text as `oneOf`, of which an empty text would fit both, hence none.
    """
    for schema in _schemas(result["components"]["schemas"]):
        choices = schema.get("oneOf", [])
        if len(choices) == 2 and choices[1] == EMPTY and _takes_empty_text(choices[0]):
            del schema["oneOf"]
            schema.update(choices[0])
    return result


def leave_out_lengths_of_codes(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: a code of a list is as long as it is there."""
    for schema in _schemas(result["components"]["schemas"]):
        if "allOf" in schema and "$ref" in schema["allOf"][0]:
            schema.pop("minLength", None)
            schema.pop("maxLength", None)
    return result


def _takes_empty_text(schema: dict[str, Any]) -> bool:
    return not schema.get("minLength") and re.search(schema.get("pattern", ""), "") is not None


def _schemas(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _schemas(inner)
