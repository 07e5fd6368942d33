"""How far a long run has come, on one line of a terminal; elsewhere a line at every tenth."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")
_WIDTH = 30


class Progress:
    """A bar with the rate and the time left. Use it as a context; `advance` says how many more are done."""

    def __init__(self, *, title: str, total: int, stream: TextIO = sys.stderr) -> None:
        self._title = title
        self._total = max(total, 1)
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._started = time.monotonic()
        self._shown_at = 0.0
        self._tenths = 0
        self.done = 0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_terminal:
            self._stream.write(f"\r{self._line()}\n")

    def advance(self, count: int) -> None:
        self.done += count
        now = time.monotonic()
        if self._is_terminal and now - self._shown_at > 0.2:
            self._shown_at = now
            self._stream.write(f"\r{self._line()}")
            self._stream.flush()
        elif not self._is_terminal and self.done * 10 // self._total > self._tenths:
            self._tenths = self.done * 10 // self._total
            self._stream.write(f"{self._line()}\n")
            self._stream.flush()

    def _line(self) -> str:
        share = min(self.done / self._total, 1.0)
        seconds = max(time.monotonic() - self._started, 1e-6)
        left = seconds / share - seconds if share else 0.0
        bar = "█" * round(share * _WIDTH)
        rate = f"{self.done / seconds:,.0f}/s, {left:.0f} s left "
        return f"{self._title} {bar:░<{_WIDTH}} {self.done:,} of {self._total:,}, {rate}"


def shown(items: Iterable[T], *, title: str, total: int) -> Iterator[T]:
    """The items, with a bar that grows as they are taken."""
    with Progress(title=title, total=total) as progress:
        for item in items:
            yield item
            progress.advance(1)
