"""How a log record is written: as a line for people or as JSON, and never with what stands in documents.

Three rules keep values out, whoever logs:

- Of an exception its type and the places in the code are written, not its message, which may repeat a value; of some
  errors of the installation itself (`Explained`) also what they say.
- What other libraries log is written without the texts that they put into their messages.
- Our own messages name ids, codes and numbers. That is for whoever writes them, and tests/integration/observing/
  test_redaction.py looks.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from customers.telemetry.context import ids

OWN = {"config", "ocr", "transfers", "invoices", "counterparties", "customers", "samples", "benchmarks"}
# Of what these say, the text itself may hold what a client sent.
INSTEAD = {
    "django.request": "A request met with an error of ours.",
    "django.security": "A request was refused as suspicious.",
    "django.server": "A request was answered.",
    "axes": "Logins: failed too often, or a lock was looked at; the back office lists them under Axes.",
}
UNAVAILABLE = "A request was answered 503: what the service stands on is away; the lines around this one say what."
MOST_FRAMES = 40
HIDDEN = "…"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Explained(Exception):
    """An error about the installation, whose message is written to the log: it holds nothing of a document."""


class _Hidden:
    def __str__(self) -> str:
        return HIDDEN

    __repr__ = __str__


class LineFormatter(logging.Formatter):
    """`2026-01-31T12:00:00.000Z INFO config.observing.requests GET v2/… 200 in 12 ms request_id=…`."""

    def format(self, record: logging.LogRecord) -> str:
        named = "".join(f" {name}={value}" for name, value in ids().items())
        line = f"{_time(record)} {record.levelname} {record.name} {message_of(record)}{named}"
        return "\n".join([_one_line(line), *(f"  {each}" for each in exception_lines(record))])


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `time`, `level`, `logger`, `message`, the ids, and the fields of the message."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            "process": record.process,
            **ids(),
            **_fields(record),
        }
        if lines := list(exception_lines(record)):
            told["exception"] = lines
        return json.dumps(told, ensure_ascii=False, default=str)


def message_of(record: logging.LogRecord) -> str:
    """What the record says, without values that are not ours to tell."""
    if record.name == "django.request" and getattr(record, "status_code", None) == 503:
        return UNAVAILABLE
    top = record.name.split(".", 1)[0]
    if top in OWN:
        return _said(record, _without_messages)
    for name, instead in INSTEAD.items():
        if record.name == name or record.name.startswith(f"{name}."):
            return instead
    if str(record.msg).startswith("Invalid request"):  # Gunicorn quotes what was sent
        return "A request that is not HTTP was refused."
    if not record.args and "\n" in str(record.msg):
        return str(record.msg).split("\n", 1)[0][:80] + HIDDEN
    return _said(record, _without_texts)


def exception_lines(record: logging.LogRecord) -> Iterator[str]:
    """The record's exception and what caused it, the cause first: types, and where in the code."""
    if record.exc_info and record.exc_info[1] is not None:
        yield from _chain(record.exc_info[1])


def name_of(error: BaseException) -> str:
    """The type, and what is known to hold no value: the number of a system error, the state and constraint of SQL."""
    kind = type(error)
    told = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, Explained):
        return f"{told}: {error}"
    if isinstance(error, OSError) and error.errno is not None:
        told += f" [errno {error.errno}]"
    if sqlstate := getattr(error, "sqlstate", None):
        constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
        told += f" [SQLSTATE {sqlstate}{f', {constraint}' if constraint else ''}]"
    if isinstance(name := getattr(error, "sqlite_errorname", None), str):
        told += f" [{name}]"
    return told


def _chain(error: BaseException, depth: int = 0) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and depth < 5:
        yield from _chain(before, depth + 1)
    yield name_of(error)
    yield from _places(error.__traceback__)


def _places(trace: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(trace)[-MOST_FRAMES:]:
        yield f"at {frame.filename}:{frame.lineno} in {frame.name}"


def _said(record: logging.LogRecord, clean: Any) -> str:
    args = record.args
    cleaned: Any = None
    if isinstance(args, Mapping):
        cleaned = {name: clean(value) for name, value in args.items()}
    elif args:
        cleaned = tuple(map(clean, args))
    try:
        return str(record.msg) % cleaned if cleaned else str(record.msg)
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def _without_messages(value: object) -> object:
    return name_of(value) if isinstance(value, BaseException) else value


def _without_texts(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, BaseException):
        return name_of(value)
    return value if isinstance(value, str) and _ID.fullmatch(value) else _Hidden()


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    fields = getattr(record, "fields", None)
    return fields if isinstance(fields, dict) and record.name.split(".", 1)[0] in OWN else {}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
