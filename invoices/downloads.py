"""A stored document as an HTTP answer that no browser will run."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from invoices.models import Upload
from invoices.uploads import download_name, read_upload


def document_response(upload: Upload) -> HttpResponse:
    """The bytes, to be saved and never shown in place: a document comes from a stranger and may be a page of script.

    Raises `StoredDocumentMissing` and `StorageUnavailable`.
    """
    response = HttpResponse(read_upload(upload), content_type=upload.content_type)
    disposition = content_disposition_header(as_attachment=True, filename=download_name(upload))
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
