"""The clock that processes share, ahead of the real one: where the database tells it, in the statement that asks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

ASKED = "SELECT clock_timestamp()"


def ahead_by(ahead: Callable[[], timedelta]) -> Callable[..., Any]:
    """A wrapper for `connection.execute_wrappers`. Whoever asks Django for the time is not reached by it."""

    def wrapped(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql == ASKED:
            sql = f"{ASKED} + interval '{ahead().total_seconds()} seconds'"
        return execute(sql, params, many, context)

    return wrapped
