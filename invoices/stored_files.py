"""All stored documents, one after another: encrypted anew, held against their rows, copied out and back in.

Everything here can be cut off and run again, while the service runs: a file is changed in one step, under the lock that
keeps it from being deleted, or taken up, meanwhile.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.core.files.storage import storages
from django.db import transaction

from invoices.document_keys import DocumentDamaged, DocumentKeyMissing
from invoices.encrypted_storage import EncryptedStorage, current_keys
from invoices.models import Upload
from invoices.uploads import FOLDER, lock_file

Progress = Callable[[int], None]


class NotEncryptable(Exception):
    """The storage cannot hold encrypted documents, or there is no key."""


@dataclass
class Encrypted:
    """How many documents were encrypted anew, how many were so before, and the names of those that could not be."""

    done: int = 0
    before: int = 0
    locked: dict[str, str] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a document: `missing`, `altered` or `locked` (its key is not among ours)."""

    upload_id: UUID
    problem: str
    name: str


def documents_storage() -> EncryptedStorage:
    """The storage of the documents. Raises `NotEncryptable` for one that the settings put there by other means."""
    storage = storages["default"]
    if not isinstance(storage, EncryptedStorage):
        raise NotEncryptable(f"{type(storage).__name__} is not behind invoices.encrypted_storage.EncryptedStorage.")
    return storage


def stored_names(storage: EncryptedStorage) -> Iterator[str]:
    """The names of all files of documents, customer by customer."""
    for customer in _folders(storage):
        yield from _names(storage, customer)


def keys_of_documents(storage: EncryptedStorage) -> Counter[str | None]:
    """How many documents are encrypted with which key; None for those that are stored as they are."""
    found: Counter[str | None] = Counter()
    for name in stored_names(storage):
        try:
            found[storage.key_id(name)] += 1
        except FileNotFoundError:  # purged meanwhile
            continue
    return found


def encrypt_all(storage: EncryptedStorage, *, progress: Progress) -> Encrypted:
    """Encrypts with the first key what it did not encrypt yet. Raises `NotEncryptable`, and what the storage raises.

    Keys that no document needs any more are then forgotten by the storage.
    """
    first = current_keys().first
    if first is None:
        raise NotEncryptable("DOCUMENT_KEYS has no key to encrypt with; make one with `manage.py make_document_key`.")
    if not hasattr(storage.within, "replace"):
        raise NotEncryptable(f"{type(storage.within).__name__} cannot replace a file in one step.")
    result = Encrypted()
    for name in stored_names(storage):
        try:
            if storage.key_id(name) == first.id:
                result.before += 1
                continue
            with transaction.atomic():
                lock_name(name)
                storage.encrypt_again(name)
        except FileNotFoundError:  # purged meanwhile
            continue
        except DocumentKeyMissing as error:
            result.locked[name] = error.key_id
        except DocumentDamaged:
            result.damaged.append(name)
        else:
            result.done += 1
            progress(result.done)
    for key_id in set(storage.keys_in_use()) - {first.id, *result.locked.values()}:
        storage.forget_key(key_id)
    return result


def verify_all(storage: EncryptedStorage, *, progress: Progress) -> Iterator[Finding]:
    """What is wrong with the documents of all rows, each of which must have its file with its digest."""
    rows = Upload.objects.filter(purged_at__isnull=True).order_by("file", "pk").values_list("pk", "file", "sha256")
    for number, (upload_id, name, sha256) in enumerate(rows.iterator(chunk_size=1000), start=1):
        problem = _problem(storage, name=name, sha256=sha256)
        if problem == "missing" and not Upload.objects.filter(pk=upload_id, purged_at__isnull=True).exists():
            continue  # purged meanwhile
        if problem is not None:
            yield Finding(upload_id=upload_id, problem=problem, name=name)
        progress(number)


def strays(storage: EncryptedStorage) -> Iterator[str]:
    """The files that no row needs; `leftovers` removes them once they are a day old."""
    for customer in _folders(storage):
        names = list(_names(storage, customer))  # before the rows: what is stored meanwhile is in neither
        rows = Upload.objects.filter(file__startswith=f"{FOLDER}/{customer}/", purged_at__isnull=True)
        needed = set(rows.values_list("file", flat=True))
        yield from (name for name in names if name not in needed)


def lock_name(name: str) -> None:
    """Until the end of the transaction the file is neither purged, nor removed as a leftover."""
    for each in sorted({name, name.partition("_")[0]}):  # a free name beside another file is locked with that
        lock_file(each, is_shared=False)


def _problem(storage: EncryptedStorage, *, name: str, sha256: str) -> str | None:
    try:
        with storage.open(name) as file:
            return None if hashlib.sha256(file.read()).hexdigest() == sha256 else "altered"
    except FileNotFoundError:
        return "missing"
    except DocumentDamaged:
        return "altered"
    except DocumentKeyMissing:
        return "locked"


def _folders(storage: EncryptedStorage) -> list[str]:
    try:
        return sorted(storage.listdir(FOLDER)[0])
    except FileNotFoundError:
        return []


def _names(storage: EncryptedStorage, customer: str) -> Iterator[str]:
    """Without the drafts of files that are being replaced."""
    for name in sorted(storage.listdir(f"{FOLDER}/{customer}")[1]):
        if name and not name.startswith("."):
            yield f"{FOLDER}/{customer}/{name}"
