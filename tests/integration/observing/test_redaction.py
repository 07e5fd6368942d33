"""Nothing of a document, a person or a secret reaches a log, a message, a figure, a trace or another's error.

Canaries are planted through every way in; afterwards they are looked for in both formats of the log, at DEBUG.
`pytest tests/integration/observing/test_redaction.py --canaries 10000 -s` plants so many, and prints what was searched.
"""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pymupdf
import pytest
import redis
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from opentelemetry.sdk.trace import ReadableSpan
from rest_framework.test import APIClient

from config.api.throttling import KeyThrottle
from config.celery import app
from customers.models import Customer
from customers.tasks import deliver
from customers.telemetry.log_lines import OWN, JsonFormatter, LineFormatter
from customers.webhooks.models import WebhookEndpoint
from customers.webhooks.outbox import record_test
from customers.webhooks.sending import Outcome
from invoices.uploads import StorageUnavailable
from ocr.models import OcrJob
from ocr.tasks import process
from tests.api.conftest import client_for
from tests.canaries import Canaries
from tests.documents import INVOICE_LINES, as_base64
from tests.ledger import a_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("figures")]


class Place:
    """An installation with a customer, and everything that comes out of it where it should not say much."""

    def __init__(self, canaries: Canaries, monkeypatch: pytest.MonkeyPatch) -> None:
        self.canaries, self.monkeypatch = canaries, monkeypatch
        self.customer: Customer = a_customer(canaries.name())
        self.client: APIClient = client_for([self.customer])
        self.client.raise_request_exception = False
        canaries.adopt(self.client._credentials["HTTP_AUTHORIZATION"].split()[1])  # type: ignore[attr-defined]
        self.answered: list[int] = []

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = self.client.generic(
            method, path, json.dumps(body) if body is not None else "", "application/json", headers=headers
        )
        self.answered.append(answer.status_code)
        return answer


def document(canaries: Canaries) -> bytes:
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=595, height=842)
        for x, y, size, text in INVOICE_LINES[2:]:
            page.insert_text((x, y), text.replace("DE02120300000000202051", canaries.iban()), fontsize=size)
        page.insert_text((72, 60), canaries.name(), fontsize=16)
        page.insert_text((72, 770), canaries.email(), fontsize=9)
        content: bytes = pdf.tobytes()
        return content


def post(place: Place, content: bytes) -> OcrJob:
    body = {"base64_file": as_base64(content), "customer_id": str(place.customer.pk)}
    made = place.send("POST", "/v2/invoices/ocr", body)
    return OcrJob.objects.get(pk=made.json()["job_id"])


def a_document_is_read(place: Place) -> None:
    job = post(place, document(place.canaries))
    process.apply((str(job.pk),))
    place.send("GET", f"/v2/invoices/ocr/{job.pk}?q={place.canaries.word()}")
    place.send("GET", f"/v2/invoices/ocr/{job.pk}/evidence")
    place.send("POST", f"/v2/invoices/ocr/{job.pk}/reprocess", {})
    process.apply((str(job.pk),))


def a_file_is_sent_as_form_data(place: Place) -> None:
    file = SimpleUploadedFile(place.canaries.file_name(), document(place.canaries), "application/pdf")
    answer = place.client.post(
        "/v2/invoices/ocr", {"customer_id": str(place.customer.pk), "file": file}, format="multipart"
    )
    place.answered.append(answer.status_code)


def documents_fail(place: Place) -> None:
    canaries = place.canaries
    name_space = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
    xml = f"<?xml version='1.0'?><Invoice xmlns='{name_space}'><{canaries.word()}>"
    process.apply((str(post(place, xml.encode()).pk),))
    process.apply((str(post(place, b"%PDF-1.7\n" + canaries.iban().encode()).pk),))


def the_work_crashes(place: Place) -> None:
    def crash(*_: Any, **__: Any) -> Any:
        try:
            json.loads(place.canaries.iban())
        except ValueError as error:
            raise LookupError(f"unknown account {place.canaries.iban()}") from error

    for target in ("ocr.processing.extract", "ocr.processing.save", "ocr.processing.read_upload"):
        job = post(place, document(place.canaries))
        with place.monkeypatch.context() as patched:
            patched.setattr(target, crash)
            process.apply((str(job.pk),))
        OcrJob.objects.filter(pk=job.pk).update(state="queued", lease_expires_at=None)
    with place.monkeypatch.context() as patched:
        patched.setattr("ocr.processing.process_job", crash)
        process.apply((str(job.pk),))


def the_storage_fails(place: Place) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise StorageUnavailable("The storage is away.") from ConnectionError(place.canaries.file_name())

    job = post(place, document(place.canaries))
    with place.monkeypatch.context() as patched:
        patched.setattr("ocr.processing.read_upload", fail)
        process.apply((str(job.pk),))


def bodies_are_refused(place: Place) -> None:
    make = place.canaries
    paths = ("/v2/counterparties", "/v2/transfers/create", "/v2/invoices", "/v2/webhook-endpoints", "/v2/invoices/ocr")
    for path in paths:
        place.send("POST", path, {make.word(): make.name(), "iban": make.iban(), "email": make.email()})
        place.send("POST", path, [make.name()])
        place.client.generic("POST", path, f'{{"iban": "{make.iban()}', "application/json")
        place.client.generic("POST", path, make.email(), f"text/{make.word()}")
        place.send("POST", f"{path}/{make.word()}?iban={make.iban()}", {})
    place.send("POST", "/v2/counterparties/bank-accounts", {"iban": make.iban()[:-1], "counterparty_id": make.word()})


def counterparties_are_written(place: Place) -> None:
    make = place.canaries
    body = {
        "customer_id": str(place.customer.pk),
        "legal_name": make.name(),
        "type": "business",
        "metadata": {make.word(): make.word()},
        "contacts": [{"type": "email", "value": make.email()}],
    }
    made = place.send("POST", "/v2/counterparties", body, **{"X-Idempotency-Key": make.word()})
    assert made.status_code == 201, made.content
    for each in (make.iban(), make.iban()):
        account = {"counterparty_id": made.json()["id"], "iban": each, "currency": "EUR"}
        answers = [place.send("POST", "/v2/counterparties/bank-accounts", account) for _ in range(2)]
        # One that is added later waits for a second person.
        assert answers[0].status_code in (201, 202), answers[0].content
    place.send("GET", f"/v2/counterparties?search.legal_name={make.word()}&sort={make.word()}")


def the_service_fails(place: Place) -> None:
    make = place.canaries
    for error in (RuntimeError, IntegrityError, KeyError, UnicodeError):

        def fail(*_: Any, kind: type[Exception] = error, **__: Any) -> Any:
            raise kind(f"Key (iban)=({make.iban()}) of {make.name()} already exists")

        with place.monkeypatch.context() as patched:
            patched.setattr("counterparties.api.CounterpartyViewSet.list", fail)
            answer = place.send("GET", f"/v2/counterparties?search.legal_name={make.word()}")
            assert answer.status_code == 500
            assert not make.found_in(answer.content.decode())


def headers_lie(place: Place) -> None:
    make = place.canaries
    for headers in (
        {"Authorization": f"Bearer {make.word()}"},
        {"Authorization": make.iban()},
        {"Host": f"{make.word()}.example"},
        {"X-Request-Id": make.iban()},
        {"Cookie": f"sessionid={make.word()}"},
        {"User-Agent": make.name(), "Referer": f"https://{make.word()}.example/{make.iban()}"},
        {"Accept": f"text/{make.word()}"},
    ):
        Client(raise_request_exception=False, headers=headers).get(f"/v2/customers?q={make.word()}")
    Client().get(f"/{make.word()}/{make.iban()}")


def logins_fail(place: Place) -> None:
    make = place.canaries
    user = make.word()
    User.objects.create_user(user, make.email(), "right", is_staff=True)
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        Client().post("/admin/login/", {"username": user, "password": make.word()})
    Client().post("/admin/login/", {"username": make.email(), "password": make.word()})
    Client().post(f"/admin/login/?next=https://{make.word()}.example/", {"username": make.word()})
    Client(enforce_csrf_checks=True).post("/admin/login/", {"username": make.word()})


def webhooks_fail(place: Place) -> None:
    make = place.canaries
    body = {"customer_id": str(place.customer.pk), "url": f"https://{make.word()}.example/{make.word()}"}
    made = place.send("POST", "/v2/webhook-endpoints", {**body, "description": make.name()}).json()
    make.adopt(made["secret"])
    endpoint = WebhookEndpoint.objects.get(pk=made["id"])

    def crash(**_: Any) -> Outcome:
        raise OSError(f"{make.email()} at {make.iban()}")

    def refuse(**_: Any) -> Outcome:
        return Outcome(status=500, answer=make.name(), error=make.word())

    for send in (crash, refuse):
        rotated = place.send("POST", f"/v2/webhook-endpoints/{endpoint.pk}/rotate-secret", {}).json()
        make.adopt(rotated["secret"])
        record_test(endpoint=endpoint, now=timezone.now())
        with place.monkeypatch.context() as patched:
            patched.setattr("customers.webhooks.delivering.post", send)
            patched.setattr("customers.webhooks.delivering.deliver_due.__kwdefaults__", {"send": send})
            deliver.apply((str(endpoint.pk),))
    place.send("DELETE", f"/v2/webhook-endpoints/{endpoint.pk}")


CHEAP: tuple[Callable[[Place], None], ...] = (
    bodies_are_refused,
    counterparties_are_written,
    the_service_fails,
    headers_lie,
    webhooks_fail,
)
DEAR: tuple[Callable[[Place], None], ...] = (
    a_document_is_read,
    a_file_is_sent_as_form_data,
    documents_fail,
    the_work_crashes,
    the_storage_fails,
    logins_fail,
)


@pytest.fixture
def written() -> Iterator[list[StringIO]]:
    """What the log of this process holds, in both formats, with our own loggers at DEBUG and all others at INFO; and
    what it would hold in Python's own format, which shows that there is something to be kept out."""
    outs, handlers = [], []
    for formatter in (LineFormatter(), JsonFormatter(), logging.Formatter()):
        out = StringIO()
        handler = logging.StreamHandler(out)
        handler.setFormatter(formatter)
        outs.append(out)
        handlers.append(handler)
    root, before = logging.getLogger(), {name: logging.getLogger(name).level for name in OWN}
    for handler in handlers:
        root.addHandler(handler)
    for name in OWN:
        logging.getLogger(name).setLevel("DEBUG")
    yield outs
    for handler in handlers:
        root.removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def broker_messages() -> str:
    """Everything that waits for the workers."""
    if not settings.EMBEDDED:
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            # A queue is a list for each priority, which the name of the list ends with.
            queues = (settings.CELERY_TASK_DEFAULT_QUEUE, settings.WEBHOOK_QUEUE)
            lists = [name for queue in queues for name in client.keys(f"{queue}*") if client.type(name) == b"list"]
            return "\n".join(str(message) for name in lists for message in client.lrange(name, 0, -1))
    told = []
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        for queue in (settings.CELERY_TASK_DEFAULT_QUEUE, settings.WEBHOOK_QUEUE):
            while (message := channel.basic_get(queue, no_ack=True)) is not None:
                told.append(f"{message.body!r} {message.headers} {message.properties} {message.decode()}")
    return "\n".join(told)


def test_no_canary_is_found_where_it_does_not_belong(
    written: list[StringIO],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    pytestconfig: pytest.Config,
    capsys: pytest.CaptureFixture[str],
    spans: Callable[[], tuple[ReadableSpan, ...]],
) -> None:
    canaries, wanted = Canaries(), pytestconfig.getoption("--canaries")
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": None, "key_write": None})
    place = Place(canaries, monkeypatch)
    for plant in DEAR:
        with django_capture_on_commit_callbacks(execute=True):
            plant(place)
    messages = broker_messages()
    is_first = True
    while is_first or len(canaries.planted) < wanted:
        is_first = False
        with django_capture_on_commit_callbacks(execute=True):
            for plant in CHEAP:
                plant(place)
    messages += broker_messages()
    others: list[Any] = [Client().get(path) for path in ("/v2/nothing", "/v2/customers", "/admin/login/", "/readyz")]
    others += [place.client.get("/v2/transfers/x"), place.client.post("/v2/invoices/ocr", {})]
    searched = {
        "log (line)": written[0].getvalue(),
        "log (json)": written[1].getvalue(),
        "broker messages": messages,
        "metrics": Client().get("/metrics").content.decode(),
        "spans": "\n".join(each.to_json(indent=None) for each in spans()),
        "error bodies of other requests": "\n".join(each.content.decode() for each in others),
    }

    lines = {place: text.count("\n") + 1 for place, text in searched.items()}
    with capsys.disabled():
        print(f"\n{len(canaries.planted)} canaries planted; lines searched: {lines}")  # noqa: T201
    assert {status for status in (202, 400, 201, 500) if status not in place.answered} == set()
    assert "ocr.tasks.process" in messages
    assert "runs_total" in searched["metrics"]
    for needed in ("LookupError", "IntegrityError", "django.request", "ocr.run_telemetry", "axes", "webhook delivery"):
        assert needed in searched["log (line)"], needed
    for needed in (
        "POST v2/invoices/ocr",
        "stage match",
        "send webhook",
        "INSERT ocr_ocrjob",
        '"error.type": "OSError"',
    ):
        assert needed in searched["spans"], needed
    assert all(json.loads(line)["level"] for line in searched["log (json)"].splitlines())
    assert {place: canaries.found_in(text) for place, text in searched.items() if canaries.found_in(text)} == {}
    assert len(canaries.found_in(written[2].getvalue())) > 15
