"""`manage.py restore_documents` says what it could not do, and what is to be done about it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from invoices.management.commands import restore_documents
from invoices.models import Upload
from ocr.intake import accept_document
from tests.documents import invoice_pdf
from tests.ledger import a_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload() -> Upload:
    job = accept_document(customer=a_customer(), content=invoice_pdf(), file_name="bill.pdf", by="test")
    return job.upload


@pytest.fixture
def backup(upload: Upload, tmp_path: Path) -> Path:
    call_command("backup_documents", str(tmp_path / "backup"), stdout=StringIO(), stderr=StringIO())
    return tmp_path / "backup"


def test_a_folder_that_is_none_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder; name the one that backup_documents filled"):
        call_command("restore_documents", str(tmp_path / "nowhere"))


def test_a_backup_of_another_database_restores_nothing_and_says_what_comes_first(upload: Upload, backup: Path) -> None:
    Upload.objects.exclude(pk=upload.pk).delete()
    upload.ocr_job.delete()
    upload.delete()

    with pytest.raises(CommandError, match="restore the database first"):
        call_command("restore_documents", str(backup), stdout=StringIO())


def test_what_is_in_neither_place_is_named(upload: Upload, backup: Path) -> None:
    name = str(upload.file.name)
    default_storage.delete(name)
    (backup / name).unlink()
    told = StringIO()

    with pytest.raises(CommandError, match="1 documents could not be restored"):
        call_command("restore_documents", str(backup), stdout=told)

    assert f"missing: {name} is neither in {backup} nor in the storage" in told.getvalue()


def test_a_long_restore_tells_how_far_it_is(upload: Upload, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore_documents, "TOLD_EVERY", 1)
    default_storage.delete(str(upload.file.name))
    told, progress = StringIO(), StringIO()

    call_command("restore_documents", str(backup), stdout=told, stderr=progress)

    assert "1 documents were restored; 0 were there already." in told.getvalue()
    assert "1 restored" in progress.getvalue()


def test_a_storage_that_refuses_is_named_and_may_be_tried_again(
    upload: Upload, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    default_storage.delete(str(upload.file.name))
    monkeypatch.setattr("invoices.management.commands.restore_documents.copy_back", refuse)

    with pytest.raises(CommandError, match=r"Not everything is restored: .* Run it again"):
        call_command("restore_documents", str(backup), stdout=StringIO())
