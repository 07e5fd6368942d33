"""The demonstration's data: made once, shown again, and never at the cost of somebody's own."""

import json
import stat
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from django.utils import timezone
from pytest_django import Settings

from counterparties.candidates import known_payer_details
from counterparties.models import Counterparty
from customers.keys import find_key, revoke_key
from customers.models import ApiKey, Customer
from customers.scopes import SCOPES

pytestmark = pytest.mark.django_db

DESCRIBED = {
    "legal_name": "Aldermoor Trading GmbH",
    "type": "business",
    "vat_id": "DE999355209",
    "default_currency": "EUR",
    "emails": ["invoices@aldermoor.example", "office@aldermoor.example"],
    "aliases": ["Aldermoor"],
    "accounts": [
        {"iban": "DE57900402617713500290", "bic": "HKZBDEHHXXX", "currency": "EUR", "bank": "Hansekontor Bank AG"},
        {"iban": "CH5509983000004408126", "bic": "SFZBCHZZXXX", "currency": "CHF", "bank": "Seefeld Bank AG"},
    ],
    "address": {"street": "Hafenstraße 12", "zip": "20457", "city": "Hamburg", "country": "DE"},
}
SUPPLIERS = "legal_name,vat_id,iban\nHollmann Technik GmbH,DE999001735,DE62930500174410027731\nZobel AG,,\n"

Load = Callable[[], dict[str, str]]


@pytest.fixture
def samples(settings: Settings, tmp_path: Path) -> Path:
    """A folder of samples in a project of its own, and a data directory beside it."""
    settings.BASE_DIR, settings.DATA_DIR = tmp_path, tmp_path / "var"
    (tmp_path / "var").mkdir()
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "customer.json").write_text(json.dumps(DESCRIBED), encoding="utf-8")
    (tmp_path / "samples" / "counterparties.csv").write_text(SUPPLIERS, encoding="utf-8")
    return tmp_path / "samples"


@pytest.fixture
def load(samples: Path) -> Load:
    def load() -> dict[str, str]:
        out = StringIO()
        call_command("load_demo_data", "--json", stdout=out, stderr=StringIO())
        access: dict[str, str] = json.loads(out.getvalue())
        return access

    return load


def test_everything_needed_to_send_an_invoice_is_there(load: Load) -> None:
    access = load()
    customer = Customer.objects.get()
    assert access["customer_id"] == str(customer.id)
    assert access["customer_name"] == "Aldermoor Trading GmbH"

    key = find_key(plain=access["api_key"], now=timezone.now())
    assert key.customer_ids() == {customer.id}
    assert all(key.allows(scope) for scope in SCOPES)

    admin = authenticate(HttpRequest(), username=access["admin_user"], password=access["admin_password"])
    assert admin is not None
    assert admin.is_superuser

    own = Counterparty.objects.get(is_own=True)
    assert {(account.currency, account.is_primary) for account in own.accounts.all()} == {("EUR", True), ("CHF", True)}
    assert own.addresses.get().city == "Hamburg"
    payer = known_payer_details(customer)
    assert (payer.names, payer.vat_id) == (("Aldermoor Trading GmbH", "Aldermoor"), "DE999355209")
    assert payer.emails == ("invoices@aldermoor.example", "office@aldermoor.example")
    assert Counterparty.objects.filter(customer=customer, is_own=False).count() == 2


def test_loaded_again_it_shows_the_same_and_adds_nothing(load: Load) -> None:
    first = load()
    assert load() == first
    assert (Customer.objects.count(), Counterparty.objects.count(), ApiKey.objects.count()) == (1, 3, 1)


def test_key_and_password_are_kept_for_their_owner_only(load: Load, samples: Path) -> None:
    access = load()
    for name, secret in (("demo-api-key", access["api_key"]), ("demo-admin-password", access["admin_password"])):
        path = samples.parent / "var" / name
        assert path.read_text(encoding="utf-8").strip() == secret
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def _revoke(key: ApiKey) -> None:
    revoke_key(key=key, by="test", now=timezone.now())


def _expire(key: ApiKey) -> None:
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(days=1))


def _narrow(key: ApiKey) -> None:
    ApiKey.objects.filter(pk=key.pk).update(scopes=["ocr:read"])


def _give_away(key: ApiKey) -> None:
    key.customers.set([Customer.objects.create(legal_name="Somebody Else Ltd")])


@pytest.mark.parametrize("spoil", [_revoke, _expire, _narrow, _give_away])
def test_a_key_that_no_longer_does_is_replaced(load: Load, spoil: Callable[[ApiKey], None]) -> None:
    first = load()
    spoil(ApiKey.objects.get())
    again = load()
    assert again["api_key"] != first["api_key"]
    assert find_key(plain=again["api_key"], now=timezone.now()).customer_ids()


def test_a_lost_database_takes_the_kept_password_again(load: Load) -> None:
    first = load()
    get_user_model().objects.all().delete()
    assert load()["admin_password"] == first["admin_password"]
    assert authenticate(HttpRequest(), username="admin", password=first["admin_password"]) is not None


def test_an_operator_called_admin_keeps_the_password(load: Load, samples: Path) -> None:
    get_user_model().objects.create_superuser("admin", password="chosen by a person")
    assert load()["admin_password"] is None
    assert authenticate(HttpRequest(), username="admin", password="chosen by a person") is not None
    assert not (samples.parent / "var" / "demo-admin-password").exists()


def test_what_people_changed_stays(load: Load) -> None:
    load()
    Customer.objects.update(vat_id="DE999999999")
    own = Counterparty.objects.get(is_own=True)
    own.accounts.filter(currency="CHF").delete()
    load()
    assert Customer.objects.get().vat_id == "DE999999999"
    assert own.accounts.count() == 1


def test_without_json_it_is_told_in_lines(samples: Path) -> None:
    out = StringIO()
    call_command("load_demo_data", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "Suppliers: 2 created, 0 there before."
    assert any(line.startswith("api_key: pdk_") for line in lines)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (None, "customer.json cannot be read"),
        ("{", "does not describe a customer"),
        (json.dumps(DESCRIBED | {"colour": "blue"}), "does not describe a customer: .*colour"),
        (json.dumps({"legal_name": "X"}), "does not describe a customer"),
        (json.dumps(DESCRIBED | {"default_currency": "XYZ"}), "XYZ"),
        (json.dumps(DESCRIBED | {"accounts": [{"iban": "DE00", "currency": "EUR"}]}), "iban"),
        (json.dumps(DESCRIBED | {"accounts": [{"iban": "DE00"}]}), "currency"),
    ],
)
def test_a_wrong_description_is_refused_with_a_sentence(samples: Path, change: str | None, sentence: str) -> None:
    path = samples / "customer.json"
    if change is None:
        path.unlink()
    else:
        path.write_text(change, encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        call_command("load_demo_data", stdout=StringIO())
    assert not Counterparty.objects.exists()


def test_the_samples_that_come_along_can_be_loaded() -> None:
    out, err = StringIO(), StringIO()
    call_command("load_demo_data", stdout=out, stderr=err)
    assert err.getvalue() == ""
    assert Counterparty.objects.filter(is_own=True).exists()
    assert Counterparty.objects.filter(is_own=False).count() > 10
