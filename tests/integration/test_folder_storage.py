"""Documents in a local folder: whole or not there, and only missing when it is the file that is missing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from invoices.storages import FolderGone, FolderStorage
from invoices.uploads import StorageUnavailable, read_upload
from tests.ledger import a_customer, an_upload


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(location=tmp_path / "uploads")


class CutOff(ContentFile):  # type: ignore[type-arg]  # which it takes in the stubs alone
    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"the first half"
        raise OSError(28, "No space left on device")


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(params=["a file without a name", "a file with a name of its own"])
def _kind_of_file(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "own" in request.param:
        monkeypatch.delattr(os, "O_TMPFILE")


@pytest.mark.usefixtures("_kind_of_file")
def test_a_write_that_is_cut_off_leaves_nothing(storage: FolderStorage) -> None:
    with pytest.raises(OSError, match="No space left"):
        storage.save("a/document", CutOff(b"whole"))

    assert files_in(Path(storage.location)) == []


@pytest.mark.usefixtures("_kind_of_file")
def test_a_name_that_is_taken_is_left_alone(storage: FolderStorage) -> None:
    first = storage.save("a/document", ContentFile(b"one"))
    Path(storage.path("a/other")).write_bytes(b"taken")

    second = storage.save("a/other", ContentFile(b"two"))

    assert (first, second != "a/other") == ("a/document", True)
    with storage.open(second) as file:
        assert file.read() == b"two"
    assert len(files_in(Path(storage.location))) == 3


def test_only_the_service_may_read_what_it_wrote(storage: FolderStorage) -> None:
    storage.file_permissions_mode = 0o600  # as in the settings

    name = storage.save("document", ContentFile(b"one"))

    assert os.stat(storage.path(name)).st_mode & 0o777 == 0o600  # noqa: PTH116


def test_a_folder_that_is_gone_is_another_matter_than_a_file_that_is(storage: FolderStorage) -> None:
    name = storage.save("a/document", ContentFile(b"one"))

    Path(storage.path(name)).unlink()
    with pytest.raises(FileNotFoundError) as missing:
        storage.open(name)
    assert not isinstance(missing.value, FolderGone)

    shutil.rmtree(storage.location)
    with pytest.raises(FolderGone, match="is its disk mounted"):
        storage.open(name)


@pytest.mark.django_db
def test_a_document_waits_while_the_disk_of_the_folder_is_not_mounted() -> None:
    upload = an_upload(a_customer())
    folder = Path(upload.file.path).parent
    away = folder.rename(folder.with_name("away"))

    with pytest.raises(StorageUnavailable):
        read_upload(upload)

    away.rename(folder)
    assert read_upload(upload)
