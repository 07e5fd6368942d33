"""A TCP relay in front of a server, which breaks every connection once so many bytes were sent through it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def breaking_relay(*, port: int, after: int) -> Iterator[int]:
    """The relay's port. Of each connection `after` bytes reach the server on `port`; then both ends are closed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, port, after), daemon=True).start()
        yield int(listener.getsockname()[1])
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, port: int, after: int) -> None:
    with suppress(OSError):  # the listener was closed: nobody comes any more
        while True:
            caller, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_pass_on, args=(server, caller, None), daemon=True).start()
            threading.Thread(target=_pass_on, args=(caller, server, after), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket, limit: int | None) -> None:
    passed = 0
    with suppress(OSError):  # an end that is gone is what this is about
        while (limit is None or passed < limit) and (part := source.recv(65536)):
            sink.sendall(part if limit is None else part[: limit - passed])
            passed += len(part)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
