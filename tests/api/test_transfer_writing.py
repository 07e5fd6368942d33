"""Drafts made and changed over the API: what they pay, what blocks them, and what a change answers."""

from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from counterparties.models import Counterparty, CounterpartyAccount
from customers.models import Customer
from tests.api.test_bad_input import is_error
from tests.ledger import OWN_IBAN, a_customer, a_draft, an_account, an_upload, own_account, suppliers_account
from transfers.finalizing import finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

PATH = "/v2/transfers"
CHF_IBAN = "CH9300762011623852957"
OTHER_IBAN = "BE68539007547034"


def make(client: APIClient, customer: Customer, **body: Any) -> Any:
    return client.post(f"{PATH}/create", {"customer_id": str(customer.pk), **body})


def made(client: APIClient, customer: Customer, **body: Any) -> dict[str, Any]:
    answer = make(client, customer, **body)
    assert answer.status_code == 201, answer.content
    row: dict[str, Any] = answer.json()
    assert answer["Location"] == f"{PATH}/{row['id']}"
    return row


def change(client: APIClient, transfer: Transfer | dict[str, Any], **body: Any) -> Any:
    return client.patch(f"{PATH}/{transfer['id'] if isinstance(transfer, dict) else transfer.pk}", body)


def changed(client: APIClient, transfer: Transfer | dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = change(client, transfer, **body)
    assert answer.status_code == 200, answer.content
    row: dict[str, Any] = answer.json()
    return row


def payee(account: CounterpartyAccount) -> dict[str, str]:
    return {"counterparty_id": str(account.counterparty.pk), "cp_account_id": str(account.pk)}


class TestMaking:
    def test_a_complete_draft_has_no_blockers_and_can_be_finalised(
        self, client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
    ) -> None:
        upload = an_upload(customer)
        row = made(
            client,
            customer,
            amount={"amount_minor": "11900", "currency": "EUR"},
            destination=payee(supplier_account),
            reference="RF18539007547034",
            requested_execution_date="2099-03-30",
            upload_id=str(upload.pk),
            metadata={"order": 7},
        )

        assert (row["status"], row["blockers"], row["supersedes_id"], row["ocr_job_id"]) == ("draft", [], None, None)
        assert row["amount"] == {"amount_minor": "11900", "currency": "EUR"}
        assert row["destination"] == {
            **payee(supplier_account),
            "iban": supplier_account.iban,
            "bic": supplier_account.bic,
            "name": "Hollow Oak Timber Ltd",
        }
        source = CounterpartyAccount.objects.get(iban=OWN_IBAN)
        assert row["source"] == payee(source)
        assert (row["upload_id"], row["metadata"]) == (str(upload.pk), {"order": 7})
        assert (row["reference"], row["requested_execution_date"]) == ("RF18539007547034", "2099-03-30")
        assert row["created_by"] == row["modified_by"] != ""
        assert client.post(f"{PATH}/{row['id']}/finalize").json()["status"] == "pending"

    def test_what_is_missing_stands_among_the_blockers(self, client: APIClient) -> None:
        row = made(client, Customer.objects.get())

        assert row["blockers"] == [
            "counterparty_not_found",
            "account_unknown",
            "amount_missing",
            "currency_missing",
            "source_account_missing",
        ]
        assert row["amount"] == {"amount_minor": None, "currency": None}
        assert set(row["destination"].values()) == {None}

    def test_a_counterparty_without_an_account_leaves_the_account_open(
        self, client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
    ) -> None:
        row = made(client, customer, destination={"counterparty_id": str(supplier_account.counterparty.pk)})

        assert (row["destination"]["name"], row["destination"]["iban"]) == ("Hollow Oak Timber Ltd", None)
        assert "account_unknown" in row["blockers"]

    def test_it_is_paid_from_the_usual_account_in_the_currency_unless_another_is_named(
        self, client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
    ) -> None:
        francs = own_account(customer, CHF_IBAN, currency="CHF", is_primary=True)
        euros = CounterpartyAccount.objects.get(iban=OWN_IBAN)

        for amount, source, expected in (
            ({"currency": "CHF"}, None, francs),
            ({"currency": "EUR"}, None, euros),
            ({"currency": "EUR"}, {"cp_account_id": str(francs.pk)}, francs),
            ({"currency": "CHF"}, {"counterparty_id": str(francs.counterparty.pk)}, francs),
        ):
            row = made(client, customer, amount=amount, **({"source": source} if source else {}))
            assert row["source"] == payee(expected), (amount, source)
        unknown = made(client, customer, amount={"currency": "JPY"})
        assert (unknown["source"]["cp_account_id"], "source_account_missing" in unknown["blockers"]) == (None, True)

    def test_rows_that_cannot_be_paid_or_pay_are_refused(
        self, client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
    ) -> None:
        own = CounterpartyAccount.objects.get(iban=OWN_IBAN)
        supplier = supplier_account.counterparty
        inactive = Counterparty.objects.create(customer=customer, legal_name="Elm & Sons", active=False)
        closed = an_account(
            Counterparty.objects.create(customer=customer, legal_name="Brindle & Co"), OTHER_IBAN, active=False
        )
        for body, field in (
            ({"destination": {"cp_account_id": str(supplier_account.pk)}}, "destination.cp_account_id"),
            ({"destination": {"counterparty_id": str(inactive.pk)}}, "destination.counterparty_id"),
            ({"destination": payee(closed)}, "destination.cp_account_id"),
            ({"destination": {**payee(supplier_account), "cp_account_id": str(own.pk)}}, "destination.cp_account_id"),
            ({"destination": payee(own), "source": payee(own)}, "destination.cp_account_id"),
            ({"source": {"counterparty_id": str(supplier.pk)}}, "source.counterparty_id"),
            ({"source": {"cp_account_id": str(supplier_account.pk)}}, "source.cp_account_id"),
        ):
            answer = make(client, customer, **body)
            side, name = field.split(".")
            assert is_error(answer, 400, "validation_error"), (body, answer.content)
            assert list(answer.json()["details"]) == [side], body
            assert list(answer.json()["details"][side]) == [name], body
        assert Transfer.objects.count() == 0

    def test_a_discarded_document_is_not_paid(self, client: APIClient, customer: Customer) -> None:
        upload = an_upload(customer)
        assert client.delete(f"/v2/uploads/{upload.pk}").status_code == 204

        answer = make(client, customer, upload_id=str(upload.pk))

        assert is_error(answer, 400, "validation_error")
        assert list(answer.json()["details"]) == ["upload_id"]

    def test_rows_of_other_customers_do_not_exist(
        self, client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
    ) -> None:
        neighbour = a_customer("Brindle & Co")
        theirs = suppliers_account(neighbour, OTHER_IBAN)
        for body in (
            {"customer_id": str(neighbour.pk)},
            {"destination": payee(theirs)},
            {"destination": payee(supplier_account) | {"cp_account_id": str(theirs.pk)}},
            {"source": {"counterparty_id": str(theirs.counterparty.pk)}},
            {"source": {"cp_account_id": str(theirs.pk)}},
            {"upload_id": str(an_upload(neighbour).pk)},
        ):
            assert is_error(make(client, customer, **body), 404, "not_found"), body

    def test_to_the_own_counterparty_nothing_is_paid(self, client: APIClient, customer: Customer) -> None:
        own = own_account(customer, is_primary=True)
        second = own_account(customer, OTHER_IBAN)

        row = made(client, customer, amount={"amount_minor": "1", "currency": "EUR"}, destination=payee(second))

        assert (row["source"], row["blockers"]) == (payee(own), ["iban_is_own_account"])


class TestChanging:
    def test_only_what_is_sent_changes_and_the_editor_is_named(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer)

        row = changed(client, draft, amount={"amount_minor": 5000}, reference=None)

        assert (row["amount"], row["reference"]) == ({"amount_minor": "5000", "currency": "EUR"}, None)
        assert row["destination"]["iban"] == draft.destination_iban
        draft.refresh_from_db()
        assert draft.edited_at is not None
        assert draft.edited_by == draft.modified_by == row["modified_by"]

    def test_metadata_alone_is_no_edit(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer, blockers=["low_confidence"])

        row = changed(client, draft, metadata={"a": 1})

        assert (row["metadata"], row["blockers"]) == ({"a": 1}, ["low_confidence"])
        assert Transfer.objects.get().edited_at is None

    @pytest.mark.parametrize(
        ("sent", "left"),
        [
            ({"requested_execution_date": "2099-01-01"}, {"bank_details_changed", "instalments", "vat_id_differs"}),
            ({"reference": "RF18539007547034"}, {"bank_details_changed", "instalments", "vat_id_differs"}),
            ({"amount": {"amount_minor": "100"}}, {"bank_details_changed", "vat_id_differs"}),
            ({"amount": {"currency": "EUR"}}, {"bank_details_changed", "instalments", "vat_id_differs"}),
            ({"destination": {"counterparty_id": "same"}}, {"bank_details_changed", "instalments"}),
            ({"destination": {"cp_account_id": "same"}}, {"instalments", "vat_id_differs"}),
            ({"destination": {"counterparty_id": "same", "cp_account_id": "same"}}, {"instalments"}),
            ({"destination": {}}, {"bank_details_changed", "instalments", "vat_id_differs"}),
        ],
    )
    def test_a_blocker_goes_only_when_its_own_question_is_answered(
        self, client: APIClient, customer: Customer, sent: dict[str, Any], left: set[str]
    ) -> None:
        draft = a_draft(customer, blockers=["bank_details_changed", "instalments", "vat_id_differs"])
        if destination := sent.get("destination"):
            same = {
                "counterparty_id": str(draft.destination_counterparty_id),
                "cp_account_id": str(draft.destination_account_id),
            }
            sent = {"destination": {name: same[name] for name in destination}}

        assert set(changed(client, draft, **sent)["blockers"]) == left

    def test_what_the_new_values_lack_is_added(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer)

        assert changed(client, draft, amount={"amount_minor": "0"})["blockers"] == ["amount_not_positive"]
        assert changed(client, draft, amount={"amount_minor": None})["blockers"] == ["amount_missing"]
        row = changed(client, draft, destination={"cp_account_id": None})
        assert row["blockers"] == ["account_unknown", "amount_missing"]
        assert (row["destination"]["iban"], row["destination"]["bic"]) == (None, None)
        row = changed(client, draft, destination={"counterparty_id": None}, source={"cp_account_id": None})
        assert row["blockers"] == [
            "counterparty_not_found",
            "account_unknown",
            "amount_missing",
            "source_account_missing",
        ]

    def test_a_sharper_blocker_stands_for_the_general_one(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(
            customer,
            destination_account=None,
            destination_iban="",
            destination_bic="",
            blockers=["account_ambiguous"],
        )

        assert changed(client, draft, reference="x")["blockers"] == ["account_ambiguous"]

    def test_another_counterparty_never_keeps_the_account_of_the_one_before(
        self, client: APIClient, customer: Customer
    ) -> None:
        draft = a_draft(customer)
        other = Counterparty.objects.create(customer=customer, legal_name="Elm & Sons")

        row = changed(client, draft, destination={"counterparty_id": str(other.pk)})

        assert row["destination"] == {
            "counterparty_id": str(other.pk),
            "cp_account_id": None,
            "iban": None,
            "bic": None,
            "name": "Elm & Sons",
        }
        assert row["blockers"] == ["account_unknown"]

    def test_another_currency_is_paid_from_its_own_usual_account(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer)
        francs = own_account(customer, CHF_IBAN, currency="CHF", is_primary=True)

        assert changed(client, draft, amount={"amount_minor": "1", "currency": "CHF"})["source"] == payee(francs)

    def test_an_account_that_was_chosen_stays_when_the_currency_changes(
        self, client: APIClient, customer: Customer
    ) -> None:
        draft = a_draft(customer)
        own_account(customer, CHF_IBAN, currency="CHF", is_primary=True)
        chosen = own_account(customer, OTHER_IBAN)
        changed(client, draft, source={"cp_account_id": str(chosen.pk)})

        assert changed(client, draft, amount={"amount_minor": "1", "currency": "CHF"})["source"] == payee(chosen)

    def test_another_currency_needs_its_amount(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer)

        answer = change(client, draft, amount={"currency": "JPY"})

        assert is_error(answer, 400, "validation_error")
        assert list(answer.json()["details"]["amount"]) == ["amount_minor"]
        assert client.get(f"{PATH}/{draft.pk}").json()["amount"] == {"amount_minor": "11900", "currency": "EUR"}

    def test_an_amount_without_a_currency_is_refused(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer)

        for answer in (
            change(client, draft, amount={"currency": None}),
            make(client, customer, amount={"amount_minor": "1"}),
        ):
            assert is_error(answer, 400, "validation_error")
            assert list(answer.json()["details"]["amount"]) == ["currency"]

    def test_what_no_field_answers_is_settled_by_word_and_kept_with_name_and_time(
        self, client: APIClient, customer: Customer
    ) -> None:
        draft = a_draft(customer, blockers=["low_confidence", "another_payee", "bank_details_changed"])

        row = changed(client, draft, settled_blockers=["low_confidence", "another_payee"])

        assert row["blockers"] == ["bank_details_changed"]
        draft.refresh_from_db()
        assert [(one["code"], one["by"]) for one in draft.settled_blockers] == [
            ("another_payee", row["modified_by"]),
            ("low_confidence", row["modified_by"]),
        ]

    def test_what_can_send_money_to_somebody_else_is_never_settled_by_word(
        self, client: APIClient, customer: Customer
    ) -> None:
        draft = a_draft(customer, blockers=["bank_details_changed", "duplicate_invoice", "lookalike_name"])

        for code in draft.blockers:
            assert is_error(change(client, draft, settled_blockers=[code]), 400, "validation_error"), code
        gone = change(client, draft, settled_blockers=["low_confidence"])
        assert is_error(gone, 409, "nothing_to_settle")
        assert list(gone.json()["details"]) == ["settled_blockers"]

    def test_only_drafts_can_be_changed(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer)
        pending = finalize_transfer(transfer_id=draft.pk, by="test", now=timezone.now())

        for transfer in (draft, pending):
            assert is_error(change(client, transfer, reference="x"), 409, "transfer_not_draft")
        pending.refresh_from_db()
        assert pending.reference == draft.reference

    def test_rows_of_other_customers_do_not_exist(self, client: APIClient, customer: Customer) -> None:
        draft, theirs = a_draft(customer), a_draft(a_customer("Brindle & Co"))

        assert is_error(change(client, theirs, reference="x"), 404, "not_found")
        for body in (
            {"destination": {"counterparty_id": str(theirs.destination_counterparty_id)}},
            {"destination": {"cp_account_id": str(theirs.destination_account_id)}},
            {"source": {"cp_account_id": str(theirs.source_account_id)}},
        ):
            assert is_error(change(client, draft, **body), 404, "not_found"), body

    def test_an_account_that_was_deactivated_since_is_a_blocker_after_any_change(
        self, client: APIClient, customer: Customer
    ) -> None:
        draft = a_draft(customer)
        CounterpartyAccount.objects.filter(iban=draft.destination_iban).update(active=False)

        assert changed(client, draft, reference="x")["blockers"] == ["account_inactive"]

    def test_a_bill_that_was_paid_meanwhile_blocks_whatever_is_sent(
        self, client: APIClient, customer: Customer
    ) -> None:
        first = a_draft(customer, number_key="4711", invoice_number="4711")
        second = Transfer.objects.create(
            **{
                field.attname: getattr(first, field.attname)
                for field in Transfer._meta.concrete_fields
                if field.attname not in {"id", "ocr_job_id", "upload_id", "created_at", "modified_at"}
            }
        )
        finalize_transfer(transfer_id=first.pk, by="test", now=timezone.now())

        assert changed(client, second, destination={"cp_account_id": str(second.destination_account_id)})[
            "blockers"
        ] == ["duplicate_invoice"]
        assert is_error(client.post(f"{PATH}/{second.pk}/finalize"), 409, "transfer_blocked")
