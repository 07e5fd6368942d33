"""Whose work is being done: ids that stand in every log line and trace of it, and nothing but ids.

They follow the flow of calls (contextvars), into threads that are started with `within`, and through the headers of
Celery's messages.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from types import MappingProxyType
from typing import Any

NAMES = ("request_id", "job_id", "customer_id", "attempt", "endpoint_id")
_WELL_FORMED = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ids: ContextVar[Mapping[str, str]] = ContextVar("ids", default=MappingProxyType({}))


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Names what the block works on, beside what is named already; None takes a name away.

    Raises ValueError for a name not in `NAMES`.
    """
    if unknown := set(ids) - set(NAMES):
        raise ValueError(f"Log lines have no {sorted(unknown)}.")
    named = {**_ids.get(), **ids}
    token = _ids.set({name: str(value) for name, value in named.items() if value is not None})
    try:
        yield
    finally:
        _ids.reset(token)


def ids() -> Mapping[str, str]:
    """What is worked on here."""
    return _ids.get()


def request_id_of(header: str | None) -> str:
    """The id that the caller gave, when it is a UUID (RFC 9562) with or without its hyphens; else a new one.

    Other text is not taken over: it would let a caller write what they like into the log.
    """
    return header if header and _WELL_FORMED.fullmatch(header) else str(uuid.uuid4())


def within(target: Callable[..., Any]) -> Callable[..., Any]:
    """`target`, to be run in another thread as if it were called here."""
    return partial(copy_context().run, target)
