"""What the database and the models hold counterparties, accounts, contacts and addresses to."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from counterparties.accounts import AccountInactive, make_primary
from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from counterparties.onboarding import open_onboarding
from customers.models import Customer

pytestmark = pytest.mark.django_db

IBAN = "DE62930500174410027731"
OTHER_IBAN = "DE57900402617713500290"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def customer() -> Customer:
    return Customer.objects.create(legal_name="Nordlicht Handels GmbH")


@pytest.fixture
def supplier(customer: Customer) -> Counterparty:
    return Counterparty.objects.create(
        customer=customer,
        legal_name="Müller & Söhne GmbH",
        aliases=["Müso"],
        vat_id="DE 999 001 735",
        onboarding=open_onboarding(by="test"),
    )


def reload(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def test_look_up_columns_follow_what_they_are_derived_from(supplier: Counterparty) -> None:
    assert (supplier.name_key, supplier.alias_keys, supplier.vat_key) == ("muller sohne", "|muso|", "DE999001735")
    supplier.legal_name, supplier.aliases, supplier.vat_id = "Zobel AG", [], "CHE-116.281.710 MWST"
    supplier.save(update_fields=["legal_name", "aliases", "vat_id"])
    again = reload(supplier)
    assert (again.name_key, again.alias_keys, again.vat_key) == ("zobel", "", "CHE116281710")


def test_a_part_carries_the_customer_of_its_counterparty(supplier: Counterparty) -> None:
    account = CounterpartyAccount.objects.create(counterparty=supplier, iban=IBAN)
    contact = Contact.objects.create(counterparty=supplier, type="email", value="Rechnung@Mueller.example")
    address = Address.objects.create(counterparty=supplier, city="Hamburg", country="DE")
    assert {reload(part).customer_id for part in (account, contact, address)} == {supplier.customer_id}
    assert (contact.value_key, contact.domain) == ("rechnung@mueller.example", "mueller.example")


@pytest.mark.postgres
def test_postgresql_refuses_a_part_of_another_customer(supplier: Counterparty) -> None:
    account = CounterpartyAccount.objects.create(counterparty=supplier, iban=IBAN)
    stranger = Customer.objects.create(legal_name="Somebody Else Ltd")
    CounterpartyAccount.objects.filter(pk=account.pk).update(customer=stranger)
    with pytest.raises(IntegrityError, match="account_of_same_customer"):
        connection.check_constraints()


def test_iban_and_bic_are_stored_without_spaces(supplier: Counterparty) -> None:
    account = CounterpartyAccount(counterparty=supplier, iban="mt88 kvld 9986 7531 0000 0480 2019 375", bic="kvld mtmt")
    account.full_clean(exclude=["customer"])
    account.save()
    again = reload(account)
    assert (again.iban, again.bic) == ("MT88KVLD99867531000004802019375", "KVLDMTMT")


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"iban": "DE62930500174410027732"}, "iban", "check digits"),
        ({"iban": "DE6293050017441002773"}, "iban", "check digits"),
        ({"iban": "XX23930500174410027731"}, "iban", "no IBAN of XX|check digits"),
        ({"iban": ""}, "iban", "cannot be blank"),
        ({"iban": IBAN, "bic": "SPZBDEB"}, "bic", "no BIC"),
        ({"iban": IBAN, "bic": "SPZBQQBBXXX"}, "bic", "no BIC"),
        ({"iban": IBAN, "bic": "SFZBCHZZXXX"}, "bic", "bank in CH"),
        ({"iban": IBAN, "currency": "EURO"}, "currency", "3 characters"),
        ({"iban": IBAN, "currency": "XYZ"}, "currency", "ISO 4217"),
    ],
)
def test_wrong_bank_details_are_named_by_field(
    supplier: Counterparty, fields: dict[str, str], name: str, sentence: str
) -> None:
    account = CounterpartyAccount(counterparty=supplier, **fields)
    with pytest.raises(ValidationError) as caught:
        account.full_clean(exclude=["customer"])
    assert set(caught.value.message_dict) == {name}
    assert any(part in " ".join(caught.value.message_dict[name]) for part in sentence.split("|"))


@pytest.mark.parametrize(
    ("iban", "bic"),
    [("FR7630006000011234567890189", "CEPAMQMQ"), ("GB19KEHB99811460027713", "KEHBJESH"), (IBAN, "")],
)
def test_a_bic_of_a_territory_under_the_iban_s_country_is_right(supplier: Counterparty, iban: str, bic: str) -> None:
    CounterpartyAccount(counterparty=supplier, iban=iban, bic=bic).full_clean(exclude=["customer"])


def refused(model: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)


def test_one_primary_account_per_currency(supplier: Counterparty) -> None:
    CounterpartyAccount.objects.create(counterparty=supplier, iban=IBAN, is_primary=True)
    CounterpartyAccount.objects.create(counterparty=supplier, iban=OTHER_IBAN, is_primary=True, currency="CHF")
    refused(CounterpartyAccount, counterparty=supplier, iban="GB19KEHB99811460027713", is_primary=True)
    CounterpartyAccount.objects.create(
        counterparty=supplier, iban="GB19KEHB99811460027713", is_primary=True, active=False
    )


def test_one_active_account_per_iban_and_counterparty(customer: Customer, supplier: Counterparty) -> None:
    CounterpartyAccount.objects.create(counterparty=supplier, iban=IBAN)
    refused(CounterpartyAccount, counterparty=supplier, iban="DE62 9305 0017 4410 0277 31")
    CounterpartyAccount.objects.create(counterparty=supplier, iban=IBAN, active=False)
    other = Counterparty.objects.create(customer=customer, legal_name="Zobel")
    CounterpartyAccount.objects.create(counterparty=other, iban=IBAN)


def test_one_own_counterparty_per_customer(customer: Customer) -> None:
    Counterparty.objects.create(customer=customer, legal_name="Nordlicht", is_own=True)
    Counterparty.objects.create(customer=Customer.objects.create(legal_name="Else"), legal_name="Else", is_own=True)
    refused(Counterparty, customer=customer, legal_name="Nordlicht again", is_own=True)


def test_a_contact_stands_once(supplier: Counterparty) -> None:
    Contact.objects.create(counterparty=supplier, type="email", value="a@mueller.example")
    refused(Contact, counterparty=supplier, type="email", value="A@Mueller.example")
    with pytest.raises(ValidationError, match="already"):
        Contact(counterparty=supplier, type="email", value="A@Mueller.example").clean()


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Contact, {"type": "fax", "value": "1234"}),
        (Address, {"country": "DE", "kind": "holiday"}),
        (Address, {"country": "de"}),
        (CounterpartyAccount, {"iban": "not an iban"}),
        (CounterpartyAccount, {"iban": IBAN, "currency": "eur"}),
    ],
)
def test_the_database_refuses_what_is_outside_the_closed_sets(
    supplier: Counterparty, model: Any, fields: dict[str, str]
) -> None:
    refused(model, counterparty=supplier, **fields)


def test_the_database_refuses_an_unknown_type(customer: Customer) -> None:
    refused(Counterparty, customer=customer, legal_name="X", type="club")
    refused(Customer, legal_name="X", type="club")
    refused(Customer, legal_name="X", default_currency="€")


@pytest.mark.parametrize(
    ("kind", "value"), [("email", "mueller.example"), ("email", ""), ("phone", "12"), ("phone", "call me")]
)
def test_a_contact_is_an_address_or_a_number(supplier: Counterparty, kind: str, value: str) -> None:
    with pytest.raises(ValidationError):
        Contact(counterparty=supplier, type=kind, value=value).full_clean(exclude=["customer"])


def test_an_address_names_a_country_of_iso_3166(supplier: Counterparty) -> None:
    with pytest.raises(ValidationError, match="ISO 3166"):
        Address(counterparty=supplier, country="UK").full_clean(exclude=["customer"])


@pytest.mark.parametrize("aliases", ["Müso", [""], [1], {"a": 1}])
def test_aliases_are_a_list_of_names(customer: Customer, aliases: Any) -> None:
    with pytest.raises(ValidationError, match="List the other names"):
        Counterparty(customer=customer, legal_name="X", aliases=aliases).full_clean()


def test_rows_of_other_customers_are_filtered_out(customer: Customer, supplier: Counterparty) -> None:
    stranger = Customer.objects.create(legal_name="Somebody Else Ltd")
    Counterparty.objects.create(customer=stranger, legal_name="Theirs")
    assert list(Counterparty.objects.of([customer.id])) == [supplier]
    assert list(Counterparty.objects.of([])) == []


def test_a_new_primary_account_takes_the_place_of_the_old_one(supplier: Counterparty) -> None:
    old = CounterpartyAccount.objects.create(counterparty=supplier, iban=IBAN, is_primary=True)
    new = CounterpartyAccount.objects.create(counterparty=supplier, iban=OTHER_IBAN)
    francs = CounterpartyAccount.objects.create(
        counterparty=supplier, iban="CH5509983000004408126", currency="CHF", is_primary=True
    )
    make_primary(account=new, by="anna", now=NOW)
    assert [reload(account).is_primary for account in (old, new, francs)] == [False, True, True]
    assert [reload(account).modified_by for account in (old, new, francs)] == ["anna", "anna", ""]


def test_a_deactivated_account_cannot_become_primary(supplier: Counterparty) -> None:
    old = CounterpartyAccount.objects.create(counterparty=supplier, iban=IBAN, is_primary=True)
    gone = CounterpartyAccount.objects.create(counterparty=supplier, iban=OTHER_IBAN, active=False)
    with pytest.raises(AccountInactive):
        make_primary(account=gone, by="anna", now=NOW)
    assert reload(old).is_primary
