"""Names looked up in the index of the database: the same names on both, and never out of step with the rows."""

import random
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from benchmarks.ledger.entries import Books
from counterparties import name_sample, name_search
from counterparties.models import Counterparty
from counterparties.name_index import put_up
from counterparties.name_sample import samples
from counterparties.name_search import ids_of_equal_names, ids_of_similar_names
from counterparties.names import name_key
from customers.models import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["compared with all", "through the index"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Few names are all compared; here the index is used for few as well."""
    if request.param == "through the index":
        monkeypatch.setattr(name_search, "_FEW", 0)
    yield request.param
    samples.forget()


@pytest.fixture
def customer() -> Customer:
    return Customer.objects.create(legal_name="Nordlicht Handels GmbH")


def add(customer: Customer, name: str, **fields: Any) -> Counterparty:
    return Counterparty.objects.create(customer=customer, legal_name=name, **fields)


def similar(customer: Customer, name: str, most: int = 10) -> list[str]:
    found = ids_of_similar_names(customer_id=customer.id, key=name_key(name), most=most)
    return [Counterparty.objects.get(id=id_).legal_name for id_ in found]


def equal(customer: Customer, name: str) -> list[str]:
    found = ids_of_equal_names(customer_id=customer.id, key=name_key(name), most=10)
    return [Counterparty.objects.get(id=id_).legal_name for id_ in found]


@pytest.mark.parametrize(
    "written",
    [
        "Hollman Technik",
        "Holmann Technik",
        "Hollmannn Technik",
        "Hollmann Tecnhik",
        "HOLLMANN TECKNIK AG",
        "Technik Hollmann",
        "Hol1mann Technik",
        "HollmannTechnik",
        "Holl mann Technik",
        "Hollmann Technik Berlin",
    ],
)
def test_a_name_is_found_as_people_and_engines_write_it(way: str, customer: Customer, written: str) -> None:
    add(customer, "Hollmann Technik GmbH")
    add(customer, "Zobel Logistik AG")
    assert similar(customer, written) == ["Hollmann Technik GmbH"]


@pytest.mark.parametrize("written", ["HoTec Montage", "Hotek Montage", "HoTec Monatge GmbH"])
def test_an_alias_is_a_name(way: str, customer: Customer, written: str) -> None:
    add(customer, "Hollmann Technik GmbH", aliases=["Hollmann", "HoTec Montage"])
    assert similar(customer, written) == ["Hollmann Technik GmbH"]


def test_the_most_similar_comes_first_and_no_more_than_asked_for(way: str, customer: Customer) -> None:
    for name in ("Hollmann Technik Süd", "Hollmann Technik", "Hollmann Technikum", "Zobel"):
        add(customer, name)
    assert similar(customer, "Hollmann Tecnik")[:2] == ["Hollmann Technik", "Hollmann Technikum"]
    assert similar(customer, "Hollmann Tecnik", most=1) == ["Hollmann Technik"]


def test_another_customer_s_names_are_never_found(way: str, customer: Customer) -> None:
    stranger = Customer.objects.create(legal_name="Somebody Else Ltd")
    add(stranger, "Hollmann Technik GmbH", aliases=["HoTec"])
    add(customer, "Zobel Logistik AG")
    assert (
        similar(customer, "Hollmann Technik") == equal(customer, "Hollmann Technik") == equal(customer, "HoTec") == []
    )
    assert similar(stranger, "Holmann Technik") == equal(stranger, "HoTec") == ["Hollmann Technik GmbH"]


def test_what_is_deactivated_is_not_found_until_it_is_active_again(way: str, customer: Customer) -> None:
    row = add(customer, "Hollmann Technik GmbH", aliases=["HoTec"])
    Counterparty.objects.update(active=False)
    assert similar(customer, "Holmann Technik") == equal(customer, "HoTec") == []
    row.save()
    assert similar(customer, "Holmann Technik") == equal(customer, "HoTec") == ["Hollmann Technik GmbH"]


def test_a_row_is_found_by_its_new_name_only(way: str, customer: Customer) -> None:
    row = add(customer, "Hollmann Technik GmbH", aliases=["HoTec"])
    row.legal_name, row.aliases = "Quarzwind Energie GmbH", ["Quawi"]
    row.save()
    assert similar(customer, "Holmann Technik") == equal(customer, "HoTec") == []
    assert similar(customer, "Quartzwind Energie") == equal(customer, "Quawi") == ["Quarzwind Energie GmbH"]


def test_a_deleted_row_leaves_the_index(way: str, customer: Customer) -> None:
    add(customer, "Hollmann Technik GmbH")
    kept = add(customer, "Hollmann Technik AG")
    Counterparty.objects.exclude(id=kept.id).delete()
    assert similar(customer, "Holmann Technik") == ["Hollmann Technik AG"]
    Counterparty.objects.all().delete()
    add(customer, "Hollmann Technik KG")
    assert similar(customer, "Holmann Technik") == ["Hollmann Technik KG"]


def test_rows_written_in_bulk_are_found(way: str, customer: Customer) -> None:
    rows = [Counterparty(customer=customer, legal_name=f"{word} Technik") for word in ("Hollmann", "Zobel", "Quarz")]
    for row in rows:
        row.fill_keys()
    Counterparty.objects.bulk_create(rows)
    assert similar(customer, "Holmann Technik")[0] == "Hollmann Technik"


def test_a_row_moved_to_another_customer_moves_in_the_index(way: str, customer: Customer) -> None:
    row = add(customer, "Hollmann Technik GmbH")
    other = Customer.objects.create(legal_name="Else")
    Counterparty.objects.filter(id=row.id).update(customer=other)
    assert similar(customer, "Holmann Technik") == []
    assert similar(other, "Holmann Technik") == ["Hollmann Technik GmbH"]


@pytest.mark.parametrize(
    "name",
    [
        "%",
        "_%_",
        "50% Rabatt Markt",
        "under_score handel",
        '"quoted" names',
        "AND OR NOT",
        "NEAR(a b)",
        "name : column * ^",
        "(brackets) + minus -",
        "back\\slash gruppe",
        "a|b|c",
        "O'Neill & Sons",
        "東京電力会社",
        "Ωμέγα Ενέργεια",
        "x" * 300,
        "3M",
        "🏭🏭🏭 works",
    ],
)
def test_odd_names_are_found_as_they_are_and_break_nothing(way: str, customer: Customer, name: str) -> None:
    add(customer, name, aliases=[f"other {name}"[:300]])
    add(customer, "Quarzwind Energie")
    found = similar(customer, name) + equal(customer, name)
    assert set(found) <= {name}
    if name_key(name):
        assert equal(customer, name) == [name]


@pytest.mark.parametrize("key", ["", " ", "|", '"', "*", "%", "a", "\0", "x" * 5_000, "' OR 1=1 --", "AND", "|||"])
def test_odd_keys_find_nobody(way: str, customer: Customer, key: str) -> None:
    add(customer, "Hollmann Technik GmbH", aliases=["HoTec"])
    assert ids_of_similar_names(customer_id=customer.id, key=key, most=10) == []


def test_in_a_ledger_a_mistyped_name_is_found_by_the_index_as_by_comparing_all(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = Books(seed=11)
    rows = [
        Counterparty(customer=customer, legal_name=entry.legal_name, aliases=list(entry.aliases))
        for entry in books.entries(rows=900)
    ]
    for row in rows:
        row.fill_keys()
    Counterparty.objects.bulk_create(rows)
    chance = random.Random(11)  # noqa: S311
    keys = [spoilt for row in chance.sample(rows, 60) if (spoilt := row.name_key[:4] + row.name_key[5:])]
    keys += [name_key(name.full) for name in islice(iter(books.stranger, None), 20)]
    by_comparing = [ids_of_similar_names(customer_id=customer.id, key=key, most=1) for key in keys]
    monkeypatch.setattr(name_search, "_FEW", 0)
    by_index = [ids_of_similar_names(customer_id=customer.id, key=key, most=1) for key in keys]
    samples.forget()
    found = [one for one in zip(by_comparing, by_index, strict=True) if one[0]]
    assert len(found) >= 60
    assert sum(one == other for one, other in found[:60]) >= 58


def test_an_index_that_lost_its_triggers_is_made_anew_by_migrate(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite loses them with every migration that alters the table; PostgreSQL keeps its indexes itself."""
    monkeypatch.setattr(name_search, "_FEW", 0)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER counterparty_name_added")
    add(customer, "Hollmann Technik GmbH", aliases=["HoTec"])
    assert similar(customer, "Holmann Technik") == ([] if connection.vendor == "sqlite" else ["Hollmann Technik GmbH"])
    call_command("migrate", verbosity=0)
    samples.forget()
    assert similar(customer, "Holmann Technik") == equal(customer, "HoTec") == ["Hollmann Technik GmbH"]
    add(customer, "Zobel Logistik")
    assert similar(customer, "Zobell Logistik") == ["Zobel Logistik"]
    put_up(connection)
    assert similar(customer, "Holmann Technik") == ["Hollmann Technik GmbH"]
    samples.forget()


def test_large_books_are_sampled_from_everywhere(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last thousand are of one kind: taken for all, they would make a common word of a rare one."""
    monkeypatch.setattr(name_search, "_FEW", 0)
    monkeypatch.setattr(name_sample, "_SIZE", 800)
    monkeypatch.setattr(name_sample, "_LARGE", 1_000)
    names = [f"Zobel {number} Logistik" for number in range(3_000)] + [f"Filiale {n} Hamburg" for n in range(1_000)]
    rows = [Counterparty(customer=customer, legal_name=name) for name in names]
    for row in rows:
        row.fill_keys()
    Counterparty.objects.bulk_create(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE counterparties_counterparty")
    sample = samples.of(customer.id)
    samples.forget()
    assert sample.total == pytest.approx(4_000, rel=0.05)
    assert sample.places("zobe")


def test_a_wrong_first_letter_is_found_among_many_that_share_a_word(customer: Customer) -> None:
    """Sorted, its words change places, and hundreds of others then seem nearer."""
    rows = [Counterparty(customer=customer, legal_name=f"Fersendorf {n} Lindenhauser") for n in range(300)]
    rows.append(Counterparty(customer=customer, legal_name="Lindenhauser Personaldienste"))
    for row in rows:
        row.fill_keys()
    Counterparty.objects.bulk_create(rows)
    assert similar(customer, "Lindenhauser Fersonaldienste")[0] == "Lindenhauser Personaldienste"
