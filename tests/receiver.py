"""A webhook receiver on this machine: a real HTTP server that remembers what it was sent and answers as told."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True, slots=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """The body, once the official library has verified it. Raises `WebhookVerificationError`."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """`status`, `headers` and `answer` are what it answers; `dripping` sends the answer byte by byte, `seconds` apart;
    `endless` goes on sending; `pause` comes before the answer."""

    url: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    answer: bytes = b""
    pause: float = 0.0
    dripping: float = 0.0
    endless: bool = False
    received: list[Received] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiving(host: str = "127.0.0.1", *, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that listens on a free port until the block ends; with `tls`, for https."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(path=self.path, headers=headers, body=body))
            receiver.closing.wait(receiver.pause)
            try:
                self._answer()
            except OSError:
                self.close_connection = True  # the sender has had enough

        do_GET = do_POST  # noqa: N815 — what a redirect that is followed would ask

        def _answer(self) -> None:
            if receiver.dripping:
                for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Slow: " + b"x" * 1000:
                    self.wfile.write(bytes([byte]))
                    if receiver.closing.wait(receiver.dripping):
                        return
                return
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            if not receiver.endless:
                self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            self.wfile.write(receiver.answer)
            ends_at = time.monotonic() + 30
            while receiver.endless and time.monotonic() < ends_at and not receiver.closing.is_set():
                self.wfile.write(b"x" * 65536)

        def log_message(self, *_: Any) -> None:
            """Nothing: what was received is remembered."""

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    receiver.url = f"{'https' if tls else 'http'}://{host}:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.closing.set()
        server.shutdown()
        server.server_close()
