"""Secrets of the embedded service, kept as files that only their owner can read."""

import os
import tempfile
from pathlib import Path


def write_secret(*, path: Path, secret: str) -> None:
    """Replaces the file as a whole, with mode 600 from its first moment on."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mkstemp gives mode 600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secret + "\n")
    Path(temporary).replace(path)


def read_secret(path: Path) -> str | None:
    """None when there is no such file, or nothing in it."""
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
