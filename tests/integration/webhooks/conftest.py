"""A receiver on this machine, which only these tests may call, and an endpoint of a customer there."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from django.utils import timezone

from customers import tasks
from customers.models import Customer
from customers.webhooks.endpoints import add_endpoint
from customers.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.integration.webhooks.outgoing import record
from tests.ledger import a_customer
from tests.receiver import Receiver, receiving


@pytest.fixture(autouse=True)
def on_this_machine(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_HTTP = True
    settings.WEBHOOK_ALLOWED_NETWORKS = (ip_network("127.0.0.0/8"),)
    settings.WEBHOOK_TIMEOUT_SECONDS = 1


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def customer(db: None) -> Customer:
    return a_customer()


@pytest.fixture
def endpoint_and_secret(customer: Customer, receiver: Receiver) -> tuple[WebhookEndpoint, str]:
    return add_endpoint(customer=customer, fields={"url": receiver.url}, by="test", now=timezone.now())


@pytest.fixture
def endpoint(endpoint_and_secret: tuple[WebhookEndpoint, str]) -> WebhookEndpoint:
    return endpoint_and_secret[0]


@pytest.fixture
def secret(endpoint_and_secret: tuple[WebhookEndpoint, str]) -> str:
    return endpoint_and_secret[1]


@pytest.fixture
def delivery(customer: Customer, endpoint: WebhookEndpoint) -> WebhookDelivery:
    record(customer)
    return WebhookDelivery.objects.get()


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the endpoints that were handed to the broker."""
    sent: list[str] = []

    def note(arguments: tuple[str], **_: object) -> None:
        sent.append(arguments[0])

    monkeypatch.setattr(tasks.deliver, "apply_async", note)
    return sent
