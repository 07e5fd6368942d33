import os
import struct
import threading
import time
from collections.abc import Iterator

import pytest

from ocr.reading.frames import ChannelClosed, ChannelTimedOut, Frame, receive_frame, send_frame


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    yield reading, writing
    for descriptor in (reading, writing):
        try:
            os.close(descriptor)
        except OSError:
            continue  # the test has closed it


def test_a_frame_larger_than_the_pipe_arrives_whole(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    frame = Frame({"text": "Büro", "list": [1, None]}, bytes(range(256)) * 20_000)
    deadline = time.monotonic() + 20
    sender = threading.Thread(target=send_frame, kwargs={"descriptor": writing, "frame": frame, "deadline": deadline})
    sender.start()
    assert receive_frame(descriptor=reading, deadline=deadline) == frame
    sender.join()


def test_a_closed_channel_is_told_from_a_silent_one(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    with pytest.raises(ChannelTimedOut):
        receive_frame(descriptor=reading, deadline=time.monotonic() + 0.05)
    os.write(writing, b"PDR1\x00")
    with pytest.raises(ChannelTimedOut):
        receive_frame(descriptor=reading, deadline=time.monotonic() + 0.05)
    os.close(writing)
    with pytest.raises(ChannelClosed):
        receive_frame(descriptor=reading, deadline=time.monotonic() + 5)


def test_a_reader_that_does_not_read_does_not_hold_up_the_sender(pipe: tuple[int, int]) -> None:
    with pytest.raises(ChannelTimedOut):
        send_frame(descriptor=pipe[1], frame=Frame({}, bytes(1_000_000)), deadline=time.monotonic() + 0.1)


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 200",
        struct.pack(">4sII", b"PDR1", 0xFFFFFFFF, 0),
        struct.pack(">4sII", b"PDR1", 4, 0) + b"{not",
        struct.pack(">4sII", b"PDR1", 2, 0) + b"[]",
    ],
)
def test_what_is_not_a_frame_closes_the_channel(pipe: tuple[int, int], content: bytes) -> None:
    os.write(pipe[1], content)
    with pytest.raises(ChannelClosed):
        receive_frame(descriptor=pipe[0], deadline=time.monotonic() + 5)
