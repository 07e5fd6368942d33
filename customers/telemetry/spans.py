"""The steps of the work as a trace tells them; without a tracer, which only a setting brings, nothing is done.

A span is named, and explained, by words of our own code: routes, stages, tasks, codes, ids and numbers. An exception
gives it its type, never its message.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, Protocol

from customers.telemetry.context import ids

Kind = Literal["server", "client", "producer", "consumer", "internal"]
Value = str | int | float | bool
Carrier = Mapping[str, str]


class Span(Protocol):
    """A step that is under way."""

    def rename(self, name: str) -> None: ...

    def note(self, attributes: Mapping[str, Value]) -> None: ...


class Tracer(Protocol):
    """Who keeps spans. Neither may raise, for no work may fail because it could not be traced."""

    def span(
        self, name: str, *, kind: Kind, attributes: Mapping[str, Value], follows: Carrier | None
    ) -> AbstractContextManager[Span]:
        """A span within that of `follows`, else within the present one; without either the first of a trace."""

    def note(self, attributes: Mapping[str, Value]) -> None:
        """Says more of the present span."""

    def carrier(self) -> Carrier:
        """What a message carries so that its work `follows` the present span; empty when there is none."""


class _NoSpan:
    def rename(self, name: str) -> None:
        """Nobody keeps it."""

    def note(self, attributes: Mapping[str, Value]) -> None:
        """Nobody keeps it."""


_tracer: Tracer | None = None


def trace_with(tracer: Tracer | None) -> Tracer | None:
    """Gives spans to this tracer from now on, or to none; the one before comes back."""
    global _tracer
    before, _tracer = _tracer, tracer
    return before


@contextmanager
def span(
    name: str, *, kind: Kind = "internal", follows: Carrier | None = None, attributes: Mapping[str, Value] | None = None
) -> Iterator[Span]:
    """The block as a step of the trace, with the ids of what is worked on."""
    if _tracer is None:
        yield _NoSpan()
        return
    named = {f"paydraft.{each}": value for each, value in ids().items()}
    with _tracer.span(name, kind=kind, attributes={**named, **(attributes or {})}, follows=follows) as kept:
        yield kept


def note(**attributes: Value) -> None:
    """Says more of the step that is under way."""
    if _tracer is not None:
        _tracer.note({f"paydraft.{name}": value for name, value in attributes.items()})


def carrier() -> Carrier:
    """See `Tracer`."""
    return _tracer.carrier() if _tracer is not None else {}


def origin() -> Carrier:
    """What is kept with work that is done later: the request that asked for it, and the step to follow."""
    return {**carrier(), **{name: value for name, value in ids().items() if name == "request_id"}}
