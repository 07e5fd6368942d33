"""Files that no document refers to go after a day; whatever a document needs, and whatever is not ours, stays."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from customers.models import Customer
from invoices import leftovers, tasks
from invoices.leftovers import Leftovers, TooManyLeftovers, remove_leftovers
from invoices.models import Upload
from invoices.uploads import StorageUnavailable, read_upload
from tests.at_once import at_once
from tests.ledger import a_customer, an_upload

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "uploads")},
        }
    }
    return tmp_path / "uploads"


@pytest.fixture
def customer(folder: Path) -> Customer:
    return a_customer()


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def a_leftover(customer: Customer, content: bytes = b"%PDF-1.7 nobody's") -> str:
    """The file of a request that was cut off between the file and the commit."""
    with transaction.atomic():
        name = str(an_upload(customer, content).file.name)
        transaction.set_rollback(True)
    return name


def test_a_leftover_goes_after_a_day_and_what_a_document_needs_stays(customer: Customer, folder: Path) -> None:
    upload = an_upload(customer)
    lost = a_leftover(customer)
    assert remove_leftovers(now=NOW) == Leftovers(found=0, files=2, removed=0)

    assert remove_leftovers(now=LATER) == Leftovers(found=1, files=2, removed=1)

    assert files(folder) == {upload.file.name}
    assert lost != upload.file.name
    assert read_upload(upload)
    assert remove_leftovers(now=LATER) == Leftovers(found=0, files=1, removed=0)


def test_half_a_file_and_what_was_stored_beside_it_are_told_apart(customer: Customer, folder: Path) -> None:
    half = a_leftover(customer)
    (folder / half).write_bytes(b"%PDF")
    whole = an_upload(customer, b"%PDF-1.7 nobody's")
    assert str(whole.file.name).startswith(f"{half}_")

    assert remove_leftovers(now=LATER).removed == 1

    assert files(folder) == {whole.file.name}


def test_the_file_of_a_purged_document_that_came_back_is_a_leftover(customer: Customer, folder: Path) -> None:
    an_upload(customer)
    Upload.objects.update(purged_at=NOW)

    assert remove_leftovers(now=LATER).removed == 1


def test_what_was_to_replace_a_file_and_never_did_goes_too(customer: Customer, folder: Path) -> None:
    upload = an_upload(customer)
    (folder / str(upload.file.name)).with_name(".draft-a1b2c3d4").write_bytes(b"half of it")

    assert remove_leftovers(now=LATER) == Leftovers(found=1, files=2, removed=1)

    assert files(folder) == {upload.file.name}


def test_what_is_not_ours_is_not_looked_at(customer: Customer, folder: Path) -> None:
    strangers = a_leftover(customer).replace(str(customer.pk), "00000000-0000-4000-8000-000000000000")
    for name in (strangers, f"uploads/{customer.pk}/notes.txt", "elsewhere/" + "a" * 64):
        storages["default"].save(name, ContentFile(b"not ours"))
    before = files(folder)

    assert remove_leftovers(now=LATER) == Leftovers(found=1, files=1, removed=1)

    assert len(before) - len(files(folder)) == 1
    assert strangers in files(folder)


def test_suspiciously_many_stay_until_a_person_insists(
    customer: Customer, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(leftovers, "FEW", 2)
    for number in range(3):
        a_leftover(customer, b"%PDF-1.7 " + str(number).encode())

    with pytest.raises(TooManyLeftovers, match="3 of 3 stored files belong to no document"):
        remove_leftovers(now=LATER)
    with pytest.raises(CommandError, match="DATABASE_URL and STORAGE_URL"):
        _command("--yes", now=LATER, monkeypatch=monkeypatch)
    tasks.remove_leftovers()
    assert "nothing was removed" in caplog.text
    assert len(files(folder)) == 3

    assert "3 were removed" in _command("--yes", "--force", now=LATER, monkeypatch=monkeypatch)
    assert files(folder) == set()


def _command(*arguments: str, now: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(timezone, "now", lambda: now)
    out = StringIO()
    call_command("remove_leftovers", *arguments, stdout=out)
    return out.getvalue()


def test_without_yes_the_command_only_counts(customer: Customer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_leftover(customer)

    assert "1 of 1 stored files" in _command(now=LATER, monkeypatch=monkeypatch)
    assert len(files(folder)) == 1


def test_the_beat_removes_them(customer: Customer, folder: Path, settings: Settings) -> None:
    old = (NOW - timedelta(days=2)).timestamp()
    os.utime(folder / a_leftover(customer), (old, old))

    assert settings.CELERY_BEAT_SCHEDULE["remove-leftovers"]["task"] == tasks.remove_leftovers.name
    tasks.remove_leftovers()

    assert files(folder) == set()


def test_a_storage_that_fails_is_said(customer: Customer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("down")

    a_leftover(customer)
    monkeypatch.setattr(FileSystemStorage, "delete", refuse)

    with pytest.raises(StorageUnavailable):
        remove_leftovers(now=LATER)


@pytest.mark.usefixtures("committed")
def test_bytes_that_come_again_while_the_leftover_is_removed_are_there(folder: Path) -> None:
    customer = a_customer()
    content = b"%PDF-1.7 sent again"
    a_leftover(customer, content)

    def store() -> Upload:
        with transaction.atomic():
            return an_upload(customer, content)

    left, *stored = at_once(lambda: remove_leftovers(now=LATER), store, store, store)

    assert isinstance(left, Leftovers), left
    assert [read_upload(upload) for upload in stored] == [content] * 3
