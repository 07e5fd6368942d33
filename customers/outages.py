"""A database that is away for a moment, as while it starts again: what was worked out meanwhile must not be lost."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

log = logging.getLogger(__name__)

Outcome = TypeVar("Outcome")

PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 0.25
# PostgreSQL's codes beside those of class 08: shut down by an administrator, crashed, still starting, idle for too
# long in a transaction.
_ENDED_BY_SERVER = {"57P01", "57P02", "57P03", "25P03"}


def is_away(error: BaseException) -> bool:
    """Whether the error is that the database cannot be reached any more, and not that it refused something.

    By what the driver said: when this is asked, another connection may have been made. SQLite is never away.
    """
    if connection.vendor != "postgresql" or not isinstance(error, OperationalError | InterfaceError):
        return False
    said = error.__cause__
    state = getattr(said, "sqlstate", None)
    return said is not None and (state is None or state[:2] == "08" or state in _ENDED_BY_SERVER)


def outlasting(write: Callable[[], Outcome], *, patience: float = PATIENCE_SECONDS) -> Outcome:
    """What `write` comes to, tried again and again while the database is away; then its error is raised.

    `write` is a transaction of its own, and does no harm when it is done twice: of a commit whose answer was lost with
    the connection nobody knows whether it stands.
    """
    give_up_at = time.monotonic() + patience
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block or not is_away(error) or time.monotonic() > give_up_at:
                raise
            log.warning("the database is away (%s); what is to be written waits", type(error).__name__)
        connection.close()
        time.sleep(_PAUSE_SECONDS)
