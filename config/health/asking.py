"""Asking several things at once, none of which may keep the answer waiting: a disk, a socket or a server can hang."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime

from django.db import connection

log = logging.getLogger(__name__)

Check = Callable[[], str]
SECONDS = 2.5  # probes of load balancers and containers commonly give up after three or more

_under_way: dict[str, "Future[str]"] = {}
_lock = threading.Lock()


def answers(checks: Mapping[str, Check], *, seconds: float = SECONDS) -> dict[str, str | None]:
    """What each check says; None where it said nothing in time. Never raises, and is back after these seconds.

    A check that hangs is left behind in its thread, and nobody starts another until it has ended: those who ask
    meanwhile wait for the same one. So that however many ask, one thread for each check is held at the most.
    """
    give_up_at = time.monotonic() + seconds
    asked = {name: _asked(name, check) for name, check in checks.items()}
    return {name: _said(name, future, seconds=give_up_at - time.monotonic()) for name, future in asked.items()}


def _asked(name: str, check: Check) -> "Future[str]":
    with _lock:
        future = _under_way.get(name)
        if future is None or future.done():
            future = _under_way[name] = Future()
            threading.Thread(target=_ask, args=(check, future), name=f"readyz-{name}", daemon=True).start()
        return future


def _ask(check: Check, future: "Future[str]") -> None:
    try:
        future.set_result(check())
    except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to those who wait for the answer
        future.set_exception(error)
    finally:
        connection.close()


def _said(name: str, future: "Future[str]", *, seconds: float) -> str | None:
    try:
        return future.result(max(0.0, seconds))
    except NotInTime:
        if not future.done():
            return None
        return "It took too long to find out; look at the log of the service."
    except Exception as error:
        log.exception("readyz: %s could not be looked at", name)
        return f"It could not be looked at ({type(error).__name__}); the log of the service has more."
