"""The stored documents in a folder, as a backup, and back from there: as they are stored, encrypted or not.

A folder that holds an earlier copy gets what is new in it. Nothing is deleted there: what the service has purged since
goes with the folder.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from invoices.document_keys import HEADER_BYTES, DocumentDamaged, DocumentKeyMissing
from invoices.encrypted_storage import KEYS_FOLDER, EncryptedStorage, current_keys
from invoices.models import Upload
from invoices.stored_files import Progress, lock_name, stored_names


@dataclass
class Copied:
    """How many files were copied, and how many were there already."""

    done: int = 0
    before: int = 0


@dataclass
class Restored(Copied):
    """Names of what the copy lacks, or has otherwise than its row says; and of what no key of ours opens."""

    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)


def copy_out(storage: EncryptedStorage, *, folder: Path, progress: Progress) -> Copied:
    """Every stored document into the folder. Raises OSError, and what the storage raises."""
    copied = Copied()
    for name in _everything(storage):
        try:
            if _is_the_same(storage, name=name, copy=folder / name):
                copied.before += 1
                continue
            with storage.within.open(name) as file:
                stored = bytes(file.read())
        except FileNotFoundError:  # purged meanwhile
            continue
        _write(folder / name, stored)
        copied.done += 1
        progress(copied.done)
    return copied


def copy_back(storage: EncryptedStorage, *, folder: Path, upload_id: str | None, progress: Progress) -> Restored:
    """The documents that the database knows, from the folder into the storage; purged ones stay away.

    What lies in the storage already, of the same length and beginning, is left alone, except for the one named by
    `upload_id`. Raises OSError, and what the storage raises.
    """
    restored = Restored()
    for key in sorted((folder / KEYS_FOLDER).glob("*")):
        if not storage.within.exists(name := f"{KEYS_FOLDER}/{key.name}"):
            storage.within.save(name, ContentFile(key.read_bytes()))
    rows = Upload.objects.filter(purged_at__isnull=True).order_by("file")
    if upload_id is not None:
        rows = rows.filter(pk=upload_id)
    last = ""
    for name, sha256 in rows.values_list("file", "sha256").iterator(chunk_size=1000):
        if name == last:
            continue
        last = name
        _restore(storage, name=name, sha256=sha256, copy=folder / name, is_asked_for=upload_id is not None, so=restored)
        progress(restored.done)
    return restored


def _restore(
    storage: EncryptedStorage, *, name: str, sha256: str, copy: Path, is_asked_for: bool, so: Restored
) -> None:
    if not copy.is_file():
        if not storage.exists(name):
            so.missing.append(name)
        return
    with suppress(FileNotFoundError):
        if not is_asked_for and _is_the_same(storage, name=name, copy=copy):
            so.before += 1
            return
    stored = copy.read_bytes()
    try:
        if hashlib.sha256(current_keys().document(stored)).hexdigest() != sha256:
            so.altered.append(name)
            return
    except DocumentDamaged:
        so.altered.append(name)
        return
    except DocumentKeyMissing:
        so.locked.append(name)  # the key may still come
    with transaction.atomic():
        lock_name(name)
        if Upload.objects.filter(file=name, purged_at__isnull=True).exists():
            storage.within.replace(name, stored)
            so.done += 1


def _everything(storage: EncryptedStorage) -> Iterator[str]:
    yield from (f"{KEYS_FOLDER}/{key_id}" for key_id in storage.keys_in_use())
    yield from stored_names(storage)


def _is_the_same(storage: EncryptedStorage, *, name: str, copy: Path) -> bool:
    """A plain document's name follows from its content, and an encrypted one begins with its nonce.

    Raises FileNotFoundError when the storage has no such file."""
    head = storage.head(name)
    if not copy.is_file() or copy.stat().st_size != storage.within.size(name):
        return False
    with copy.open("rb") as file:
        return file.read(HEADER_BYTES) == head[:HEADER_BYTES]


def _write(path: Path, stored: bytes) -> None:
    """As a whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")  # mkstemp gives mode 600
    with os.fdopen(descriptor, "wb") as file:
        file.write(stored)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(path)
