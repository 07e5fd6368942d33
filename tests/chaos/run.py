"""One run: documents, faults as planned, and what is there afterwards. Needs Django set up for the run's database."""

import json
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.utils import timezone

from customers.keys import issue_key
from customers.models import Customer
from customers.scopes import SCOPES
from customers.webhooks.models import WebhookDelivery
from tests.chaos.clients import Account, Clients, Posting, call
from tests.chaos.faults import Fault, Measures, Struck
from tests.chaos.ledgers import claim_notes, end_notes, place_triggers
from tests.chaos.observed import Observed, observed
from tests.chaos.plan import Planned
from tests.chaos.servers import wait_until
from tests.chaos.site import Site, wait_until_up
from tests.chaos.stock import Document, stock
from tests.ledger import own_account, suppliers_account
from tests.receiver import Receiver, receiving

log = logging.getLogger(__name__)

CLIENT_THREADS = 24
MOST_OPEN = 60
AHEAD = 40  # documents that may be sent before the next fault is due
AT_ONCE = 5  # faults
POLL_SECONDS = 6.0
STANDSTILL_SECONDS = 420.0
SETTLE_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Load:
    seed: int
    jobs: int
    poisoned: frozenset[int]


class Standstill(RuntimeError):
    """Nothing has moved for minutes."""


class Run:
    """`progress` is told a line now and then."""

    def __init__(
        self,
        *,
        site: Site,
        load: Load,
        plan: tuple[Planned, ...],
        faults: dict[str, Fault],
        measures: Measures,
        progress: Callable[[str], None],
    ) -> None:
        self.site, self.load, self.plan, self.faults, self.measures = site, load, plan, faults, measures
        self.struck: list[Struck] = []
        self.problems: list[str] = []
        self.seconds = 0.0
        self._progress = progress
        self._parts: dict[str, threading.Lock] = {}
        self._documents = stock(seed=load.seed, count=load.jobs, poisoned=load.poisoned)
        self._lock = threading.Lock()
        self._handed_out = 0
        self._may_go_to = 0
        self._is_over = threading.Event()

    def carried_out(self) -> Observed:
        """Everything from the first document to what lies there in the end. Raises Standstill."""
        place_triggers(self.site.postgres.url())
        accounts = [_account(name) for name in ("Aldermoor Trading GmbH", "Fennwick Foods SARL")]
        connection.close()  # it would be cut with the others
        self.site.start_services()
        wait_until_up(self.site)
        began = time.monotonic()
        with receiving() as receiver:
            self.clients = Clients(url=self.site.url, accounts=accounts, most_open=MOST_OPEN)
            paths = {account.customer_id: _endpoint(self.site, account, receiver) for account in accounts}
            with self._asking(receiver):
                posting = Posting(clients=self.clients, next_document=self._next_document, threads=CLIENT_THREADS)
                posting.start()
                self._strike_all()
                self._wait_for_the_end(posting)
                self._settle()
            self.problems += posting.errors
            self.seconds = time.monotonic() - began
            listed = {account.customer_id: _listed(self.site, account) for account in accounts}
            for name in self.site.supervisor.programs:
                self.site.program(name).stop()
            return self._observed(receiver, paths, listed)

    def _observed(self, receiver: Receiver, paths: dict[str, str], listed: dict[str, set[str]]) -> Observed:
        with psycopg.connect(self.site.postgres.url()) as database:
            claims, ends = claim_notes(database), end_notes(database)
        seen = observed(
            sent=self.clients.sent,
            files=self.site.disk.files(),
            received=receiver.received,
            paths=paths,
            ends=ends,
        )
        seen.claims, seen.struck, seen.listed = claims, self.struck, listed
        seen.strangers_seen = self.clients.strangers_seen
        seen.audit_problem = self.site.audit_problem()
        return seen

    # --- the load

    def _next_document(self) -> Document | None:
        while True:
            with self._lock:
                if self._handed_out < self._may_go_to:
                    self._handed_out += 1
                    return next(self._documents, None)
                if self._handed_out >= self.load.jobs or self._is_over.is_set():
                    return None
            time.sleep(0.05)

    @contextmanager
    def _asking(self, receiver: Receiver) -> Iterator[None]:
        done = threading.Event()

        def ask() -> None:
            heard = 0
            while not done.wait(0.1):
                while heard < len(receiver.received):
                    self.clients.wake(_job_of(receiver.received[heard].body))
                    heard += 1
                self.clients.ask(every=POLL_SECONDS)

        thread = threading.Thread(target=ask, name="asking", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    # --- the faults

    def _strike_all(self) -> None:
        threads: list[threading.Thread] = []
        for planned in self.plan:
            due = int(planned.at * self.load.jobs)
            self._may_go_to = min(self.load.jobs, due + AHEAD)
            self._wait(lambda due=due: self.clients.accepted >= due)  # type: ignore[misc]
            fault, chance = self.faults[planned.kind], random.Random(planned.seed)  # noqa: S311
            parts = fault.holds(chance)
            struck = Struck(
                kind=fault.name, began=time.time(), worker=parts[0] if parts[:1] and "worker" in parts[0] else ""
            )
            threads = [thread for thread in threads if thread.is_alive()]
            self._wait(lambda threads=threads: sum(thread.is_alive() for thread in threads) < AT_ONCE)  # type: ignore[misc]
            for part in parts:
                self._wait(lambda part=part: self._parts.setdefault(part, threading.Lock()).acquire(blocking=False))  # type: ignore[misc]
            thread = threading.Thread(target=self._strike, args=(fault, chance, struck, parts), daemon=True)
            thread.start()
            threads.append(thread)
            self._tell(planned.number + 1)
        self._may_go_to = self.load.jobs
        for thread in threads:
            thread.join()

    def _strike(self, fault: Fault, chance: random.Random, struck: Struck, parts: tuple[str, ...]) -> None:
        struck.began = time.time()
        try:
            fault.strike(self.site, self.measures, chance, struck)
        except Exception as error:
            log.exception("the fault %r failed itself", fault.name)
            struck.error = f"{type(error).__name__}: {error}"
            self.problems.append(f"{fault.name}: {struck.error}")
        finally:
            struck.ended = struck.ended or time.time()
            self.struck.append(struck)
            for part in parts:
                self._parts[part].release()

    # --- progress and the end

    def _tell(self, number: int) -> None:
        ended = self.clients.accepted - self.clients.open
        self._progress(
            f"{number}/{len(self.plan)} faults, {self.clients.accepted}/{self.load.jobs} accepted, {ended} ended"
        )

    def _wait(self, is_so: Callable[[], bool]) -> None:
        """Raises Standstill when it does not come true and nothing moves either."""
        mark, since = self._mark(), time.monotonic()
        while not is_so():
            time.sleep(0.05)
            if self._mark() != mark:
                mark, since = self._mark(), time.monotonic()
            if time.monotonic() - since > STANDSTILL_SECONDS:
                self._is_over.set()
                raise Standstill(f"nothing has moved for {STANDSTILL_SECONDS:.0f} seconds")

    def _mark(self) -> tuple[int, ...]:
        return self.clients.accepted, self.clients.open, len(self.struck)

    def _wait_for_the_end(self, posting: Posting) -> None:
        self._wait(posting.is_done)
        try:
            self._wait(lambda: self.clients.open == 0)
        except Standstill as error:
            self.problems.append(str(error))  # what is stuck, the invariants name

    def _settle(self) -> None:
        """Until the webhooks are sent: one whose sender was killed waits for the end of its lease."""
        pending = WebhookDelivery.objects.filter(state=WebhookDelivery.State.PENDING)
        try:
            wait_until(lambda: not pending.exists(), what="webhooks are still waiting", seconds=SETTLE_SECONDS)
        except TimeoutError as error:
            self.problems.append(str(error))


def _account(legal_name: str) -> Account:
    customer = Customer.objects.create(legal_name=legal_name)
    own_account(customer, is_primary=True)
    suppliers_account(customer, is_primary=True)
    _, plain = issue_key(
        name="chaos", customers=[customer], scopes=SCOPES, expires_at=None, by="chaos", now=timezone.now()
    )
    return Account(customer_id=str(customer.pk), api_key=plain)


def _endpoint(site: Site, account: Account, receiver: Receiver) -> str:
    """The path at the receiver that the customer's events are sent to."""
    path = f"/hook/{account.customer_id}"
    body = {"customer_id": account.customer_id, "url": receiver.url.removesuffix("/hook") + path}
    reply = call(site.url, "POST", "/v2/webhook-endpoints", account=account, body=body)
    assert reply.status == 201, reply
    return path


def _listed(site: Site, account: Account) -> set[str]:
    """The jobs that the customer's list shows, page by page."""
    found: set[str] = set()
    while True:
        path = f"/v2/invoices/ocr?limit=100&offset={len(found)}&sort=created_at"
        reply = call(site.url, "GET", path, account=account)
        assert reply.status == 200, reply
        found |= {str(row["job_id"]) for row in reply.body["data"]}
        if not reply.body["has_more"]:
            return found


def _job_of(body: bytes) -> str:
    data: Any = json.loads(body)["data"]
    return str(data.get("job_id", ""))
