"""One HTTP request of a webhook: to a checked address, without following anything, and over within its time.

urllib3's connections are used one by one instead of a pool, since only they connect to an address while the name goes
into TLS and the Host header. They know no proxies, redirects, retries or cookies.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from customers.webhooks.addresses import (
    Address,
    AddressRefused,
    HostUnknown,
    LookUp,
    Network,
    Target,
    ask_name_servers,
    resolved,
    target_of,
)

MOST_ADDRESSES = 3  # a name with a hundred dead addresses must not hold a worker for a hundred time-outs
MOST_BYTES_READ = 4096
GONE = 410
LATE = "No answer in time; a receiver should answer first and work afterwards."


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator allows, and how long one request may take as a whole, in seconds."""

    allow_http: bool
    allowed_networks: tuple[Network, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is None when no answer came; then `error` is a sentence. `retry_after` is what the answer wishes."""

    address: str = ""
    status: int | None = None
    answer: str = ""
    error: str = ""
    retry_after: timedelta | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == GONE


def post(
    *, url: str, body: str, headers: Mapping[str, str], rules: Rules, look_up: LookUp = ask_name_servers
) -> Outcome:
    """Sends the body as JSON and says what came of it; whatever goes wrong is an outcome, nothing is raised for it."""
    ends_at = time.monotonic() + rules.seconds
    try:
        target = target_of(url, allow_http=rules.allow_http)
        addresses = resolved(target, allowed=rules.allowed_networks, look_up=look_up)
    except (AddressRefused, HostUnknown) as error:
        return Outcome(error=str(error))
    return _first_reached(
        target=target, addresses=addresses, body=body.encode(), headers=headers, seconds=rules.seconds, ends_at=ends_at
    )


def _first_reached(
    *,
    target: Target,
    addresses: Sequence[Address],
    body: bytes,
    headers: Mapping[str, str],
    seconds: float,
    ends_at: float,
) -> Outcome:
    outcome = Outcome(error="There was no time left to connect.")
    for address in addresses[:MOST_ADDRESSES]:
        left = ends_at - time.monotonic()
        if left <= 0:
            break
        connection = _connection(target=target, address=address, seconds=min(left, seconds / MOST_ADDRESSES))
        try:
            try:
                connection.connect()
            except (HTTPError, OSError) as error:
                outcome = Outcome(address=str(address), error=f"No connection: {_reason(error)}.")
                continue
            return _exchanged(connection, target=target, body=body, headers=headers, ends_at=ends_at)
        finally:
            connection.close()
    return outcome


def _connection(*, target: Target, address: Address, seconds: float) -> HTTPConnection:
    if target.scheme == "http":
        return HTTPConnection(str(address), target.port, timeout=seconds)
    return HTTPSConnection(str(address), target.port, timeout=seconds, server_hostname=target.host, ssl_context=_tls())


@cache
def _tls() -> ssl.SSLContext:
    """The system's certificate authorities, or those of SSL_CERT_FILE; names are checked."""
    return ssl.create_default_context()


def _exchanged(
    connection: HTTPConnection, *, target: Target, body: bytes, headers: Mapping[str, str], ends_at: float
) -> Outcome:
    address = str(connection.sock.getpeername()[0])
    connection.timeout = max(0.01, ends_at - time.monotonic())
    sent = {
        "Host": target.authority,
        "Content-Type": "application/json",
        "User-Agent": "Paydraft-Webhooks/1",
        "Accept-Encoding": "identity",
        **headers,
    }
    with _cut_off(connection.sock, ends_at=ends_at) as is_late:
        try:
            connection.request("POST", target.path, body=body, headers=sent, preload_content=False)
            response = connection.getresponse()
            status, wish = response.status, _retry_after(response.headers.get("Retry-After"), now=datetime.now(tz=UTC))
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            return Outcome(address=address, error=LATE if is_late() else f"No answer: {_reason(error)}.")
        if is_late():
            return Outcome(address=address, error=LATE)  # cut off within the headers, which nobody takes for an answer
        try:
            # The status has said it all: of a body that is slow, endless, compressed or broken, what came is kept.
            answer = response.read(MOST_BYTES_READ, decode_content=False)
        except (HTTPError, http.client.HTTPException, OSError, ValueError):
            answer = b""
    return Outcome(address=address, status=status, answer=_printable(answer), retry_after=wish)


@contextmanager
def _cut_off(sock: socket.socket, *, ends_at: float) -> Iterator[Callable[[], bool]]:
    """Ends the connection when the time is over: time-outs of sockets begin anew with every byte that drips in."""
    late = threading.Event()

    def end() -> None:
        late.set()
        try:
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # beneath TLS, which another thread may be using
        except OSError:
            return  # it has ended by itself

    timer = threading.Timer(max(0.0, ends_at - time.monotonic()), end)
    timer.daemon = True
    timer.start()
    try:
        yield late.is_set
    finally:
        timer.cancel()


def _retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """The header in seconds or as a date (RFC 9110 § 10.2.3); None when it is missing or neither."""
    if value is None:
        return None
    if value.isascii() and value.isdecimal() and len(value) <= 9:
        return timedelta(seconds=int(value))
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) - now


def _printable(answer: bytes) -> str:
    """As text that every database stores and an operator may look at."""
    text = answer.decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() or letter == "\n" else "�" for letter in text)[:1000]


def _reason(error: Exception) -> str:
    """What kind of thing happened, without the objects that libraries print into their messages."""
    cause: BaseException = error
    for found in _causes(error):
        cause = found
    if isinstance(cause, TimeoutError) or "timed out" in str(cause):
        return "it took too long"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"the certificate is not valid ({cause.verify_message})"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror[:200]
    return type(cause).__name__


def _causes(error: BaseException) -> Iterable[BaseException]:
    while (cause := error.__cause__ or error.__context__) is not None:
        yield cause
        error = cause
