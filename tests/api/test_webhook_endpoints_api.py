"""`/v2/webhook-endpoints`: kept by the client, with a secret that is shown once, and nobody else's."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from customers.models import Customer
from customers.webhooks.delivering import secrets_of
from customers.webhooks.endpoints import MOST_ENDPOINTS, MOST_SECRETS, disable_endpoint
from customers.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookMessage
from tests.api.conftest import client_for
from tests.api.operations import description
from tests.api.test_bad_input import is_error
from tests.ledger import a_customer, a_draft
from transfers.finalizing import finalize_transfer

pytestmark = pytest.mark.django_db

PATH = "/v2/webhook-endpoints"
URL = "https://erp.example.com/paydraft"


def body_for(customer: Customer, **change: Any) -> dict[str, Any]:
    return {"customer_id": str(customer.pk), "url": URL, **change}


@pytest.fixture
def row(client: APIClient, customer: Customer) -> dict[str, Any]:
    made: dict[str, Any] = client.post(PATH, body_for(customer)).json()
    return made


def signing(row: dict[str, Any]) -> list[str]:
    """The secrets that sign for the endpoint now."""
    return secrets_of(WebhookEndpoint.objects.get(pk=row["id"]).secrets.all(), now=timezone.now())


def test_what_is_created_is_read_changed_and_deleted(client: APIClient, customer: Customer) -> None:
    body = body_for(customer, description="ERP", event_types=["ocr_job.failed", "ocr_job.failed"], metadata={"a": 1})
    made = client.post(PATH, body)

    assert made.status_code == 201, made.content
    assert made["Cache-Control"] == "no-store"
    row = made.json()
    secret, one = row.pop("secret"), made["Location"]
    assert (secret.startswith("whsec_"), signing(row)) == (True, [secret])
    assert one == f"{PATH}/{row['id']}"
    assert client.get(one).json() == row
    assert (row["url"], row["event_types"], row["status"]) == (URL, ["ocr_job.failed"], "enabled")
    assert (row["disabled_reason"], row["disabled_at"], row["failing_since"]) == (None, None, None)
    changed = client.patch(one, {"url": f"{URL}/2", "event_types": []}).json()
    assert (changed["url"], changed["event_types"], changed["description"]) == (f"{URL}/2", [], "ERP")
    assert client.get(PATH).json()["data"] == [changed]
    assert client.delete(one).status_code == 204
    assert (client.get(one).status_code, client.get(PATH).json()["total"]) == (404, 0)
    assert client.patch(one, {}).status_code == 404
    assert client.post(f"{one}/rotate-secret", {}).status_code == 404


def test_a_secret_is_shown_when_it_is_made_and_never_again(client: APIClient, row: dict[str, Any]) -> None:
    secret, one = row["secret"], f"{PATH}/{row['id']}"
    answers = [client.get(PATH), client.get(one), client.patch(one, {"description": "x"})]

    for answer in answers:
        assert answer.status_code == 200
        assert "secret" not in answer.json()
        assert secret not in answer.content.decode()


def test_the_secret_is_in_no_table(client: APIClient, row: dict[str, Any]) -> None:
    stored = [value for values in WebhookEndpoint.objects.get().secrets.values_list() for value in values]

    assert row["secret"] not in map(str, stored)


def test_a_rotated_secret_goes_on_beside_the_new_one(client: APIClient, row: dict[str, Any]) -> None:
    rotated = client.post(f"{PATH}/{row['id']}/rotate-secret", {})

    assert rotated.status_code == 200
    assert signing(row) == [rotated.json()["secret"], row["secret"]]


def test_a_secret_that_became_known_signs_nothing_any_more(client: APIClient, row: dict[str, Any]) -> None:
    rotated = client.post(f"{PATH}/{row['id']}/rotate-secret", {"overlap_hours": 0})

    assert signing(row) == [rotated.json()["secret"]]


def test_so_many_secrets_sign_and_no_more(client: APIClient, row: dict[str, Any]) -> None:
    rotate = f"{PATH}/{row['id']}/rotate-secret"
    for _ in range(MOST_SECRETS - 1):
        assert client.post(rotate, {}).status_code == 200
    before = signing(row)

    assert is_error(client.post(rotate, {}), 409, "too_many_webhook_secrets")
    assert signing(row) == before
    last = client.post(rotate, {"overlap_hours": 0}).json()["secret"]
    assert signing(row) == [last]


@pytest.mark.parametrize("hours", [-1, 169, "soon", 1.5, [1]])
def test_an_overlap_is_a_number_of_hours(client: APIClient, row: dict[str, Any], hours: Any) -> None:
    answer = client.post(f"{PATH}/{row['id']}/rotate-secret", {"overlap_hours": hours})

    assert is_error(answer, 400, "validation_error")
    assert list(answer.json()["details"]) == ["overlap_hours"]
    assert signing(row) == [row["secret"]]


def test_switching_off_and_on(client: APIClient, row: dict[str, Any]) -> None:
    one = f"{PATH}/{row['id']}"
    off = client.patch(one, {"status": "disabled"}).json()
    again = client.patch(one, {"status": "disabled"}).json()

    assert (off["status"], off["disabled_reason"], again["disabled_at"]) == ("disabled", "asked", off["disabled_at"])
    on = client.patch(one, {"status": "enabled"}).json()
    assert (on["status"], on["disabled_reason"], on["disabled_at"]) == ("enabled", None, None)


def test_an_endpoint_that_the_service_switched_off_says_why(client: APIClient, row: dict[str, Any]) -> None:
    endpoint = WebhookEndpoint.objects.get()
    disable_endpoint(endpoint=endpoint, reason="gone", by="webhooks", now=timezone.now())

    shown = client.get(f"{PATH}/{row['id']}").json()
    assert (shown["status"], shown["disabled_reason"], shown["modified_by"]) == ("disabled", "gone", "webhooks")


REFUSED = [
    ("url", [None, "", 7, "erp.example.com", "http://erp.example.com/", "https://127.0.0.1/", "https://[::1]/", {}]),
    ("url", ["https://169.254.169.254/latest", "https://a:b@erp.example.com/", "https://x.example/" + "x" * 500]),
    ("url", ["https://erp.example.com/#x", "https://10.1.2.3:8443/"]),
    ("event_types", ["ocr_job.finished", None, ["job"], [7], [None], ["webhook.test"], {"a": 1}]),
    ("description", [7, "x" * 201, "a\nb"]),
    ("metadata", [[], "x"]),
    ("secret", ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDGjZrPT9CbVE="]),
    ("disabled_at", ["2020-01-01T00:00:00Z"]),
    ("active", [True]),
]


@pytest.mark.parametrize(("field", "wrong"), REFUSED)
def test_a_wrong_value_is_refused_by_name(
    client: APIClient, customer: Customer, row: dict[str, Any], field: str, wrong: list[Any]
) -> None:
    stored = client.get(f"{PATH}/{row['id']}").json()
    for value in wrong:
        for answer in (
            client.post(PATH, body_for(customer, **{field: value})),
            client.patch(f"{PATH}/{row['id']}", {field: value}),
        ):
            assert is_error(answer, 400, "validation_error"), (value, answer.content)
            assert list(answer.json()["details"]) == [field], (value, answer.content)
    assert WebhookEndpoint.objects.count() == 1
    assert client.get(f"{PATH}/{row['id']}").json() == stored


def test_a_status_is_enabled_or_disabled_and_not_for_new_ones(
    client: APIClient, customer: Customer, row: dict[str, Any]
) -> None:
    for value in ("paused", None, True):
        assert client.patch(f"{PATH}/{row['id']}", {"status": value}).status_code == 400
    assert client.post(PATH, body_for(customer, status="disabled")).status_code == 400
    assert client.patch(f"{PATH}/{row['id']}", {"customer_id": str(customer.pk)}).status_code == 400


def test_a_customer_has_so_many_endpoints_and_no_more(client: APIClient, customer: Customer) -> None:
    for _ in range(MOST_ENDPOINTS):
        made = client.post(PATH, body_for(customer))
        assert made.status_code == 201

    assert is_error(client.post(PATH, body_for(customer)), 409, "too_many_webhook_endpoints")
    assert client.delete(made["Location"]).status_code == 204
    assert client.post(PATH, body_for(customer)).status_code == 201


def test_another_customers_endpoint_does_not_exist(client: APIClient, row: dict[str, Any]) -> None:
    other = a_customer("Birch & Co Ltd")
    stranger = client_for([other])
    one = f"{PATH}/{row['id']}"

    for answer in (
        stranger.get(one),
        stranger.patch(one, {"url": URL}),
        stranger.delete(one),
        stranger.post(f"{one}/rotate-secret", {}),
        client.post(PATH, body_for(other)),
        client.get(f"{PATH}/{uuid4()}"),
    ):
        assert is_error(answer, 404, "not_found")
    assert stranger.get(PATH).json()["total"] == 0
    assert signing(row) == [row["secret"]]


@pytest.mark.parametrize("scopes", [["webhooks:read"], ["transfers:*", "ocr:read"]])
def test_writing_needs_its_scope(customer: Customer, row: dict[str, Any], scopes: list[str]) -> None:
    client, one = client_for([customer], scopes=scopes), f"{PATH}/{row['id']}"

    assert client.get(one).status_code == (200 if "webhooks:read" in scopes else 403)
    for answer in (
        client.post(PATH, body_for(customer)),
        client.patch(one, {}),
        client.delete(one),
        client.post(f"{one}/rotate-secret", {}),
    ):
        assert is_error(answer, 403, "forbidden")


def test_the_list_is_searched(client: APIClient, customer: Customer, row: dict[str, Any]) -> None:
    client.post(PATH, body_for(customer, url="https://other.example.com/", description="Warehouse"))

    for query, number in {
        "url=https://other.example.com/": 1,
        "_text.ilike=WARE": 1,
        f"customer_id={uuid4()}": 0,
    }.items():
        assert client.get(f"{PATH}?search.{query}").json()["total"] == number, query
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"{PATH}?sort=-url").json()["data"][0]["url"] == "https://other.example.com/"
    assert len(captured) <= 4


def test_messages_are_as_the_description_has_them(customer: Customer, row: dict[str, Any]) -> None:
    finalize_transfer(transfer_id=a_draft(customer).pk, by="anna", now=timezone.now())

    message = WebhookMessage.objects.get()
    webhook = description()["webhooks"][message.type]["post"]
    schema = webhook["requestBody"]["content"]["application/json"]["schema"]
    body = json.loads(message.body)
    problems = Draft202012Validator({**schema, "components": description()["components"]}).iter_errors(body)
    assert [error.message for error in problems] == []
    data = description()["components"]["schemas"]["TransferFinalizedData"]
    assert set(body["data"]) == set(data["properties"])
    assert [parameter["name"] for parameter in webhook["parameters"]] == [
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    ]
    assert set(webhook["responses"]) == {"2XX"}
    assert WebhookDelivery.objects.get().endpoint_id == WebhookEndpoint.objects.get().pk
