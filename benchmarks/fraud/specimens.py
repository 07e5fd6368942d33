"""A document of the suite with what is known of it, and what its maker needs."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.fraud.cast import Cast, Supplier, account_for
from benchmarks.fraud.invoicing import invent_bill
from benchmarks.generator.accounts import Account
from benchmarks.generator.invoices import Invoice
from benchmarks.generator.parties import Party


@dataclass(frozen=True, slots=True)
class Specimen:
    """`attackers` are the accounts that must never be drafted, `right` those that may be. `before` are documents that
    came and were paid earlier."""

    content: bytes
    attackers: frozenset[str] = frozenset()
    right: frozenset[str] = frozenset()
    before: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """Who plays in one specimen. `number` counts the specimens of the kind, for variants that take turns."""

    cast: Cast
    supplier: Supplier
    chance: random.Random
    number: int

    def bill(self, *, days_ago: int | None = None) -> Invoice:
        return invent_bill(supplier=self.supplier, buyer=self.cast.customer, chance=self.chance, days_ago=days_ago)

    def attackers_account(self, *, holder: Party | None = None, abroad: bool = False) -> Account:
        """At a bank of the supplier's country, or of another one."""
        country = self.supplier.locale.country
        if abroad:
            country = self.chance.choice([each for each in ("ES", "PL", "GB", "PT", "IE", "FR") if each != country])
        return account_for(holder or self.supplier.party, country=country, chance=self.chance)


Make = Callable[[Scene], Specimen | None]
"""None where the supplier's layout does not show what would be forged: another supplier is tried."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`codes`: one of these warnings or blockers must stand on a forged document; on an honest one they are rightly
    there, and no false alarm. `may_be_scanned`: the forgery survives a scanner.
    `takes_long`: all are recognised from pictures, so a third as many do."""

    name: str
    title: str
    make: Make
    codes: frozenset[str]
    is_forged: bool = True
    may_be_scanned: bool = True
    takes_long: bool = False
