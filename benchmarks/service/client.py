"""A client that keeps its connection, as programs do, and measures from its own side."""

import base64
import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from benchmarks.service.site import Site

PATIENCE_SECONDS = 300.0
ACCEPTED = 202


class Unanswered(Exception):
    """The service answered otherwise than it should, or not at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any
    seconds: float


class Client:
    """For one thread. Raises `Unanswered`."""

    def __init__(self, site: Site, *, customer_id: str = "", key: str = "") -> None:
        self._connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=60)
        self._customer_id = customer_id or site.customer_id
        self._headers = {"Authorization": f"Bearer {key or site.key}", "Content-Type": "application/json"}

    def prepared(self, content: bytes) -> bytes:
        """The body of a POST; made beforehand, so that only the service is measured."""
        body = {"base64_file": base64.b64encode(content).decode(), "customer_id": self._customer_id}
        return json.dumps(body).encode()

    def post(self, body: bytes) -> Answer:
        answer = self._ask("POST", "/v2/invoices/ocr", body)
        if answer.status != ACCEPTED:
            raise Unanswered(f"POST was answered {answer.status}: {str(answer.body)[:300]}")
        return answer

    def poll(self, job_id: str, *, tag: str = "") -> Answer:
        return self._ask("GET", f"/v2/invoices/ocr/{job_id}", None, {"If-None-Match": tag} if tag else {})

    def wait(self, job_id: str, *, interval: float) -> Answer:
        """The answer of the job that has ended."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while (answer := self.poll(job_id)).status == ACCEPTED:
            if time.monotonic() > give_up_at:
                raise Unanswered(f"job {job_id} was not done after {PATIENCE_SECONDS:.0f} s")
            time.sleep(interval)
        return answer

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str] | None = None) -> Answer:
        started = time.perf_counter()
        try:
            self._connection.request(method, path, body, {**self._headers, **(headers or {})})
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            # A connection that lay idle for longer than the server keeps it: a client opens the next one.
            self._connection.close()
            self._connection.request(method, path, body, {**self._headers, **(headers or {})})
            response = self._connection.getresponse()
            content = response.read()
        seconds = time.perf_counter() - started
        return Answer(response.status, dict(response.headers), json.loads(content or b"null"), seconds)
