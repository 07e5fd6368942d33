"""Where documents lie, and what is wrong when it does not work: a local folder here, S3 in `object_storage`.

Each has `problem()`, a sentence for the operator that says what to change, and `reason(error)`, the same for an error
that it raised; and `replace(name, stored)`, which puts other bytes in the place of a file in one step. Any other Django
storage can stand in their place; it has only its errors to say, and documents in it cannot be encrypted afterwards.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage


class FolderGone(FileNotFoundError):
    """Not the file alone is missing, but the folder that documents were stored in before: its disk is not mounted."""


class FolderStorage(FileSystemStorage):
    """A local folder, which is made with the first document.

    A file has its name only once it is complete and on the disk: a process that is killed, or a disk that is full,
    leaves no half of a document.
    """

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        try:
            return cast("File[Any]", super()._open(name, mode))  # type: ignore[misc]  # the stubs do not know it
        except FileNotFoundError as error:
            folder = Path(self.path(name)).parent
            if not folder.is_dir():
                raise FolderGone(f"The folder {folder} is gone; is its disk mounted?") from error
            raise

    def _save(self, name: str, content: "File[Any]") -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            with _unnamed_file(path.parent) as (descriptor, place):
                with os.fdopen(os.dup(descriptor), "wb") as file:
                    for chunk in content.chunks():
                        file.write(chunk)
                os.fchmod(descriptor, self.file_permissions_mode or 0o644)
                os.fsync(descriptor)
                while True:
                    try:
                        os.link(place, path, src_dir_fd=folder, follow_symlinks=True)
                        break
                    except FileExistsError:
                        path = Path(self.path(self.get_available_name(name)))
            os.fsync(folder)  # after a loss of power, too, the file has its name
        finally:
            os.close(folder)
        return path.relative_to(self.location).as_posix()

    def problem(self) -> str | None:
        """What keeps documents from being stored, as a sentence; None when nothing does."""
        place = Path(self.location)
        while not place.exists() and place != place.parent:
            place = place.parent
        if place.is_dir() and os.access(place, os.R_OK | os.W_OK | os.X_OK):
            return None
        return (
            f"Documents cannot be stored in {self.location}: {place} is not a folder that this user may write to. "
            "Give the rights, or name another folder in PAYDRAFT_DATA_DIR."
        )

    def reason(self, error: Exception) -> str:
        return self.problem() or f"{type(error).__name__}: {error}; look at the disk of {self.location}."

    def replace(self, name: str, stored: bytes) -> None:
        """Whoever reads meanwhile finds the old bytes or the new ones, also after a power cut."""
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")  # mkstemp gives mode 600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(stored)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(draft).unlink()
            raise


@contextmanager
def _unnamed_file(folder: Path) -> Iterator[tuple[int, str]]:
    """A file in the folder to write to, and where it can be linked from. It goes at the end, unless it was linked.

    Where the kernel or the file system knows no files without a name, it has one of its own meanwhile. The link has to
    be followed, which Python asks the kernel for only beside the descriptor of a folder.
    """
    try:
        descriptor = os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600)
        place, has_name = f"/proc/self/fd/{descriptor}", False
    except (AttributeError, OSError):
        descriptor, place = tempfile.mkstemp(dir=folder, prefix=".unfinished-")
        has_name = True
    try:
        yield descriptor, place
    finally:
        os.close(descriptor)
        if has_name:
            Path(place).unlink()


def problem_of(storage: Storage) -> str | None:
    """What keeps the storage from working, as a sentence for the operator; None when nothing does, or none can say."""
    ask: Any = getattr(storage, "problem", None)
    found: str | None = ask() if ask else None
    return found


def reason_of(storage: Storage, error: Exception) -> str:
    """Why the storage raised this error, with what to change: for the log, never for a client."""
    explain: Any = getattr(storage, "reason", None)
    return str(explain(error)) if explain else f"{type(error).__name__}: {error}"
