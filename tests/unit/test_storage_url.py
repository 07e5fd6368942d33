"""What STORAGE_URL may say, and what is said to whoever mistyped it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import storage

FOLDER = Path("/var/documents")


def options_of(url: str) -> dict[str, Any]:
    chosen = storage(url, folder=FOLDER)
    assert chosen["BACKEND"] == "invoices.encrypted_storage.EncryptedStorage"
    assert chosen["OPTIONS"]["backend"] == "invoices.object_storage.ObjectStorage"
    options: dict[str, Any] = chosen["OPTIONS"]
    return options


def test_without_it_documents_lie_in_a_folder_that_only_the_service_reads() -> None:
    assert storage("", folder=FOLDER) == {
        "BACKEND": "invoices.encrypted_storage.EncryptedStorage",
        "OPTIONS": {"backend": "invoices.storages.FolderStorage", "location": FOLDER, "file_permissions_mode": 0o600},
    }


def test_key_and_secret_are_percent_decoded() -> None:
    options = options_of("s3://my%3Akey:a%2Fb%2Bc%40d@store.example:9000/documents?region=eu-central-1&tls=0&timeout=4")

    assert (options["access_key"], options["secret_key"]) == ("my:key", "a/b+c@d")
    assert (options["endpoint_url"], options["bucket_name"]) == ("http://store.example:9000", "documents")
    assert (options["region_name"], options["timeout"]) == ("eu-central-1", 4)


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("s3://key:secret@store.example/documents", "https://store.example"),
        ("s3://key:secret@[::1]:9000/documents?tls=0", "http://[::1]:9000"),
        ("s3://key:secret@/documents?region=eu-central-1", None),
        ("s3:///documents", None),
    ],
)
def test_the_host_is_reached_with_tls_unless_told_otherwise(url: str, endpoint: str | None) -> None:
    assert options_of(url).get("endpoint_url") == endpoint


def test_without_a_key_the_machine_says_who_it_is() -> None:
    options = options_of("s3:///documents")

    assert (options["access_key"], options["secret_key"]) == (None, None)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://store.example/documents", "must read s3://key:secret@host:port/bucket"),
        ("s3://documents", "must read s3://key:secret@host:port/bucket"),
        ("s3://key:secret@store.example/documents/folder", "no folder"),
        ("s3://key:sec#ret@store.example/documents", "percent-encode"),
        ("s3://key:sec/ret@store.example/documents", "percent-encode"),
        ("s3://key:secret@store.example:port/documents", "cannot be read"),
        ("s3://key:secret@store.example/documents?tsl=0", "tsl"),
        ("s3://key:secret@store.example/documents?tls=off", "tls="),
        ("s3://key:secret@store.example/documents?timeout=soon", "timeout="),
        ("s3://key:secret@store.example/documents?timeout=0", "timeout="),
    ],
)
def test_what_cannot_be_meant_stops_the_start(url: str, told: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"STORAGE_URL") as refused:
        storage(url, folder=FOLDER)

    assert told in str(refused.value)
    assert "'sec'" not in str(refused.value)
    assert refused.value.__cause__ is None
