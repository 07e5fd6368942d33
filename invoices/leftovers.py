"""Stored files that no document refers to: what is left of a process that died before its transaction was committed.

The file is written before the row (`uploads.store_upload`). Who sends the same bytes again takes the file up; where
nobody does, it would stay for ever, and nobody's period of keeping documents would cover it.
"""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.core.files.storage import Storage
from django.db import transaction

from customers.models import Customer
from customers.sentences import Sentence
from invoices.models import Upload
from invoices.storages import reason_of
from invoices.uploads import FOLDER, StorageUnavailable, lock_file

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=1)
# More than a few, and more than a share, are no accidents of dying processes: the database is another one than that of
# these files, or was put back to an earlier state.
FEW, SHARE = 20, 0.1
_BATCH = 500
# A key of ours, the free name that a folder gave beside it, or what was to replace a file and never did.
_OURS = re.compile(r"[0-9a-f]{64}(_\w{1,20})?|\.draft-\w{1,20}", re.ASCII)

Answer = TypeVar("Answer")


class TooManyLeftovers(Exception):
    """So many stored files have no document that the database is more likely to be wrong than the files."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """How many files without a document there are among how many, and how many of them were removed."""

    found: int
    files: int
    removed: int


def remove_leftovers(*, now: datetime, is_forced: bool = False, is_look: bool = False) -> Leftovers:
    """Removes the files that have been without a document for longer than `KEPT_FOR`.

    Only files named as this service names them, of customers of this database. `is_look` removes nothing. Raises
    `TooManyLeftovers` before anything is removed, unless `is_forced`, and `StorageUnavailable`.
    """
    storage = Upload._meta.get_field("file").storage
    found, files = _asked(storage, lambda: _found(storage, now=now))
    if is_look:
        return Leftovers(found=len(found), files=files, removed=0)
    if len(found) > max(FEW, files * SHARE) and not is_forced:
        raise TooManyLeftovers(
            f"{len(found)} of {files} stored files belong to no document of this database, so nothing was removed. "
            "Make sure that DATABASE_URL and STORAGE_URL belong together and that no older state of the database "
            "was restored; if all is well, run manage.py remove_leftovers --yes --force."
        )
    removed = _asked(storage, lambda: sum(_remove(storage, name=name) for name in found))
    return Leftovers(found=len(found), files=files, removed=removed)


def _asked(storage: Storage, ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except Exception as error:  # each storage has its own family of errors
        log.error("leftovers cannot be removed: %s", reason_of(storage, error))  # noqa: TRY400
        raise StorageUnavailable(Sentence("The storage did not delete the document; try again later.")) from error


def _found(storage: Storage, *, now: datetime) -> tuple[list[str], int]:
    """The names of the leftovers, and the number of all files."""
    found: list[str] = []
    files = 0
    for customer_id in Customer.objects.order_by("pk").values_list("pk", flat=True):
        folder = f"{FOLDER}/{customer_id}"
        try:
            listed = storage.listdir(folder)[1]
        except FileNotFoundError:
            continue  # nothing of this customer was ever stored
        names = [f"{folder}/{name}" for name in listed if _OURS.fullmatch(name)]
        files += len(names)
        for start in range(0, len(names), _BATCH):
            alone = _without_document(names[start : start + _BATCH])
            found += [name for name in alone if _is_old(storage, name=name, now=now)]
    return found, files


def _without_document(names: Sequence[str]) -> list[str]:
    needed = set(Upload.objects.filter(file__in=names, purged_at__isnull=True).values_list("file", flat=True))
    return [name for name in names if name not in needed]


def _is_old(storage: Storage, *, name: str, now: datetime) -> bool:
    try:
        return storage.get_modified_time(name) < now - KEPT_FOR
    except FileNotFoundError:
        return False  # somebody else has removed it meanwhile


def _remove(storage: Storage, *, name: str) -> bool:
    """Whether it was removed; asked again while nobody can store the same bytes."""
    key = name.partition("_")[0]
    with transaction.atomic():
        lock_file(key, is_shared=False)
        if not _without_document((name,)):
            return False
        storage.delete(name)
        log.info("A stored file that no document refers to was removed: customer %s", name.split("/")[1])
    return True
