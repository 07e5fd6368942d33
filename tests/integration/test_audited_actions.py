"""Each decision of a person or a client leaves its entry in the audit trail; the machine's own work leaves none."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from counterparties.accounts import add_account, change_account, make_primary
from counterparties.bank_changes import (
    AskedAccount,
    Origin,
    ask_for_change,
    confirm_change,
    refuse_change,
    withdraw_change,
)
from counterparties.bank_details_change import BankDetailsChange
from counterparties.importing import Listener, import_lines
from counterparties.models import Counterparty, CounterpartyAccount
from counterparties.registry import add_counterparty
from customers.audit.models import AuditEntry
from customers.audit.verifying import verify_trail
from customers.keys import issue_key, revoke_key, rotate_key
from customers.models import ApiKey, Customer
from customers.webhooks.endpoints import add_endpoint, change_endpoint, delete_endpoint, rotate_secret
from invoices.uploads import discard_upload
from ocr.approval import approve, reject
from ocr.learning import revoke_hint
from ocr.models import SupplierHint
from ocr.review import correct
from ocr.versions import version_of
from tests.integration.review.jobs import a_job
from tests.ledger import SUPPLIERS_IBAN, a_customer, a_draft, an_upload, own_account, suppliers_account
from transfers.exporting import hand_out
from transfers.finalizing import cancel_transfer, finalize_transfer
from transfers.models import Transfer
from transfers.parties import Selector
from transfers.writing import create_draft, edit_draft

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OTHER_IBAN = "DE57900402617713500290"
URL = "https://hooks.example/paydraft?token=a-token"
PASSWORD = "a sentence of several words"


def key(customer: Customer) -> ApiKey:
    return issue_key(name="erp", customers=[customer], scopes=["ocr:read"], expires_at=None, by="anna", now=NOW)[0]


def endpoint(customer: Customer) -> Any:
    return add_endpoint(customer=customer, fields={"url": URL}, by="anna", now=NOW)[0]


def asked(customer: Customer) -> BankDetailsChange:
    supplier = suppliers_account(customer).counterparty
    account = AskedAccount(iban=OTHER_IBAN, currency="EUR")
    origin = Origin(source="admin")
    return ask_for_change(
        customer_id=customer.pk, counterparty_id=supplier.pk, account=account, origin=origin, by="anna", now=NOW
    )


def ready_job(customer: Customer) -> Any:
    own_account(customer, is_primary=True)
    suppliers_account(customer, is_primary=True)
    job = a_job(customer)
    Transfer.objects.filter(ocr_job_id=job.pk).update(blockers=[])
    return job


def new_account(customer: Customer) -> CounterpartyAccount:
    supplier = Counterparty.objects.create(customer=customer, legal_name="Hollow Oak Timber Ltd")
    account = CounterpartyAccount(counterparty=supplier, iban=SUPPLIERS_IBAN, currency="EUR")
    assert add_account(account, is_primary=None, by="anna", now=NOW) == account
    return account


def hint(customer: Customer) -> SupplierHint:
    job = ready_job(customer)
    return SupplierHint.objects.create(
        customer=customer,
        counterparty=job.counterparty,
        kind="alias",
        key="oak",
        data={"said": "Oak"},
        learnt_from=job,
        learnt_by="x",
        learnt_at=NOW,
    )


def pending(customer: Customer) -> Any:
    return finalize_transfer(transfer_id=a_draft(customer).pk, by="anna", now=NOW)


def edit(customer: Customer) -> None:
    draft = a_draft(customer)
    fields = {"amount_minor": 20000}
    edit_draft(transfer_id=draft.pk, source=None, destination=None, settled=[], fields=fields, by="anna", now=NOW)


def create(customer: Customer) -> None:
    fields = {"amount_minor": 1, "currency": "EUR"}
    create_draft(
        customer=customer,
        source=Selector(),
        destination=Selector(),
        upload_id=None,
        fields=fields,
        by="anna",
        now=NOW,
    )


def approved(customer: Customer) -> None:
    job = ready_job(customer)
    approve(job_id=job.pk, seen=version_of(job), by="anna", now=NOW)


def rejected(customer: Customer) -> None:
    job = ready_job(customer)
    reject(job_id=job.pk, seen=version_of(job), reason="not ours", by="anna", now=NOW)


ACTS: dict[str, Callable[[Customer], Any]] = {
    "api_key.issued": key,
    "api_key.rotated": lambda customer: rotate_key(key=key(customer), overlap=timedelta(0), by="anna", now=NOW),
    "api_key.revoked": lambda customer: revoke_key(key=key(customer), by="anna", now=NOW),
    "webhook_endpoint.added": endpoint,
    "webhook_endpoint.changed": lambda customer: change_endpoint(
        endpoint=endpoint(customer), changes={"status": "disabled"}, by="anna", now=NOW
    ),
    "webhook_endpoint.secret_rotated": lambda customer: rotate_secret(
        endpoint=endpoint(customer), overlap=timedelta(0), by="anna", now=NOW
    ),
    "webhook_endpoint.deleted": lambda customer: delete_endpoint(endpoint=endpoint(customer), by="anna", now=NOW),
    "counterparty.added": lambda customer: add_counterparty(
        customer=customer, fields={"legal_name": "Hollow Oak Timber Ltd"}, parts=[], by="anna", now=NOW
    ),
    "account.added": new_account,
    "account.changed": lambda customer: change_account(
        new_account(customer), changes={"active": False}, by="anna", now=NOW
    ),
    "account.made_primary": lambda customer: make_primary(account=new_account(customer), by="anna", now=NOW),
    "bank_details.asked": asked,
    "bank_details.confirmed": lambda customer: confirm_change(
        change_id=asked(customer).pk, by="anna b", now=NOW, verification="called"
    ),
    "bank_details.refused": lambda customer: refuse_change(
        change_id=asked(customer).pk, by="anna b", now=NOW, reason="forged"
    ),
    "bank_details.withdrawn": lambda customer: withdraw_change(change_id=asked(customer).pk, by="anna", now=NOW),
    "counterparties.imported": lambda customer: import_lines(
        customer=customer,
        lines=["legal_name,iban,currency", f"Oak Ltd,{SUPPLIERS_IBAN},EUR"],
        by="anna",
        listener=Listener(on_rejected=print),
    ),
    "job.approved": approved,
    "job.rejected": rejected,
    "job.corrected": lambda customer: correct(job=ready_job(customer), target="invoice_number", after="X-1", by="anna"),
    "hint.revoked": lambda customer: revoke_hint(hint_id=hint(customer).pk, by="anna", now=NOW),
    "transfer.created": create,
    "transfer.changed": edit,
    "transfer.finalized": pending,
    "transfer.cancelled": lambda customer: cancel_transfer(transfer_id=a_draft(customer).pk, by="anna", now=NOW),
    "transfer.exported": lambda customer: hand_out(
        transfer_id=pending(customer).pk, again=False, is_look=False, by="anna", now=NOW
    ),
    "upload.discarded": lambda customer: discard_upload(upload_id=an_upload(customer).pk, by="anna"),
}


@pytest.mark.parametrize("action", ACTS)
def test_what_is_decided_is_recorded(action: str) -> None:
    customer = a_customer()

    ACTS[action](customer)

    entry = AuditEntry.objects.filter(action=action).get()
    assert entry.actor.startswith("anna")
    assert entry.subject_id
    assert entry.customer_id in (customer.pk, None if action.startswith("api_key") else customer.pk)
    told = f"{entry.subject}{entry.detail}"
    assert "a-token" not in told
    connection.check_constraints()
    assert verify_trail().entries == AuditEntry.objects.count()


def test_what_was_there_before_is_told_too() -> None:
    edit(a_customer())

    assert AuditEntry.objects.get(action="transfer.changed").detail["fields"] == {
        "amount_minor": {"before": 11900, "after": 20000}
    }


def test_names_of_people_stay_with_the_correction() -> None:
    job = ready_job(a_customer())
    correct(job=job, target="customer_name", after="Ms Example", by="anna")

    detail = AuditEntry.objects.get(action="job.corrected").detail
    assert set(detail) == {"target", "correction"}


def test_the_machines_own_work_is_not_recorded() -> None:
    ready_job(a_customer())

    assert not AuditEntry.objects.exists()


def test_looking_at_a_payment_file_is_not_recorded() -> None:
    hand_out(transfer_id=pending(a_customer()).pk, again=False, is_look=True, by="anna", now=NOW)

    assert not AuditEntry.objects.filter(action="transfer.exported").exists()


@pytest.fixture
def anna() -> User:
    user: User = get_user_model().objects.create_superuser("anna", "anna@example.com", PASSWORD)
    return user


@pytest.fixture
def office(anna: User) -> Client:
    client = Client()
    client.force_login(anna)
    return client


def add_customer(office: Client, **fields: str) -> Any:
    body = {"legal_name": "Aldermoor", "type": "business", "default_currency": "EUR", "emails": "[]", "active": "on"}
    return office.post(reverse("admin:customers_customer_add"), {**body, "metadata": "{}", **fields})


class TestBackOffice:
    def test_a_customer_that_is_added_and_changed(self, office: Client) -> None:
        assert add_customer(office).status_code == 302
        customer = Customer.objects.get()
        page = reverse("admin:customers_customer_change", args=[customer.pk])
        body = {"legal_name": "Aldermoor AG", "type": "business", "default_currency": "EUR", "emails": "[]"}
        assert office.post(page, {**body, "active": "on", "metadata": "{}"}).status_code == 302

        added, changed = AuditEntry.objects.order_by("pk")
        assert (added.action, added.actor, added.customer_id) == ("admin.added", "anna", customer.pk)
        assert (changed.action, changed.subject_type) == ("admin.changed", "customers.customer")
        assert changed.detail["fields"] == {"legal_name": {"before": "Aldermoor", "after": "Aldermoor AG"}}

    def test_a_page_of_a_library_and_no_password(self, office: Client) -> None:
        body = {"username": "ben", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
        assert office.post(reverse("admin:auth_user_add"), body).status_code == 302

        entry = AuditEntry.objects.get()
        assert (entry.action, entry.subject_type, entry.subject) == ("admin.added", "auth.user", "ben")
        assert PASSWORD not in str(entry.detail)

    def test_what_is_deleted_alone_or_from_a_list(self, office: Client) -> None:
        one, other, last = (Group.objects.create(name=name) for name in ("one", "other", "last"))
        assert office.post(reverse("admin:auth_group_delete", args=[one.pk]), {"post": "yes"}).status_code == 302
        chosen = {"action": "delete_selected", "_selected_action": [other.pk, last.pk]}
        groups = reverse("admin:auth_group_changelist")
        assert office.post(groups, chosen).status_code == 200  # asks whether one is sure
        assert AuditEntry.objects.count() == 1
        assert office.post(groups, {**chosen, "post": "yes"}).status_code == 302

        entries = AuditEntry.objects.filter(action="admin.deleted", subject_type="auth.group").order_by("pk")
        assert sorted(entry.subject for entry in entries) == ["last", "one", "other"]

    def test_an_action_on_several_rows(self, office: Client) -> None:
        issued = key(a_customer())
        chosen = {"action": "revoke", "_selected_action": [issued.pk]}
        assert office.post(reverse("admin:customers_apikey_changelist"), chosen).status_code == 302

        entry = AuditEntry.objects.get(action="admin.action")
        assert (entry.actor, entry.subject_type) == ("anna", "customers.apikey")
        assert entry.detail == {"action": "revoke", "rows": [str(issued.pk)], "number": 1, "all": False}
        assert AuditEntry.objects.filter(action="api_key.revoked", subject_id=issued.pk).count() == 1

    def test_nothing_chosen_is_no_action(self, office: Client) -> None:
        office.post(reverse("admin:customers_apikey_changelist"), {"action": "revoke"})

        assert not AuditEntry.objects.exists()

    def test_no_webhooks_url(self, office: Client) -> None:
        customer = a_customer()
        body = {"customer": customer.pk, "url": URL, "metadata": "{}"}
        inline = {"secrets-TOTAL_FORMS": 0, "secrets-INITIAL_FORMS": 0}
        assert office.post(reverse("admin:customers_webhookendpoint_add"), {**body, **inline}).status_code == 302

        entry = AuditEntry.objects.get(action="admin.added")
        assert entry.subject == "hooks.example"
        assert "a-token" not in str(entry.detail)

    def test_a_second_factor(self, anna: User) -> None:
        call_command("add_second_factor", "anna", stdout=StringIO())

        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor, entry.subject) == ("second_factor.added", "add_second_factor", "anna")


class TestLogins:
    @pytest.fixture
    def sign_in(self, anna: User) -> Callable[[str], int]:
        def sign_in(password: str) -> int:
            body = {"username": "anna", "password": password}
            return Client().post("/admin/login/", body, REMOTE_ADDR="192.0.2.1").status_code

        return sign_in

    def test_who_got_in(self, sign_in: Callable[[str], int]) -> None:
        assert sign_in(PASSWORD) == 302

        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor, entry.detail) == ("login.succeeded", "anna", {"address": "192.0.2.1"})

    def test_a_lock_out_once_and_no_attempt(self, sign_in: Callable[[str], int]) -> None:
        assert [sign_in("wrong") for _ in range(7)][-3:] == [429, 429, 429]

        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor, entry.detail) == ("login.locked_out", "anna", {"address": "192.0.2.1"})


class TestTheList:
    @pytest.mark.parametrize(
        ("group", "status"), [("Viewer", 403), ("Reviewer", 403), ("Approver", 403), ("Administrator", 200)]
    )
    def test_is_for_administrators(self, group: str, status: int) -> None:
        user = get_user_model().objects.create_user("cara", password=PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        key(a_customer())
        client = Client()
        client.force_login(user)

        assert client.get(reverse("admin:customers_auditentry_changelist")).status_code == status

    def test_is_read_only(self, office: Client) -> None:
        key(a_customer())
        entry = AuditEntry.objects.get()
        page = office.get(reverse("admin:customers_auditentry_change", args=[entry.pk]))

        assert "ocr:read" in page.text
        assert 'name="_save"' not in page.text
        assert office.get(reverse("admin:customers_auditentry_add")).status_code == 403
        assert office.post(reverse("admin:customers_auditentry_delete", args=[entry.pk])).status_code == 403


def test_the_id_of_a_subject_leads_to_its_entries() -> None:
    transfer = pending(a_customer())

    assert [UUID(entry.subject_id) for entry in AuditEntry.objects.filter(subject_id=transfer.pk)] == [transfer.pk]
