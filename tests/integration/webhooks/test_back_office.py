"""Webhooks in the back office and at the command line: who may do what, and what came back."""

from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from customers.webhooks.delivering import deliver_due, secrets_of
from customers.webhooks.endpoints import MOST_ENDPOINTS
from customers.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.integration.test_bank_changes_admin import signed_in
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db

ENDPOINTS = "/admin/customers/webhookendpoint/"
DELIVERIES = "/admin/customers/webhookdelivery/"


@pytest.fixture
def operator() -> Client:
    return signed_in("anna")


def do(client: Client, page: str, action: str, *rows: Any) -> str:
    """The page after the action, as text."""
    asked = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return client.post(page, asked, follow=True).content.decode()


def form_for(customer: Customer, url: str, **change: Any) -> dict[str, Any]:
    inlines = {"secrets-TOTAL_FORMS": "0", "secrets-INITIAL_FORMS": "0"}
    return {"customer": str(customer.pk), "url": url, "description": "ERP", "metadata": "{}", **inlines, **change}


def test_an_endpoint_is_added_and_its_secret_shown_once(operator: Client, customer: Customer) -> None:
    form = form_for(customer, "https://erp.example.com/hook", event_types=["ocr_job.failed"])
    page = operator.post(f"{ENDPOINTS}add/", form, follow=True).content.decode()

    endpoint = WebhookEndpoint.objects.get()
    (secret,) = secrets_of(endpoint.secrets.all(), now=timezone.now())
    assert secret.replace("+", "&#x2B;") in page or secret in page
    assert (endpoint.event_types, endpoint.created_by) == (["ocr_job.failed"], "anna")
    assert "whsec_" not in operator.get(f"{ENDPOINTS}{endpoint.pk}/change/").content.decode()


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "ftp://erp.example.com/", "https://a@erp.example.com/"])
def test_a_url_inside_is_refused_beside_the_field(operator: Client, customer: Customer, url: str) -> None:
    answer = operator.post(f"{ENDPOINTS}add/", form_for(customer, url))

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_too_many_endpoints_are_refused_beside_the_field(operator: Client, customer: Customer) -> None:
    url = "https://erp.example.com/hook"
    WebhookEndpoint.objects.bulk_create(WebhookEndpoint(customer=customer, url=url) for _ in range(MOST_ENDPOINTS))

    answer = operator.post(f"{ENDPOINTS}add/", form_for(customer, url))

    assert "at most 20 webhook endpoints" in answer.content.decode()


def test_an_endpoint_is_changed_switched_and_rotated(
    operator: Client, customer: Customer, endpoint: WebhookEndpoint, secret: str
) -> None:
    page = f"{ENDPOINTS}{endpoint.pk}/change/"
    assert operator.post(page, form_for(customer, endpoint.url, description="Warehouse")).status_code == 302
    do(operator, ENDPOINTS, "switch_off", endpoint)
    endpoint.refresh_from_db()
    assert (endpoint.description, endpoint.modified_by, endpoint.disabled_reason) == ("Warehouse", "anna", "asked")
    do(operator, ENDPOINTS, "switch_on", endpoint)
    shown = do(operator, ENDPOINTS, "rotate", endpoint)
    endpoint.refresh_from_db()
    assert endpoint.status == "enabled"
    assert "not shown again: whsec_" in shown
    assert secrets_of(endpoint.secrets.all(), now=timezone.now())[1:] == [secret]
    do(operator, ENDPOINTS, "rotate_at_once", endpoint)
    assert len(secrets_of(endpoint.secrets.all(), now=timezone.now())) == 1


def test_a_delivery_shows_its_attempts_and_is_sent_again_by_who_may(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.status, receiver.answer = 410, b"gone fishing"
    deliver_due(endpoint_id=endpoint.pk)
    looking = signed_in("ben", "view_webhookdelivery")
    replaying = signed_in("cleo", "view_webhookdelivery", "replay_webhookdelivery")

    page = looking.get(f"{DELIVERIES}{delivery.pk}/change/").content.decode()
    assert "410" in page
    assert "gone fishing" in page
    assert delivery.message.message_id in page
    do(looking, DELIVERIES, "replay", delivery)
    assert "switch it on first" in do(replaying, DELIVERIES, "replay", delivery)
    delivery.refresh_from_db()
    assert delivery.state == "failed"

    do(signed_in("anna"), ENDPOINTS, "switch_on", endpoint)
    do(replaying, DELIVERIES, "replay", delivery)
    receiver.status = 200
    deliver_due(endpoint_id=endpoint.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.asked_by) == ("delivered", "cleo")
    assert len({got.message_id for got in receiver.received}) == 1


def test_nobody_edits_what_was_sent(operator: Client, delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> None:
    assert operator.post(f"{DELIVERIES}{delivery.pk}/change/", {"state": "delivered"}).status_code == 403
    assert operator.post(f"{DELIVERIES}{delivery.pk}/delete/", {"post": "yes"}).status_code == 403
    assert operator.post(f"{ENDPOINTS}{endpoint.pk}/delete/", {"post": "yes"}).status_code == 403
    assert operator.get(f"{DELIVERIES}add/").status_code == 403
    assert WebhookDelivery.objects.get().state == "pending"


def test_a_delivery_is_found_by_its_webhook_id(operator: Client, delivery: WebhookDelivery) -> None:
    found = operator.get(DELIVERIES, {"q": delivery.message.message_id}).content.decode()
    other = operator.get(DELIVERIES, {"q": f"msg_{uuid4().hex}"}).content.decode()

    assert f"{delivery.pk}" in found
    assert f"{delivery.pk}" not in other


def test_the_action_sends_a_test(operator: Client, endpoint: WebhookEndpoint, secret: str, receiver: Receiver) -> None:
    do(operator, ENDPOINTS, "send_test", endpoint)
    deliver_due(endpoint_id=endpoint.pk)

    assert receiver.received[0].verified(secret)["type"] == "webhook.test"


def test_the_command_sends_a_test_and_says_what_came_back(
    endpoint: WebhookEndpoint, secret: str, receiver: Receiver
) -> None:
    out = StringIO()
    call_command("send_test_webhook", str(endpoint.pk), stdout=out)
    assert "answered 204 after" in out.getvalue()
    assert receiver.received[0].verified(secret)["type"] == "webhook.test"

    receiver.status, receiver.answer = 500, b"out of order"
    with pytest.raises(CommandError, match=r"answered 500 .* Only 2xx .* out of order"):
        call_command("send_test_webhook", str(endpoint.pk))


@pytest.mark.parametrize("text", ["x", "00000000-0000-4000-8000-000000000000"])
def test_the_command_lists_what_there_is(endpoint: WebhookEndpoint, text: str) -> None:
    with pytest.raises(CommandError, match=str(endpoint.pk)):
        call_command("send_test_webhook", text)
