"""Counterparties in the back office."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from counterparties.onboarding import open_onboarding
from customers.audit.models import AuditEntry
from customers.models import Customer

pytestmark = pytest.mark.django_db

IBAN = "DE62930500174410027731"
OTHER_IBAN = "DE57900402617713500290"


@pytest.fixture
def supplier() -> Counterparty:
    customer = Customer.objects.create(legal_name="Nordlicht Handels GmbH")
    supplier = Counterparty.objects.create(
        customer=customer,
        legal_name="Hollmann Technik GmbH",
        vat_id="DE999001735",
        onboarding=open_onboarding(by="test"),
    )
    CounterpartyAccount.objects.create(counterparty=supplier, iban=IBAN, is_primary=True)
    Contact.objects.create(counterparty=supplier, type="email", value="rechnung@hollmann.example")
    Address.objects.create(counterparty=supplier, city="Hamburg", country="DE")
    return supplier


@pytest.fixture
def admin_site() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("anna", password="a-long-password-for-tests"))
    return client


def account_row(iban: str = OTHER_IBAN) -> dict[str, str]:
    row = {"iban": iban, "currency": "EUR", "active": "on", "bic": "", "bank": ""}
    return {"accounts-TOTAL_FORMS": "1"} | {f"accounts-0-{name}": value for name, value in row.items()}


MODELS = ["counterparty", "counterpartyaccount", "contact", "address"]


@pytest.mark.parametrize("model", MODELS)
def test_lists_can_be_searched_and_show_the_tenant(admin_site: Client, supplier: Counterparty, model: str) -> None:
    page = admin_site.get(f"/admin/counterparties/{model}/?q=Hollmann&active__exact=1").content.decode()
    assert "Hollmann Technik GmbH" in page
    assert "Nordlicht Handels GmbH" in page
    assert "Hollmann" not in admin_site.get(f"/admin/counterparties/{model}/?q=Zobel").content.decode()


@pytest.mark.parametrize("term", [IBAN, "DE999001735", "rechnung@hollmann", "hollmann tech"])
def test_a_counterparty_is_found_by_what_people_know_of_it(
    admin_site: Client, supplier: Counterparty, term: str
) -> None:
    page = admin_site.get("/admin/counterparties/counterparty/", {"q": term}).content.decode()
    assert str(supplier.pk) in page


@pytest.mark.parametrize("model", MODELS)
def test_forms_open(admin_site: Client, supplier: Counterparty, model: str) -> None:
    row: Any = {
        "counterparty": supplier,
        "counterpartyaccount": supplier.accounts.get(),
        "contact": supplier.contacts.get(),
        "address": supplier.addresses.get(),
    }[model]
    assert admin_site.get(f"/admin/counterparties/{model}/add/").status_code == 200
    page = admin_site.get(f"/admin/counterparties/{model}/{row.pk}/change/")
    assert page.status_code == 200
    assert b"deletelink" not in page.content


def form_of(**fields: str) -> dict[str, str]:
    """A counterparty's form with empty inlines, and what `fields` say."""
    form = {"legal_name": "Zobel AG", "type": "business", "aliases": "[]", "metadata": "{}", "active": "on"}
    for inline in ("accounts", "contacts", "addresses", "bank_details_changes"):
        form |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
    return form | fields


def test_a_counterparty_is_entered_with_its_account_in_one_form(admin_site: Client, supplier: Counterparty) -> None:
    admin_site.post(
        "/admin/counterparties/counterparty/add/",
        form_of(
            **{
                "customer": str(supplier.customer_id),
                "accounts-TOTAL_FORMS": "1",
                "accounts-0-iban": "MT88 KVLD 9986 7531 0000 0480 2019 375",
                "accounts-0-bic": "KVLD MT MT",
                "accounts-0-currency": "EUR",
                "accounts-0-active": "on",
                "contacts-TOTAL_FORMS": "1",
                "contacts-0-type": "email",
                "contacts-0-value": "office@zobel.example",
                "contacts-0-active": "on",
            }
        ),
    )
    entered = Counterparty.objects.get(legal_name="Zobel AG")
    account = entered.accounts.get()
    assert (account.iban, account.bic) == ("MT88KVLD99867531000004802019375", "KVLDMTMT")
    assert account.customer_id == supplier.customer_id
    assert {entered.created_by, account.created_by, entered.contacts.get().created_by} == {"anna"}


def test_a_wrong_iban_is_refused_with_a_sentence(admin_site: Client, supplier: Counterparty) -> None:
    page = admin_site.post(
        "/admin/counterparties/counterparty/add/",
        form_of(
            **{
                "customer": str(supplier.customer_id),
                "accounts-TOTAL_FORMS": "1",
                "accounts-0-iban": "DE62930500174410027732",
                "accounts-0-currency": "EUR",
            }
        ),
    )
    assert "The check digits of this IBAN do not fit" in page.content.decode()
    assert not Counterparty.objects.filter(legal_name="Zobel AG").exists()


def test_the_customer_of_a_counterparty_stays(admin_site: Client, supplier: Counterparty) -> None:
    other = Customer.objects.create(legal_name="Somebody Else Ltd")
    admin_site.post(f"/admin/counterparties/counterparty/{supplier.pk}/change/", form_of(customer=str(other.pk)))
    supplier.refresh_from_db()
    assert (supplier.legal_name, supplier.modified_by) == ("Zobel AG", "anna")
    assert supplier.customer_id != other.pk


@pytest.mark.parametrize(
    ("model", "fields", "sentence"),
    [
        ("contact", {"type": "email", "value": "RECHNUNG@hollmann.example"}, "has this contact already"),
        ("counterpartyaccount", {"iban": IBAN, "currency": "CHF"}, "has an account with this IBAN already"),
        ("counterpartyaccount", {"iban": OTHER_IBAN, "currency": "EUR", "is_primary": "on"}, "unmark it first"),
    ],
)
def test_what_is_there_already_is_refused_with_a_sentence(
    admin_site: Client, supplier: Counterparty, model: str, fields: dict[str, str], sentence: str
) -> None:
    page = admin_site.post(
        f"/admin/counterparties/{model}/add/",
        {"counterparty": str(supplier.pk), "active": "on", "metadata": "{}"} | fields,
    )
    assert sentence in page.content.decode()


def test_accounts_become_primary_by_an_action(admin_site: Client, supplier: Counterparty) -> None:
    new = CounterpartyAccount.objects.create(counterparty=supplier, iban=OTHER_IBAN)
    gone = CounterpartyAccount.objects.create(counterparty=supplier, iban="GB19KEHB99811460027713", active=False)
    page = admin_site.post(
        "/admin/counterparties/counterpartyaccount/",
        {"action": "make_primary", "_selected_action": [str(new.pk), str(gone.pk)]},
        follow=True,
    ).content.decode()
    assert [account.iban for account in supplier.accounts.filter(is_primary=True)] == [OTHER_IBAN]
    assert "activate it before making it the primary account" in page


def test_counterparties_are_deactivated_and_activated_by_actions(admin_site: Client, supplier: Counterparty) -> None:
    states = []
    for action in ("deactivate", "activate"):
        admin_site.post(
            "/admin/counterparties/counterparty/", {"action": action, "_selected_action": [str(supplier.pk)]}
        )
        supplier.refresh_from_db()
        states.append((supplier.active, supplier.modified_by))
    assert states == [(False, "anna"), (True, "anna")]


def test_a_counterparty_like_another_gets_its_account_by_a_second_person(
    admin_site: Client, supplier: Counterparty
) -> None:
    form = form_of(legal_name="Hollmann Technik AG", customer=str(supplier.customer_id), **account_row())

    page = admin_site.post("/admin/counterparties/counterparty/add/", form, follow=True).content.decode()

    twin = Counterparty.objects.get(legal_name="Hollmann Technik AG")
    change = BankDetailsChange.objects.get()
    assert (change.counterparty, change.iban, change.asked_by, change.source) == (twin, OTHER_IBAN, "anna", "admin")
    assert f"could be taken for Hollmann Technik GmbH: {OTHER_IBAN} waits for a second person" in page
    assert not CounterpartyAccount.objects.filter(iban=OTHER_IBAN).exists()
    assert twin.has_established_bank_details()
    added = AuditEntry.objects.get(action="admin.added", subject_id=str(twin.pk))
    assert OTHER_IBAN not in str(added.detail)
    assert AuditEntry.objects.get(action="bank_details.asked").detail["iban"] == OTHER_IBAN


def test_an_address_of_somebody_on_file_makes_it_like_that_one(admin_site: Client, supplier: Counterparty) -> None:
    contact = {"contacts-TOTAL_FORMS": "1", "contacts-0-type": "email", "contacts-0-active": "on"}
    contact["contacts-0-value"] = "Rechnung@Hollmann.example"
    form = form_of(customer=str(supplier.customer_id), **contact, **account_row())

    assert admin_site.post("/admin/counterparties/counterparty/add/", form).status_code == 302

    assert BankDetailsChange.objects.get().counterparty.legal_name == "Zobel AG"
    assert not CounterpartyAccount.objects.filter(iban=OTHER_IBAN).exists()


def test_a_bare_one_like_another_gets_its_first_account_by_a_second_person(
    admin_site: Client, supplier: Counterparty
) -> None:
    bare = Counterparty.objects.create(customer=supplier.customer, legal_name="Hollmann Technik")
    alone = {"counterparty": str(bare.pk), "iban": OTHER_IBAN, "currency": "EUR", "active": "on", "metadata": "{}"}
    form = form_of(legal_name=bare.legal_name, **account_row())

    page = admin_site.post("/admin/counterparties/counterpartyaccount/add/", alone).content.decode()
    admin_site.post(f"/admin/counterparties/counterparty/{bare.pk}/change/", form)

    assert "could be taken for Hollmann Technik GmbH. Ask for a change" in page
    assert BankDetailsChange.objects.get().counterparty == bare
    assert not bare.accounts.exists()


def test_one_like_another_customers_is_entered_at_once(admin_site: Client, supplier: Counterparty) -> None:
    other = Customer.objects.create(legal_name="Somebody Else Ltd")
    form = form_of(legal_name="Hollmann Technik GmbH", customer=str(other.pk), **account_row())

    admin_site.post("/admin/counterparties/counterparty/add/", form)

    assert CounterpartyAccount.objects.get(iban=OTHER_IBAN).customer == other


def test_the_customer_itself_stays_active(admin_site: Client, supplier: Counterparty) -> None:
    own = Counterparty.objects.create(customer=supplier.customer, legal_name="Nordlicht Handels GmbH", is_own=True)
    listed = {"action": "deactivate", "_selected_action": [str(own.pk), str(supplier.pk)]}
    on_its_page = f"/admin/counterparties/counterparty/{own.pk}/change/"
    inactive = form_of(legal_name=own.legal_name, is_own="on")
    del inactive["active"]

    pages = [
        admin_site.post("/admin/counterparties/counterparty/", listed, follow=True),
        admin_site.post(on_its_page, inactive),
        admin_site.post(on_its_page, form_of(legal_name=own.legal_name)),
    ]

    assert ["This counterparty is the customer itself" in page.content.decode() for page in pages] == [True] * 3
    assert "1 counterparties deactivated" in pages[0].content.decode()
    own.refresh_from_db()
    assert (own.active, own.is_own) == (True, True)
    named = form_of(legal_name="Nordlicht Handel GmbH", is_own="on")
    assert admin_site.post(on_its_page, named).status_code == 302


def clerk(*permissions: str) -> Client:
    user = get_user_model().objects.create_user("clerk", password="a-long-password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def test_a_contact_is_validated_by_who_may_decide_on_bank_details(supplier: Counterparty) -> None:
    contact = supplier.contacts.get()
    Contact.objects.filter(pk=contact.pk).update(validated=True)
    page = f"/admin/counterparties/contact/{contact.pk}/change/"
    form = {"type": "phone", "value": "+49 40 123456", "active": "on", "metadata": "{}", "validated": "on"}
    rights = ["change_contact", "view_contact", "change_counterparty", "view_counterparty"]
    reviewer = clerk(*rights)

    assert reviewer.post(page, form).status_code == 302
    contact.refresh_from_db()
    assert (contact.value, contact.validated) == ("+49 40 123456", False)
    assert "Only who may decide" in reviewer.post(page, form).content.decode()
    row = {f"contacts-0-{name}": value for name, value in (form | {"id": str(contact.pk)}).items()}
    inline = form_of(legal_name=supplier.legal_name, **row)
    inline |= {"contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1"}
    its_page = f"/admin/counterparties/counterparty/{supplier.pk}/change/"
    assert "Only who may decide" in reviewer.post(its_page, inline).content.decode()
    contact.refresh_from_db()
    assert not contact.validated

    get_user_model().objects.get(username="clerk").user_permissions.set(
        Permission.objects.filter(codename__in=[*rights, "decide_bankdetailschange"])
    )
    assert reviewer.post(page, form).status_code == 302
    contact.refresh_from_db()
    assert contact.validated
