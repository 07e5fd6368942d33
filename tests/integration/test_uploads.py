"""Documents in the storage: the same bytes once, unguessable keys, safe names, and errors that say whether to retry."""

import hashlib
import threading
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import FileSystemStorage
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from invoices.models import Upload
from invoices.uploads import (
    StorageUnavailable,
    StoredDocumentMissing,
    clean_file_name,
    download_name,
    read_upload,
)
from tests.ledger import a_customer, an_upload

CONTENT = b"%PDF-1.7 an invented document"


@pytest.fixture(autouse=True)
def own_storage(settings: Settings, tmp_path: Path) -> Path:
    """The test's own folder, with the options of the service."""
    default = settings.STORAGES["default"]
    settings.STORAGES = settings.STORAGES | {
        "default": default | {"OPTIONS": default["OPTIONS"] | {"location": tmp_path}}
    }
    return tmp_path


class StorageThatIsDown(FileSystemStorage):
    """Stands for an object store that does not answer: no such thing can be had from a disk."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        raise ConnectionError("connection refused")

    def _save(self, name: str, content: Any) -> str:
        raise ConnectionError("connection refused")


def stored_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
class TestStoring:
    def test_the_row_says_what_was_stored_and_the_bytes_come_back(self) -> None:
        customer = a_customer()
        upload = an_upload(customer, CONTENT, "Rechnung März.pdf")

        stored = Upload.objects.get(pk=upload.pk)
        assert (stored.file_name, stored.document_type, stored.status) == ("Rechnung März.pdf", "invoice", "draft")
        assert (stored.content_length, stored.content_type, stored.file_extension) == (
            len(CONTENT),
            "application/pdf",
            "pdf",
        )
        assert (stored.sha256, stored.page_count) == (hashlib.sha256(CONTENT).hexdigest(), None)
        assert (stored.customer, stored.created_by, stored.modified_by) == (customer, "test", "test")
        assert read_upload(stored) == CONTENT

    def test_the_same_bytes_of_one_customer_are_one_file_and_two_rows(self, own_storage: Path) -> None:
        customer = a_customer()
        first, second = an_upload(customer, CONTENT), an_upload(customer, CONTENT, "again.pdf")

        assert first.pk != second.pk
        assert first.file.name == second.file.name
        assert len(stored_files(own_storage)) == 1

    def test_the_same_bytes_of_two_customers_are_two_files(self, own_storage: Path) -> None:
        first, second = an_upload(a_customer(), CONTENT), an_upload(a_customer("Brindle & Co"), CONTENT)

        assert first.file.name != second.file.name
        assert len(stored_files(own_storage)) == 2

    def test_the_key_cannot_be_worked_out_from_the_bytes_alone(self, settings: Settings) -> None:
        customer = a_customer()
        upload = an_upload(customer, CONTENT)
        settings.SECRET_KEY = "another secret"
        elsewhere = an_upload(customer, CONTENT)

        assert upload.file.name != elsewhere.file.name
        assert upload.sha256 not in str(upload.file.name)
        assert str(upload.file.name).startswith(f"uploads/{customer.pk}/")

    def test_a_write_that_was_cut_off_is_never_taken_for_the_document(self) -> None:
        customer = a_customer()
        first = an_upload(customer, CONTENT)
        Path(first.file.path).write_bytes(CONTENT[:7])

        assert read_upload(an_upload(customer, CONTENT)) == CONTENT

    def test_a_file_left_by_a_transaction_that_was_rolled_back_is_taken_up(self, own_storage: Path) -> None:
        customer = a_customer()
        with transaction.atomic():
            an_upload(customer, CONTENT)
            transaction.set_rollback(True)
        assert Upload.objects.count() == 0

        assert read_upload(an_upload(customer, CONTENT)) == CONTENT
        assert len(stored_files(own_storage)) == 1

    def test_only_the_service_may_read_the_files(self) -> None:
        assert Path(an_upload(a_customer()).file.path).stat().st_mode & 0o777 == 0o600

    def test_an_empty_document_is_refused(self) -> None:
        with pytest.raises(ValueError, match="empty"):
            an_upload(a_customer(), b"")

    def test_a_storage_that_is_down_stores_no_row(self, settings: Settings) -> None:
        customer = a_customer()
        settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.StorageThatIsDown"}}

        with pytest.raises(StorageUnavailable, match="try again"):
            an_upload(customer, CONTENT)
        assert Upload.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_sent_at_the_same_time_are_all_stored_whole() -> None:
    customer = a_customer()
    content = b"%PDF-1.7 " + b"x" * 3_000_000
    start = threading.Barrier(4)
    stored: list[Upload] = []

    def store() -> None:
        try:
            start.wait(timeout=20)
            stored.append(an_upload(customer, content))
        finally:
            connection.close()

    threads = [threading.Thread(target=store) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(stored) == 4
    assert all(read_upload(upload) == content for upload in stored)


@pytest.mark.django_db
class TestReading:
    def test_a_file_that_is_gone_is_missing_for_good(self) -> None:
        upload = an_upload(a_customer())
        upload.file.storage.delete(str(upload.file.name))

        with pytest.raises(StoredDocumentMissing, match="send the document again"):
            read_upload(upload)

    def test_a_file_that_was_changed_is_missing_for_good(self) -> None:
        upload = an_upload(a_customer(), CONTENT)
        Path(upload.file.path).write_bytes(b"X" + CONTENT[1:])

        with pytest.raises(StoredDocumentMissing, match="no longer what was sent"):
            read_upload(upload)

    def test_a_storage_that_does_not_answer_is_worth_another_try(self, settings: Settings) -> None:
        upload = an_upload(a_customer())
        settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.StorageThatIsDown"}}

        with pytest.raises(StorageUnavailable, match="try again"):
            read_upload(Upload.objects.get(pk=upload.pk))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\Bill 7.pdf", "Bill 7.pdf"),
        ("a\x00b\r\nc\x1b.pdf", "ab c.pdf"),
        ("bill\u202efdp.exe", "billfdp.exe"),
        ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
        ("  two   spaces\u00a0here .pdf ", "two spaces here .pdf"),
        (".htaccess", "htaccess"),
        ("Rechnung Mu\u0308ller.pdf", "Rechnung Müller.pdf"),
        ("請求書.pdf", "請求書.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ("folder/", "document.pdf"),
        ("\u202e\u0007", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("x" * 300, "x" * 255),
    ],
)
def test_a_file_name_is_made_fit_for_showing(given: str, shown: str) -> None:
    assert clean_file_name(file_name=given, file_extension="pdf") == shown


@pytest.mark.parametrize(
    ("file_name", "extension", "saved_as"),
    [
        ("bill.pdf", "pdf", "bill.pdf"),
        ("bill.PDF", "pdf", "bill.PDF"),
        ("bill", "pdf", "bill.pdf"),
        ("bill.exe", "pdf", "bill.exe.pdf"),
        ("scan.jpeg", "jpg", "scan.jpeg"),
        ("scan.tif", "tiff", "scan.tif"),
        ("scan.html", "png", "scan.html.png"),
    ],
)
def test_a_document_is_saved_under_its_own_extension(file_name: str, extension: str, saved_as: str) -> None:
    assert download_name(Upload(file_name=file_name, file_extension=extension)) == saved_as


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "lost"},
        {"document_type": "letter"},
        {"content_length": 0},
        {"file": ""},
        {"sha256": "ABC"},
        {"page_count": 0},
    ],
)
def test_the_database_refuses_a_row_that_cannot_be(wrong: dict[str, Any]) -> None:
    upload = an_upload(a_customer())

    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(**wrong)


@pytest.mark.django_db
class TestBackOffice:
    def operator(self, *, is_superuser: bool = True) -> Client:
        user = User.objects.create_user(
            "operator", password="a long password", is_staff=True, is_superuser=is_superuser
        )
        client = Client()
        client.force_login(user)
        return client

    def test_an_operator_fetches_the_document_as_an_attachment(self) -> None:
        upload = an_upload(a_customer(), CONTENT, 'a "quoted" name.html')
        client = self.operator()

        page = client.get(reverse("admin:invoices_upload_change", args=[upload.pk]))
        answer = client.get(reverse("admin:invoices_upload_download", args=[upload.pk]))

        assert reverse("admin:invoices_upload_download", args=[upload.pk]) in page.content.decode()
        assert answer.content == CONTENT
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="a \\"quoted\\" name.html.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]

    def test_nobody_else_does(self) -> None:
        url = reverse("admin:invoices_upload_download", args=[an_upload(a_customer()).pk])

        assert Client().get(url).status_code == 302
        assert self.operator(is_superuser=False).get(url).status_code == 404

    def test_a_missing_document_is_told_on_its_page(self) -> None:
        upload = an_upload(a_customer())
        upload.file.storage.delete(str(upload.file.name))

        answer = self.operator().get(reverse("admin:invoices_upload_download", args=[upload.pk]), follow=True)

        assert answer.status_code == 200
        assert "send the document again" in answer.content.decode()

    def test_an_unknown_upload_is_not_there(self) -> None:
        assert self.operator().get(reverse("admin:invoices_upload_download", args=[uuid4()])).status_code == 404

    def test_the_list_can_be_searched(self) -> None:
        an_upload(a_customer(), CONTENT, "needle.pdf")

        page = self.operator().get(reverse("admin:invoices_upload_changelist"), {"q": "needle"})

        assert "needle.pdf" in page.content.decode()
