"""Rate limits per API key: so many requests in a window that begins with the key's first one. What comes without a
valid key is counted in `failures`.

The counters lie in Redis, where all processes of all machines count together; embedded there is one process, which
counts in its own memory. Counting is one atomic step, so that requests at the same time are all counted.
"""

import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from config.environment import RATE_SECONDS
from customers.models import ApiKey

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which itself imports this module, as the settings ask

log = logging.getLogger(__name__)

# After the cache failed, no request waits for it for so long: each would lose a second or two in vain.
CACHE_LEFT_ALONE_SECONDS = 5.0


class KeyThrottle(BaseThrottle):
    """All requests of a key. Open while the cache is down: a limit is worth less than the service itself."""

    THROTTLE_RATES: ClassVar[Mapping[str, Any]] = api_settings.DEFAULT_THROTTLE_RATES
    scope = "key"
    cache_is_left_alone_until: ClassVar[float] = 0.0

    def __init__(self) -> None:
        self._wait: float | None = None

    def applies_to(self, method: str | None) -> bool:
        return True

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if isinstance(request.auth, ApiKey) and self.applies_to(request.method):
            self._wait = self.seconds_to_wait(request.auth)
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait

    def seconds_to_wait(self, key: ApiKey) -> float | None:
        """Counts a request of the key. None when it may pass, else the seconds until its window ends."""
        rate: str | None = self.THROTTLE_RATES[self.scope]
        if rate is None or cache_left_alone():
            return None
        number, _, unit = rate.partition("/")
        try:
            return count_in_window(f"throttle-{self.scope}-{key.pk}", most=int(number), seconds=RATE_SECONDS[unit])
        except RedisError as error:
            leave_cache_alone(error)
            return None


class KeyWriteThrottle(KeyThrottle):
    """Requests that write."""

    scope = "key_write"

    def applies_to(self, method: str | None) -> bool:
        return method not in SAFE_METHODS


def seconds_to_wait_to_write(key: ApiKey) -> float | None:
    """Counts a request that no view gets to see, because its answer is there already; None when it may pass."""
    waits = [throttle.seconds_to_wait(key) for throttle in (KeyThrottle(), KeyWriteThrottle())]
    return max((wait for wait in waits if wait is not None), default=None)


def cache_left_alone() -> bool:
    """Whether the cache failed just now, so that nobody should wait for it."""
    return time.monotonic() < KeyThrottle.cache_is_left_alone_until


def leave_cache_alone(error: RedisError) -> None:
    KeyThrottle.cache_is_left_alone_until = time.monotonic() + CACHE_LEFT_ALONE_SECONDS
    log.warning("rate limits are off while the cache cannot be reached: %s", type(error).__name__)


def count_in_window(window: str, *, most: int, seconds: int) -> float | None:
    """Counts one more. None when it is within the limit, else the seconds until the window ends."""
    now = time.time()
    began: float = cache.get_or_set(window, now, seconds) or now
    counter = f"{window}-{began}"
    try:
        requests = cache.incr(counter)
    except ValueError:  # the first of its window, or one of several at the same time
        # It outlives its window, so that it does not expire between these two steps.
        requests = 1 if cache.add(counter, 1, seconds * 2) else _one_more(counter)
    return None if requests <= most else max(began + seconds - now, 1.0)


def _one_more(counter: str) -> int:
    try:
        return cache.incr(counter)
    except ValueError:
        return 1  # the cache was full and dropped the counter between the steps
