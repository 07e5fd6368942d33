"""Figures and traces of the test alone."""

from collections.abc import Callable, Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from config.observing.tracing import turn_on
from customers.telemetry.counting import MemoryStore, keep_in
from customers.telemetry.spans import trace_with


@pytest.fixture
def figures() -> Iterator[None]:
    before = keep_in(MemoryStore())
    yield
    keep_in(before)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], tuple[ReadableSpan, ...]]]:
    """What has been traced so far."""
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "1000000")  # of the usual queue, the oldest fall out
    exporter = InMemorySpanExporter()
    before = trace_with(None)
    tracer = turn_on(exporter=lambda: exporter)

    def traced() -> tuple[ReadableSpan, ...]:
        tracer.provider().force_flush()
        return exporter.get_finished_spans()

    yield traced
    trace_with(before)
    tracer.provider().shutdown()
