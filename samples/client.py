"""A client of the API as small as one can be: the standard library and a bearer key."""

import base64
import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

POLL_SECONDS = 180.0
# The service is on this machine, whatever proxy the environment names.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NoAnswer(Exception):
    """The service did not do what its contract says; the message says what it did."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` have lower-case names, `body` is the decoded JSON, `seconds` the time the exchange took."""

    status: int
    headers: Mapping[str, str]
    body: Any
    seconds: float


class Api:
    def __init__(self, *, base_url: str, key: str) -> None:
        self.base_url = base_url
        self._key = key

    def get(self, path: str) -> Answer:
        """`path` may also be a whole address, as a `Location` is."""
        return self._send(urllib.request.Request(urljoin(self.base_url, path)))  # noqa: S310 - http only

    def post(self, path: str, *, body: object, headers: Mapping[str, str]) -> Answer:
        return self._send(
            urllib.request.Request(  # noqa: S310 - http only
                urljoin(self.base_url, path),
                data=json.dumps(body).encode(),
                headers={"Content-Type": "application/json", **headers},
                method="POST",
            )
        )

    def send_invoice(self, *, file: Path, customer_id: str) -> tuple[Answer, str]:
        """Starts a job; returns the answer and the idempotency key. Raises NoAnswer unless it is 202."""
        key = str(uuid.uuid4())
        body = {
            "base64_file": base64.b64encode(file.read_bytes()).decode(),
            "customer_id": customer_id,
            "file_name": file.name,
        }
        answer = self.post("/v2/invoices/ocr", body=body, headers={"X-Idempotency-Key": key})
        if answer.status != 202 or "location" not in answer.headers:
            raise NoAnswer(f"POST /v2/invoices/ocr answered {answer.status}: {_message(answer)}")
        return answer, key

    def wait_for(self, location: str, *, retry_after: float) -> tuple[Answer, int]:
        """Polls as `Retry-After` says until the job is no longer 202; returns the answer and the number of polls."""
        deadline = time.monotonic() + POLL_SECONDS
        polls = 0
        while time.monotonic() < deadline:
            time.sleep(retry_after)
            answer = self.get(location)
            polls += 1
            if answer.status != 202:
                return answer, polls
            retry_after = float(answer.headers.get("retry-after", "1"))
        raise NoAnswer(f"The job was still not finished after {POLL_SECONDS:.0f} seconds.")

    def _send(self, request: urllib.request.Request) -> Answer:
        request.add_header("Authorization", f"Bearer {self._key}")
        started = time.monotonic()
        try:
            with OPENER.open(request, timeout=60) as response:
                status, headers, content = response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            with error:
                status, headers, content = error.code, error.headers, error.read()
        except OSError as error:
            raise NoAnswer(f"{request.get_method()} {request.full_url} got no answer: {error}.") from error
        seconds = time.monotonic() - started
        try:
            body = json.loads(content)
        except ValueError as error:
            raise NoAnswer(f"{request.full_url} answered {status} with something that is not JSON.") from error
        return Answer(
            status=status, headers={name.lower(): value for name, value in headers.items()}, body=body, seconds=seconds
        )


def _message(answer: Answer) -> str:
    return str(answer.body.get("message", answer.body)) if isinstance(answer.body, dict) else str(answer.body)
