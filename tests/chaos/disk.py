"""The disk under the uploads: it can be full, and it can be gone."""

import logging
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

log = logging.getLogger(__name__)

SIZE_MIB = 256
FILLER = ".filler"
_TOO_SMALL = 512  # bytes a file may have, where no disk of its own could be mounted


class UploadsDisk:
    """A tmpfs where this process may mount one; the service finds it through the link `uploads` in its data directory.

    Where it may not, `is_mounted` is False, and `full` takes the room away with RLIMIT_FSIZE of the writing processes.
    """

    def __init__(self, *, data: Path, place: Path) -> None:
        self.link, self.place = data / "uploads", place
        place.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m,mode=0755", "paydraft-chaos", str(place)],
            capture_output=True,
            text=True,
        )
        self.is_mounted = mounted.returncode == 0
        if not self.is_mounted:
            log.warning("No tmpfs here (%s); documents are cut off by RLIMIT_FSIZE instead.", mounted.stderr.strip())
        self.link.symlink_to(place)

    def close(self) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "-l", str(self.place)], check=True)

    @contextmanager
    def full(self, writers: list[psutil.Process]) -> Iterator[None]:
        if not self.is_mounted:
            with _short_files(writers):
                yield
            return
        filler = self.place / FILLER
        try:
            _fill(filler)
            yield
        finally:
            filler.unlink()

    @contextmanager
    def gone(self, *, to_itself: bool) -> Iterator[None]:
        """The link points nowhere, or to itself: opening a file ends in ENOENT or in ELOOP."""
        self._point_to(self.link if to_itself else self.place.with_name("disk-that-is-not-there"))
        try:
            yield
        finally:
            self._point_to(self.place)

    def files(self) -> set[str]:
        """What lies on it, named as the service names it."""
        found = (path for path in self.place.rglob("*") if path.is_file() and path.name != FILLER)
        return {path.relative_to(self.place).as_posix() for path in found}

    def _point_to(self, target: Path) -> None:
        other = self.link.with_name("uploads.other")
        other.symlink_to(target)
        other.replace(self.link)


def _fill(filler: Path) -> None:
    """Leaves so little room that the next document is cut off in the middle, or finds none at all."""
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))


@contextmanager
def _short_files(writers: list[psutil.Process]) -> Iterator[None]:
    before = [(process, process.rlimit(psutil.RLIMIT_FSIZE)) for process in writers]
    for process, (_, hard) in before:
        process.rlimit(psutil.RLIMIT_FSIZE, (_TOO_SMALL, hard))
    try:
        yield
    finally:
        for process, limits in before:
            if process.is_running():
                process.rlimit(psutil.RLIMIT_FSIZE, limits)
