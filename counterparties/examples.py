"""What the API description shows of requests and answers: invented, and consistent with each other."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

CUSTOMER_ID = "0f9f6a34-50a5-4d0c-9b52-0f6f5a1b7c01"
COUNTERPARTY_ID = "6a2d7c1e-93b1-4b7f-8f0f-6f6f2c1d8e02"
ACCOUNT_ID = "b7c9e5d2-1a44-4f3b-9a6e-2f4b8d7c6a03"
CONTACT_ID = "c1d2e3f4-5a6b-4c7d-8e9f-0a1b2c3d4e04"
ADDRESS_ID = "d4c3b2a1-6f5e-4d8c-9b7a-1f2e3d4c5b05"

STANDARD = {
    "created_at": "2026-03-02T09:00:00Z",
    "created_by": "key:Zk3vQ9aB",
    "modified_at": "2026-03-02T09:00:00Z",
    "modified_by": "key:Zk3vQ9aB",
    "active": True,
    "metadata": {},
}

_ACCOUNT = {"iban": "DE02120300000000202051", "bic": "BYLADEM1001", "bank": "DKB", "currency": "EUR"}
_CONTACT = {"type": "email", "value": "billing@hollow-oak.example", "preferred": True}
_ADDRESS = {"street": "Mühlenweg 4", "zip": "20249", "city": "Hamburg", "country": "DE", "kind": "billing"}

_ACCOUNT_ROW = {
    "id": ACCOUNT_ID,
    "counterparty_id": COUNTERPARTY_ID,
    **_ACCOUNT,
    "is_primary": True,
    "is_validated": False,
    **STANDARD,
}
_CONTACT_ROW = {"id": CONTACT_ID, "counterparty_id": COUNTERPARTY_ID, **_CONTACT, "validated": False, **STANDARD}
_ADDRESS_ROW = {
    "id": ADDRESS_ID,
    "counterparty_id": COUNTERPARTY_ID,
    **_ADDRESS,
    "state": None,
    "preferred": False,
    **STANDARD,
}
_NAMES = {
    "legal_name": "Hollow Oak Timber GmbH",
    "aliases": ["Hollow Oak"],
    "type": "business",
    "vat_id": "DE136695976",
    "registration_number": "HRB 12345",
}
_COUNTERPARTY_ROW = {
    "id": COUNTERPARTY_ID,
    "customer_id": CUSTOMER_ID,
    **_NAMES,
    "own_accounts": [],
    "bank_accounts": [_ACCOUNT_ROW],
    "contacts": [_CONTACT_ROW],
    "addresses": [_ADDRESS_ROW],
    **STANDARD,
}
_CHANGE_ROW: dict[str, Any] = {
    "id": "f6a7b8c9-3d4e-4f5a-8b1c-4d5e6f7a8b07",
    "customer_id": CUSTOMER_ID,
    "counterparty_id": COUNTERPARTY_ID,
    "iban": "DE62930500174410027731",
    "bic": None,
    "bank": None,
    "currency": "EUR",
    "source": "api",
    "decision": "pending",
    "asked_by": "key:Zk3vQ9aB",
    "asked_at": "2026-03-02T09:00:00Z",
    "decided_by": None,
    "decided_at": None,
    "reason": None,
    "cp_account_id": None,
}


def shown(*, sent: Any = None, answered: Any = None, code: str = "200") -> list[OpenApiExample]:
    """The request and the answer of one operation; None where there is nothing to show."""
    examples = []
    if sent is not None:
        examples.append(OpenApiExample("Request", value=sent, request_only=True))
    if answered is not None:
        examples.append(OpenApiExample("Answer", value=answered, response_only=True, status_codes=[code]))
    return examples


COUNTERPARTY = shown(
    sent={
        "customer_id": CUSTOMER_ID,
        **_NAMES,
        "bank_accounts": [_ACCOUNT],
        "contacts": [_CONTACT],
        "addresses": [_ADDRESS],
    },
    answered=_COUNTERPARTY_ROW,
    code="201",
)
COUNTERPARTIES = shown(answered=_COUNTERPARTY_ROW)
COUNTERPARTY_CHANGES = shown(sent={"aliases": ["Hollow Oak", "HOT"]}, answered=_COUNTERPARTY_ROW)
BANK_DETAILS_CHANGES = shown(answered=_CHANGE_ROW)
_WAITING = [OpenApiExample("Waits", value=_CHANGE_ROW, response_only=True, status_codes=["202"])]
BANK_ACCOUNT = shown(sent={"counterparty_id": COUNTERPARTY_ID, **_ACCOUNT}, answered=_ACCOUNT_ROW, code="201")
BANK_ACCOUNT += _WAITING
BANK_ACCOUNTS = shown(answered=_ACCOUNT_ROW)
BANK_ACCOUNT_CHANGES = shown(sent={"bank": "DKB", "is_primary": True}, answered=_ACCOUNT_ROW) + _WAITING
CONTACT = shown(sent={"counterparty_id": COUNTERPARTY_ID, **_CONTACT}, answered=_CONTACT_ROW, code="201")
CONTACTS = shown(answered=_CONTACT_ROW)
CONTACT_CHANGES = shown(sent={"preferred": True}, answered=_CONTACT_ROW)
ADDRESS = shown(sent={"counterparty_id": COUNTERPARTY_ID, **_ADDRESS}, answered=_ADDRESS_ROW, code="201")
ADDRESSES = shown(answered=_ADDRESS_ROW)
ADDRESS_CHANGES = shown(sent={"street": "Mühlenweg 4"}, answered=_ADDRESS_ROW)
CUSTOMERS = shown(
    answered={
        "id": CUSTOMER_ID,
        "legal_name": "Aldermoor Trading GmbH",
        "type": "business",
        "counterparty_id": "e5f6a7b8-2c3d-4e5f-9a0b-3c4d5e6f7a06",
        "default_currency": "EUR",
    }
)
