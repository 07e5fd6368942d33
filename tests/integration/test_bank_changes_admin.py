"""Changes of bank details in the back office: one operator asks, another one decides, and nobody goes around."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from counterparties.bank_changes import AskedAccount, Origin, ask_for_change, refuse_change
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Contact, Counterparty, CounterpartyAccount
from counterparties.onboarding import open_onboarding
from tests.ledger import SUPPLIERS_BIC, SUPPLIERS_IBAN, a_customer, suppliers_account

pytestmark = pytest.mark.django_db

OTHER_IBAN = "DE57900402617713500290"
FOREIGN_IBAN = "GB19KEHB99811460027713"
ADD = "/admin/counterparties/bankdetailschange/add/"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def supplier() -> Counterparty:
    supplier = suppliers_account(a_customer(), is_primary=True).counterparty
    Contact.objects.create(counterparty=supplier, type="phone", value="+49 40 123456", validated=True)
    return supplier


def signed_in(name: str, *permissions: str) -> Client:
    """An operator with these permissions of the app, or a superuser without any named."""
    user = get_user_model().objects.create_user(name, password="a-long-password", is_staff=True)
    user.is_superuser = not permissions
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def page_of(change: BankDetailsChange) -> str:
    return reverse("admin:counterparties_bankdetailschange_change", args=[change.pk])


def asked(supplier: Counterparty, *, by: str = "anna", iban: str = OTHER_IBAN, at: datetime = NOW) -> BankDetailsChange:
    return ask_for_change(
        customer_id=supplier.customer_id,
        counterparty_id=supplier.pk,
        account=AskedAccount(iban=iban, currency="EUR"),
        origin=Origin(source="admin", document_says="Please note our new account"),
        by=by,
        now=at,
    )


def decide(client: Client, change: BankDetailsChange, verb: str, **words: str) -> str:
    return client.post(page_of(change), {"decide": verb} | words, follow=True).content.decode()


def test_one_asks_another_confirms_and_the_account_is_on_file(supplier: Counterparty) -> None:
    anna, ben = signed_in("anna"), signed_in("ben")
    form = {
        "counterparty": str(supplier.pk),
        "iban": "DE57 9004 0261 7713 5002 90",
        "bic": "",
        "bank": "Spreeufer-Bank",
        "currency": "EUR",
        "verification": "",
    }
    assert (
        f"counterparty={supplier.pk}"
        in anna.get(reverse("admin:counterparties_counterparty_change", args=[supplier.pk])).content.decode()
    )
    assert anna.get(f"{ADD}?counterparty={supplier.pk}").status_code == 200
    assert anna.post(ADD, form).status_code == 302
    change = BankDetailsChange.objects.get()
    assert (change.asked_by, change.source, change.decision, change.customer_id) == (
        "anna",
        "admin",
        "pending",
        supplier.customer_id,
    )
    assert OTHER_IBAN in ben.get("/admin/counterparties/bankdetailschange/?decision__exact=pending").content.decode()

    page = ben.get(page_of(change)).content.decode()
    for shown in (SUPPLIERS_IBAN, SUPPLIERS_BIC, OTHER_IBAN, "Spreeufer-Bank", "+49 40 123456 (validated)"):
        assert shown in page
    done = decide(ben, change, "confirm", verification="called the number on file")
    assert "the documents that wait for it are matched again" in done

    account = supplier.accounts.get(iban=OTHER_IBAN)
    assert (account.bank, account.active, account.is_validated, account.is_primary) == (
        "Spreeufer-Bank",
        True,
        True,
        False,
    )
    trail = anna.get(reverse("admin:counterparties_counterparty_change", args=[supplier.pk])).content.decode()
    for shown in ("called the number on file", "anna", "ben", OTHER_IBAN):
        assert shown in trail


def test_who_asked_cannot_confirm_or_refuse_but_withdraw(supplier: Counterparty) -> None:
    anna = signed_in("anna")
    change = asked(supplier)

    assert 'value="confirm"' not in anna.get(page_of(change)).content.decode()
    for verb in ("confirm", "refuse"):
        assert "a second person" in decide(anna, change, verb, verification="called", reason="no")
    change.refresh_from_db()
    assert (change.decision, supplier.accounts.count()) == ("pending", 1)

    decide(anna, change, "withdraw")
    change.refresh_from_db()
    assert (change.decision, change.decided_by) == ("withdrawn", "anna")


def test_a_refusal_says_why_and_a_confirmation_how(supplier: Counterparty) -> None:
    ben = signed_in("ben")
    change = asked(supplier)

    assert "Say how the account was verified" in decide(ben, change, "confirm", verification=" ")
    assert "Say why the change is refused" in decide(ben, change, "refuse", reason=" ")
    decide(ben, change, "refuse", reason="they know nothing of it")
    change.refresh_from_db()
    assert (change.decision, change.decided_by, change.reason) == ("refused", "ben", "they know nothing of it")
    assert "was refused by ben" in decide(signed_in("cleo"), change, "confirm", verification="called")
    assert supplier.accounts.count() == 1


def test_permissions_part_asking_deciding_and_looking(supplier: Counterparty) -> None:
    change = asked(supplier)
    looks = signed_in("lou", "view_bankdetailschange")
    asks = signed_in("amy", "view_bankdetailschange", "add_bankdetailschange", "view_counterparty")
    decides = signed_in("dan", "view_bankdetailschange", "decide_bankdetailschange")

    assert [client.get(page_of(change)).status_code for client in (looks, asks, decides)] == [200, 200, 200]
    assert [client.get(ADD).status_code for client in (looks, asks, decides)] == [403, 200, 403]
    for client in (looks, asks):
        answer = client.post(page_of(change), {"decide": "confirm", "verification": "called"})
        assert answer.status_code == 403
    assert decides.post(page_of(change), {"decide": "everything"}).status_code == 403
    decide(decides, change, "confirm", verification="called")
    assert supplier.accounts.filter(iban=OTHER_IBAN).exists()


def test_what_waits_stands_at_the_top(supplier: Counterparty) -> None:
    asked(supplier, at=NOW - timedelta(days=3))
    refuse_change(change_id=asked(supplier, iban=FOREIGN_IBAN).pk, by="ben", now=NOW, reason="not theirs")

    listed = signed_in("cleo").get("/admin/counterparties/bankdetailschange/").content.decode()

    assert listed.index(OTHER_IBAN) < listed.index(FOREIGN_IBAN)


def test_signs_of_fraud_are_shown(supplier: Counterparty) -> None:
    other = Counterparty.objects.create(customer=supplier.customer, legal_name="Zobel AG")
    CounterpartyAccount.objects.create(counterparty=other, iban=FOREIGN_IBAN)
    stranger = suppliers_account(a_customer("Stranger AG"), FOREIGN_IBAN).counterparty
    page = signed_in("ben").get(page_of(asked(supplier, iban=FOREIGN_IBAN))).content.decode()

    assert "in another country than those on file" in page
    assert "The same IBAN is on file for" in page
    assert "Zobel AG" in page
    assert str(stranger.pk) not in page
    assert "Please note our new account" in page


@pytest.mark.parametrize(
    ("by", "days_before", "doubt"),
    [
        ("zoe", 31, ""),
        ("ANNA", 31, "last changed by who asked for this account"),
        ("zoe", 29, "changed within 30 days before this account was asked for"),
        ("zoe", -1, "changed after this account was asked for"),
    ],
)
def test_a_contact_that_was_just_changed_is_not_to_be_called(
    supplier: Counterparty, by: str, days_before: int, doubt: str
) -> None:
    at = NOW - timedelta(days=days_before)
    supplier.contacts.update(modified_by=by, modified_at=at)

    page = signed_in("ben").get(page_of(asked(supplier))).content.decode()

    shown = f"+49 40 123456 (validated), last changed by {by} on {at:%Y-%m-%d %H:%M}"
    if doubt:
        assert f'<p class="errornote">{shown}. Do not trust it: {doubt}.</p>' in page
    else:
        assert f"<p>{shown}.</p>" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"iban": "DE57900402617713500291"}, "check digits of this IBAN do not fit"),
        ({"iban": SUPPLIERS_IBAN}, "has an active account with the IBAN"),
        ({"iban": FOREIGN_IBAN}, "has asked for"),
        ({"bic": "BNPAFRPP"}, "belongs to a bank in FR"),
        ({"currency": "XYZ"}, "no currency code"),
        ({"iban": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_asked_for_is_said_in_the_form(
    supplier: Counterparty, fields: dict[str, str], sentence: str
) -> None:
    asked(supplier, by="zoe", iban=FOREIGN_IBAN)
    form = {"counterparty": str(supplier.pk), "iban": OTHER_IBAN, "currency": "EUR"} | fields

    answer = signed_in("anna").post(ADD, form)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert BankDetailsChange.objects.count() == 1


def counterparty_form(supplier: Counterparty, **fields: str) -> dict[str, str]:
    form = {"legal_name": supplier.legal_name, "type": "business", "aliases": "[]", "metadata": "{}", "active": "on"}
    for inline in ("accounts", "contacts", "addresses", "bank_details_changes"):
        form |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
    return form | {"customer": str(supplier.customer_id)} | fields


def new_account(place: int, iban: str, currency: str = "EUR") -> dict[str, str]:
    row = {"iban": iban, "currency": currency, "active": "on", "bic": "", "bank": ""}
    return {f"accounts-{place}-{name}": value for name, value in row.items()}


def test_no_form_goes_around(supplier: Counterparty) -> None:
    anna = signed_in("anna")
    account = supplier.accounts.get()
    on_its_page = f"/admin/counterparties/counterparty/{supplier.pk}/change/"
    of_accounts = f"/admin/counterparties/counterpartyaccount/{account.pk}/change/"
    common = {"currency": "EUR", "metadata": "{}", "counterparty": str(supplier.pk), "bic": SUPPLIERS_BIC}

    anna.post(on_its_page, counterparty_form(supplier, **{"accounts-TOTAL_FORMS": "1"}, **new_account(0, OTHER_IBAN)))
    edited = {"accounts-TOTAL_FORMS": "1", "accounts-INITIAL_FORMS": "1", "accounts-0-id": str(account.pk)}
    anna.post(on_its_page, counterparty_form(supplier, **edited, **new_account(0, OTHER_IBAN)))
    added = anna.post("/admin/counterparties/counterpartyaccount/add/", common | {"iban": OTHER_IBAN, "active": "on"})
    assert "Ask for a change of its bank details" in added.content.decode()
    anna.post(of_accounts, common | {"iban": OTHER_IBAN, "active": "on"})
    assert [row.iban for row in CounterpartyAccount.objects.all()] == [SUPPLIERS_IBAN]

    anna.post(of_accounts, common | {"iban": SUPPLIERS_IBAN})
    account.refresh_from_db()
    assert not account.active
    again = anna.post(of_accounts, common | {"iban": SUPPLIERS_IBAN, "active": "on"})
    assert "Ask for a change of its bank details" in again.content.decode()
    account.refresh_from_db()
    assert not account.active


def test_a_new_counterparty_comes_with_all_its_accounts_and_is_established_then(supplier: Counterparty) -> None:
    anna = signed_in("anna")
    newcomer = Counterparty(legal_name="Zobel AG", customer=supplier.customer)
    two: Any = {"accounts-TOTAL_FORMS": "2"} | new_account(0, OTHER_IBAN) | new_account(1, FOREIGN_IBAN, "GBP")

    answer = anna.post("/admin/counterparties/counterparty/add/", counterparty_form(newcomer, **two))

    assert answer.status_code == 302
    entered = Counterparty.objects.get(legal_name="Zobel AG")
    assert entered.accounts.count() == 2
    assert entered.has_established_bank_details()
    assert entered.onboarding is not None
    assert not entered.onboarding.is_open


def test_while_it_is_onboarded_its_accounts_are_entered_in_its_form(supplier: Counterparty) -> None:
    customer, opened = supplier.customer, open_onboarding(by="anna")
    fresh = Counterparty.objects.create(customer=customer, legal_name="Zobel AG", onboarding=opened)
    page = f"/admin/counterparties/counterparty/{fresh.pk}/change/"
    two: Any = {"accounts-TOTAL_FORMS": "2"} | new_account(0, OTHER_IBAN) | new_account(1, FOREIGN_IBAN, "GBP")

    assert signed_in("anna").post(page, counterparty_form(fresh, **two)).status_code == 302
    assert fresh.accounts.count() == 2


def test_a_counterparty_without_an_account_gets_one_in_its_form_and_not_two(supplier: Counterparty) -> None:
    anna = signed_in("anna")
    bare = Counterparty.objects.create(customer=supplier.customer, legal_name="Zobel AG")
    page = f"/admin/counterparties/counterparty/{bare.pk}/change/"
    two: Any = {"accounts-TOTAL_FORMS": "2"} | new_account(0, OTHER_IBAN) | new_account(1, FOREIGN_IBAN, "GBP")

    assert anna.post(page, counterparty_form(bare, **two)).status_code == 200
    assert not bare.accounts.exists()
    one: Any = {"accounts-TOTAL_FORMS": "1"} | new_account(0, OTHER_IBAN)
    assert anna.post(page, counterparty_form(bare, **one)).status_code == 302
    assert bare.has_established_bank_details()
