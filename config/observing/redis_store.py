"""Figures that all processes and machines add to, in one hash of the Redis that they share anyway.

Each process answers /metrics with the figures of the whole installation. What Redis forgets begins again at zero, which
Prometheus takes for a restart.
"""

import threading
import time
from collections import Counter
from collections.abc import Mapping

import redis
from redis.exceptions import RedisError

HASH = "paydraft:figures"
SECONDS_LEFT_ALONE = 5.0
PATIENCE_SECONDS = 0.5


class RedisStore:
    """Writes at once. While Redis cannot be reached, amounts wait here and go with the next that gets through."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url, socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS, decode_responses=True
        )
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()
        self._is_left_alone_until = 0.0

    def add(self, amounts: Mapping[str, float]) -> None:
        with self._lock:
            for series, amount in amounts.items():
                self._waiting[series] += amount  # type: ignore[assignment]  # sums of seconds are no whole numbers
            if time.monotonic() < self._is_left_alone_until:
                return
            going, self._waiting = self._waiting, Counter()
        try:
            with self._client.pipeline(transaction=True) as pipeline:
                for series, amount in going.items():
                    pipeline.hincrbyfloat(HASH, series, amount)
                pipeline.execute()
        except (RedisError, OSError):
            with self._lock:
                self._waiting.update(going)
                self._is_left_alone_until = time.monotonic() + SECONDS_LEFT_ALONE

    def put(self, series: str, value: float) -> None:
        if time.monotonic() < self._is_left_alone_until:
            return
        try:
            self._client.hset(HASH, series, str(value))
        except (RedisError, OSError):
            self._is_left_alone_until = time.monotonic() + SECONDS_LEFT_ALONE

    def all(self) -> Mapping[str, float]:
        """Raises RedisError when Redis does not answer."""
        answer: Mapping[str, str] = self._client.hgetall(HASH)  # type: ignore[assignment]  # not the asynchronous one
        return {series: float(total) for series, total in answer.items()}
