"""`GET /v2/transfers/{id}/pain001`: the bank's file of a finalised transfer, and never a way to pay twice unseen."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from lxml import etree
from rest_framework.test import APIClient

from counterparties.models import Address, Counterparty, CounterpartyAccount
from customers.models import Customer
from tests.api.conftest import client_for
from tests.api.test_bad_input import is_error
from tests.ledger import a_customer, a_draft
from tests.unit.transfers.test_pain001 import schema, texts
from transfers.exporting import export_payments
from transfers.finalizing import cancel_transfer, finalize_transfer
from transfers.models import ExportedTransfer, PaymentExport, Transfer

pytestmark = pytest.mark.django_db

PATH = "/v2/transfers"


def finalised(customer: Customer, **fields: Any) -> Transfer:
    return finalize_transfer(transfer_id=a_draft(customer, **fields).pk, by="test", now=timezone.now())


def fetch(client: APIClient, transfer: Transfer, query: str = "", **headers: str) -> Any:
    return client.get(f"{PATH}/{transfer.pk}/pain001{query}", headers=headers)


def export(customer: Customer) -> str:
    return export_payments(
        customer=customer,
        until=None,
        again=None,
        by="person",
        now=timezone.now(),
        write=lambda _: "bank.xml",
    ).message_id


def test_the_file_is_valid_and_pays_what_the_transfer_says(client: APIClient, customer: Customer) -> None:
    transfer = finalised(customer)
    Address.objects.create(
        counterparty=Counterparty.objects.get(is_own=False), street="Mühlenweg 4", zip="1", city="Leeds", country="GB"
    )

    answer = fetch(client, transfer)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    assert answer["Content-Disposition"] == f'attachment; filename="pain001-{transfer.pk}.xml"'
    root = etree.fromstring(answer.content)
    schema().assertValid(root)
    assert texts(root, "InstdAmt") == ["119.00"]
    assert texts(root, "CdtrAcct/Id/IBAN") == [transfer.destination_iban]
    assert texts(root, "CdtrRefInf/Ref") == ["RF18539007547034"]
    assert texts(root, "Cdtr/PstlAdr/TwnNm") == ["Leeds"]
    assert texts(root, "MsgId") == texts(root, "EndToEndId") == [transfer.pk.hex]


def test_it_is_given_to_whoever_accepts_xml_only(client: APIClient, customer: Customer) -> None:
    assert fetch(client, finalised(customer), Accept="application/xml").status_code == 200


def test_fetched_again_it_is_the_same_file_and_noted_once(client: APIClient, customer: Customer) -> None:
    transfer = finalised(customer)

    first, again = fetch(client, transfer), fetch(client, transfer)

    assert first.content == again.content
    noted = PaymentExport.objects.get()
    assert (noted.channel, noted.message_id, noted.number_of_payments) == ("api", transfer.pk.hex, 1)
    assert noted.exported_by.startswith("key:")


def test_a_look_at_the_headers_hands_nothing_out(client: APIClient, customer: Customer) -> None:
    answer = client.head(f"{PATH}/{finalised(customer).pk}/pain001")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    assert PaymentExport.objects.count() == 0


def test_a_day_that_has_passed_becomes_today(client: APIClient, customer: Customer) -> None:
    transfer = finalised(customer)
    yesterday = timezone.localdate() - timedelta(days=1)
    Transfer.objects.filter(pk=transfer.pk).update(requested_execution_date=yesterday)

    root = etree.fromstring(fetch(client, transfer).content)

    assert texts(root, "ReqdExctnDt/Dt") == [timezone.localdate().isoformat()]


def test_only_a_pending_transfer_has_a_file(client: APIClient, customer: Customer) -> None:
    draft = a_draft(customer)
    assert is_error(fetch(client, draft), 409, "transfer_not_final")
    pending = finalize_transfer(transfer_id=draft.pk, by="test", now=timezone.now())
    assert is_error(fetch(client, draft), 409, "transfer_not_final")
    cancel_transfer(transfer_id=pending.pk, by="test", now=timezone.now())
    assert is_error(fetch(client, pending), 409, "transfer_not_final")
    assert PaymentExport.objects.count() == 0


@pytest.mark.parametrize("model", [Counterparty, CounterpartyAccount])
def test_what_was_found_out_since_keeps_the_money_here(client: APIClient, customer: Customer, model: Any) -> None:
    transfer = finalised(customer)
    whose = {"is_own": False} if model is Counterparty else {"counterparty__is_own": False}
    model.objects.filter(**whose).update(active=False)

    assert is_error(fetch(client, transfer), 409, "payee_changed")
    assert PaymentExport.objects.count() == 0


def test_what_no_payment_carries_is_refused_with_a_sentence(client: APIClient, customer: Customer) -> None:
    transfer = finalised(customer)
    Transfer.objects.filter(pk=transfer.pk).update(reference="Rechnung für März")

    answer = fetch(client, transfer)

    assert is_error(answer, 409, "payment_not_possible")
    assert "ü ä" in answer.json()["message"]


def test_a_transfer_in_a_file_of_many_is_handed_out_again_only_when_asked_for(
    client: APIClient, customer: Customer
) -> None:
    transfer = finalised(customer)
    message_id = export(customer)

    refused = fetch(client, transfer)

    assert is_error(refused, 409, "already_exported")
    assert message_id in refused.json()["message"]
    assert fetch(client, transfer, "?again=true").status_code == 200
    assert sorted(ExportedTransfer.objects.values_list("is_again", flat=True)) == [False, True]


@pytest.mark.parametrize("query", ["?again=1", "?again=", "?format=xml"])
def test_an_unknown_parameter_is_refused(client: APIClient, customer: Customer, query: str) -> None:
    assert is_error(fetch(client, finalised(customer), query), 400, "validation_error")


def test_who_may_fetch_it(client: APIClient, customer: Customer) -> None:
    theirs = finalised(a_customer("Brindle & Co"))

    assert is_error(fetch(client, theirs), 404, "not_found")
    assert is_error(client.post(f"{PATH}/{theirs.pk}/pain001"), 405, "method_not_allowed")
    assert is_error(fetch(client_for([customer], ["uploads:*"]), theirs), 403, "forbidden")
    assert is_error(fetch(APIClient(), theirs), 401, "unauthorized")


def test_to_take_a_file_out_takes_the_right_to_write(customer: Customer) -> None:
    """Whoever may only read could otherwise keep a payment out of the next file of many."""
    transfer = finalised(customer)
    reader, writer = (client_for([customer], scopes=[scope]) for scope in ("transfers:read", "transfers:write"))

    refused = fetch(reader, transfer)

    assert (refused.status_code, refused.json()["error"]) == (403, "forbidden")
    assert not ExportedTransfer.objects.exists()
    assert fetch(writer, transfer).status_code == 200


@pytest.mark.parametrize("row", ["account", "counterparty"])
def test_an_account_to_pay_from_that_was_deactivated_since_pays_nothing(
    client: APIClient, customer: Customer, row: str
) -> None:
    transfer = finalised(customer)
    account = transfer.source_account
    assert account is not None
    gone: Any = account if row == "account" else account.counterparty
    gone.active = False
    gone.save()

    answer = fetch(client, transfer)

    assert is_error(answer, 409, "payee_changed")
    assert "account to pay from" in answer.json()["message"]
