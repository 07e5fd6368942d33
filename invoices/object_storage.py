"""Documents on S3 or what speaks it: every call ends in time, writes whole objects, and says what to change."""

import threading
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    SSLError,
)
from botocore.exceptions import (
    ConnectionError as Unreachable,
)
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

# Above any document: parts of an upload that was cut off would lie in the bucket for ever, seen and paid by nobody.
ONE_PART = 5 * 1024**3
PROBE_SECONDS = 2  # less than /readyz waits; a check that many ask, and wait for
CONNECT_SECONDS = 5


class ObjectStorage(S3Storage):  # type: ignore[misc]
    """Waits `timeout` seconds for an answer, and asks once more before it gives up."""

    def __init__(self, *, timeout: int, **options: Any) -> None:
        waiting = Config(
            connect_timeout=min(timeout, CONNECT_SECONDS),
            read_timeout=timeout,
            retries={"mode": "standard", "total_max_attempts": 2},
        )
        super().__init__(
            client_config=waiting,
            transfer_config=TransferConfig(multipart_threshold=ONE_PART, use_threads=False),
            **options,
        )
        self._probe_lock = threading.Lock()
        self._probe_client: Any = None

    def problem(self) -> str | None:
        """What keeps documents from being stored, as a sentence; None when the bucket is there for our key."""
        try:
            self._probe().head_bucket(Bucket=self.bucket_name)
        except (BotoCoreError, ClientError) as error:
            return self.reason(error)
        return None

    def reason(self, error: Exception) -> str:
        """Why the storage raised this error, with what to change."""
        if isinstance(error, (NoCredentialsError, PartialCredentialsError)):
            return "STORAGE_URL has no key and secret, and none are found on this machine; write key:secret@ into it."
        if isinstance(error, SSLError):
            return f"TLS with {self._place} failed; put tls=0 into STORAGE_URL if it speaks plain HTTP. {error}"
        if isinstance(error, (Unreachable, HTTPClientError)):
            return f"{self._place} does not answer; look at STORAGE_URL and at the storage itself."
        if isinstance(error, ClientError):
            return self._refusal(error)
        return f"{self._place}: {type(error).__name__}: {error}; look at STORAGE_URL."

    def replace(self, name: str, stored: bytes) -> None:
        """An object is replaced in one step."""
        self.save(name, ContentFile(stored))

    def names_in(self, folder: str) -> list[str]:
        """The names of up to a thousand objects there; asked in checks of health, and as quick as those."""
        listed = self._probe().list_objects_v2(Bucket=self.bucket_name, Prefix=f"{folder}/")
        return [row["Key"].removeprefix(f"{folder}/") for row in listed.get("Contents", [])]

    def head(self, name: str, length: int) -> bytes:
        """The first bytes, without those that follow. Raises FileNotFoundError."""
        try:
            answer = self.connection.meta.client.get_object(
                Bucket=self.bucket_name, Key=name, Range=f"bytes=0-{length - 1}"
            )
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code == "InvalidRange":
                return b""  # of an empty object
            if code in {"NoSuchKey", "404"}:
                raise FileNotFoundError(name) from error
            raise
        with answer["Body"] as body:
            return bytes(body.read())

    def _refusal(self, error: ClientError) -> str:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        code = error.response.get("Error", {}).get("Code", "")
        if status in {401, 403}:
            return (
                f"{self._place} refuses our key ({code}): correct key and secret in STORAGE_URL, each percent-encoded, "
                f"or give the key the rights to list, read and write in the bucket {self.bucket_name}."
            )
        if status == 404:
            return f"{self._place} has no bucket {self.bucket_name}; create it, or correct its name in STORAGE_URL."
        if status in {301, 307} or code in {"AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}:
            return f"The bucket {self.bucket_name} lies in another region; set region= in STORAGE_URL to it."
        return f"{self._place} answered {status} ({code}); look at the storage itself."

    @property
    def _place(self) -> str:
        return f"The object storage at {self.endpoint_url or 'Amazon S3'}"

    def _probe(self) -> Any:
        """A client that gives up sooner: a check of health is asked often, and by many. Clients, unlike what the rest
        uses, serve any number of threads at once; making one takes long."""
        with self._probe_lock:
            if self._probe_client is None:
                sooner = Config(
                    connect_timeout=PROBE_SECONDS,
                    read_timeout=PROBE_SECONDS,
                    retries={"mode": "standard", "total_max_attempts": 1},
                )
                self._probe_client = self._create_session().client(
                    "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=sooner
                )
            return self._probe_client
