"""The answer to what nobody caught: outside the views the middlewares fail too, and clients are told what to do."""

import json
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import OperationalError
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.test import RequestFactory
from rest_framework.exceptions import ValidationError

from config.api import errors
from config.api.errors import server_error


def answer_to(error: Exception, path: str = "/v2/customers") -> HttpResponse:
    try:
        raise error
    except type(error):
        return server_error(RequestFactory().get(path))


def body(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


@pytest.mark.parametrize("path", ["/v2/customers", "/v2/transfers/x/finalize"])
def test_while_the_database_is_away_clients_are_told_to_come_again(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "is_away", lambda error: isinstance(error, OperationalError))  # SQLite never is

    answer = answer_to(OperationalError("the connection is closed"), path)

    assert (answer.status_code, body(answer)["error"], answer["Retry-After"]) == (503, "database_unavailable", "5")


def test_a_defect_is_a_defect() -> None:
    answer = answer_to(LookupError("a surprise"))

    assert (answer.status_code, body(answer)["error"]) == (500, "internal_error")
    assert "surprise" not in answer.content.decode()
    assert "Retry-After" not in answer


def test_people_get_a_page() -> None:
    answer = answer_to(LookupError("a surprise"), "/admin/")

    assert answer.status_code == 500
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RequestDataTooBig("long"), 413, "document_too_large"),
        (MultiPartParserError("broken"), 400, "malformed_body"),
        (ModelValidationError({"iban": ["No IBAN."]}), 400, "validation_error"),
        (ValidationError(["Something is wrong."]), 400, "validation_error"),
    ],
    ids=["too long", "no form", "a model's", "a list"],
)
def test_what_a_view_raises_becomes_the_error_of_the_contract(error: Exception, status: int, code: str) -> None:
    answer = errors.exception_handler(error, {})

    assert answer is not None
    assert (answer.status_code, answer.data["error"]) == (status, code)


def test_what_nobody_knows_is_left_to_django() -> None:
    assert errors.exception_handler(LookupError("a surprise"), {}) is None


@pytest.mark.parametrize(
    ("error", "path", "status", "code"),
    [
        (RequestDataTooBig("long"), "/v2/x", 413, "document_too_large"),
        (SuspiciousOperation("odd"), "/v2/x", 400, "malformed_request"),
        (SuspiciousOperation("odd"), "/admin/", 400, None),
    ],
)
def test_a_request_that_no_view_sees_is_refused_in_the_same_shape(
    error: Exception, path: str, status: int, code: str | None
) -> None:
    answer = errors.bad_request(RequestFactory().get(path), error)

    assert answer.status_code == status
    if code is None:
        assert answer["Content-Type"].startswith("text/html")
    else:
        assert body(answer)["error"] == code
