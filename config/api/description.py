"""What the OpenAPI description says as a whole, and what is put right in it once it is complete."""

import re
from typing import Any

ABOUT = """\
An invoice goes in, a correct draft payment comes out, with a reason for every value.

- **Keys.** `Authorization: Bearer <api key>`. A key acts for one or several customers; a row of any other customer does
  not exist for it.
- **Bodies** are read strictly: a field that is not described is 400 and named in `details`. PATCH changes what is sent
  and nothing else.
- **Answers** may get further fields, and lists of codes further codes: a client leaves alone what it does not know.
- **Errors** are always `{"error", "message", "details"}`: a code for programs and a sentence for people.
- **Languages.** Sentences are in English, German, French or Italian, as `Accept-Language` asks; codes never change.
- **Money** is a string of an integer in the currency's minor unit: `"1250"` is 12.50 EUR, and 1250 JPY. Only the result
  of an OCR job is decimal text.
- **Idempotency.** Every POST takes an `X-Idempotency-Key`, with which it can be sent again safely.
- **Limits.** 429 says in `Retry-After` how many seconds to wait.
"""

TAGS = [
    {"name": "OCR", "description": "A document goes in, a job reads it and prefills a draft payment."},
    {"name": "Uploads", "description": "The stored documents."},
    {"name": "Transfers", "description": "Draft payments, and the payments that finalising makes of them."},
    {"name": "Counterparties", "description": "Who is paid or billed, with accounts, contacts and addresses."},
    {"name": "Invoices", "description": "The invoices that a customer writes."},
    {"name": "Webhooks", "description": "Being told of events instead of asking."},
    {"name": "Customers", "description": "The account holders that a key may act for."},
]

POSTPROCESSING_HOOKS = [
    "drf_spectacular.hooks.postprocess_schema_enums",
    "config.api.text_lengths.join_choices_of_blank_text",
    "config.api.text_lengths.leave_out_lengths_of_codes",
    "config.api.description.explain_choices",
    "config.api.description.name_searched_choices",
    "config.api.description.share_metadata",
    "config.api.description.describe_webhooks",
    "config.api.links.link_answers_to_requests",
]

WEBHOOK_HEADERS = {
    "webhook-id": "The same in every attempt and every replay: by it a receiver knows a message again.",
    "webhook-timestamp": "Seconds since 1970, of this attempt: refuse what is more than five minutes off.",
    "webhook-signature": "`v1,` and the base64 of the HMAC-SHA256 over `id.timestamp.body`, for each secret in use, "
    "with a blank between them.",
}
METADATA = {
    "type": "object",
    "additionalProperties": {},
    "description": "Free for the client's own use: a JSON object of at most 16 KiB.",
}
_CHOICE = re.compile(r"^\* `(.*)` - (.*)$", re.MULTILINE)


def describe_webhooks(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: webhooks have headers of their own, and need no key."""
    for name, item in result.get("webhooks", {}).items():
        operation = item["post"]
        operation["operationId"] = name.replace(".", "_")
        operation["parameters"] = [
            {"name": header, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
            for header, text in WEBHOOK_HEADERS.items()
        ]
        operation["security"] = []
    return result


def explain_choices(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: choices are explained where that says more than their values, and only once."""
    schemas = result["components"]["schemas"]
    schemas.pop("NullEnum", None)
    for schema in schemas.values():
        for part in (schema, *schema.get("properties", {}).values()):
            if text := part.get("description"):
                part["description"] = _without_echo(text) if "enum" in part else _CHOICE.sub("", text).strip()
                if not part["description"]:
                    del part["description"]
            if "oneOf" in part:
                part["oneOf"] = [{"type": "null"} if _is_null(one) else one for one in part["oneOf"]]
    return result


def name_searched_choices(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: what is searched for is of the type that rows have, where that has a name."""
    names = {tuple(one["enum"]): name for name, one in result["components"]["schemas"].items() if "enum" in one}
    for item in result["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                if name := names.get(tuple(parameter["schema"].get("enum", ()))):
                    parameter["schema"] = {"$ref": f"#/components/schemas/{name}"}
    return result


def share_metadata(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: metadata is the same everywhere, and a type of its own in every client."""
    schemas = result["components"]["schemas"]
    for schema in schemas.values():
        if told := schema.get("properties", {}).get("metadata"):
            one: dict[str, Any] = {"$ref": "#/components/schemas/Metadata"}
            shared = {"oneOf": [one, {"type": "null"}]} if "null" in told["type"] else {"allOf": [one]}
            schema["properties"]["metadata"] = {**shared, "readOnly": True} if told.get("readOnly") else shared
    result["components"]["schemas"] = dict(sorted({**schemas, "Metadata": METADATA}.items()))
    return result


def _without_echo(text: str) -> str:
    """The choices whose label says something; `not_found` - not found does not."""
    told = [(value, label) for value, label in _CHOICE.findall(text) if _letters(value) != _letters(label)]
    return "\n".join(f"* `{value}` - {label}" for value, label in told)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _is_null(schema: dict[str, Any]) -> bool:
    return bool(schema.get("$ref", "").endswith("/NullEnum"))
