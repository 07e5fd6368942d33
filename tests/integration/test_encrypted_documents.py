"""Documents encrypted at rest: nothing of them lies about, old ones stay readable, and a missing key loses nothing."""

import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from config.environment import storage
from invoices import stored_files
from invoices.document_keys import key_id_of, keys_from, new_key
from invoices.models import Upload
from invoices.uploads import StorageUnavailable, read_upload
from ocr.models import OcrJob, OcrRun
from ocr.page_images import page_picture
from ocr.processing import process_job
from tests.api.conftest import client_for
from tests.documents import as_base64, invoice_pdf
from tests.ledger import a_customer, an_upload
from tests.services import ROOT

pytestmark = pytest.mark.django_db

OLD, NEW = new_key(), new_key()
OLD_ID, NEW_ID = keys_from((OLD, NEW)).keys[0].id, keys_from((OLD, NEW)).keys[1].id
CONTENT = b"%PDF-1.7 an invented document"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.STORAGES = settings.STORAGES | {"default": storage("", folder=tmp_path / "uploads")}
    settings.PAGE_IMAGES_DIR = tmp_path / "pages"
    return tmp_path


@pytest.fixture
def use(settings: Settings) -> Callable[..., None]:
    """Sets DOCUMENT_KEYS, as a process that is started again finds them."""

    def set_keys(*keys: str) -> None:
        settings.DOCUMENT_KEYS = keys
        settings.STORAGES = dict(settings.STORAGES)

    return set_keys


Use = Callable[..., None]


def stored_form(upload: Upload) -> bytes:
    return Path(upload.file.path).read_bytes()


def command(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def post(customer: Any, content: bytes) -> OcrJob:
    body = {"base64_file": as_base64(content), "customer_id": str(customer.pk)}
    answer = client_for([customer]).post("/v2/invoices/ocr", body)
    assert answer.status_code == 202, answer.content
    return OcrJob.objects.get(pk=answer.json()["job_id"])


def shared_sequences(folder: Path, content: bytes, *, length: int = 16) -> list[str]:
    """The files that hold any `length` bytes of the content in a row."""
    sequences = {content[start : start + length] for start in range(len(content) - length + 1)}
    found = []
    for path in (path for path in folder.rglob("*") if path.is_file()):
        held = path.read_bytes()
        if any(held[start : start + length] in sequences for start in range(len(held) - length + 1)):
            found.append(path.name)
    return found


def test_no_sequence_of_a_document_lies_in_the_folder_and_the_api_sees_no_difference(folder: Path, use: Use) -> None:
    customer, content = a_customer(), invoice_pdf()
    use()
    plain = post(customer, content)
    assert shared_sequences(folder, content) == [Path(str(plain.upload.file.name)).name]  # what is looked for is found
    plain.upload.file.storage.delete(str(plain.upload.file.name))
    use(NEW)

    job = post(customer, content)
    process_job(job.pk)
    picture = page_picture(job=job, number=1)

    assert len([path for path in folder.rglob("*") if path.is_file()]) == 3  # document, picture, and the key's name
    assert shared_sequences(folder, content) == shared_sequences(folder, picture) == []
    client, url = client_for([customer]), f"/v2/uploads/{job.upload_id}"
    before, row = client.get(f"/v2/uploads/{plain.upload_id}").json(), client.get(url).json()
    assert (row["sha256"], row["content_length"]) == (before["sha256"], len(content))
    assert client.get(f"{url}/content").content == content
    part = client.get(f"{url}/content", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, content[100:200])
    job.refresh_from_db()
    assert (job.state, job.result["total"]) == ("finished", "1190.00")


def test_documents_of_before_stay_readable_and_are_encrypted_on_demand(use: Use) -> None:
    customer = a_customer()
    use()
    uploads = [an_upload(customer, CONTENT + bytes([number])) for number in range(3)]
    use(OLD)
    uploads.append(an_upload(customer, CONTENT))
    assert [read_upload(upload)[: len(CONTENT)] for upload in uploads] == [CONTENT] * 4

    told = command("encrypt_documents")
    assert "3 documents are stored as they are" in told
    assert f"1 documents are encrypted with the first key, {OLD_ID}" in told
    assert [key_id_of(stored_form(upload)) for upload in uploads] == [None, None, None, OLD_ID]

    assert "3 documents were encrypted with the first key; 1 were so before" in command("encrypt_documents", "--yes")
    assert {key_id_of(stored_form(upload)) for upload in uploads} == {OLD_ID}
    assert "0 documents were encrypted" in command("encrypt_documents", "--yes")
    assert [read_upload(upload)[: len(CONTENT)] for upload in uploads] == [CONTENT] * 4


def test_a_key_is_replaced_and_the_old_one_may_go(use: Use, client: Any) -> None:
    use(OLD)
    upload = an_upload(a_customer(), CONTENT)
    use(NEW, OLD)
    assert read_upload(upload) == CONTENT

    assert "No document needs an older key" in command("encrypt_documents", "--yes")

    use(NEW)
    assert key_id_of(stored_form(upload)) == NEW_ID
    assert read_upload(upload) == CONTENT
    assert client.get("/readyz").json()["checks"]["storage"] == "ok"


def test_encrypting_that_breaks_off_leaves_every_document_readable_and_goes_on(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    use()
    customer = a_customer()
    uploads = [an_upload(customer, CONTENT + bytes([number])) for number in range(4)]
    use(NEW)
    replaced: list[Path] = []
    replace = Path.replace

    def break_off(self: Path, target: Path) -> Path:
        if len(replaced) == 2:
            raise OSError(28, "No space left on device")
        replaced.append(target)
        return replace(self, target)

    with monkeypatch.context() as full:
        full.setattr(Path, "replace", break_off)
        with pytest.raises(CommandError, match=r"look at the disk of .* run it again, and it goes on from there"):
            command("encrypt_documents", "--yes")

    assert [read_upload(upload)[: len(CONTENT)] for upload in uploads] == [CONTENT] * 4
    assert "2 documents were encrypted with the first key; 2 were so before" in command("encrypt_documents", "--yes")


def test_what_cannot_be_decrypted_is_left_alone_and_named(use: Use) -> None:
    use(OLD)
    customer = a_customer()
    locked, damaged = an_upload(customer, CONTENT), None
    use(NEW)
    damaged = an_upload(customer, CONTENT + b"2")
    use(new_key(), NEW)
    Path(damaged.file.path).write_bytes(stored_form(damaged)[:-1] + b"?")
    before = stored_form(locked), stored_form(damaged)

    with pytest.raises(CommandError, match="2 documents stay as they are; keep the older keys"):
        command("encrypt_documents", "--yes")

    assert (stored_form(locked), stored_form(damaged)) == before
    use(NEW, OLD)
    assert read_upload(locked) == CONTENT


@pytest.mark.parametrize("keys", [(), (NEW,)], ids=["no key", "another key"])
def test_while_the_key_is_missing_the_job_waits_and_everybody_is_told(
    keys: tuple[str, ...], use: Use, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    use(OLD)
    customer = a_customer()
    job = post(customer, invoice_pdf())
    use(*keys)
    for _ in range(4):  # one more than a document may crash the worker
        process_job(job.pk)
    answer = client_for([customer]).get(f"/v2/uploads/{job.upload_id}/content")
    ready = client.get("/readyz")

    job.refresh_from_db()
    assert (job.state, job.attempts, OcrRun.objects.count()) == ("queued", 0, 0)
    assert (answer.status_code, answer.json()["error"]) == (503, "storage_unavailable")
    assert "the service lacks the key for it; tell whoever runs it. Nothing is lost" in answer.json()["message"]
    assert (ready.status_code, OLD_ID in ready.json()["checks"]["storage"]) == (503, True)
    assert OLD_ID in caplog.text
    with pytest.raises(SystemCheckError, match=f"{OLD_ID}, which DOCUMENT_KEYS does not have"):
        command("check", "--deploy", "--tag", "documents")
    assert OLD not in caplog.text + ready.text + answer.text

    use(*keys, OLD)
    process_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("finished", 1)
    assert "no issues" in command("check", "--deploy", "--tag", "documents")


def test_a_process_that_lost_its_keys_stores_nothing_as_it_is(folder: Path, use: Use) -> None:
    use(OLD)
    customer = a_customer()
    an_upload(customer, CONTENT)
    use()

    with pytest.raises(StorageUnavailable, match="did not take the document"):
        an_upload(customer, CONTENT + b" the next one")

    assert shared_sequences(folder, CONTENT) == []


def test_a_document_whose_key_is_lost_for_good_can_be_sent_again(use: Use) -> None:
    use(OLD)
    customer = a_customer()
    an_upload(customer, CONTENT)
    use(NEW)

    assert read_upload(an_upload(customer, CONTENT)) == CONTENT


def test_pictures_of_before_are_not_kept(folder: Path, use: Use) -> None:
    use()
    job = post(a_customer(), invoice_pdf(pages=2))
    process_job(job.pk)
    first = page_picture(job=job, number=1)
    use(OLD)
    assert page_picture(job=job, number=1) == first
    assert [path.suffix for path in (folder / "pages").iterdir()] == [f".{OLD_ID}"]

    use(NEW, OLD)
    command("encrypt_documents", "--yes")
    assert list((folder / "pages").iterdir()) == []


def test_a_purged_document_is_not_brought_back_by_encrypting_it(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    use()
    upload = an_upload(a_customer(), CONTENT)
    use(NEW)
    lock = stored_files.lock_name

    def purge_first(name: str) -> None:
        upload.file.storage.delete(name)
        lock(name)

    monkeypatch.setattr(stored_files, "lock_name", purge_first)

    assert "0 documents were encrypted" in command("encrypt_documents", "--yes")
    assert not Path(upload.file.path).exists()


class TestSettings:
    @staticmethod
    def start(**variables: str) -> "subprocess.CompletedProcess[str]":
        code = "from config import settings as s; print(len(s.DOCUMENT_KEYS), getattr(s, 'FILE_UPLOAD_HANDLERS', None))"
        environment = {"PATH": os.environ["PATH"], "PAYDRAFT_DATA_DIR": os.environ["PAYDRAFT_DATA_DIR"], **variables}
        return subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    def test_keys_come_from_a_file_and_forms_then_pass_through_no_temporary_file(self, tmp_path: Path) -> None:
        file = tmp_path / "keys"
        file.write_text(f"{NEW}\n{OLD}\n", encoding="utf-8")

        started = self.start(DOCUMENT_KEYS_FILE=str(file))

        assert started.stdout.split(maxsplit=1) == [
            "2",
            "['django.core.files.uploadhandler.MemoryFileUploadHandler']\n",
        ]

    @pytest.mark.parametrize(
        ("variables", "told"),
        [
            ({"DOCUMENT_KEYS": "secret"}, "DOCUMENT_KEYS: key 1 is not 32 bytes in base64; make one with"),
            ({"DOCUMENT_KEYS": NEW, "DOCUMENT_KEYS_FILE": "/dev/null"}, "not both"),
            ({"DOCUMENT_KEYS_FILE": "/dev/null"}, "there is no key in /dev/null"),
            ({"DOCUMENT_KEYS_FILE": "/nowhere"}, "/nowhere cannot be read"),
        ],
    )
    def test_what_cannot_be_meant_stops_the_start(self, variables: dict[str, str], told: str) -> None:
        started = self.start(**variables)

        assert (started.returncode, told in started.stderr) == (1, True), started.stderr

    def test_a_key_that_the_command_makes_is_one(self) -> None:
        assert len(keys_from((command("make_document_key").strip(),)).keys) == 1
