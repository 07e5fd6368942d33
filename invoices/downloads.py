"""A stored document as an HTTP answer that no browser will run."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.utils.http import content_disposition_header, parse_etags

from invoices.byte_ranges import byte_range
from invoices.models import Upload
from invoices.uploads import check_kept, download_name, read_upload

_NO_HEADERS: Mapping[str, str] = {}


def document_response(
    upload: Upload, *, method: str | None = "GET", headers: Mapping[str, str] = _NO_HEADERS
) -> HttpResponse:
    """The bytes, to be saved and never shown in place: a document comes from a stranger and may be a page of script.

    Of the request's `headers` `Range` with `If-Range`, and `If-None-Match` count (RFC 9110): 206, or 304; a range is
    for GET alone. Raises `RangeUnsatisfiable`, `StoredDocumentMissing` and `StorageUnavailable`.
    """
    check_kept(upload)
    etag = f'"{upload.sha256}"'
    if known := headers.get("If-None-Match"):
        tags = {tag.removeprefix("W/") for tag in parse_etags(known)}
        if tags & {etag, "*"}:
            return HttpResponse(status=304, headers={"ETag": etag})
    is_whole = method != "GET" or headers.get("If-Range", etag) != etag
    wanted = None if is_whole else byte_range(header=headers.get("Range", ""), length=upload.content_length)
    content = read_upload(upload)
    response = HttpResponse(content_type=upload.content_type)
    if wanted is not None:
        content = content[wanted.first : wanted.last + 1]
        response.status_code = 206
        response["Content-Range"] = f"bytes {wanted.first}-{wanted.last}/{upload.content_length}"
    response.content = content
    disposition = content_disposition_header(as_attachment=True, filename=download_name(upload))
    response["Content-Disposition"] = disposition or "attachment"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
