"""The one place that knows HTTP statuses of errors: `{"error", "message", "details"}` for every failure under /v2."""

import logging
import sys
from collections.abc import Mapping
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import set_rollback

from config.api.failures import TooManyFailures
from counterparties.accounts import AccountInactive, ChangeOnItsOwn
from counterparties.bank_changes import AlreadyOnFile, ChangeRefused
from counterparties.parts import AlreadyExists, CounterpartyInactive
from counterparties.registry import OwnCounterpartyNeeded
from customers.outages import is_away
from customers.resources import UnknownReference
from customers.sentences import Sentence
from customers.translations import all_translated, translated
from customers.webhooks.endpoints import TooManyEndpoints, TooManySecrets
from invoices.byte_ranges import RangeUnsatisfiable
from invoices.parties import PartyUnfit
from invoices.statuses import StatusNotReachable
from invoices.uploads import StorageUnavailable, StoredDocumentMissing, UploadAttached, UploadNeeded
from invoices.writing import AmountTooLarge, InvoiceNotDraft, NumberTaken
from ocr.intake import DocumentEmpty, DocumentTooLarge, NotBase64
from ocr.reading.sniffing import UnknownKind
from ocr.review import JobPurged, JobStillRunning
from transfers.exporting import AlreadyExported
from transfers.finalizing import FinalizeBlocked, NotADraft
from transfers.pain001 import PaymentUnfit
from transfers.parties import TransferUnfit
from transfers.payments import NotFinalised, PayeeChanged
from transfers.writing import NothingToSettle

log = logging.getLogger(__name__)

TOO_LARGE = Sentence(
    "The request is larger than this service accepts; send a document of at most the size in the API description."
)
OTHER_CONTENT_TYPE = Sentence("Send the body with another Content-Type.")
BAD_FORM_DATA = Sentence("The form data cannot be parsed; send well-formed multipart form data.")

DATABASE_AWAY = Sentence("The database does not answer at the moment; try again later, with the same idempotency key.")
DATABASE_AWAY_HEADERS = {"Retry-After": "5"}  # PostgreSQL starts again within seconds

TOO_MANY = Sentence("Too many requests with this API key; wait as Retry-After says.")
TOO_MANY_FAILURES = Sentence(
    "Too many requests without a valid API key came from your address; wait as Retry-After says, and correct the key."
)

# What the apps raise, and what a client sees of it.
DOMAIN_ERRORS: tuple[tuple[type[Exception], int, str], ...] = (
    (NotBase64, 400, "not_base64"),
    (DocumentEmpty, 400, "document_empty"),
    (DocumentTooLarge, 413, "document_too_large"),
    (UnknownKind, 415, "unsupported_document"),
    (JobPurged, 409, "job_purged"),  # which is a kind of the next
    (JobStillRunning, 409, "job_still_running"),
    (StoredDocumentMissing, 410, "document_missing"),
    (StorageUnavailable, 503, "storage_unavailable"),
    (UploadAttached, 409, "upload_attached"),
    (UploadNeeded, 409, "upload_needed"),
    (RangeUnsatisfiable, 416, "range_not_satisfiable"),
    (UnknownReference, 404, "not_found"),
    (AlreadyExists, 409, "already_exists"),
    (AlreadyOnFile, 409, "already_exists"),
    (ChangeRefused, 409, "change_refused"),
    (ChangeOnItsOwn, 400, "validation_error"),
    (AccountInactive, 409, "account_inactive"),
    (CounterpartyInactive, 409, "counterparty_inactive"),
    (OwnCounterpartyNeeded, 409, "own_counterparty"),
    (PartyUnfit, 400, "validation_error"),
    (AmountTooLarge, 400, "validation_error"),
    (NumberTaken, 409, "already_exists"),
    (StatusNotReachable, 409, "status_not_reachable"),
    (InvoiceNotDraft, 409, "invoice_not_draft"),
    (TransferUnfit, 400, "validation_error"),
    (NothingToSettle, 409, "nothing_to_settle"),
    (FinalizeBlocked, 409, "transfer_blocked"),
    (NotADraft, 409, "transfer_not_draft"),
    (NotFinalised, 409, "transfer_not_final"),
    (PayeeChanged, 409, "payee_changed"),
    (PaymentUnfit, 409, "payment_not_possible"),
    (AlreadyExported, 409, "already_exported"),
    (TooManyEndpoints, 409, "too_many_webhook_endpoints"),
    (TooManySecrets, 409, "too_many_webhook_secrets"),
)

API_ERRORS: tuple[tuple[type[Exception], str, Sentence], ...] = (
    (
        exceptions.ParseError,
        "malformed_body",
        Sentence("The body cannot be parsed; send well-formed JSON or multipart form data."),
    ),
    (
        exceptions.AuthenticationFailed,
        "unauthorized",
        Sentence("The API key was not accepted; send a valid one as 'Authorization: Bearer <api key>'."),
    ),
    (
        exceptions.NotAuthenticated,
        "unauthorized",
        Sentence("No API key was given; send one as 'Authorization: Bearer <api key>'."),
    ),
    (exceptions.PermissionDenied, "forbidden", Sentence("The API key lacks the scope that this request needs.")),
    (PermissionDenied, "forbidden", Sentence("The API key lacks the scope that this request needs.")),
    (exceptions.NotFound, "not_found", Sentence("There is no such resource.")),
    (Http404, "not_found", Sentence("There is no such resource.")),
    (
        exceptions.MethodNotAllowed,
        "method_not_allowed",
        Sentence("This method is not available here; see the Allow header."),
    ),
    (exceptions.NotAcceptable, "not_acceptable", Sentence("This resource is available as application/json only.")),
    (exceptions.UnsupportedMediaType, "unsupported_media_type", OTHER_CONTENT_TYPE),
    (TooManyFailures, "rate_limited", TOO_MANY_FAILURES),  # which is a kind of the next
    (exceptions.Throttled, "rate_limited", TOO_MANY),
)


def body_of_error(*, code: str, message: str, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The contract's error shape, its sentences in the language that is active."""
    return {"error": code, "message": translated(message), "details": all_translated(details or {})}


def error_response(*, status: int, code: str, message: str, details: Mapping[str, Any] | None = None) -> JsonResponse:
    """The contract's error shape as a plain Django response, for middleware and error pages."""
    return JsonResponse(body_of_error(code=code, message=message, details=details), status=status)


def exception_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None leaves the exception to Django, whose 500 page is `server_error` below."""
    if isinstance(exception, RequestDataTooBig):
        return _failed(413, body_of_error(code="document_too_large", message=TOO_LARGE))
    if isinstance(exception, (MultiPartParserError, TooManyFieldsSent)):
        return _failed(400, body_of_error(code="malformed_body", message=BAD_FORM_DATA))
    if isinstance(exception, exceptions.ValidationError):
        return _failed(400, _validation_body(exception))
    if isinstance(exception, ModelValidationError):
        return _failed(400, _validation_body(exceptions.ValidationError(as_serializer_error(exception))))
    for kind, status, code in DOMAIN_ERRORS:
        if isinstance(exception, kind):
            details = getattr(exception, "details", None)
            body = body_of_error(code=code, message=str(exception), details=details)
            return _failed(status, body, getattr(exception, "headers", None))
    for kind, code, message in API_ERRORS:
        if isinstance(exception, kind):
            return _api_failure(exception, code, message)
    if is_away(exception):
        log.warning("the database is away: %s", type(exception).__name__)
        return _failed(503, body_of_error(code="database_unavailable", message=DATABASE_AWAY), DATABASE_AWAY_HEADERS)
    return None


def _failed(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    set_rollback()
    return Response(body, status=status, headers=headers)


def _api_failure(exception: Exception, code: str, message: str) -> Response:
    headers: dict[str, str] = {}
    details: dict[str, Any] = {}
    status = 404 if isinstance(exception, Http404) else 403
    if isinstance(exception, exceptions.APIException):
        status = exception.status_code
        if authenticate := getattr(exception, "auth_header", None):
            headers["WWW-Authenticate"] = authenticate
        if (wait := getattr(exception, "wait", None)) is not None:
            headers["Retry-After"] = str(max(1, ceil(wait)))
        if isinstance(exception, (exceptions.UnsupportedMediaType, exceptions.ParseError, exceptions.PermissionDenied)):
            details["reason"] = str(exception.detail)
    return _failed(status, body_of_error(code=code, message=message, details=details), headers)


def _validation_body(exception: exceptions.ValidationError) -> dict[str, Any]:
    detail = exception.detail
    details = {_sendable(name): _messages(value) for name, value in detail.items()} if isinstance(detail, dict) else {}
    if isinstance(detail, list):
        details = {"non_field_errors": _messages(detail)}
    names = ", ".join(sorted(details))
    return body_of_error(
        code="validation_error",
        message=Sentence("The request is not valid; see details of: {names}.", names=names),
        details=details,
    )


def _messages(value: Any) -> Any:
    if isinstance(value, dict):
        return {_sendable(name): _messages(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_messages(inner) for inner in value]
    return _sendable(value)


def _sendable(value: object) -> str:
    """Names and values of the request stand in our messages; JSON lets them hold lone surrogates, UTF-8 does not."""
    return str(value).encode("utf-8", "replace").decode()


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/v2/")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return error_response(
            status=404, code="not_found", message=Sentence("There is no such path; GET /v2/docs lists them.")
        )
    return defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        if isinstance(exception, RequestDataTooBig):
            return error_response(status=413, code="document_too_large", message=TOO_LARGE)
        return error_response(
            status=400,
            code="malformed_request",
            message=Sentence(
                "The request cannot be processed as sent; compare it with the API description at /v2/docs."
            ),
        )
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an exception that nobody caught, which Django is still handling when it calls this."""
    error = sys.exception()
    if _is_api(request):
        if error is not None and is_away(error):
            response = error_response(status=503, code="database_unavailable", message=DATABASE_AWAY)
            for name, value in DATABASE_AWAY_HEADERS.items():
                response[name] = value
            return response
        return error_response(
            status=500,
            code="internal_error",
            message=Sentence(
                "Something failed on our side; try again, and tell the operator of this service if it stays."
            ),
        )
    return defaults.server_error(request)
