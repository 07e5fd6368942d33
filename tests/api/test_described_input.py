"""What is taken is what the description says: where generated requests found the two apart, and they were mended."""

from typing import Any

import pytest
from django.db import models
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from counterparties.countries import COUNTRIES
from counterparties.models import Counterparty, CounterpartyAccount
from customers.minor_units import MINOR_UNITS
from customers.models import Customer
from ocr.intake import STORED_AS
from ocr.models import OcrJob
from tests.api.operations import JSON, Operation, description, operations, resolved
from tests.api.test_bad_input import is_error
from tests.api.test_webhook_endpoints_api import URL

pytestmark = pytest.mark.django_db

COUNTERPARTIES = "/v2/counterparties"
WEBHOOKS = "/v2/webhook-endpoints"
BY_ID = {one.operation_id: one for one in operations() if one.content_type == JSON}


def is_described(operation: str, field: str, value: Any) -> bool:
    """Whether the description allows the value there, `field` being the place in the body with dots."""
    schema = BY_ID[operation].body or {}
    for part in field.split("."):
        schema = resolved(schema)
        schema = schema["items"] if part == "0" else schema["properties"][part]
    whole = {**schema, "components": description()["components"]}
    return bool(Draft202012Validator(whole).is_valid(value))


def made(model: type[models.Model]) -> int:
    return model._default_manager.count()


def new_supplier(customer: Customer, **fields: Any) -> dict[str, Any]:
    return {"customer_id": str(customer.pk), "legal_name": "Hollow Oak Timber Ltd"} | fields


def test_blanks_around_a_text_count_as_long_as_they_are_there(client: APIClient, customer: Customer) -> None:
    fitting, longer = "HRB 1" + " " * 59, "HRB 1" + " " * 60

    taken = client.post(COUNTERPARTIES, new_supplier(customer, registration_number=fitting))
    refused = client.post(COUNTERPARTIES, new_supplier(customer, registration_number=longer))

    assert (taken.status_code, taken.json()["registration_number"]) == (201, "HRB 1")
    assert is_error(refused, 400, "validation_error")
    assert not is_described("counterparties_create", "registration_number", longer)


@pytest.mark.parametrize("empty", ["", None])
def test_text_that_may_be_unknown_is_described_as_empty_or_null(
    client: APIClient, customer: Customer, empty: Any
) -> None:
    for field in ("vat_id", "registration_number"):
        assert client.post(COUNTERPARTIES, new_supplier(customer, **{field: empty})).status_code == 201
        assert is_described("counterparties_create", field, empty)
    for operation, field in (
        ("bank_accounts_create", "bic"),
        ("addresses_create", "street"),
        ("invoices_create", "reference"),
        ("invoices_create", "description"),
        ("transfers_create", "reference"),
        ("webhook_endpoints_create", "description"),
    ):
        assert is_described(operation, field, empty), (operation, field)


def test_a_name_is_described_as_one_line_with_something_on_it(client: APIClient, customer: Customer) -> None:
    for name in ("", " ", "a\nb", "a\x00b", "\t"):
        assert client.post(COUNTERPARTIES, {**new_supplier(customer), "legal_name": name}).status_code == 400, name
        assert not is_described("counterparties_create", "legal_name", name), name
    for name in ("Ä", " Hollow Oak ", "Hollow Oak\n"):
        assert client.post(COUNTERPARTIES, {**new_supplier(customer), "legal_name": name}).status_code == 201, name
        assert is_described("counterparties_create", "legal_name", name), name


def test_a_file_name_is_described_as_text_without_nul(client: APIClient, customer: Customer) -> None:
    body = {"customer_id": str(customer.pk), "base64_file": "JVBERi0xLjcK"}
    for name, status in (("a\nb.pdf", 202), ("a\x00b.pdf", 400)):
        assert client.post("/v2/invoices/ocr", body | {"file_name": name}).status_code == status
        assert is_described("ocr_job_create", "file_name", name) == (status == 202)


def test_currencies_and_countries_are_described_by_their_codes() -> None:
    assert {code for code in MINOR_UNITS if is_described("invoices_create", "amount.currency", code)} == set(
        MINOR_UNITS
    )
    assert {code for code in COUNTRIES if is_described("addresses_create", "country", code)} == set(COUNTRIES)
    for code in ("eur", "XXX", "EURO", "€", "", None):
        assert not is_described("invoices_create", "amount.currency", code), code
    assert is_described("transfers_create", "amount.currency", None)


@pytest.mark.parametrize("field", ["price", "quantity"])
def test_numbers_are_described_as_text_and_as_json_numbers(
    client: APIClient, invoice_body: dict[str, Any], field: str
) -> None:
    right: list[Any] = ["1", 1, "0012", 12]
    wrong: list[Any] = ["", "-1", -1, "1e3", True, None, "٣"]
    for value in right:
        invoice_body["items"][0][field] = value
        assert client.post("/v2/invoices", invoice_body).status_code == 201, value
        assert is_described("invoices_create", f"items.0.{field}", value), value
    for value in wrong:
        invoice_body["items"][0][field] = value
        assert client.post("/v2/invoices", invoice_body).status_code == 400, value
        assert not is_described("invoices_create", f"items.0.{field}", value), value


def test_a_small_number_is_taken_although_python_writes_it_with_an_exponent(
    client: APIClient, invoice_body: dict[str, Any]
) -> None:
    invoice_body["items"][0]["quantity"] = 0.00005

    answer = client.post("/v2/invoices", invoice_body)

    assert (answer.status_code, answer.json()["items"][0]["quantity"]) == (201, "0.00005")


def test_money_with_a_decimal_point_is_refused_even_if_nothing_stands_behind_it(
    client: APIClient, invoice_body: dict[str, Any]
) -> None:
    invoice_body["items"][0]["price"] = 12.0

    answer = client.post("/v2/invoices", invoice_body)

    assert is_error(answer, 400, "validation_error")
    assert "without a decimal point" in answer.json()["details"]["items"]["0"]["price"][0]


@pytest.mark.parametrize("day", ["20260401", "2026-W14-3", "2026-4-1"])
def test_a_day_is_written_in_one_way(client: APIClient, invoice_body: dict[str, Any], day: str) -> None:
    assert is_error(client.post("/v2/invoices", invoice_body | {"due_date": day}), 400, "validation_error")


def test_an_id_is_a_text_also_where_a_job_starts(client: APIClient) -> None:
    answer = client.post("/v2/invoices/ocr", {"customer_id": 7, "base64_file": "JVBERi0xLjcK"})

    assert is_error(answer, 400, "validation_error")
    assert list(answer.json()["details"]) == ["customer_id"]
    assert made(OcrJob) == 0


def test_hours_are_a_number(client: APIClient, customer: Customer) -> None:
    endpoint = client.post(WEBHOOKS, {"customer_id": str(customer.pk), "url": URL}).json()["id"]

    for hours in ("5", True, 1.5):
        answer = client.post(f"{WEBHOOKS}/{endpoint}/rotate-secret", {"overlap_hours": hours})
        assert is_error(answer, 400, "validation_error"), hours


def test_no_more_event_types_are_taken_than_there_are(client: APIClient, customer: Customer) -> None:
    body = {"customer_id": str(customer.pk), "url": URL}

    twice = client.post(WEBHOOKS, body | {"event_types": ["ocr_job.failed"] * 2})
    often = client.post(WEBHOOKS, body | {"event_types": ["ocr_job.failed"] * 50})

    assert (twice.status_code, twice.json()["event_types"]) == (201, ["ocr_job.failed"])
    assert is_error(often, 400, "validation_error")


def test_own_accounts_are_described_as_what_may_be_sent_of_them() -> None:
    empty: list[Any] = [None, [], {}, ""]
    filled: list[Any] = [["x"], {"a": 1}, "x", 0, False]
    for value in empty:
        assert is_described("counterparties_update", "own_accounts", value), value
    for value in filled:
        assert not is_described("counterparties_update", "own_accounts", value), value


def test_how_many_rows_a_body_brings_is_described() -> None:
    assert not is_described("invoices_create", "items", [])
    item = {"title": "Oak", "quantity": "1", "price": "1"}
    assert is_described("invoices_create", "items", [item])
    assert not is_described("invoices_create", "items", [item] * 1001)
    contact = {"type": "email", "value": "bills@hollow-oak.example"}
    assert not is_described("counterparties_create", "contacts", [contact] * 51)


def test_a_reference_is_described_by_the_letters_of_a_payment(
    client: APIClient, supplier_account: CounterpartyAccount
) -> None:
    for reference, status in (("RF18 5390-0754/7034", 201), ("Größe", 400), ("a;b", 400)):
        body = {"customer_id": str(supplier_account.counterparty.customer_id), "reference": reference}
        assert client.post("/v2/transfers/create", body).status_code == status, reference
        assert is_described("transfers_create", "reference", reference) == (status == 201), reference


def test_a_document_is_described_under_the_content_types_that_are_stored() -> None:
    content = description()["paths"]["/v2/uploads/{id}/content"]["get"]["responses"]

    assert set(content["200"]["content"]) == set(content["206"]["content"]) == {kind for kind, _ in STORED_AS.values()}


def test_each_link_leads_to_an_operation_that_takes_what_it_brings() -> None:
    links = [
        link
        for item in description()["paths"].values()
        for operation in item.values()
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    ]

    assert len(links) > 40
    for link in links:
        target: Operation = BY_ID[link["operationId"]]
        assert ("{id}" in target.path) == (link.get("parameters", {}).keys() == {"id"}), link
        for field in link.get("requestBody", {}):
            assert field in resolved(target.body or {})["properties"], link


@pytest.mark.parametrize(
    "body",
    [
        '{"customer_id": "CUSTOMER", "legal_name": "Hollow Oak", "legal_name": "Somebody Else"}',
        '{"customer_id": "CUSTOMER", "legal_name": "Hollow Oak", "metadata": {"a": {"b": 1, "b": 1}}}',
        '{"customer_id": "CUSTOMER", "legal_name": "Hollow Oak", "\\ud800": 1, "\\ud800": 1}',
    ],
)
def test_a_field_that_is_there_twice_is_refused(client: APIClient, customer: Customer, body: str) -> None:
    body = body.replace("CUSTOMER", str(customer.pk))

    answer = client.generic("POST", COUNTERPARTIES, body, content_type=JSON)

    assert is_error(answer, 400, "malformed_body")
    assert "is there twice" in answer.json()["details"]["reason"]
    assert made(Counterparty) == 0


def test_a_parameter_that_is_there_twice_is_refused(client: APIClient) -> None:
    for query in ("limit=1&limit=2", "search.type=business&search.type=individual"):
        answer = client.get(f"{COUNTERPARTIES}?{query}")
        assert is_error(answer, 400, "validation_error")
        assert list(answer.json()["details"]) == [query.split("=")[0]]


CHOICES = [
    (operation.path, one["name"], one["schema"]["enum"])
    for operation in operations()
    for one in operation.query
    if operation.is_list and "enum" in one["schema"]
]


@pytest.mark.parametrize(("path", "name", "choices"), CHOICES)
def test_what_no_row_can_hold_is_not_searched_for(client: APIClient, path: str, name: str, choices: list[str]) -> None:
    for value in choices[:10]:
        assert client.get(path, {name: value}).status_code == 200, value
    for value in ("nonsense", "", choices[0].swapcase() + "x", " " + choices[0]):
        answer = client.get(path, {name: value})
        assert is_error(answer, 400, "validation_error"), value
        assert list(answer.json()["details"]) == [name]
        (said,) = answer.json()["details"][name]
        assert repr(value) in said
        assert len(choices) > 20 or ", ".join(choices) in said


def test_every_column_with_choices_is_described_by_them() -> None:
    assert {(path.removeprefix("/v2/"), name.removeprefix("search.")) for path, name, _ in CHOICES} == {
        ("counterparties", "type"),
        ("counterparties/addresses", "country"),
        ("counterparties/addresses", "kind"),
        ("counterparties/bank-accounts", "currency"),
        ("counterparties/bank-details-changes", "decision"),
        ("counterparties/contacts", "type"),
        ("customers", "default_currency"),
        ("customers", "type"),
        ("invoices", "currency"),
        ("invoices", "status"),
        ("invoices/ocr", "counterparty_match"),
        ("invoices/ocr", "status"),
        ("transfers", "currency"),
        ("transfers", "status"),
        ("uploads", "document_type"),
        ("uploads", "status"),
    }


def test_an_idempotency_key_is_ascii_as_described(client: APIClient, customer: Customer) -> None:
    for key, status in (("a" * 255, 201), ("Schlüssel", 400)):
        headers = {"X-Idempotency-Key": key.encode().decode("latin-1")}
        assert client.post(COUNTERPARTIES, new_supplier(customer), headers=headers).status_code == status, key


def test_what_is_answered_to_another_accept_is_described(client: APIClient) -> None:
    assert is_error(client.get(COUNTERPARTIES, headers={"Accept": "text/html"}), 406, "not_acceptable")
    for item in description()["paths"].values():
        assert all("406" in operation["responses"] for operation in item.values())


def test_a_url_that_the_web_server_finds_too_long_is_described_as_its_page() -> None:
    for item in description()["paths"].values():
        for operation in item.values():
            takes_query = any(one["in"] == "query" for one in operation.get("parameters", []))
            assert ("414" in operation["responses"]) == takes_query, operation["operationId"]
    assert list(description()["components"]["responses"]["UrlTooLong"]["content"]) == ["text/html"]
