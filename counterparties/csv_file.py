"""The bytes of a CSV file as rows of cells with the lines they stand in: in one pass, whatever is broken in between."""

import csv
import io
import stat
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO


class UnreadableFile(Exception):
    """Nothing of the file can be imported; the message says what to change in it."""


class CsvFile:
    """A file of which it is known that all of it is UTF-8, to be read once, line by line; use it as a context.

    It is read to its end before. A pipe cannot be read twice, so that it goes through a temporary file; `-` is standard
    input. Raises UnreadableFile.
    """

    def __init__(self, path: Path) -> None:
        self._closing = ExitStack()
        try:
            self._file = self._opened(path)
        except OSError as error:
            self._closing.close()
            raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from error
        except UnreadableFile:
            self._closing.close()
            raise
        self._size = self._file.seek(0, io.SEEK_END)
        self._file.seek(0)
        self._text = self._closing.enter_context(io.TextIOWrapper(self._file, encoding="utf-8", newline=""))

    def __enter__(self) -> "CsvFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    @property
    def share(self) -> float:
        """How much of it is read, 0..1, by bytes."""
        return min(self._file.tell() / self._size, 1.0) if self._size else 1.0

    @property
    def lines(self) -> Iterator[str]:
        return self._text

    def _opened(self, path: Path) -> IO[bytes]:
        file: IO[bytes] = sys.stdin.buffer if str(path) == "-" else self._closing.enter_context(path.open("rb"))
        is_regular = str(path) != "-" and stat.S_ISREG(path.stat().st_mode)
        copy = None if is_regular else self._closing.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack
        for number, line in enumerate(file, 1):
            _check_encoding(line, number, path)
            if copy:
                copy.write(line)
        return copy or file


def read_cells(*, lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Each row with the line of the file that it ends in, or what is wrong with it and the line that it begins in.

    A broken row is only its first line: a quotation mark that is never closed would else swallow whatever comes behind
    it, a thousand rows or more, and so what it swallowed is read again.
    """
    source, again, taken = iter(lines), deque[str](), list[str]()

    def feed() -> Iterator[str]:
        while True:
            line = again.popleft() if again else next(source, None)
            if line is None:
                return
            taken.append(line)
            yield line

    number, reader = 0, csv.reader(feed(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield number, error
            again.extendleft(reversed(taken[1:]))
            reader = csv.reader(feed(), delimiter=delimiter, strict=True)
        else:
            number += len(taken)
            yield number, cells


def _check_encoding(line: bytes, number: int, path: Path) -> None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"Line {number} of {path} is not UTF-8; save the file as UTF-8.") from error
