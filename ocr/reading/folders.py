"""A reader's own folder: made for it, locked while its parent lives, and swept away by whoever comes next otherwise."""

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_PREFIX = "reader-"
_SURELY_LOCKED_SECONDS = 60.0  # so long after it was made, a folder that nobody has locked is nobody's


class ReaderFolder:
    """No TemporaryDirectory: a forked process that lets go of the object would remove its parent's folder."""

    def __init__(self) -> None:
        remove_left_folders()
        self.path = tempfile.mkdtemp(prefix=_PREFIX)
        self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def remove(self) -> None:
        """To be called once."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def remove_left_folders() -> None:
    """Removes the folders of readers whose parent was killed and could not. A lock, unlike a process id, also tells
    the living from the dead where containers share a temporary folder."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            _remove_if_left(path)


def _remove_if_left(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        about = os.fstat(descriptor)
        if about.st_uid != os.geteuid() or time.time() - about.st_mtime < _SURELY_LOCKED_SECONDS:
            return
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(descriptor)
