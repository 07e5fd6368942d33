"""Counters and histograms, and where they are kept: in this process, until `keep_in` names a store that all share.

Label values are names from our own code (a route, a stage, a code of a reason), never a value of a document.
"""

import json
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

BEYOND = "+Inf"
SEEN = "seen"


@dataclass(frozen=True, slots=True)
class CounterMetric:
    """Something that is counted up; Prometheus adds `_total` to the name."""

    name: str
    help: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistogramMetric:
    """Something that is measured, in seconds; `buckets` are upper bounds, ascending, the last one is +Inf."""

    name: str
    help: str
    labels: tuple[str, ...]
    buckets: tuple[float, ...]


class Store(Protocol):
    """Where amounts are added up."""

    def add(self, amounts: Mapping[str, float]) -> None:
        """Adds to each series; never raises, for no work may fail because it could not be counted."""

    def put(self, series: str, value: float) -> None:
        """Replaces the value of the series; never raises."""

    def all(self) -> Mapping[str, float]:
        """Every series with its sum, or the value put last."""


class MemoryStore:
    """Sums of this process, enough where one process does it all."""

    def __init__(self) -> None:
        self._sums: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, amounts: Mapping[str, float]) -> None:
        with self._lock:
            for series, amount in amounts.items():
                self._sums[series] += amount  # type: ignore[assignment]  # sums of seconds are no whole numbers

    def put(self, series: str, value: float) -> None:
        with self._lock:
            self._sums[series] = value  # type: ignore[assignment]

    def all(self) -> Mapping[str, float]:
        with self._lock:
            return dict(self._sums)


_store: Store = MemoryStore()


def keep_in(store: Store) -> Store:
    """Adds to this store from now on; the one before comes back."""
    global _store
    before, _store = _store, store
    return before


def count(metric: CounterMetric, *, amount: float = 1, **labels: str) -> None:
    """One more, or `amount` more. Raises ValueError when `labels` are not those of the metric."""
    _store.add({_series(metric, labels): amount})


def observe(metric: HistogramMetric, *, seconds: float, **labels: str) -> None:
    """One measurement. Raises ValueError when `labels` are not those of the metric."""
    bound = _bounds(metric)[bisect_left(metric.buckets, seconds)]
    _store.add({_series(metric, labels, bound): 1, _series(metric, labels, "sum"): seconds})


def note_sighting(process: str, *, at: float) -> None:
    """A sign of life of this kind of process, at these seconds since 1970."""
    _store.put(json.dumps([SEEN, [process], ""], separators=(",", ":")), at)


def sightings() -> dict[str, float]:
    """When each kind of process was last seen, in seconds since 1970; those that never were are missing."""
    return {labels[0]: at for (labels, _), at in _sums_of(SEEN).items()}


@dataclass(frozen=True, slots=True)
class Distribution:
    """What was measured under one set of labels; `buckets` are cumulative, as Prometheus has them."""

    labels: tuple[str, ...]
    buckets: tuple[tuple[str, float], ...]
    sum: float


def counted(metric: CounterMetric) -> list[tuple[tuple[str, ...], float]]:
    """The sums of the metric, one for each set of labels that was counted."""
    return sorted((labels, total) for (labels, _), total in _sums_of(metric.name).items())


def measured(metric: HistogramMetric) -> list[Distribution]:
    """What was measured, one for each set of labels."""
    sums = _sums_of(metric.name)
    bounds = _bounds(metric)
    return [
        Distribution(
            labels=labels,
            buckets=tuple(zip(bounds, accumulate(sums.get((labels, bound), 0.0) for bound in bounds), strict=True)),
            sum=sums.get((labels, "sum"), 0.0),
        )
        for labels in sorted({labels for labels, _ in sums})
    ]


def _bounds(metric: HistogramMetric) -> list[str]:
    return [*(str(float(bound)) for bound in metric.buckets), BEYOND]


def _sums_of(name: str) -> dict[tuple[tuple[str, ...], str], float]:
    split = ([*json.loads(series), total] for series, total in _store.all().items())
    return {(tuple(labels), part): total for of, labels, part, total in split if of == name}


def _series(metric: CounterMetric | HistogramMetric, labels: Mapping[str, str], part: str = "") -> str:
    if set(labels) != set(metric.labels):
        raise ValueError(f"{metric.name} is counted by {metric.labels}, not by {tuple(labels)}.")
    return json.dumps([metric.name, [labels[name] for name in metric.labels], part], separators=(",", ":"))
