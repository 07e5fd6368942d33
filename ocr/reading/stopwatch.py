"""Where the time of a reading went: processor seconds of this process by stage."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Adds up processor seconds under a name; `seconds` is in order of first use."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        start = time.process_time()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + time.process_time() - start

    @property
    def seconds(self) -> tuple[tuple[str, float], ...]:
        return tuple((name, round(value, 4)) for name, value in self._seconds.items())
