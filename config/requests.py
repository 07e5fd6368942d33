"""Requests as this service reads them: everything in UTF-8, whatever a header says of it."""

import logging
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

log = logging.getLogger(__name__)

UNREADABLE = "application/octet-stream"


class Utf8Request(WSGIRequest):
    """Django reads the query string in the `charset` of the Content-Type, for which it takes any codec that Python has,
    base64 and zlib among them, and fails where no middleware could answer for it yet."""

    content_type: str
    content_params: dict[str, str]

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except Exception as error:  # noqa: BLE001 — whatever a header makes the parsers of the library raise
            log.info("a Content-Type that cannot be read: %s", type(error).__name__)
            meta["CONTENT_TYPE"] = UNREADABLE  # which others parse again
            self.content_type, self.content_params = UNREADABLE, {}


class Utf8Handler(WSGIHandler):
    request_class = Utf8Request
