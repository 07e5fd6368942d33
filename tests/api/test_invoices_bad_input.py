"""What is no invoice: refused by name, and nothing is stored."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from invoices.models import Invoice, InvoiceItem
from tests.api.test_bad_input import is_error
from tests.api.test_invoices_api import PATH, write
from tests.api.test_parts_api import send

pytestmark = pytest.mark.django_db

NO_TITLES: list[Any] = [None, "", 7, "x" * 256, "a\nb"]
NO_AMOUNTS: list[Any] = ["-1", "1.5", 1.5, "", None, True, "1e3", "٣", [], "1" * 19]
NO_QUANTITIES: list[Any] = [None, "", "0", 0, -1, "-1", "1e3", "NaN", True, "x", [], "0.0000001", "1" * 13, 1e-7, 1e30]
ITEM: dict[str, Any] = {"title": "Oak", "quantity": "1", "price": "1"}
TABLE: list[tuple[str, list[Any]]] = [
    ("customer_id", [None, "x", 7, []]),
    ("invoice_number", [7, "x" * 65, "a\nb", ["1"]]),
    ("description", [7, "x" * 5001, "a\x00b", "\ud800"]),
    ("reference", [7, "x" * 141, "a\nb"]),
    ("status", ["open", None, 1, "", "PAID"]),
    ("due_date", ["tomorrow", 20260401, "2026-02-30", "01.04.2026", "", True, "2026-04-01T00:00:00Z"]),
    ("source", [None, "x", [], {}, {"counterparty_id": None}, {"counterparty_id": "x"}, {"counterparty_id": 7}]),
    ("source", [{"counterparty_id": str(uuid4()), "iban": "x"}, {"cp_account_id": str(uuid4())}]),
    ("destination", [None, {"counterparty_id": str(uuid4()), "cp_account_id": "x"}, {"counterparty_id": {}}]),
    ("amount", [None, "x", {}, {"currency": "eur"}, {"currency": "XXX"}, {"currency": None}, {"currency": 978}]),
    ("amount", [{"currency": "EUR", "shipping": value} for value in NO_AMOUNTS]),
    ("amount", [{"currency": "EUR", "total": "1"}]),
    ("rates", [None, "x", [], {"vat": "19%"}, {"vat": -1}, {"vat": 100.5}, {"vat": "NaN"}, {"vat": None}]),
    ("rates", [{"discount": "0.00001"}, {"discount": "1e1"}, {"discount": True}, {"tax": 1}, {"vat": "Infinity"}]),
    ("items", [None, "x", {}, [], [None], [[]], [{}], ["x"], [ITEM] * 1001]),
    ("items", [[ITEM | {"title": value}] for value in NO_TITLES]),
    ("items", [[ITEM | {"quantity": value}] for value in NO_QUANTITIES]),
    ("items", [[ITEM | {"price": value}] for value in [*NO_AMOUNTS, -1, 10**18]]),
    ("items", [[ITEM | {"total_price": "1"}], [ITEM | {"colour": "red"}], [ITEM | {"description": 7}]]),
    ("items", [[ITEM | {"price": "9" * 18, "quantity": "1.5"}], [ITEM | {"price": "9" * 18}] * 2]),
    ("metadata", ["x", [], {"a": "\x00"}]),
    ("colour", ["red"]),
    ("total", ["1"]),
]


@pytest.mark.parametrize(("field", "wrong"), TABLE)
def test_a_wrong_value_is_refused_by_name_and_nothing_is_stored(
    client: APIClient, invoice_body: dict[str, Any], field: str, wrong: list[Any]
) -> None:
    row = write(client, invoice_body)
    for value in wrong:
        for method, path, sent in (
            ("POST", PATH, invoice_body | {field: value}),
            ("PATCH", f"{PATH}/{row['id']}", {field: value}),
        ):
            if method == "PATCH" and field == "amount" and value == {}:
                continue  # changes nothing, and that is fine
            answer = send(client, method, path, sent)
            assert is_error(answer, 400, "validation_error"), (method, value, answer.content)
            assert list(answer.json()["details"]) == [field], (method, value, answer.content)
    assert Invoice.objects.count() == InvoiceItem.objects.count() == 1
    assert client.get(f"{PATH}/{row['id']}").json() == row


def test_missing_fields_are_named(client: APIClient, customer: Customer) -> None:
    answer = client.post(PATH, {})

    assert set(answer.json()["details"]) == {"customer_id", "source", "destination", "amount", "items"}
