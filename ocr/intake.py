"""A document comes in: decoded, recognised and stored with its job in one transaction; announced once that stands."""

import base64
import binascii
import re
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from customers.models import Customer
from customers.sentences import Sentence
from customers.telemetry.spans import origin
from invoices.models import Upload
from invoices.uploads import store_upload
from ocr.models import OcrJob, Stage
from ocr.reading.sniffing import sniff
from ocr.tasks import announce
from ocr.turns import place_in_line

# kind → content type, file extension
STORED_AS = {
    "pdf": ("application/pdf", "pdf"),
    "png": ("image/png", "png"),
    "jpeg": ("image/jpeg", "jpg"),
    "tiff": ("image/tiff", "tif"),
    "webp": ("image/webp", "webp"),
    "ubl": ("application/xml", "xml"),
    "cii": ("application/xml", "xml"),
}

_DATA_URL = re.compile(r"\s*data:[^,]{0,200};base64,", re.IGNORECASE)
_WHITE_SPACE = str.maketrans("", "", " \t\r\n\f\v")


class NotBase64(ValueError):
    """The text is not standard base64."""


class DocumentEmpty(ValueError):
    """There is nothing in the document."""


class DocumentTooLarge(ValueError):
    """The document is larger than the limit."""


def decode_document(text: str) -> bytes:
    """The bytes of standard base64 (RFC 4648 § 4), also with a `data:…;base64,` prefix, line breaks or no padding.

    Raises `NotBase64`, `DocumentEmpty` or `DocumentTooLarge`, the last before anything is decoded.
    """
    prefix = _DATA_URL.match(text)
    body = (text[prefix.end() :] if prefix else text).translate(_WHITE_SPACE).rstrip("=")
    if not body:
        raise DocumentEmpty(
            Sentence("The document is empty; send the bytes of a PDF, an image or an e-invoice XML as base64.")
        )
    check_size(len(body) * 3 // 4)
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotBase64(
            Sentence(
                "base64_file is not standard base64 (RFC 4648, alphabet with + and /); encode the file's bytes again."
            )
        ) from error


def check_size(length: int) -> None:
    """Raises `DocumentTooLarge` when a document of so many bytes is over the limit."""
    if length > settings.MAX_DOCUMENT_BYTES:
        limit = settings.MAX_DOCUMENT_BYTES // settings.MEBIBYTE
        raise DocumentTooLarge(
            Sentence(
                "The document is larger than {limit} MiB; send a smaller file, for example fewer pages.", limit=limit
            )
        )


def accept_document(*, customer: Customer, content: bytes, file_name: str, by: str) -> OcrJob:
    """The queued job for a new document. Raises `DocumentEmpty`, `DocumentTooLarge`, `UnknownKind`."""
    if not content:
        raise DocumentEmpty(Sentence("The document is empty; send the bytes of a PDF, an image or an e-invoice XML."))
    check_size(len(content))
    content_type, file_extension = STORED_AS[sniff(content)]
    now = timezone.now()
    with transaction.atomic():
        upload = store_upload(
            customer=customer,
            content=content,
            file_name=file_name or f"document.{file_extension}",
            content_type=content_type,
            file_extension=file_extension,
            by=by,
        )
        job = OcrJob.objects.create(
            customer=customer,
            upload=upload,
            from_stage=Stage.READ,
            asked_by=by,
            created_by=by,
            asked_within=origin(),
            announced_at=now,
            due_at=place_in_line(now),
        )
        transaction.on_commit(partial(announce, job.pk))
    return job


def why_kept(upload: Upload) -> str | None:
    """Why the document cannot be discarded, as a sentence; None when no job has still to read it."""
    unfinished = [OcrJob.State.QUEUED, OcrJob.State.RUNNING]
    job = OcrJob.objects.filter(upload=upload, state__in=unfinished).first()
    if job is None:
        return None
    return Sentence("The job {job_id} still reads this document; wait until it has ended.", job_id=job.pk)
