"""The OpenAPI description as the author of a client reads it: whole, named well, and the same as the file in docs/."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from rest_framework.test import APIClient

from invoices.api import CONTENT_TYPES
from tests.api.operations import JSON, Operation, answers, description, operations
from tests.services import ROOT

ALL = {f"{one.method} {one.path}": one for one in operations()}.values()
SCHEMAS: dict[str, dict[str, Any]] = description()["components"]["schemas"]
BINARY = {
    "uploads_content": {"200": {*CONTENT_TYPES}, "206": {*CONTENT_TYPES}},
    "transfers_pain001": {"200": {"application/xml"}},
    "invoices_pdf": {"200": {"application/pdf"}},
}
# Headers a client needs, beside those that every operation of the method has.
HEADERS = {
    ("ocr_job_create", "202"): {"Location", "Retry-After", "ETag"},
    ("ocr_job_reprocess", "202"): {"Location", "Retry-After", "ETag"},
    ("ocr_job_retrieve", "200"): {"ETag"},
    ("ocr_job_retrieve", "202"): {"Retry-After", "ETag"},
    ("ocr_job_retrieve", "304"): {"ETag"},
    ("ocr_job_retrieve", "422"): {"ETag"},
    ("uploads_content", "200"): {"ETag", "Content-Disposition", "Accept-Ranges"},
    ("uploads_content", "206"): {"ETag", "Content-Disposition", "Accept-Ranges", "Content-Range"},
    ("uploads_content", "304"): {"ETag"},
    ("transfers_pain001", "200"): {"Content-Disposition"},
    ("invoices_pdf", "200"): {"Content-Disposition"},
    ("bank_accounts_create", "202"): {"Location"},
    ("bank_accounts_update", "202"): {"Location"},
}
ERROR_HEADERS = {"401": {"WWW-Authenticate"}, "416": {"Content-Range"}, "429": {"Retry-After"}}


def told(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = description()["paths"][operation.path][operation.method.lower()]
    return found


def references(part: Any) -> Iterator[str]:
    """The names of all schemas that the part names."""
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from references(inner)
    if isinstance(part, dict) and str(part.get("$ref", "")).startswith("#/components/schemas/"):
        yield part["$ref"].rsplit("/", 1)[-1]


def reached(part: Any) -> set[str]:
    """The names of all schemas that the part is made of."""
    names: set[str] = set()
    waiting = list(references(part))
    while waiting:
        if (name := waiting.pop()) not in names:
            names.add(name)
            waiting.extend(references(SCHEMAS[name]))
    return names


def test_the_file_in_docs_is_this_description() -> None:
    written = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text(encoding="utf-8"))
    assert written == description(), "The API is no longer what docs/openapi.yaml says: run `make schema`."


def test_a_service_hands_out_the_same_in_every_language() -> None:
    written = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text(encoding="utf-8"))
    for language in ("en", "de", "fr", "it"):
        answer = APIClient().get("/v2/schema", headers={"Accept-Language": language, "Accept": "application/yaml"})
        assert yaml.safe_load(answer.content) == written, language


def test_it_says_what_it_is() -> None:
    document = description()
    assert document["openapi"].startswith("3.1")
    assert document["info"]["description"]
    assert document["info"]["license"]["identifier"] == "Apache-2.0"
    assert {tag["name"] for tag in document["tags"]} == {tag for one in ALL for tag in told(one)["tags"]}
    assert all(tag["description"] for tag in document["tags"])


def test_names_of_methods_are_good_and_given_once() -> None:
    names = [one.operation_id for one in ALL]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name) for name in names)
    webhooks = [item["post"]["operationId"] for item in description()["webhooks"].values()]
    assert not set(webhooks) & set(names)


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_an_operation_tells_all_that_a_client_needs(operation: Operation) -> None:
    described = told(operation)
    assert described["summary"]
    assert not described["summary"].endswith(".")
    assert described["description"]
    assert len(described["tags"]) == 1
    assert described["security"] == [{"apiKey": []}]
    for parameter in described.get("parameters", []):
        assert parameter.get("description"), parameter["name"]
    in_path = {one["name"] for one in described.get("parameters", []) if one["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)}", operation.path))
    headers = {one["name"] for one in described.get("parameters", []) if one["in"] == "header"}
    assert ("X-Idempotency-Key" in headers) == (operation.method == "POST")


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_an_operation_tells_its_answers(operation: Operation) -> None:
    told_of = answers(operation.path, operation.method)
    assert {"401", "403", "429", "500"} <= set(told_of)
    for code, answer in told_of.items():
        assert answer["description"], code
        headers = set(answer.get("headers", {}))
        assert HEADERS.get((operation.operation_id, code), set()) <= headers, code
        if code < "300":
            assert ("Idempotent-Replayed" in headers) == (operation.method == "POST"), code
            assert code != "201" or "Location" in headers
            kinds = set(answer.get("content", {}))
            binary = BINARY.get(operation.operation_id, {}).get(code)
            assert kinds == (set() if code == "204" else binary or {JSON}), code
        elif code == "414":  # the web server's own, before the API has seen the request
            assert set(answer["content"]) == {"text/html"}
        elif code != "304" and (operation.operation_id, code) != ("ocr_job_retrieve", "422"):
            assert answer["content"][JSON]["schema"] == {"$ref": "#/components/schemas/ErrorBody"}
            assert answer["content"][JSON]["examples"]
            assert ERROR_HEADERS.get(code, set()) <= headers, code


def test_documents_are_sent_as_a_form_as_well() -> None:
    body = description()["paths"]["/v2/invoices/ocr"]["post"]["requestBody"]["content"]
    form = SCHEMAS["JobUploadRequestV2"]
    assert set(body) == {JSON, "multipart/form-data"}
    assert form["properties"]["file"]["format"] == "binary"


def test_every_schema_is_explained_and_named_for_what_it_is() -> None:
    for name, schema in SCHEMAS.items():
        assert not re.search(r"Enum$|^Patched|RequestRequest|Row$", name), name
        if schema.get("type") == "object":
            assert schema.get("description"), name
            assert "`fixed_fields`" not in schema["description"], name
    assert set(SCHEMAS) == reached({"paths": description()["paths"], "webhooks": description()["webhooks"]}) | {
        "ErrorBody"
    }


def test_what_is_sent_is_closed_and_what_is_answered_may_grow() -> None:
    sent = set().union(*(reached(told(one).get("requestBody", {})) for one in ALL))
    answered = set().union(*(reached(answers(one.path, one.method)) for one in ALL))
    objects = {name for name, schema in SCHEMAS.items() if schema.get("properties")}
    assert not sent & answered & objects
    assert {name for name in objects if SCHEMAS[name].get("additionalProperties") is False} == sent & objects


def test_null_is_told_as_openapi_3_1_has_it() -> None:
    text = (ROOT / "docs/openapi.yaml").read_text(encoding="utf-8")
    assert "nullable:" not in text
    job = SCHEMAS["JobResponseV2"]["properties"]
    assert job["transfer_id"]["type"] == ["string", "null"]
    assert job["recipient"]["oneOf"] == [{"$ref": "#/components/schemas/Recipient"}, {"type": "null"}]
    assert job["upload_id"]["type"] == "string"
