"""What holds for every operation of the description, whichever app it belongs to."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from customers.scopes import FAMILIES
from tests.api.conftest import client_for
from tests.api.operations import JSON, MULTIPART, Operation, answers, description, operations, places, with_value
from tests.api.test_bad_input import is_error
from tests.api.walking import OURS, UNKNOWN, Walk
from tests.tenants import a_whole_tenant

pytestmark = pytest.mark.django_db

ALL = operations()
FAMILY_OF = {"webhook-endpoints": "webhooks"}
# A payment file that is fetched counts as handed out.
TAKEN_OUT = {"transfers_pain001"}
OPEN_TO_EVERY_KEY = {"customers_list", "customers_retrieve"}


def documented(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = description()["paths"][operation.path][operation.method.lower()]
    return found


def check_answer(operation: Operation, answer: Any) -> None:
    """Raises AssertionError unless the answer is one that the description tells of."""
    told = answers(operation.path, operation.method)
    assert str(answer.status_code) in told, f"{operation} does not tell of {answer.status_code}: {answer.content}"
    content = told[str(answer.status_code)].get("content", {})
    if JSON in content and answer.content:
        check_value(content[JSON]["schema"], answer.json())


def check_value(schema: dict[str, Any], value: Any) -> None:
    whole = {**schema, "components": description()["components"]}
    problems = [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
        for error in Draft202012Validator(whole).iter_errors(value)
    ]
    assert problems == []


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_it_is_described_with_examples_that_fit(operation: Operation) -> None:
    told = documented(operation)
    assert told["summary"]
    assert told["description"]
    assert operation.body is None or operation.example is not None or operation.content_type == MULTIPART
    if operation.example is not None:
        check_value(operation.body or {}, operation.example)
    shown = 0
    answered = answers(operation.path, operation.method)
    for answer in answered.values():
        content = answer.get("content", {}).get(JSON, {})
        for example in content.get("examples", {}).values():
            check_value(content["schema"], example["value"])
            shown += 1
    has_answer = any(JSON in answered.get(code, {}).get("content", {}) for code in ("200", "201", "202"))
    assert shown or not has_answer


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_it_wants_a_key_with_its_scope(operation: Operation) -> None:
    customer = a_whole_tenant(mark="Aldermoor", ibans=OURS).customer
    path = operation.path.replace("{id}", str(UNKNOWN))
    anonymous = APIClient().generic(operation.method, path, "{}", content_type=JSON)
    assert is_error(anonymous, 401, "unauthorized")
    room = path.split("/")[2]
    family = "ocr" if path.startswith("/v2/invoices/ocr") else FAMILY_OF.get(room, room)
    only_reads = operation.method == "GET" and operation.operation_id not in TAKEN_OUT
    action, other = ("read", "write") if only_reads else ("write", "read")
    lacking = [f"{family}:{other}" if one == family else f"{one}:*" for one in FAMILIES]
    refused = client_for([customer], scopes=lacking).generic(operation.method, path, "{}", content_type=JSON)
    if operation.operation_id in OPEN_TO_EVERY_KEY:
        assert refused.status_code in {200, 404}
    else:
        assert is_error(refused, 403, "forbidden")
        assert f"{family}:{action}" in refused.json()["details"]["reason"]


def test_a_client_that_asks_what_it_may_do_is_answered(client: APIClient) -> None:
    for path in {operation.path.replace("{id}", str(UNKNOWN)) for operation in ALL}:
        assert client.options(path).status_code == 200, path
        assert client.head(path).status_code in {200, 404, 405}, path


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_its_answers_are_those_that_are_described(walk: Walk, operation: Operation) -> None:
    body = walk.body_of(operation)
    if "{" in operation.path:
        answers = [walk.send(operation, path_id=one, body=body) for one in [*walk.our_ids, UNKNOWN]]
    else:
        answers = [walk.send(operation, body=body)]
    if operation.is_list:
        answers.append(walk.send(operation, query={"limit": 0}))
    assert any(answer.status_code < 300 for answer in answers)
    for answer in answers:
        check_answer(operation, answer)


@pytest.mark.parametrize("operation", [one for one in ALL if one.is_list], ids=str)
def test_every_list_is_searched_for_text(operation: Operation) -> None:
    assert "search._text.ilike" in [one["name"] for one in operation.query]


@pytest.mark.parametrize("operation", [one for one in ALL if "{id}" in one.path], ids=str)
def test_an_id_in_the_path_is_taken_in_capitals_too(walk: Walk, operation: Operation) -> None:
    body = walk.body_of(operation)
    small = str(walk.accepting_id(operation))
    capitals = small.upper()

    answers = [walk.send(operation, path_id=one, body=body) for one in (small, capitals)]

    assert capitals != small
    assert answers[0].status_code == answers[1].status_code < 300
    assert walk.send(operation, path_id=capitals.replace("-", ""), body=body).status_code == 404


ODD: list[Any] = [None, "", "x", "a\x00b", "\ud800", "x" * 6000, -1, 10**30, 1e308, True, [], [None], {}, {"a": {}}]


@pytest.mark.parametrize("operation", [one for one in ALL if one.body and one.content_type == JSON], ids=str)
def test_odd_values_anywhere_in_a_body_are_answered(walk: Walk, operation: Operation) -> None:
    body = walk.body_of(operation)
    path_id = walk.accepting_id(operation) if "{" in operation.path else None
    for place in places(operation.body or {}):
        for value in ODD:
            answer = walk.send(operation, path_id=path_id, body=with_value(body or {}, place, value))
            check_answer(operation, answer)
            assert answer.status_code < 500


@pytest.mark.parametrize("operation", [one for one in ALL if one.method == "POST"], ids=str)
def test_a_post_happens_once_for_one_idempotency_key(walk: Walk, operation: Operation) -> None:
    path_id = walk.accepting_id(operation) if "{" in operation.path else None

    first, again = (walk.post(operation, path_id=path_id, body=walk.body_of(operation), once="a") for _ in range(2))

    assert first.status_code < 300, first.content
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotent-Replayed"] == "true"
