"""The invented books: repeatable, sound, and with the traps they promise."""

from collections import Counter, defaultdict

import pytest
from stdnum import iban as iban_number

from benchmarks.generator.tax_ids import is_valid_vat_id
from benchmarks.ledger.entries import KINDS, Books, Entry
from benchmarks.ledger.ledger import tenants
from counterparties.bank_details import problems
from counterparties.names import name_key

ROWS = 3_000


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return list(Books(seed=5).entries(rows=ROWS))


@pytest.fixture(scope="module")
def families(entries: list[Entry]) -> dict[str, list[list[Entry]]]:
    by_family: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries[:-3]:  # the last family may have been cut off
        by_family[entry.family].append(entry)
    by_kind: dict[str, list[list[Entry]]] = defaultdict(list)
    for family in by_family.values():
        by_kind[family[0].kind].append(family)
    return by_kind


def test_the_same_seed_gives_the_same_books_and_another_other_ones(entries: list[Entry]) -> None:
    assert list(Books(seed=5).entries(rows=300)) == entries[:300]
    assert {entry.legal_name for entry in Books(seed=6).entries(rows=300)}.isdisjoint(
        entry.legal_name for entry in entries[:300]
    )


def test_there_are_as_many_as_were_asked_for_each_with_its_own_id(entries: list[Entry]) -> None:
    assert len({entry.id for entry in entries}) == ROWS
    assert len(list(Books(seed=1).entries(rows=0))) == 0


def test_every_kind_is_there_and_most_are_plain(families: dict[str, list[list[Entry]]]) -> None:
    assert families.keys() == KINDS.keys()
    assert len(families["plain"]) > 0.8 * sum(map(len, families.values()))


def test_numbers_are_sound(entries: list[Entry]) -> None:
    for entry in entries:
        assert not entry.iban or iban_number.is_valid(entry.iban)
        assert not entry.iban or not problems(iban=entry.iban, bic="")
        if entry.vat_id and entry.kind not in {"group"}:
            assert is_valid_vat_id(country=entry.country, number=entry.vat_id), entry


def test_nothing_is_known_of_everybody(entries: list[Entry]) -> None:
    for name in ("vat_id", "iban", "email"):
        known = sum(bool(getattr(entry, name)) for entry in entries) / len(entries)
        assert 0.5 < known < 0.97, name
    assert len({entry.country for entry in entries}) == 18


def test_only_twins_share_a_name(entries: list[Entry]) -> None:
    times = Counter(name_key(entry.legal_name) for entry in entries if entry.kind not in {"twins", "noisy"})
    assert max(times.values()) == 1


def test_nothing_tells_twins_apart_but_their_address(families: dict[str, list[list[Entry]]]) -> None:
    for one, other in families["twins"]:
        assert one.legal_name == other.legal_name
        assert (one.vat_id, one.iban, one.email) == (other.vat_id, other.iban, other.email) == ("", "", "")
        assert one.postcode != other.postcode


def test_families_share_what_they_are_named_for(families: dict[str, list[list[Entry]]]) -> None:
    for one, other in families["shared_iban"]:
        assert one.iban == other.iban != ""
        assert one.legal_name != other.legal_name
    for group in families["group"]:
        assert len({entry.vat_id for entry in group}) == 1
        assert len({entry.legal_name for entry in group}) == 3
    for parent, *branches in families["branches"]:
        assert all(branch.name.core.startswith(parent.name.core) for branch in branches)
        assert len({entry.iban for entry in branches}) == 2 or parent.country in {"US", "AU"}  # have no IBAN


def test_single_ones_are_what_they_are_named_for(families: dict[str, list[list[Entry]]]) -> None:
    assert all(entry.aliases and entry.aliases[0] != entry.legal_name for (entry,) in families["renamed"])
    assert all(not entry.is_active for (entry,) in families["inactive"])
    changed = [entry.legal_name != entry.name.full for (entry,) in families["noisy"]]
    assert sum(changed) > 0.9 * len(changed)


def test_the_large_customer_comes_first_and_the_others_share_the_rest_unevenly() -> None:
    large, *others = tenants(rows=500, others=10_000, customers=50, seed=3)
    assert large.rows == 500
    assert len(others) == 50
    assert others[0].rows == 2_000
    assert 20 <= others[-1].rows < others[1].rows < 2_000
    assert len({tenant.customer.id for tenant in (large, *others)}) == 51
    assert [line.is_own for line in large.volumes[0].lines(large.volumes[0].books())].count(True) == 1
