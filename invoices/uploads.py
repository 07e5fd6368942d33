"""Documents into the storage and out of it again."""

import hashlib
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from customers.models import Customer
from invoices.models import Upload

MAX_FILE_NAME = 255
# One content, several spellings: what follows the dot may stay as the sender wrote it.
SAME_EXTENSION = {"jpg": {"jpg", "jpeg"}, "jpeg": {"jpg", "jpeg"}, "tif": {"tif", "tiff"}, "tiff": {"tif", "tiff"}}


class StoredDocumentMissing(Exception):
    """The stored document is gone or is no longer what was stored; trying again changes nothing."""


class StorageUnavailable(Exception):
    """The storage did not answer as it should; the same call may well succeed later."""


class UploadAttached(Exception):
    """The document belongs to a payment that was finalised, and is kept with it."""


class UploadNeeded(Exception):
    """A draft or a job still works with the document."""


def clean_file_name(*, file_name: str, file_extension: str) -> str:
    """A name fit for display and download, of at most 255 characters; `document.<extension>` when nothing is left.

    Folders, control characters and invisible ones go: a right-to-left override makes `gpj.exe` look like `exe.jpg`.
    """
    name = unicodedata.normalize("NFC", file_name).replace("\\", "/").rsplit("/", 1)[-1]
    name = " ".join("".join(_shown(character) for character in name).split()).lstrip(". ")
    if not name:
        return f"document.{file_extension}"
    if len(name) <= MAX_FILE_NAME:
        return name
    suffix = PurePosixPath(name).suffix
    if len(suffix) > 10:
        suffix = ""
    return name[: MAX_FILE_NAME - len(suffix)] + suffix


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character).startswith("C") else character


def download_name(upload: Upload) -> str:
    """The display name, ending as the content asks for: a document is never saved under a name that would run it."""
    extension = upload.file_extension.lower()
    given = PurePosixPath(upload.file_name).suffix.lstrip(".").lower()
    if given in SAME_EXTENSION.get(extension, {extension}):
        return upload.file_name
    return f"{upload.file_name}.{extension}"


def store_upload(
    *, customer: Customer, content: bytes, file_name: str, content_type: str, file_extension: str, by: str
) -> Upload:
    """The new draft upload with its file; call it inside the transaction that needs the row.

    The file is written first: a transaction that is rolled back leaves a file without a row, which the next upload of
    the same bytes takes up, and never a row without its file. `content_type` and `file_extension` (without a dot) are
    those of the content as recognised, not as claimed. Raises ValueError on empty content and `StorageUnavailable`.
    """
    if not content:
        raise ValueError("An empty document cannot be stored.")
    sha256 = hashlib.sha256(content).hexdigest()
    upload = Upload(
        customer=customer,
        file_name=clean_file_name(file_name=file_name, file_extension=file_extension),
        content_length=len(content),
        content_type=content_type,
        file_extension=file_extension,
        sha256=sha256,
        created_by=by,
        modified_by=by,
    )
    key = _storage_key(customer=customer, sha256=sha256)
    upload.file.name = _write(storage=upload.file.storage, key=key, content=content)
    upload.save(force_insert=True)
    return upload


def read_upload(upload: Upload) -> bytes:
    """The bytes as they were stored, checked against their SHA-256.

    Raises `StoredDocumentMissing` (for good) or `StorageUnavailable` (try again).
    """
    try:
        with upload.file.storage.open(str(upload.file.name)) as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise StoredDocumentMissing(
            f"The stored file of upload {upload.id} is gone; send the document again."
        ) from error
    except Exception as error:  # each storage has its own family of errors
        raise StorageUnavailable(f"The storage did not hand out upload {upload.id}; try again later.") from error
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise StoredDocumentMissing(
            f"The stored file of upload {upload.id} is no longer what was sent; send the document again."
        )
    return content


@transaction.atomic
def change_upload(*, upload_id: UUID, changes: Mapping[str, Any], by: str) -> Upload:
    """The upload with `changes` by column. Raises `Upload.DoesNotExist`."""
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    for name, value in changes.items():
        setattr(upload, name, value)
    upload.modified_by = by
    upload.save(update_fields=[*changes, "modified_by", "modified_at"])
    return upload


@transaction.atomic
def discard_upload(*, upload_id: UUID, by: str) -> Upload:
    """The draft upload, deactivated; row and document stay, for the evidence of its job points into them.

    What keeps it is asked of those who work with documents, `settings.UPLOAD_KEEPERS`. Raises `UploadAttached`,
    `UploadNeeded` and `Upload.DoesNotExist`.
    """
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.status != Upload.Status.DRAFT:
        raise UploadAttached("The document belongs to a payment that was finalised; it is kept with it.")
    for keeper in settings.UPLOAD_KEEPERS:
        if reason := import_string(keeper)(upload):
            raise UploadNeeded(reason)
    upload.active, upload.modified_by = False, by
    upload.save(update_fields=["active", "modified_by", "modified_at"])
    return upload


def _storage_key(*, customer: Customer, sha256: str) -> str:
    """The same bytes of one customer give the same key; who knows the bytes cannot guess it without our secret."""
    digest = salted_hmac("invoices.uploads", f"{customer.pk}:{sha256}", algorithm="sha256").hexdigest()
    return f"uploads/{customer.pk}/{digest}"


def _write(*, storage: Storage, key: str, content: bytes) -> str:
    """The name under which the storage holds the content now."""
    try:
        if _size(storage, key) == len(content):
            return key
        # A file of another size is a write that was cut off or is still going on. It is left alone: a local folder
        # then gives this one a free name beside it, an object store replaces the object in one step.
        return storage.save(key, ContentFile(content))
    except Exception as error:  # each storage has its own family of errors
        raise StorageUnavailable("The storage did not take the document; try again later.") from error


def _size(storage: Storage, key: str) -> int | None:
    try:
        return storage.size(key)
    except FileNotFoundError:
        return None
