"""What was measured: one figure beside its goal, and a run of them with machine and load."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` is an upper bound, or a lower one when `is_floor`; None where there is none. `n` values were taken."""

    part: str
    name: str
    value: float
    unit: str
    n: int
    goal: float | None = None
    is_floor: bool = False

    @property
    def is_met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value >= self.goal if self.is_floor else self.value <= self.goal


@dataclass(slots=True)
class Run:
    """One run of the benchmark. `loop` says how fast the processor is (`loop_seconds`); `memory` holds the samples of
    each process (seconds, MiB)."""

    machine: str
    commit: str
    day: str
    load: float
    loop: float
    label: str = ""
    figures: list[Figure] = field(default_factory=list)
    memory: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


def loop_seconds() -> float:
    """Processor seconds of ten million rounds of a Python loop: 0.6 to 2.3 on servers whose names say nothing of it."""
    started, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number * number
    return time.process_time() - started


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share of all are no greater than."""
    ordered = sorted(values)
    return ordered[max(-int(-share * len(ordered) // 1), 1) - 1]


def times(
    *, part: str, name: str, seconds: Iterable[float], shares: Sequence[tuple[float, float | None]]
) -> list[Figure]:
    """Percentiles in milliseconds: `shares` are pairs of a share and its goal."""
    taken = [each * 1000 for each in seconds]
    return [
        Figure(
            part=part,
            name=f"{name}, p{round(share * 100)}",
            value=percentile(taken, share),
            unit="ms",
            n=len(taken),
            goal=goal,
        )
        for share, goal in shares
    ]
