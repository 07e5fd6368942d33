"""What the hostile files are read with, and somebody who listens whether one of them makes the reader call home."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox
from tests.processes import SUMMARY

PATIENCE_SECONDS = 30.0


@dataclass
class Listener:
    """`calls` are the addresses of all who connected."""

    url: str
    calls: list[str] = field(default_factory=list)


@dataclass
class Toll:
    """What the corpus cost, for the summary at the end."""

    files: int = 0
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[int, str] = (0, "")
    restarts: int = 0
    codes: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="package", autouse=True)
def own_temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A temporary folder in which nobody else leaves anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("readers")))
        yield


@pytest.fixture(scope="package")
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard = Listener(url=f"http://127.0.0.1:{server.getsockname()[1]}")

        def listen() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                heard.calls.append(str(address))
                connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield heard
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="package")
def hostile_reader(own_temporary_folder: None) -> Iterator[ReadingSandbox]:
    """The reader as it is in service, but for its patience: it must answer within 30 seconds by the clock."""
    limits = ReadingLimits(wall_seconds=PATIENCE_SECONDS - 2, cpu_seconds=int(PATIENCE_SECONDS))
    with ReadingSandbox(engine_name="rapidocr", limits=limits) as sandbox:
        yield sandbox


@pytest.fixture(scope="package")
def impatient_reader(own_temporary_folder: None) -> Iterator[ReadingSandbox]:
    """For what would never end: as in service, but that it parses for a second instead of fifteen."""
    with ReadingSandbox(engine_name="rapidocr", limits=ReadingLimits(parsing_seconds=1)) as sandbox:
        yield sandbox


_TOLL = Toll()


@pytest.fixture
def toll() -> Toll:
    return _TOLL


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _TOLL.files:
        session.config.stash.setdefault(SUMMARY, []).append(
            f"{_TOLL.files} hostile files: slowest {_TOLL.slowest[0]:.1f} s ({_TOLL.slowest[1]}), "
            f"largest child {_TOLL.largest[0] >> 20} MiB ({_TOLL.largest[1]}), "
            f"{_TOLL.restarts} children replaced, {dict(sorted(_TOLL.codes.items()))}"
        )
