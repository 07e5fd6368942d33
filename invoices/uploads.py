"""Documents into the storage and out of it again."""

import hashlib
import logging
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from customers.audit.recording import record
from customers.models import Customer
from customers.sentences import Sentence
from customers.telemetry.counting import count
from customers.telemetry.metrics import STORAGE_ERRORS
from invoices.document_keys import DocumentDamaged, DocumentKeyMissing
from invoices.models import Upload
from invoices.storages import FolderGone, problem_of, reason_of

log = logging.getLogger(__name__)  # its sentences say what a traceback of a storage would hide

MAX_FILE_NAME = 255
FOLDER = "uploads"  # of the storage: a folder for each customer below it
# One content, several spellings: what follows the dot may stay as the sender wrote it.
SAME_EXTENSION = {"jpg": {"jpg", "jpeg"}, "jpeg": {"jpg", "jpeg"}, "tif": {"tif", "tiff"}, "tiff": {"tif", "tiff"}}


class StoredDocumentMissing(Exception):
    """The stored document is gone or is no longer what was stored; trying again changes nothing."""


class DocumentPurged(StoredDocumentMissing):
    """The document was deleted because its customer keeps documents for so long only."""


class StorageUnavailable(Exception):
    """The storage did not answer as it should; the same call may well succeed later. Why is in the log."""

    headers: Mapping[str, str] = {"Retry-After": "30"}


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
    the same bytes takes up or `leftovers` removes, and never a row without its file. `content_type` and
    `file_extension` (without a dot) are those of the content as recognised, not as claimed. Raises ValueError on empty
    content and `StorageUnavailable`.
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
    lock_file(key, is_shared=True)
    upload.file.name = _write(storage=upload.file.storage, key=key, content=content)
    upload.save(force_insert=True)
    return upload


def delete_file(upload: Upload) -> bool:
    """Deletes the stored file of a purged document, unless another row of the customer still needs it; whether it did.

    Call it in the transaction that marks the upload as purged. Nobody stores the same bytes meanwhile. Raises
    `StorageUnavailable`.
    """
    name = str(upload.file.name)
    lock_file(name, is_shared=False)
    if Upload.objects.filter(file=name, purged_at__isnull=True).exclude(pk=upload.pk).exists():
        return False
    try:
        upload.file.storage.delete(name)
    except FileNotFoundError:
        return False  # a run before this one was cut off behind it
    except Exception as error:  # each storage has its own family of errors
        log.error("upload %s cannot be deleted: %s", upload.id, reason_of(upload.file.storage, error))  # noqa: TRY400
        raise StorageUnavailable(Sentence("The storage did not delete the document; try again later.")) from error
    return True


def check_kept(upload: Upload) -> None:
    """Raises `DocumentPurged` when the document was deleted after the customer's period."""
    if upload.purged_at is not None:
        raise DocumentPurged(
            Sentence(
                "The document was deleted on {day}, after its customer's period; ask who sent it for a copy.",
                day=upload.purged_at.date(),
            )
        )


def read_upload(upload: Upload) -> bytes:
    """The bytes as they were stored, checked against their SHA-256.

    Raises `StoredDocumentMissing` (for good) or `StorageUnavailable` (try again).
    """
    check_kept(upload)
    try:
        with upload.file.storage.open(str(upload.file.name)) as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        # A folder or bucket that is not there has none of its documents either.
        problem = str(error) if isinstance(error, FolderGone) else problem_of(upload.file.storage)
        if problem:
            count(STORAGE_ERRORS, operation="read")
            log.error("upload %s cannot be read: %s", upload.id, problem)  # noqa: TRY400
            raise _not_handed_out(upload) from error
        count(STORAGE_ERRORS, operation="missing")
        raise StoredDocumentMissing(
            Sentence("The stored file of upload {upload_id} is gone; send the document again.", upload_id=upload.id)
        ) from error
    except DocumentDamaged as error:
        raise _altered(upload) from error
    except DocumentKeyMissing as error:
        count(STORAGE_ERRORS, operation="key")
        log.error("upload %s cannot be read: %s", upload.id, error)  # noqa: TRY400
        raise StorageUnavailable(
            Sentence(
                "Upload {upload_id} is encrypted, and the service lacks the key for it; tell whoever runs it. "
                "Nothing is lost: it can be read again once the key is back.",
                upload_id=upload.id,
            )
        ) from error
    except Exception as error:  # each storage has its own family of errors
        count(STORAGE_ERRORS, operation="read")
        log.error("upload %s cannot be read: %s", upload.id, reason_of(upload.file.storage, error))  # noqa: TRY400
        raise _not_handed_out(upload) from error
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise _altered(upload)
    return content


def _altered(upload: Upload) -> StoredDocumentMissing:
    count(STORAGE_ERRORS, operation="altered")
    return StoredDocumentMissing(
        Sentence(
            "The stored file of upload {upload_id} is no longer what was sent; send the document again.",
            upload_id=upload.id,
        )
    )


def _not_handed_out(upload: Upload) -> StorageUnavailable:
    return StorageUnavailable(
        Sentence("The storage did not hand out upload {upload_id}; try again later.", upload_id=upload.id)
    )


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
        raise UploadAttached(Sentence("The document belongs to a payment that was finalised; it is kept with it."))
    for keeper in settings.UPLOAD_KEEPERS:
        if reason := import_string(keeper)(upload):
            raise UploadNeeded(reason)
    upload.active, upload.modified_by = False, by
    upload.save(update_fields=["active", "modified_by", "modified_at"])
    told = {"sha256": upload.sha256, "content_length": upload.content_length}
    # Without the file's name, which may be somebody's.
    record(
        action="upload.discarded",
        by=by,
        subject=upload,
        customer_id=upload.customer_id,
        named=upload.content_type,
        detail=told,
    )
    return upload


def lock_file(name: str, *, is_shared: bool) -> None:
    """Until the end of the transaction a file is not deleted by one while another takes it up. On SQLite transactions
    follow each other anyway."""
    if connection.vendor == "postgresql":
        lock = "pg_advisory_xact_lock_shared" if is_shared else "pg_advisory_xact_lock"
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(%s)", [number])


def _storage_key(*, customer: Customer, sha256: str) -> str:
    """The same bytes of one customer give the same key; who knows the bytes cannot guess it without our secret."""
    digest = salted_hmac("invoices.uploads", f"{customer.pk}:{sha256}", algorithm="sha256").hexdigest()
    return f"{FOLDER}/{customer.pk}/{digest}"


def _write(*, storage: Storage, key: str, content: bytes) -> str:
    """The name under which the storage holds the content now."""
    try:
        if _holds(storage=storage, key=key, content=content):
            return key
        # Other bytes are a write that was cut off or is still going on, or were damaged. They are left alone: a local
        # folder then gives this one a free name beside them, an object store replaces the object in one step.
        return storage.save(key, ContentFile(content))
    except Exception as error:  # each storage has its own family of errors
        log.error("a document cannot be stored: %s", reason_of(storage, error))  # noqa: TRY400
        count(STORAGE_ERRORS, operation="write")
        raise StorageUnavailable(Sentence("The storage did not take the document; try again later.")) from error


def _holds(*, storage: Storage, key: str, content: bytes) -> bool:
    try:
        if storage.size(key) != len(content):
            return False
        with storage.open(key) as file:
            return bool(file.read() == content)
    except (FileNotFoundError, DocumentDamaged, DocumentKeyMissing):
        return False  # a key that is lost for good must not keep the document from being sent again
