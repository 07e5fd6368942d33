"""The counterparties of one customer's books, seeded, with the traps that real books have. Pure."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from benchmarks.generator.accounts import invent_iban
from benchmarks.generator.tax_ids import invent_vat_id
from benchmarks.ledger.mistakes import misread, mistyped
from benchmarks.ledger.names import FirmName, Share, invent_locale, invent_name
from counterparties.names import fold, name_key

# How many in a thousand families are of which kind; a family is one counterparty or a few that belong together.
KINDS = {
    "plain": 850,
    "alias": 40,
    "renamed": 30,
    "inactive": 20,
    "noisy": 15,
    "twins": 10,
    "shared_iban": 10,
    "group": 10,
    "branches": 15,
}
_BOXES = ("info", "office", "accounts", "billing", "mail", "invoices", "post", "contact")
_FREE_MAIL = ("gmail.com", "gmx.de", "orange.fr", "libero.it", "outlook.com")


@dataclass(frozen=True, slots=True)
class Entry:
    """One counterparty. `kind` is the trap it stands for, `family` what those that belong together share; what is
    empty is not on file. `name` is its true one, `legal_name` the one on file."""

    id: UUID
    kind: str
    family: int
    name: FirmName
    legal_name: str
    other_name: FirmName | None = None
    vat_id: str = ""
    iban: str = ""
    email: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    is_active: bool = True

    @property
    def aliases(self) -> tuple[str, ...]:
        return (self.other_name.full,) if self.other_name else ()

    @property
    def country(self) -> str:
        return self.name.locale.country


class _Chance(random.Random):
    """Three times as quick as Python's own, whose choices are even to the last bit: nobody counts that here."""

    def choice(self, seq: Any) -> Any:
        return seq[int(self.random() * len(seq))]

    def randint(self, a: int, b: int) -> int:
        return a + int(self.random() * (b - a + 1))


class Books:
    """The books of one customer, or a share of them: the same seed gives the same entries. `keys` has the names that
    are taken."""

    def __init__(self, *, seed: int, share: Share = Share()) -> None:  # noqa: B008 - frozen
        self._chance = _Chance(seed)
        self._share = share
        self.keys: set[str] = set()

    def entries(self, *, rows: int) -> Iterator[Entry]:
        """So many entries; no two have equal names, but for twins."""
        made = 0
        family = 0
        while made < rows:
            kind = self._chance.choices(tuple(KINDS), weights=tuple(KINDS.values()))[0]
            family += 1
            for entry in _FAMILIES[kind](self, kind, family):
                if made < rows:
                    made += 1
                    yield entry

    def stranger(self) -> FirmName:
        """A name that is not in the books."""
        return self._new_name()

    def _new_name(self) -> FirmName:
        while True:
            name = invent_name(locale=invent_locale(chance=self._chance), chance=self._chance, share=self._share)
            key = name_key(name.full)
            if key not in self.keys:
                self.keys.add(key)
                return name

    def _one(self, kind: str, family: int) -> Entry:
        """With most of what one knows of a firm; none has everything."""
        chance, name = self._chance, self._new_name()
        country = name.locale.country
        return Entry(
            id=UUID(int=chance.getrandbits(128), version=4),
            kind=kind,
            family=family,
            name=name,
            legal_name=name.full,
            vat_id=invent_vat_id(country=country, chance=chance) if chance.random() < 0.8 else "",
            iban=invent_iban(country=country, chance=chance) if chance.random() < 0.9 else "",
            email=self._email(name) if chance.random() < 0.7 else "",
            street=f"{chance.choice(name.locale.habits('streets'))} {chance.randint(1, 189)}",
            postcode=str(chance.randint(10000, 99999)),
            city=chance.choice(name.locale.habits("cities")),
        )

    def _email(self, name: FirmName) -> str:
        box = self._chance.choice(_BOXES)
        domain = fold(name.core).replace(" ", "-").encode("ascii", "ignore").decode().strip("-")[:60].strip("-")
        if self._chance.random() < 0.1 or not domain:
            return f"{box}.{domain or 'firm'}@{self._chance.choice(_FREE_MAIL)}"
        return f"{box}@{domain}.{name.locale.habits('tld')[0]}"

    def _again(self, entry: Entry, **changes: object) -> Entry:
        """Another counterparty that has all of this one but the changes."""
        return replace(entry, id=UUID(int=self._chance.getrandbits(128), version=4), **changes)  # type: ignore[arg-type]

    def _plain(self, kind: str, family: int) -> list[Entry]:
        return [self._one(kind, family)]

    def _alias(self, kind: str, family: int) -> list[Entry]:
        return [replace(self._one(kind, family), other_name=replace(self._new_name(), form=""))]

    def _renamed(self, kind: str, family: int) -> list[Entry]:
        """Its former name, with its legal form, is the alias."""
        return [replace(self._one(kind, family), other_name=self._new_name())]

    def _inactive(self, kind: str, family: int) -> list[Entry]:
        return [replace(self._one(kind, family), is_active=False)]

    def _noisy(self, kind: str, family: int) -> list[Entry]:
        """Typed or read wrongly when it was entered."""
        entry = self._one(kind, family)
        spoil = self._chance.choice((mistyped, misread))
        return [replace(entry, legal_name=spoil(entry.legal_name, chance=self._chance))]

    def _twins(self, kind: str, family: int) -> list[Entry]:
        """Two of one name with nothing that tells them apart but the address."""
        entry = replace(self._one(kind, family), vat_id="", iban="", email="")
        return [entry, self._again(entry, postcode=str(self._chance.randint(10000, 99999)))]

    def _shared_iban(self, kind: str, family: int) -> list[Entry]:
        """Two firms that have themselves paid through one account."""
        one, other = self._one(kind, family), self._one(kind, family)
        iban = one.iban or invent_iban(country="DE", chance=self._chance)
        return [replace(one, iban=iban), replace(other, iban=iban)]

    def _group(self, kind: str, family: int) -> list[Entry]:
        """Three companies that share a VAT number, with names of their own."""
        vat_id = invent_vat_id(country="DE", chance=self._chance)
        return [replace(self._one(kind, family), vat_id=vat_id) for _ in range(3)]

    def _branches(self, kind: str, family: int) -> list[Entry]:
        """A firm and two branches named after their cities: one VAT number, an account each."""
        parent = self._one(kind, family)
        branches = []
        for city in self._chance.sample(parent.name.locale.habits("cities"), 2):
            name = FirmName(core=f"{parent.name.core} {city}", form=parent.name.form, locale=parent.name.locale)
            self.keys.add(name_key(name.full))
            iban = invent_iban(country=parent.country, chance=self._chance)
            branches.append(self._again(parent, name=name, legal_name=name.full, iban=iban, email="", city=city))
        return [parent, *branches]


_FAMILIES: dict[str, Callable[[Books, str, int], list[Entry]]] = {kind: getattr(Books, f"_{kind}") for kind in KINDS}
