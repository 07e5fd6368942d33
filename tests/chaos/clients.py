"""What customers' programs do: post each document once, with a key, until it is taken; then ask for its end."""

import base64
import http.client
import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.chaos.stock import Document

log = logging.getLogger(__name__)

GIVE_UP_SECONDS = 600.0  # the key of a request that was killed is free again after a minute and a half
_PAUSES = (0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Account:
    """A customer of the run, with its API key."""

    customer_id: str
    api_key: str


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` 0: no answer came."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Try:
    """One request with a document. Times are seconds since the epoch."""

    began: float
    ended: float
    status: int


@dataclass
class Sent:
    """A document on its way. `job_ids` are all that a 202 has ever named for it; one, if all is well."""

    document: Document
    account: Account
    job_ids: list[str] = field(default_factory=list)
    upload_id: str = ""
    tries: list[Try] = field(default_factory=list)
    end: int = 0
    ended: float = 0.0


def call(url: str, method: str, path: str, *, account: Account, body: Any = None, key: str = "") -> Reply:
    """One request on a connection of its own. Never raises for what the service or the network does."""
    headers = {"Authorization": f"Bearer {account.api_key}", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
        is_json = response.headers.get_content_type() == "application/json"
        return Reply(response.status, json.loads(content) if is_json and content else None, dict(response.headers))
    except (OSError, http.client.HTTPException, ValueError):
        return Reply(0)
    finally:
        connection.close()


class Clients:
    """Threads that post what `next_document` hands them, and one more that asks for the ends of jobs.

    A webhook wakes the asking; without one it asks every so often.
    """

    def __init__(self, *, url: str, accounts: list[Account], most_open: int) -> None:
        self.url, self.accounts = url, accounts
        self.sent: list[Sent] = []
        self.statuses: Counter[int] = Counter()
        self.strangers_seen: list[str] = []
        self._open: dict[str, tuple[Sent, float]] = {}
        self._slots = threading.BoundedSemaphore(most_open)
        self._lock = threading.Lock()

    @property
    def accepted(self) -> int:
        return len(self.sent)

    @property
    def open(self) -> int:
        return len(self._open)

    def post(self, document: Document) -> None:
        """Returns when the document was taken and there is room for more. Raises TimeoutError when it never is."""
        self._slots.acquire()
        account = self.accounts[document.number % len(self.accounts)]
        sent = Sent(document, account)
        body = {"base64_file": base64.b64encode(document.content).decode(), "customer_id": account.customer_id}
        give_up_at = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < give_up_at:
            began = time.time()
            reply = call(
                self.url,
                "POST",
                "/v2/invoices/ocr",
                account=account,
                body=body,
                key=f"document-{document.number}",
            )
            sent.tries.append(Try(began, time.time(), reply.status))
            with self._lock:
                self.statuses[reply.status] += 1
            if reply.status == 202:
                self._note(sent, reply)
                return
            time.sleep(_PAUSES[min(len(sent.tries), len(_PAUSES)) - 1])
        raise TimeoutError(f"document {document.number} was never taken; the last answer was {reply.status}")

    def wake(self, job_id: str) -> None:
        """A webhook says that the job has ended."""
        with self._lock:
            if job_id in self._open:
                self._open[job_id] = (self._open[job_id][0], 0.0)

    def ask(self, *, every: float) -> None:
        """Asks for the jobs whose time has come."""
        now = time.monotonic()
        with self._lock:
            due = [(job_id, sent) for job_id, (sent, at) in self._open.items() if at <= now]
        for job_id, sent in due:
            reply = call(self.url, "GET", f"/v2/invoices/ocr/{job_id}", account=sent.account)
            with self._lock:
                self._open[job_id] = (sent, time.monotonic() + every)
            if reply.status in (200, 422):
                self._end(job_id, sent, reply)
            elif reply.status in (401, 403, 404, 410):
                log.error("job %s: its own customer is answered %s", job_id, reply.status)

    def look_across(self, sent: Sent) -> None:
        """Asks for the job with the other customer's key, who must not see it."""
        other = next(account for account in self.accounts if account is not sent.account)
        reply = call(self.url, "GET", f"/v2/invoices/ocr/{sent.job_ids[0]}", account=other)
        if reply.status in (200, 202, 422):
            self.strangers_seen.append(sent.job_ids[0])

    def _note(self, sent: Sent, reply: Reply) -> None:
        job_id = str(reply.body["job_id"])
        sent.upload_id = str(reply.body["upload_id"])
        sent.job_ids.append(job_id)
        with self._lock:
            self.sent.append(sent)
            self._open[job_id] = (sent, time.monotonic() + 5.0)

    def _end(self, job_id: str, sent: Sent, reply: Reply) -> None:
        sent.end, sent.ended = reply.status, time.time()
        with self._lock:
            del self._open[job_id]
        self._slots.release()
        if sent.document.number % 10 == 0:
            self.look_across(sent)


class Posting:
    """Client threads over one stock of documents, none of which comes before its turn."""

    def __init__(self, *, clients: Clients, next_document: Callable[[], Document | None], threads: int) -> None:
        self.errors: list[str] = []
        self._clients, self._next = clients, next_document
        self._threads = [threading.Thread(target=self._post_all, name=f"client-{n}") for n in range(threads)]

    def start(self) -> None:
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def is_done(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _post_all(self) -> None:
        while (document := self._next()) is not None:
            try:
                self._clients.post(document)
            except TimeoutError as error:
                self.errors.append(str(error))
