"""OpenStack Swift as a process of the tests' own, and its STORAGE_URL. Mark the tests with `object_storage`."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3

from tests.services import OBJECT_STORAGE_PYTHON, ROOT

ACCESS_KEY = "test:tester"
SECRET = "a-secret/with+what@has:to?be=encoded"
BUCKET = "documents"


@dataclass(frozen=True)
class ObjectStore:
    """A running server; `frozen` makes one that takes connections and never answers."""

    port: int
    process: "subprocess.Popen[bytes]"

    def url(self, *, secret: str = SECRET, bucket: str = BUCKET, timeout: int = 10, port: int | None = None) -> str:
        """The STORAGE_URL of a bucket."""
        key = f"{quote(ACCESS_KEY, safe='')}:{quote(secret, safe='')}"
        return f"s3://{key}@127.0.0.1:{port or self.port}/{bucket}?region=us-east-1&tls=0&timeout={timeout}"

    @cached_property
    def client(self) -> Any:
        """The same server seen by another client than the service's."""
        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )

    def names(self) -> list[str]:
        return [row["Key"] for row in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    @contextmanager
    def frozen(self) -> Iterator[None]:
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.thaw()

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """The server over an empty folder, with an empty bucket."""
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        process = subprocess.Popen(
            [OBJECT_STORAGE_PYTHON, ROOT / "tests/swift_server.py", folder, SECRET], stdout=subprocess.PIPE, stderr=log
        )
    with process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline()
            assert port, f"Swift did not start: {Path(log.name).read_text(encoding='utf-8')}"
            store = ObjectStore(port=int(port), process=process)
            store.client.create_bucket(Bucket=BUCKET)
            yield store
        finally:
            process.kill()
