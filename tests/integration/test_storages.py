"""The same promises on a local folder and on a real S3 server, with documents encrypted and as they are: nothing lost,
nothing half stored, nothing to guess."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from config.environment import storage
from invoices.document_keys import new_key
from invoices.encrypted_storage import KEYS_FOLDER
from invoices.models import Upload
from invoices.uploads import DocumentPurged, StoredDocumentMissing, delete_file, read_upload
from tests.api.conftest import client_for
from tests.ledger import a_customer, an_upload
from tests.object_storage import BUCKET, ObjectStore

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 an invented document"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the documents lie, seen past the service. `store` is None for the folder."""

    folder: Path
    store: ObjectStore | None

    def keys(self, *, customer: Any) -> list[str]:
        prefix = f"uploads/{customer.pk}/"
        if self.store is not None:
            return [key for key in self.store.names() if key.startswith(prefix)]
        files = [path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()]
        return [key for key in files if key.startswith(prefix)]

    def put(self, key: str, content: bytes) -> None:
        if self.store is not None:
            self.store.client.put_object(Bucket=BUCKET, Key=key, Body=content)
        else:
            (self.folder / key).write_bytes(content)


S3 = pytest.mark.object_storage


@pytest.fixture(
    params=[
        ("folder", "plain"),
        ("folder", "encrypted"),
        pytest.param(("s3", "plain"), marks=S3),
        pytest.param(("s3", "encrypted"), marks=S3),
    ],
    ids="-".join,
)
def place(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Place]:
    where, how = request.param
    store = request.getfixturevalue("object_store_of_tests") if where == "s3" else None
    settings.DOCUMENT_KEYS = (new_key(),) if how == "encrypted" else ()
    url = "" if store is None else store.url()
    settings.STORAGES = settings.STORAGES | {"default": storage(url, folder=tmp_path)}
    yield Place(folder=tmp_path, store=store)
    if store is not None:  # which other tests share
        for name in store.names():
            if name.startswith(f"{KEYS_FOLDER}/"):
                store.client.delete_object(Bucket=BUCKET, Key=name)


def test_bytes_come_back_as_they_were_stored(place: Place) -> None:
    customer = a_customer()
    large = b"%PDF-1.7 " + bytes(range(256)) * 40_000  # S3 libraries like to send as much in several parts

    small, whole = an_upload(customer, CONTENT), an_upload(customer, large)

    assert read_upload(small) == CONTENT
    assert read_upload(whole) == large
    assert sorted(place.keys(customer=customer)) == sorted([str(small.file.name), str(whole.file.name)])


def test_a_key_follows_the_content_and_cannot_be_worked_out_from_it(place: Place, settings: Settings) -> None:
    customer = a_customer()
    first, again = an_upload(customer, CONTENT, "a.pdf"), an_upload(customer, CONTENT, "b.pdf")
    others = an_upload(a_customer("Brindle & Co"), CONTENT)
    settings.SECRET_KEY = "another secret"
    elsewhere = an_upload(customer, CONTENT)

    assert first.file.name == again.file.name
    assert first.pk != again.pk
    assert len({str(upload.file.name).rsplit("/", 1)[-1] for upload in (first, others, elsewhere)}) == 3
    for algorithm in ("md5", "sha1", "sha256", "sha512"):
        assert hashlib.new(algorithm, CONTENT).hexdigest() not in str(first.file.name)


def test_a_part_is_handed_out(place: Place) -> None:
    customer = a_customer()
    url = f"/v2/uploads/{an_upload(customer, CONTENT).pk}/content"
    client = client_for([customer])

    whole = client.get(url)
    part = client.get(url, headers={"Range": "bytes=5-8"})
    end = client.get(url, headers={"Range": "bytes=-4"})

    assert (whole.status_code, whole.content) == (200, CONTENT)
    assert (part.status_code, part.content, part["Content-Range"]) == (206, CONTENT[5:9], "bytes 5-8/29")
    assert (end.status_code, end.content) == (206, CONTENT[-4:])


def test_a_document_that_is_gone_is_missing_for_good_and_says_what_to_do(place: Place) -> None:
    customer = a_customer()
    upload = an_upload(customer, CONTENT)
    default_storage.delete(str(upload.file.name))
    default_storage.delete(str(upload.file.name))  # what is gone may go again

    answer = client_for([customer]).get(f"/v2/uploads/{upload.pk}/content")

    assert place.keys(customer=customer) == []
    assert (answer.status_code, answer.json()["error"]) == (410, "document_missing")
    assert "send the document again" in answer.json()["message"]
    assert read_upload(an_upload(customer, CONTENT)) == CONTENT
    assert client_for([customer]).get(f"/v2/uploads/{upload.pk}/content").content == CONTENT


@pytest.mark.parametrize("found", [CONTENT[:7], b"X" + CONTENT[1:]], ids=["cut off", "damaged"])
def test_sending_again_helps_where_other_bytes_lie_in_its_place(place: Place, found: bytes) -> None:
    customer = a_customer()
    upload = an_upload(customer, CONTENT)
    place.put(str(upload.file.name), found)
    with pytest.raises(StoredDocumentMissing, match="send the document again"):
        read_upload(upload)

    assert read_upload(an_upload(customer, CONTENT)) == CONTENT


def test_what_a_rolled_back_transaction_left_is_taken_up(place: Place) -> None:
    customer = a_customer()
    with transaction.atomic():
        an_upload(customer, CONTENT)
        transaction.set_rollback(True)
    assert Upload.objects.count() == 0

    upload = an_upload(customer, CONTENT)

    assert read_upload(upload) == CONTENT
    assert place.keys(customer=customer) == [upload.file.name]


def test_a_name_that_climbs_out_is_refused(place: Place) -> None:
    with pytest.raises(Exception, match=r"(?i)path traversal|attempted access|outside"):
        default_storage.save("../beside", ContentFile(b"x"))


def test_a_storage_that_works_is_ready(place: Place, client: Any) -> None:
    assert client.get("/readyz").json()["checks"]["storage"] == "ok"


def test_a_purged_document_goes_unless_another_row_needs_its_bytes(place: Place) -> None:
    customer = a_customer()
    first, again = an_upload(customer, CONTENT, "a.pdf"), an_upload(customer, CONTENT, "b.pdf")

    first.purged_at = timezone.now()
    first.save()
    assert delete_file(first) is False
    assert read_upload(again) == CONTENT

    again.purged_at = timezone.now()
    again.save()
    assert delete_file(again) is True
    assert place.keys(customer=customer) == []
    delete_file(again)  # as a run does that comes after one that was cut off
    with pytest.raises(DocumentPurged, match="was deleted on"):
        read_upload(again)
    assert read_upload(an_upload(customer, CONTENT)) == CONTENT


def test_documents_are_copied_out_and_back_and_purged_ones_stay_away(place: Place, tmp_path: Path) -> None:
    customer = a_customer()
    kept, lost, purged = (an_upload(customer, CONTENT + bytes([number])) for number in range(3))
    backup = tmp_path / "backup"
    call_command("backup_documents", str(backup))
    assert "0 files were copied" in out_of("backup_documents", str(backup))
    purged.purged_at = timezone.now()
    purged.save()
    delete_file(purged)
    default_storage.delete(str(lost.file.name))
    place.put(str(kept.file.name), b"X" + CONTENT)
    with pytest.raises(CommandError, match="2 documents are not as they were sent"):
        call_command("verify_documents")

    call_command("restore_documents", str(backup), "--upload", str(lost.pk))
    assert read_upload(lost) == CONTENT + b"\x01"
    call_command("restore_documents", str(backup))

    assert read_upload(kept) == CONTENT + b"\x00"
    assert str(purged.file.name) not in place.keys(customer=customer)
    assert "0 are not as they were sent" in out_of("verify_documents")


def test_a_copy_that_is_not_what_was_sent_is_not_brought_back(place: Place, tmp_path: Path) -> None:
    upload = an_upload(a_customer(), CONTENT)
    backup = tmp_path / "backup"
    call_command("backup_documents", str(backup))
    default_storage.delete(str(upload.file.name))
    (backup / str(upload.file.name)).write_bytes(b"something else")

    with pytest.raises(CommandError, match="look for them in an older backup"):
        call_command("restore_documents", str(backup))

    assert not default_storage.exists(str(upload.file.name))


def test_a_file_that_no_document_has_is_named(place: Place) -> None:
    customer = a_customer()
    upload = an_upload(customer, CONTENT)
    name = str(upload.file.name)
    Upload.objects.all().delete()

    assert f"stray: {name} belongs to no document" in out_of("verify_documents")


def out_of(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()
