"""Pages as pictures for people: drawn in the sandbox, and kept in a folder of bounded size for the next look.

The document itself is never handed out here: whatever a browser would make of it stays in the sandbox. Where documents
are encrypted at rest, their pictures are too, and those that were kept before go.
"""

import hashlib
import logging
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from invoices.document_keys import DocumentDamaged, DocumentKeyMissing
from invoices.encrypted_storage import current_keys
from invoices.models import Upload
from invoices.uploads import DocumentPurged, StorageUnavailable, StoredDocumentMissing, check_kept, read_upload
from ocr.models import OcrJob, OcrReading
from ocr.readers import drawing_sandbox
from ocr.reading.document import Page, UnreadableDocument, document_from_plain

log = logging.getLogger(__name__)

_DPI = 160  # sharp at the width of a screen, and still quick to draw and to send
_KIND = f"{_DPI}dpi-1"
"""Another way of drawing gets another name, so that no old picture is shown."""
_KEPT_FOR = 7 * 86_400
"""Seconds after the last look. On a machine other than the one that purges, a purged document's pictures go by this."""
_SWEPT_TO = 0.8  # of the limit, so that not every new page has to look for room


class PageMissing(Exception):
    """There is no such page to show; the message says why."""


def page_picture(*, job: OcrJob, number: int) -> bytes:
    """The page, counted from 1, as WebP, upright as its boxes are. Raises PageMissing."""
    try:
        check_kept(job.upload)
    except DocumentPurged as purged:
        raise PageMissing(str(purged)) from purged
    path = _path(job=job, number=number)
    with suppress(OSError, DocumentDamaged, DocumentKeyMissing):
        content = current_keys().document(path.read_bytes())
        os.utime(path)
        return content
    page = _page(job=job, number=number)
    try:
        picture = drawing_sandbox().draw(content=read_upload(job.upload), number=number, page=page, dpi=_DPI)
    except UnreadableDocument as error:
        raise PageMissing(error.message) from error
    except (StoredDocumentMissing, StorageUnavailable) as error:
        raise PageMissing(str(error)) from error
    _keep(path, picture)
    _forget_if_purged(job)
    return picture


def _forget_if_purged(job: OcrJob) -> None:
    """While the page was drawn, the document may have been purged. Raises PageMissing."""
    try:
        check_kept(Upload.objects.get(pk=job.upload_id))
    except DocumentPurged as purged:
        forget_pages(upload_sha256=job.upload.sha256)
        raise PageMissing(str(purged)) from purged


def forget_pages(*, upload_sha256: str) -> None:
    """Removes the kept pictures of a document, for when the document itself goes."""
    for path in _folder().glob(f"{_name(upload_sha256)}-*"):
        path.unlink(missing_ok=True)


def forget_other_pages() -> None:
    """Removes the kept pictures that the first key did not encrypt, where there is one: they are drawn again."""
    if current_keys().first is not None and _folder().is_dir():
        for path in _folder().iterdir():
            if path.suffix not in {_suffix(), ""}:  # "": a draft that is being written
                path.unlink(missing_ok=True)


def _page(*, job: OcrJob, number: int) -> Page | None:
    """How the page was read; None for the first page of a document that could not be read."""
    reading = OcrReading.objects.filter(job=job).first()
    if reading is None:
        if number == 1:
            return None
        raise PageMissing("The document could not be read; only its first page is shown.")
    pages = document_from_plain(reading.document).pages
    page = next((each for each in pages if each.number == number), None)
    if page is None:
        raise PageMissing(f"The document has no page {number}; it has {len(pages)}.")
    return page


def _folder() -> Path:
    return Path(settings.PAGE_IMAGES_DIR)


def _name(sha256: str) -> str:
    """Nobody reads off the folder which documents were looked at."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:{sha256}".encode()).hexdigest()[:32]


def _path(*, job: OcrJob, number: int) -> Path:
    """One picture for one way in which the page was read: a document that is read anew may be turned otherwise."""
    read_at = OcrReading.objects.filter(job=job).values_list("read_at", flat=True).first()
    read = hashlib.sha256(f"{job.pk}:{read_at}".encode()).hexdigest()[:12]
    return _folder() / f"{_name(job.upload.sha256)}-{read}-{number}-{_KIND}{_suffix()}"


def _suffix() -> str:
    """Of the files that are kept now; another key gives another one, and so does none."""
    first = current_keys().first
    return ".webp" if first is None else f".{first.id}"


def _keep(path: Path, picture: bytes) -> None:
    """A folder that cannot be written to costs time, nothing else."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as draft:
            draft.write(current_keys().stored_form(picture))
        Path(draft.name).replace(path)
        _make_room(path.parent)
    except OSError as error:
        log.warning("A page was not kept for the next look: %s", error)


def _make_room(folder: Path) -> None:
    """The pictures that nobody has looked at for longest go when all of them are more than the limit.

    Those that nobody has looked at for `_KEPT_FOR` go anyway, and with keys those that the first did not encrypt."""
    suffix, is_encrypting = _suffix(), current_keys().first is not None
    files = []
    for path in folder.iterdir():
        with suppress(OSError):
            if is_encrypting and path.suffix not in {suffix, ""}:  # "": a draft of another process
                path.unlink()
                continue
            status = path.stat()
            if time.time() - status.st_mtime > _KEPT_FOR:
                path.unlink()
                continue
            files.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in files)
    if total <= settings.PAGE_IMAGES_BYTES:
        return
    for _, size, path in sorted(files):
        path.unlink(missing_ok=True)
        total -= size
        if total <= settings.PAGE_IMAGES_BYTES * _SWEPT_TO:
            return
