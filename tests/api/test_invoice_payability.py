"""An invoice that leaves the house can be paid as it stands: account, reference and prices fit together."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from counterparties.models import Counterparty
from invoices.models import Invoice
from tests.api.test_bad_input import is_error
from tests.ledger import an_account
from tests.unit.invoices.bills import QR_IBAN, QR_REFERENCE

pytestmark = pytest.mark.django_db

PATH = "/v2/invoices"


def written(client: APIClient, body: dict[str, Any], **change: Any) -> Any:
    return client.post(PATH, body | change)


def change(client: APIClient, row: dict[str, Any], **changes: Any) -> Any:
    return client.patch(f"{PATH}/{row['id']}", changes)


@pytest.fixture
def swiss_body(invoice_body: dict[str, Any], seller: Counterparty) -> dict[str, Any]:
    """To be paid to an account with a QR-IBAN, in francs."""
    account = an_account(seller, QR_IBAN.iban, currency="CHF")
    return invoice_body | {
        "source": {"counterparty_id": str(seller.pk), "cp_account_id": str(account.pk)},
        "amount": {"currency": "CHF"},
    }


@pytest.mark.parametrize(
    "reference", ["", "2026-0417", f"{QR_REFERENCE[:-1]}{9 - int(QR_REFERENCE[-1])}", "RF18539007547034"]
)
def test_a_qr_iban_takes_a_qr_reference_alone(client: APIClient, swiss_body: dict[str, Any], reference: str) -> None:
    answer = written(client, swiss_body, reference=reference)

    assert is_error(answer, 400, "validation_error")
    assert "27 digits" in answer.json()["details"]["reference"][0]
    assert not Invoice.objects.exists()
    assert written(client, swiss_body, reference=QR_REFERENCE).status_code == 201


def test_a_creditor_reference_with_wrong_check_digits_is_refused(
    client: APIClient, invoice_body: dict[str, Any]
) -> None:
    answer = written(client, invoice_body, reference="RF19 5390 0754 7034")

    assert is_error(answer, 400, "validation_error")
    assert "ISO 11649" in answer.json()["details"]["reference"][0]
    # Begins like one, and is something else.
    row = written(client, invoice_body, reference="RFQ-2026-0417").json()
    assert is_error(change(client, row, reference="RF00539007547034"), 400, "validation_error")
    assert change(client, row, reference="RF18539007547034").status_code == 200


@pytest.mark.parametrize("status", ["pending", "sent"])
def test_what_was_deactivated_while_it_was_a_draft_keeps_it_in_the_house(
    client: APIClient, invoice_body: dict[str, Any], seller: Counterparty, status: str
) -> None:
    account = an_account(seller, "DE62930500174410027731", currency="USD")
    source = {"counterparty_id": str(seller.pk), "cp_account_id": str(account.pk)}
    row = written(client, invoice_body, source=source).json()
    account.active = False
    account.save()

    refused = change(client, row, status=status)

    assert is_error(refused, 400, "validation_error")
    assert "deactivated" in refused.json()["details"]["source"]["cp_account_id"][0]
    assert client.get(f"{PATH}/{row['id']}").json()["status"] == "draft"
    # As a draft it can still be worked on, and with another account it may go.
    assert change(client, row, description="Delivery of March").status_code == 200
    moved = change(client, row, status=status, source={"counterparty_id": str(seller.pk)})
    assert (moved.status_code, moved.json()["status"]) == (200, status)


def test_a_buyer_who_was_deactivated_gets_no_invoice(
    client: APIClient, invoice_body: dict[str, Any], buyer: Counterparty
) -> None:
    row = written(client, invoice_body).json()
    Counterparty.objects.filter(pk=buyer.pk).update(active=False)

    refused = change(client, row, status="sent")

    assert is_error(refused, 400, "validation_error")
    assert list(refused.json()["details"]["destination"]) == ["counterparty_id"]


def test_another_currency_needs_its_prices(client: APIClient, invoice_body: dict[str, Any]) -> None:
    amount = {"currency": "EUR", "shipping": "500"}
    row = written(client, invoice_body, amount=amount).json()

    assert list(change(client, row, amount={"currency": "JPY"}).json()["details"]) == ["items"]
    items = invoice_body["items"]
    assert "shipping" in change(client, row, amount={"currency": "JPY"}, items=items).json()["details"]["amount"]
    assert client.get(f"{PATH}/{row['id']}").json()["amount"] == row["amount"]
    changed = change(client, row, amount={"currency": "JPY", "shipping": "600"}, items=items)
    assert (changed.status_code, changed.json()["amount"]["currency"]) == (200, "JPY")
    assert change(client, row, amount={"currency": "JPY", "shipping": "700"}).status_code == 200
