"""A database whose rows other threads see, and one running service for all that need no more than one."""

from collections.abc import Iterator
from functools import partial

import pytest

from config.health import probes
from config.health.asking import answers
from tests.object_storage import ObjectStore, object_store
from tests.running import Service, service


@pytest.fixture(autouse=True)
def unhurried_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of /readyz that takes long on a busy machine has not failed; what hangs is tried on a running service."""
    monkeypatch.setattr(probes, "answers", partial(answers, seconds=60))


@pytest.fixture
def committed(transactional_db: None) -> None:
    """A database that other threads see."""


@pytest.fixture(scope="package")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The embedded service; starting it takes longer than most of what is asked of it."""
    with service(directory=tmp_path_factory.mktemp("embedded")) as running_service:
        yield running_service


@pytest.fixture(scope="session")
def object_store_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    """One S3 server for all tests; each has a customer of its own in it. Mark the test with `object_storage`."""
    with object_store(tmp_path_factory.mktemp("swift") / "data") as store:
        yield store
