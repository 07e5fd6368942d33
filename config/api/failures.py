"""Requests without a valid API key are counted for the address they come from, and refused past a limit.

A request that is refused costs no query. One with a valid key costs nothing more than before: each process remembers
the addresses that it refuses, and asks the cache, where all processes count together, only when a request has failed.

Many clients may share an address, behind a proxy of theirs or one of ours that does not say for whom it asks. A key
that was accepted within the last hour is therefore looked up also while its address is refused: whoever guesses keys
locks nobody out.
"""

import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError
from rest_framework.exceptions import Throttled

from config.api.throttling import cache_left_alone, count_in_window, leave_cache_alone
from config.client_address import client_network
from config.environment import RATE_SECONDS

log = logging.getLogger(__name__)

ACCEPTED_SECONDS = 3600
NOTED_EVERY_SECONDS = 600
MOST_REMEMBERED = 10_000

_refused_until: dict[str, float] = {}
_noted_at: dict[str, float] = {}


class TooManyFailures(Throttled):
    """The address sent too many requests without a valid key; `wait` is in seconds."""


def check_address(request: HttpRequest, *, plain: str) -> None:
    """Raises `TooManyFailures` for a request from a refused address, unless its key was accepted lately."""
    until = _refused_until.get(client_network(request) or "", 0.0)
    wait = until - time.time()
    if settings.API_FAILURE_RATE_LIMIT is not None and wait > 0 and not _was_accepted(plain):
        raise TooManyFailures(wait=wait)


def note_failure(request: HttpRequest, *, plain: str) -> None:
    """Counts a request without a valid key."""
    rate: str | None = settings.API_FAILURE_RATE_LIMIT
    address = client_network(request)
    if rate is None or address is None or cache_left_alone():
        return
    number, _, unit = rate.partition("/")
    try:
        if plain and (_noted_at.pop(_name_of(plain), 0.0) or address in _refused_until):
            cache.delete(_name_of(plain))  # revoked or expired: it no longer gets past
        wait = count_in_window(f"throttle-failures-{address}", most=int(number), seconds=RATE_SECONDS[unit])
    except RedisError as error:
        leave_cache_alone(error)
        return
    if wait is not None:
        _make_room(_refused_until)
        _refused_until[address] = time.time() + wait
        log.warning("an address sends requests without a valid API key; it is refused for %s s", round(wait))


def note_success(*, plain: str) -> None:
    """Remembers for an hour that the key is valid; tells the other processes every ten minutes at the most."""
    name, now = _name_of(plain), time.monotonic()
    if settings.API_FAILURE_RATE_LIMIT is None or now - _noted_at.get(name, -NOTED_EVERY_SECONDS) < NOTED_EVERY_SECONDS:
        return
    if cache_left_alone():
        return
    try:
        cache.set(name, 1, ACCEPTED_SECONDS)
    except RedisError as error:
        leave_cache_alone(error)
        return
    _make_room(_noted_at)
    _noted_at[name] = now


def _was_accepted(plain: str) -> bool:
    if not plain or cache_left_alone():
        return False
    try:
        return cache.get(_name_of(plain)) is not None
    except RedisError as error:
        leave_cache_alone(error)
        return False


def _name_of(plain: str) -> str:
    """Where the cache notes the key, from which nobody can tell it."""
    return f"accepted-{salted_hmac('config.api.failures', plain, algorithm='sha256').hexdigest()}"


def _make_room(remembered: dict[str, float]) -> None:
    if len(remembered) >= MOST_REMEMBERED:
        remembered.clear()
