"""What the service's process trees have used up, and hold."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from benchmarks.service.site import Site

MEBIBYTE = 1024 * 1024


@dataclass(slots=True)
class Memory:
    """Resident MiB by process, sampled over time; a process that ended has no more samples."""

    samples: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


def processor_seconds(site: Site) -> float:
    """User and system seconds of all processes that live, and of those that have ended below them."""
    total = 0.0
    for _, process in _living(site):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


@contextmanager
def watched_memory(site: Site, *, interval: float) -> Iterator[Memory]:
    """Samples in a thread of its own for as long as the block runs."""
    memory, done, started = Memory(), threading.Event(), time.monotonic()

    def sample() -> None:
        while True:
            for name, process in _living(site):
                try:
                    resident = process.memory_info().rss / MEBIBYTE
                except psutil.Error:
                    continue
                memory.samples.setdefault(f"{name} {process.pid}", []).append((time.monotonic() - started, resident))
            if done.wait(interval):
                return

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        done.set()
        thread.join(10)


def slope(samples: list[tuple[float, float]]) -> float:
    """MiB an hour, by least squares over the second half: what comes before is warming up."""
    later = samples[len(samples) // 2 :]
    if len(later) < 3:
        return 0.0
    mean_x = sum(x for x, _ in later) / len(later)
    mean_y = sum(y for _, y in later) / len(later)
    spread = sum((x - mean_x) ** 2 for x, _ in later)
    return sum((x - mean_x) * (y - mean_y) for x, y in later) / spread * 3600 if spread else 0.0


def _living(site: Site) -> Iterator[tuple[str, psutil.Process]]:
    for name, head in site.processes.items():
        try:
            process = psutil.Process(head.pid)
            yield name, process
            for child in process.children(recursive=True):
                yield ("reader" if "ocr.reading.child" in " ".join(child.cmdline()) else f"{name} child"), child
        except psutil.Error:
            continue
