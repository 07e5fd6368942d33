"""A collector: a server that takes OTLP over HTTP, and keeps the spans that it is sent."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A span as it came in; `parent` is empty for the first of a trace."""

    trace: str
    id: str
    parent: str
    name: str
    service: str
    attributes: dict[str, Any]


@dataclass(slots=True)
class Collector:
    url: str = ""
    raw: list[bytes] = field(default_factory=list)
    spans: list[Seen] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)

    def take(self, path: str, body: bytes) -> None:
        self.raw.append(body)
        self.paths.add(path)
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            of = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [_seen(span, service=of.get("service.name", "")) for span in scope.spans]

    def wait_for(self, name: str, **attributes: str) -> Seen:
        """The span of that name with these attributes, once it has come."""

        def fits(span: Seen) -> bool:
            told = {key.rsplit(".", 1)[-1]: value for key, value in span.attributes.items()}
            return span.name == name and attributes.items() <= told.items()

        return self._wait(fits, f"{name} {attributes}")

    def _wait(self, fits: Callable[[Seen], bool], wanted: str) -> Seen:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            for span in list(self.spans):
                if fits(span):
                    return span
            time.sleep(0.05)
        raise AssertionError(f"no span {wanted}; there came: {sorted({span.name for span in self.spans})}")

    def names_of(self, trace: str) -> set[str]:
        return {span.name for span in self.spans if span.trace == trace}

    def way_up(self, span: Seen) -> list[str]:
        """The names from the span to the first of its trace; a span comes when it ends, hence after those within it."""
        names = [span.name]
        while parent := span.parent:
            span = self._wait(lambda each, parent=parent: each.id == parent, f"around {span.name}")  # type: ignore[misc]
            names.append(span.name)
        return names


def _seen(span: Any, *, service: str) -> Seen:
    values = {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}
    return Seen(span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex(), span.name, service, values)


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.take(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing: what came in is kept."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    collector.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
