"""Watching a process from outside: every statement, commit, storage operation, message and request has a name."""

import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from kombu.messaging import Producer
from kombu.transport.memory import Channel
from urllib3.connection import HTTPConnection

from ocr.reading import reader_process

_TABLE = re.compile(r'(?:FROM|INTO|UPDATE)\s+"?(\w+)"?', re.IGNORECASE)
SANDBOX = "the sandbox"
STORAGE_OPERATIONS = ("save", "open", "delete", "size", "listdir")


class Points:
    """The points that a run goes through, in order; at `deadly` the process kills itself."""

    def __init__(self, *, deadly: str | None = None) -> None:
        self.deadly = deadly
        self.step = ""
        self.names: list[str] = []
        self._seen: Counter[str] = Counter()

    def reach(self, what: str) -> None:
        """Counts each kind of point in each step for itself, so that a name stays when others come or go."""
        known = f"{self.step}: {what}"
        self._seen[known] += 1
        name = f"{known} #{self._seen[known]}"
        self.names.append(name)
        if name == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


def watch(points: Points) -> None:
    """From here to the end of the process everything is told to `points`; nothing puts the wrapped parts back."""
    connection.execute_wrappers.append(_statement(points))
    _around(points, BaseDatabaseWrapper, "_commit", lambda *_, **__: "the commit")
    _watch_storage(points)
    _around(points, Producer, "publish", _published)
    _around(points, reader_process, "send_frame", lambda **_: f"a message to {SANDBOX}")
    _around(points, reader_process, "receive_frame", lambda **_: f"an answer of {SANDBOX}")
    _around(points, HTTPConnection, "request", lambda *_, **__: "the request of a webhook")
    _around(points, HTTPConnection, "getresponse", lambda *_, **__: "the answer to a webhook")


def published(taken: list[tuple[str, list[Any]]]) -> None:
    """From here on every message to the broker is taken at once, as the task's name and its arguments; and what the
    broker held is lost with the process that died, since its memory was the broker's."""
    Channel.queues.clear()

    def noted(_: Any, body: Any, *__: Any, **more: Any) -> None:
        taken.append((more["headers"]["task"], list(body[0])))

    _put(Producer, "publish", noted)


def _statement(points: Points) -> Callable[..., Any]:
    def wrapped(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb, table = sql.split(maxsplit=1)[0].upper(), _TABLE.search(sql)
        what = f"{verb} {table.group(1)}" if table else verb
        points.reach(f"before {what}")
        result = execute(sql, params, many, context)
        if verb != "SELECT":  # what was only read is no other state than before
            points.reach(f"after {what}")
        return result

    return wrapped


def _watch_storage(points: Points) -> None:
    """The service's storage, and within whatever that is the folder that writes the bytes."""
    save = FileSystemStorage._save  # type: ignore[attr-defined]

    def halves(content: Any) -> Iterator[bytes]:
        whole = content.read()
        yield whole[: len(whole) // 2]
        points.reach("within the storage's save")
        yield whole[len(whole) // 2 :]

    def in_halves(folder: Any, name: str, content: Any) -> Any:
        _put(content, "chunks", lambda *_, **__: halves(content))
        return save(folder, name, content)

    _put(FileSystemStorage, "_save", in_halves)
    for operation in STORAGE_OPERATIONS:
        _around(points, storages["default"], operation, lambda *_, said=operation, **__: f"the storage's {said}")


def _published(_: Any, __: Any, *___: Any, **more: Any) -> str:
    return f"the message {more['headers']['task']}"


def _around(points: Points, owner: Any, name: str, what: Callable[..., str]) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def wrapped(*arguments: Any, **more: Any) -> Any:
        said = what(*arguments, **more)
        points.reach(f"before {said}")
        result = original(*arguments, **more)
        points.reach(f"after {said}")
        return result

    _put(owner, name, wrapped)


def _put(owner: Any, name: str, value: Any) -> None:
    setattr(owner, name, value)
