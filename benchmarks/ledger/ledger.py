"""The whole ledger: one customer with very many counterparties, and thousands of others with the rest."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from benchmarks.generator.accounts import invent_iban
from benchmarks.generator.tax_ids import invent_vat_id
from benchmarks.ledger.entries import Books, Entry
from benchmarks.ledger.loading import Line
from benchmarks.ledger.names import Share, invent_locale, invent_name
from customers.models import Customer

_LARGEST_OTHER = 0.2
_SMALLEST_OTHER = 20
_ROWS_OF_VOLUME = 50_000
_MOST_VOLUMES = 6


@dataclass(frozen=True, slots=True)
class Tenant:
    """A customer, unsaved, with its own counterparty and the number of its other ones."""

    customer: Customer
    own: Entry
    rows: int
    seed: int

    @property
    def volumes(self) -> "list[Volume]":
        """The books in parts that can be written side by side."""
        count = min(max(self.rows // _ROWS_OF_VOLUME, 1), _MOST_VOLUMES)
        sizes = [self.rows // count + (place < self.rows % count) for place in range(count)]
        return [Volume(self, size, Share(place, count)) for place, size in enumerate(sizes)]


@dataclass(frozen=True, slots=True)
class Volume:
    """A share of a tenant's books; the first one has its own counterparty too."""

    tenant: Tenant
    rows: int
    share: Share

    def books(self) -> Books:
        return Books(seed=self.tenant.seed * 31 + self.share.place, share=self.share)

    def lines(self, books: Books) -> Iterator[Line]:
        if not self.share.place:
            yield Line(self.tenant.customer, self.tenant.own, is_own=True)
        for entry in books.entries(rows=self.rows):
            yield Line(self.tenant.customer, entry)


def tenants(*, rows: int, others: int, customers: int, seed: int) -> list[Tenant]:
    """First the one with `rows` counterparties, then `customers` that share `others` unevenly, the largest first: the
    second has a fifth of them, most a few dozen."""
    chance = random.Random(seed)  # noqa: S311
    return [
        _tenant(chance, size, seed * 1_000_003 + place)
        for place, size in enumerate([rows, *_sizes(others, customers)])
        if size
    ]


def _sizes(total: int, customers: int) -> list[int]:
    if customers < 2:
        return [total] * customers
    largest = int(total * _LARGEST_OTHER)
    rest = total - largest
    smallest = min(_SMALLEST_OTHER, rest // (customers - 1))
    shared = rest - smallest * (customers - 1)
    weights = [1 / (place + 1) ** 0.8 for place in range(customers - 1)]
    return [largest, *(smallest + int(shared * weight / sum(weights)) for weight in weights)]


def _tenant(chance: random.Random, rows: int, seed: int) -> Tenant:
    locale = invent_locale(chance=chance)
    name = invent_name(locale=locale, chance=chance)
    name = replace(name, core=f"{name.core} Holding")
    vat_id = invent_vat_id(country=locale.country, chance=chance)
    email = f"invoices@payer-{seed}.example"
    customer = Customer(
        id=UUID(int=chance.getrandbits(128), version=4), legal_name=name.full, vat_id=vat_id, emails=[email]
    )
    own = Entry(
        id=UUID(int=chance.getrandbits(128), version=4),
        kind="own",
        family=0,
        name=name,
        legal_name=name.full,
        vat_id=vat_id,
        iban=invent_iban(country=locale.country, chance=chance),
        email=email,
        street="Main Street 1",
        postcode="10000",
        city=chance.choice(locale.habits("cities")),
    )
    return Tenant(customer=customer, own=own, rows=rows, seed=seed)
