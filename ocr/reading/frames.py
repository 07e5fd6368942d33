"""The talk between the sandbox and its child: frames of a JSON header and raw bytes, each with its length before it.

Plain data only: nothing in a frame can name a class or call anything when it is read.
"""

import json
import os
import select
import struct
import time
from dataclasses import dataclass
from typing import Any

_LENGTHS = struct.Struct(">4sII")
_MAGIC = b"PDR1"
_MAX_HEADER = 128 * 1024 * 1024
_MAX_PAYLOAD = 1024 * 1024 * 1024
_CHUNK = 1024 * 1024


class ChannelClosed(Exception):
    """The other side has gone, or what it says is not a frame."""


class ChannelTimedOut(Exception):
    """The other side did not take or send a whole frame in time."""


@dataclass(frozen=True, slots=True)
class Frame:
    header: dict[str, Any]
    payload: bytes = b""


def send_frame(*, descriptor: int, frame: Frame, deadline: float | None = None) -> None:
    """Writes a frame to a pipe. `deadline` is a `time.monotonic` moment and needs a non-blocking descriptor; None
    waits for ever. Raises ChannelClosed, ChannelTimedOut."""
    header = json.dumps(frame.header, separators=(",", ":")).encode()
    for part in (_LENGTHS.pack(_MAGIC, len(header), len(frame.payload)), header, frame.payload):
        view = memoryview(part)
        while view:
            _wait(descriptor, select.POLLOUT, deadline)
            try:
                view = view[os.write(descriptor, view[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ChannelClosed(str(error)) from error


def receive_frame(*, descriptor: int, deadline: float | None = None, max_payload: int = _MAX_PAYLOAD) -> Frame:
    """Reads the next frame from a pipe, with at most so many raw bytes; otherwise as `send_frame`."""
    magic, header_length, payload_length = _LENGTHS.unpack(_receive(descriptor, _LENGTHS.size, deadline))
    if magic != _MAGIC or header_length > _MAX_HEADER or payload_length > max_payload:
        raise ChannelClosed("What came is not a frame.")
    try:
        header = json.loads(_receive(descriptor, header_length, deadline))
    except ValueError as error:
        raise ChannelClosed("The header of a frame is not JSON.") from error
    if not isinstance(header, dict):
        raise ChannelClosed("The header of a frame is not an object.")
    return Frame(header, _receive(descriptor, payload_length, deadline))


def _receive(descriptor: int, length: int, deadline: float | None) -> bytes:
    received = bytearray()
    while len(received) < length:
        _wait(descriptor, select.POLLIN, deadline)
        try:
            part = os.read(descriptor, min(length - len(received), _CHUNK))
        except BlockingIOError:
            continue
        except OSError as error:
            raise ChannelClosed(str(error)) from error
        if not part:
            raise ChannelClosed("The other side closed the channel.")
        received += part
    return bytes(received)


def _wait(descriptor: int, event: int, deadline: float | None) -> None:
    if deadline is None:
        return
    poll = select.poll()
    poll.register(descriptor, event)
    remaining = deadline - time.monotonic()
    if remaining <= 0 or not poll.poll(remaining * 1000):
        raise ChannelTimedOut
