"""A log line names ids, codes and places in the code, and no value."""

import json
import logging
import sys
from typing import Any

import pytest

from customers.telemetry.context import about, ids, request_id_of, within
from customers.telemetry.log_lines import Explained, JsonFormatter, LineFormatter

SECRET = "DE89370400440532013000"
FORMATTERS = [LineFormatter(), JsonFormatter()]


def record(logger: str, message: str, *args: Any, error: BaseException | None = None) -> logging.LogRecord:
    exc_info = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord(logger, logging.INFO, __file__, 1, message, args, exc_info)


def caught(error: BaseException) -> BaseException:
    try:
        raise error
    except type(error):
        found = sys.exc_info()[1]
        assert found is not None
        return found


@pytest.mark.parametrize("formatter", FORMATTERS)
def test_an_exception_is_told_by_type_and_place_without_its_message(formatter: logging.Formatter) -> None:
    error = caught(ValueError(f"invalid: {SECRET}"))
    error.__cause__ = caught(KeyError(SECRET))

    line = formatter.format(record("ocr.processing", "job %s failed", 7, error=error))

    assert SECRET not in line
    assert "job 7 failed" in line
    assert line.index("KeyError") < line.index("ValueError")
    assert "test_log_lines.py" in line


@pytest.mark.parametrize("formatter", FORMATTERS)
def test_an_error_of_the_installation_says_what_is_wrong(formatter: logging.Formatter) -> None:
    error = caught(Explained("The bucket is not there; make it."))

    assert "The bucket is not there; make it." in formatter.format(record("config", "start failed", error=error))
    assert "errno 111" in formatter.format(record("config", "down: %s", ConnectionRefusedError(111, SECRET)))


@pytest.mark.parametrize("formatter", FORMATTERS)
@pytest.mark.parametrize(
    ("logger", "message", "args"),
    [
        ("celery.app.trace", "Task %(name)s raised: %(exc)s", ({"name": SECRET, "exc": SECRET},)),
        ("urllib3.connectionpool", "GET %s", (f"/v2?iban={SECRET}",)),
        ("django.security.DisallowedHost", f"Invalid HTTP_HOST header: {SECRET}", ()),
        ("django.request", "%s: %s", ("Internal Server Error", f"/v2/{SECRET}")),
        ("gunicorn.error", f"Invalid request from ip=1: {SECRET}", ()),
        ("gunicorn.error", "Error handling request %s", (f"/?{SECRET}",)),
        ("axes.handlers.database", "AXES: failure by %s", (SECRET,)),
        ("celery.worker.consumer.consumer", f"Received and deleted unknown message\nbody: {SECRET}", ()),
        ("ocr.tasks", "failed: %s", (ValueError(SECRET),)),
    ],
)
def test_what_libraries_put_into_their_messages_is_left_out(
    formatter: logging.Formatter, logger: str, message: str, args: tuple[Any, ...]
) -> None:
    line = formatter.format(record(logger, message, *args))

    assert SECRET not in line
    assert logger in line


@pytest.mark.parametrize(("status", "said"), [(500, "an error of ours"), (503, "was answered 503")])
def test_a_service_that_is_away_is_told_from_an_error_of_ours(status: int, said: str) -> None:
    failed = record("django.request", "%s: %s", "Service Unavailable", f"/v2/{SECRET}")
    failed.status_code = status

    line = LineFormatter().format(failed)

    assert said in line
    assert SECRET not in line


def test_numbers_and_ids_of_libraries_stay() -> None:
    line = LineFormatter().format(
        record("celery.app.trace", "Task %s took %d s", "3f2b7d3e-0f6c-4a51-9d3d-0a4f6b1c2d3e", 12)
    )

    assert "Task 3f2b7d3e-0f6c-4a51-9d3d-0a4f6b1c2d3e took 12 s" in line


def test_a_json_line_is_one_object_with_the_ids_and_the_fields() -> None:
    told = record("config.observing.requests", "GET %s", "v2/x")
    told.fields = {"status": 200}

    with about(request_id="a", job_id="b"):
        line = JsonFormatter().format(told)

    assert "\n" not in line
    assert {
        "request_id": "a",
        "job_id": "b",
        "status": 200,
        "level": "INFO",
        "message": "GET v2/x",
    }.items() <= json.loads(line).items()


def test_a_line_stays_one_line_whatever_stands_in_it() -> None:
    assert "\n" not in LineFormatter().format(record("config", "%s", "one\ntwo\r\x1b[31m"))


def test_ids_end_with_their_block_and_follow_into_threads() -> None:
    with about(job_id=1):
        with about(attempt=2):
            inside = within(ids)
        assert dict(ids()) == {"job_id": "1"}

    assert dict(ids()) == {}
    assert dict(inside()) == {"job_id": "1", "attempt": "2"}
    with pytest.raises(ValueError, match="iban"), about(iban=SECRET):
        pass


@pytest.mark.parametrize("header", [None, "", SECRET, "x" * 36, "1" * 20, "3f2b7d3e-0f6c-4a51-9d3d-0a4f6b1c2d3e\n"])
def test_a_request_id_that_is_no_uuid_is_replaced(header: str | None) -> None:
    assert request_id_of(header) != header
    assert len(request_id_of(header)) == 36


def test_a_well_formed_request_id_is_kept() -> None:
    assert request_id_of("3f2b7d3e-0f6c-4a51-9d3d-0a4f6b1c2d3e") == "3f2b7d3e-0f6c-4a51-9d3d-0a4f6b1c2d3e"
    assert request_id_of("4bf92f3577b34da6a3ce929d0e0e4736") == "4bf92f3577b34da6a3ce929d0e0e4736"
