"""What every path begins with: tables, a customer with a key and an endpoint, and what the documents say."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.urls import get_resolver
from django.utils import timezone

from config.celery import app
from customers.keys import issue_key
from customers.scopes import SCOPES
from customers.webhooks.endpoints import add_endpoint
from ocr.extraction.fields import KnownPayer
from ocr.pipeline import Stopwatch, extract
from ocr.readers import close_sandbox, current_sandbox
from ocr.reading.document import UnreadableDocument
from ocr.reading.sandbox import ReadingResult
from tests.chaos.points import documents
from tests.chaos.points.worlds import World
from tests.jobs import paying_customer

Readings = dict[bytes, ReadingResult | UnreadableDocument]


def read_all(scratch: Path) -> None:
    """Has a real reading child read each document, and puts down what it said."""
    said: Readings = {}
    for kind in (documents.PDF, documents.EINVOICE, documents.UNREADABLE):
        content = documents.content_of(kind)
        try:
            said[content] = current_sandbox().read(content)
        except UnreadableDocument as error:
            said[content] = error
    scratch.write_bytes(pickle.dumps([(content, _kept(answer)) for content, answer in said.items()]))
    close_sandbox()


def _kept(answer: Any) -> Any:
    return (answer.code, answer.message) if isinstance(answer, UnreadableDocument) else answer


def readings_of(scratch: Path) -> Readings:
    """What `read_all` has put down."""
    said = pickle.loads(scratch.read_bytes())  # noqa: S301 — written by ourselves a moment ago
    return {
        content: UnreadableDocument(code=kept[0], message=kept[1]) if isinstance(kept, tuple) else kept
        for content, kept in said
    }


def load(readings: Readings) -> None:
    """Loads what each forked process would otherwise load for itself."""
    app.loader.import_default_modules()
    assert app.tasks
    assert get_resolver().url_patterns
    for reading in readings.values():
        if isinstance(reading, ReadingResult):
            extract(
                document=reading.document,
                payer=KnownPayer(names=(), vat_id="", ibans=(), emails=()),
                today=timezone.localdate(),
                strictness="balanced",
                stopwatch=Stopwatch(),
            )


def build(*, here: World, hook: str) -> None:
    """A migrated database with a customer, its key, and an endpoint for its webhooks."""
    call_command("migrate", verbosity=0)
    customer = paying_customer()
    _, key = issue_key(
        name="test", customers=(customer,), scopes=tuple(SCOPES), expires_at=None, by="test", now=timezone.now()
    )
    endpoint, _ = add_endpoint(customer=customer, fields={"url": hook}, by="test", now=timezone.now())
    here.note(customer_id=str(customer.pk), key=key, endpoint_id=str(endpoint.pk))


@contextmanager
def receiver(received: Path) -> Iterator[str]:
    """The address of a receiver of webhooks."""
    script = Path(__file__).with_name("receiver.py")
    with subprocess.Popen([sys.executable, str(script), str(received)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/hook"
        finally:
            process.kill()
