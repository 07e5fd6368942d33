"""Why an object storage refused, in words that name what to change; and what it means that it has no such object."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, NoCredentialsError, ParamValidationError, SSLError

from invoices.object_storage import ObjectStorage


@pytest.fixture
def place() -> ObjectStorage:
    return ObjectStorage(timeout=5, bucket_name="documents", endpoint_url="https://store.example", access_key="key")


def refusal(status: int, code: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "GetObject")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NoCredentialsError(), "write key:secret@ into it"),
        (SSLError(endpoint_url="x", error="no TLS"), "put tls=0 into STORAGE_URL if it speaks plain HTTP"),
        (ConnectTimeoutError(endpoint_url="x"), "does not answer; look at STORAGE_URL and at the storage itself"),
        (refusal(403, "AccessDenied"), r"refuses our key \(AccessDenied\): correct key and secret"),
        (refusal(401), "refuses our key"),
        (refusal(404), "has no bucket documents; create it"),
        (refusal(301), "lies in another region; set region= in STORAGE_URL"),
        (refusal(400, "AuthorizationHeaderMalformed"), "lies in another region"),
        (refusal(500, "InternalError"), r"answered 500 \(InternalError\); look at the storage itself"),
        (
            ParamValidationError(report="odd"),
            "ParamValidationError: Parameter validation failed:\nodd; look at STORAGE_URL",
        ),
    ],
)
def test_each_refusal_names_what_to_change(place: ObjectStorage, error: Exception, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        raise AssertionError(place.reason(error))
    assert "secret" not in place.reason(error).replace("key and secret", "").replace("key:secret@", "")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (refusal(416, "InvalidRange"), b""),
        (refusal(404, "NoSuchKey"), FileNotFoundError),
        (refusal(404, "404"), FileNotFoundError),
        (refusal(500, "InternalError"), ClientError),
    ],
)
def test_the_beginning_of_an_object_that_is_empty_missing_or_refused(
    place: ObjectStorage, error: ClientError, outcome: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def get_object(**_: object) -> None:
        raise error

    connection = SimpleNamespace(meta=SimpleNamespace(client=SimpleNamespace(get_object=get_object)))
    monkeypatch.setattr(ObjectStorage, "connection", connection)

    if outcome == b"":
        assert place.head("x", 10) == b""
    else:
        with pytest.raises(outcome):
            place.head("x", 10)
