"""Documents encrypted on their way into the configured storage, whichever that is, and plain on their way out.

What was stored before there were keys is told apart by its first bytes, and stays readable. Beside the documents, a
small file for each key in use says which keys there have to be: a process that lacks one says so before anybody asks
for a document, and one without any does not go on storing documents as they are.
"""

import re
import time
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.utils.module_loading import import_string

from invoices.document_keys import (
    HEADER_BYTES,
    DocumentDamaged,
    DocumentKeyMissing,
    DocumentKeys,
    key_id_of,
    keys_from,
    length_of,
)
from invoices.storages import problem_of, reason_of

KEYS_FOLDER = "document-keys"
_KEY_ID = re.compile(r"[0-9a-f]{16}")
_ASKED_AGAIN_SECONDS = 30.0


@lru_cache(maxsize=8)
def _keys(texts: tuple[str, ...]) -> DocumentKeys:
    return keys_from(texts)


def current_keys() -> DocumentKeys:
    """The keys of the settings."""
    return _keys(tuple(settings.DOCUMENT_KEYS))


class EncryptedStorage(Storage):
    """`within` is the storage that `backend` names, with its options."""

    def __init__(self, *, backend: str, **options: Any) -> None:
        self.within: Any = import_string(backend)(**options)
        self._announced: set[str] = set()
        self._unlocked_until = 0.0

    # --- what Django asks of a storage -------------------------------------------------------------------------------

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        if mode != "rb":
            raise ValueError("A stored document is read as a whole, and written with save().")
        with self.within.open(name) as file:
            stored: bytes = file.read()
        return ContentFile(current_keys().document(stored), name=name)

    def _save(self, name: str, content: Any) -> str:
        content.seek(0)
        stored = self._stored_form(content.read())
        saved: str = self.within.save(name, ContentFile(stored))
        return saved

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # the storage within finds one

    def delete(self, name: str) -> None:
        self.within.delete(name)

    def exists(self, name: str) -> bool:
        return bool(self.within.exists(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        folders, files = self.within.listdir(path)
        return folders, files

    def size(self, name: str) -> int:
        """Of the document, not of what is stored of it."""
        return length_of(head=self.head(name), stored_length=self.within.size(name))

    def get_modified_time(self, name: str) -> datetime:
        changed: datetime = self.within.get_modified_time(name)
        return changed

    def path(self, name: str) -> str:
        return str(self.within.path(name))

    # --- what is wrong ----------------------------------------------------------------------------------------------

    def problem(self) -> str | None:
        """What keeps documents from being stored or read, as a sentence; None when nothing does."""
        if problem := problem_of(self.within):
            return problem
        try:
            missing = self.missing_keys()
        except Exception as error:  # noqa: BLE001 - each storage has its own family of errors
            return reason_of(self.within, error)
        return str(DocumentKeyMissing(", ".join(missing))) if missing else None

    def reason(self, error: Exception) -> str:
        return str(error) if isinstance(error, DocumentKeyMissing | DocumentDamaged) else reason_of(self.within, error)

    # --- keys -------------------------------------------------------------------------------------------------------

    def keys_in_use(self) -> list[str]:
        """The ids of all keys that documents were encrypted with here, and may still be."""
        if ask := getattr(self.within, "names_in", None):
            files = ask(KEYS_FOLDER)
        else:
            try:
                files = self.within.listdir(KEYS_FOLDER)[1]
            except FileNotFoundError:
                return []
        return sorted(name for name in files if _KEY_ID.fullmatch(name))

    def missing_keys(self) -> list[str]:
        """Those of them that we do not have."""
        keys = current_keys()
        return [key_id for key_id in self.keys_in_use() if not keys.has(key_id)]

    def forget_key(self, key_id: str) -> None:
        """To be called once no document is encrypted with it any more."""
        self.within.delete(f"{KEYS_FOLDER}/{key_id}")

    def head(self, name: str) -> bytes:
        """The first bytes of what is stored."""
        if ask := getattr(self.within, "head", None):
            return bytes(ask(name, HEADER_BYTES))
        with self.within.open(name) as file:
            return bytes(file.read(HEADER_BYTES))

    def key_id(self, name: str) -> str | None:
        """The id of the key that the document is encrypted with; None when it is stored as it is."""
        return key_id_of(self.head(name))

    def encrypt_again(self, name: str) -> bytes:
        """Stores the document anew, with the first key, in one step: at any moment there is the old or the new one.

        The document comes back. Raises `DocumentKeyMissing`, `DocumentDamaged`, FileNotFoundError, and what the
        storage raises.
        """
        with self.open(name) as file:
            content = bytes(file.read())
        self.within.replace(name, self._stored_form(content))
        return content

    def _stored_form(self, content: bytes) -> bytes:
        keys = current_keys()
        if keys.first is None:
            self._refuse_when_locked()
        elif keys.first.id not in self._announced:
            self._announce(keys.first.id)
        return keys.stored_form(content)

    def _announce(self, key_id: str) -> None:
        """Before the first document: a key that documents need is never unknown."""
        name = f"{KEYS_FOLDER}/{key_id}"
        if not self.within.exists(name):
            told = f"Documents here are encrypted with the key {key_id} of DOCUMENT_KEYS.\n"
            self.within.save(
                name, ContentFile(told.encode())
            )  # of two at once one gets another name, which is left alone
        self._announced.add(key_id)

    def _refuse_when_locked(self) -> None:
        """Where documents are encrypted, a process that lost its keys must not store the next one as it is."""
        if time.monotonic() < self._unlocked_until:
            return
        if in_use := self.keys_in_use():
            raise DocumentKeyMissing(", ".join(in_use))
        self._unlocked_until = time.monotonic() + _ASKED_AGAIN_SECONDS
