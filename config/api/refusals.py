"""The errors of the OpenAPI description: what each status means, its example and its headers, described once."""

from dataclasses import dataclass, field
from typing import Any

from rest_framework import serializers

from config.api.errors import body_of_error


class ErrorBody(serializers.Serializer[dict[str, Any]]):
    """Every failure has this shape."""

    error = serializers.CharField(help_text="Machine-readable code; docs/api.md lists them.")
    message = serializers.CharField(help_text="One sentence for a person, saying what to do next.")
    details = serializers.DictField(
        help_text="Of a request that is not valid: field name → messages, nested as the body is. Of some others what "
        "they are about, such as the `blockers` of a transfer. Else empty."
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that the operations share; `name` is what the description calls it."""

    name: str
    meaning: str
    example: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    is_page: bool = False
    """The web server answers with a page of its own, before the service sees the request."""

    def described(self, *, schema: dict[str, Any]) -> dict[str, Any]:
        """The response object of OpenAPI; `schema` is that of `ErrorBody`."""
        body: dict[str, Any] = {"application/json": {"schema": schema, "examples": {"Error": {"value": self.example}}}}
        if self.is_page:
            body = {"text/html": {"schema": {"type": "string"}}}
        headers = {name: {"schema": {"type": "string"}, "description": text} for name, text in self.headers.items()}
        return {"description": self.meaning, **({"headers": headers} if headers else {}), "content": body}


REFUSALS = {
    "400": Refusal(
        "BadRequest",
        "Something about the request is not valid.",
        body_of_error(
            code="validation_error",
            message="The request is not valid; see details of: customer_id.",
            details={"customer_id": ["This field is required."]},
        ),
    ),
    "401": Refusal(
        "Unauthorized",
        "No API key, or one that opens nothing.",
        body_of_error(
            code="unauthorized", message="No API key was given; send one as 'Authorization: Bearer <api key>'."
        ),
        {"WWW-Authenticate": "`Bearer`."},
    ),
    "403": Refusal(
        "Forbidden",
        "The API key lacks the scope.",
        body_of_error(
            code="forbidden",
            message="The API key lacks the scope that this request needs.",
            details={"reason": "The API key needs the scope invoices:write."},
        ),
    ),
    "404": Refusal(
        "NotFound",
        "There is no such row, or it belongs to a customer the key may not act for.",
        body_of_error(code="not_found", message="There is no such resource."),
    ),
    "406": Refusal(
        "NotAcceptable",
        "`Accept` asks for something else than is answered here.",
        body_of_error(code="not_acceptable", message="This resource is available as application/json only."),
    ),
    "409": Refusal(
        "Conflict",
        "It cannot be done as things are; `error` and `message` say why.",
        body_of_error(code="already_exists", message="The same is there already; change that one, or leave it."),
    ),
    "410": Refusal(
        "Gone",
        "The stored file is gone.",
        body_of_error(code="document_missing", message="The stored file is gone; send the document again."),
    ),
    "413": Refusal(
        "TooLarge",
        "The body is too large.",
        body_of_error(code="document_too_large", message="The request is larger than this service accepts."),
    ),
    "414": Refusal(
        "UrlTooLong",
        "The URL has more than 4094 characters. The web server answers this, with a page of its own.",
        {},
        is_page=True,
    ),
    "415": Refusal(
        "UnsupportedKind",
        "The body or the document is of a kind that is not taken.",
        body_of_error(code="unsupported_media_type", message="Send the body with another Content-Type."),
    ),
    "416": Refusal(
        "RangeNotSatisfiable",
        "The range begins behind the end of the document.",
        body_of_error(
            code="range_not_satisfiable",
            message="The document has 48213 bytes; ask for a range that begins within it.",
        ),
        {"Content-Range": "How long the document is: `bytes */48213`."},
    ),
    "422": Refusal(
        "IdempotencyKeyReused",
        "The idempotency key was used with another body.",
        body_of_error(
            code="idempotency_key_reused",
            message="This idempotency key was used with another body; use a new key for a new request.",
        ),
    ),
    "429": Refusal(
        "RateLimited",
        "Too many requests with this key; `Retry-After` says when to come back.",
        body_of_error(code="rate_limited", message="Too many requests with this API key; wait as Retry-After says."),
        {"Retry-After": "Seconds to wait."},
    ),
    "500": Refusal(
        "InternalError",
        "Something failed on the side of the service.",
        body_of_error(
            code="internal_error",
            message="Something failed on our side; try again, and tell the operator of this service if it stays.",
        ),
    ),
    "503": Refusal(
        "Unavailable",
        "The database, or the storage of documents, does not answer.",
        body_of_error(code="storage_unavailable", message="The storage did not take the document; try again later."),
        {"Retry-After": "Seconds to wait."},
    ),
}

# What 409 means as well where idempotency keys are taken.
POST_CONFLICT = Refusal(
    "ConflictOrRunning",
    "It cannot be done as things are, or the first request with this idempotency key is still running, or its answer "
    "was not kept; `error` and `message` say which.",
    body_of_error(
        code="request_in_progress",
        message="The first request with this idempotency key is still running; ask again as Retry-After says.",
    ),
    {
        "Retry-After": "Seconds to wait, while the first request is running.",
        "Location": "Of what the first request made, where its answer was not kept.",
    },
)


def refusal(*, code: str, method: str) -> Refusal:
    """What the status means in answer to this method."""
    return POST_CONFLICT if (code, method) == ("409", "POST") else REFUSALS[code]
