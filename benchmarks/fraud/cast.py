"""Who plays in the fraud suite: the customer, the suppliers in its books, and those nobody knows. All are invented."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks.generator.accounts import Account, invent_account, with_qr_iban
from benchmarks.generator.catalogue import Locale, locale_of
from benchmarks.generator.parties import Party, invent_party

COUNTRIES = ("DE", "FR", "GB", "AT", "CH", "IT", "NL", "BE", "ES", "PL", "SE", "NO", "DK", "CZ", "PT", "IE")
"""Countries with IBANs: the books hold nothing else."""

CURRENCIES = ("EUR", "CHF", "GBP", "SEK", "NOK", "DKK", "PLN", "CZK")


@dataclass(frozen=True, slots=True)
class Supplier:
    """`accounts` are on file, the first is the primary one; `look` is the seed of its layout and wording. `party` is
    how it prints itself, `legal_name` and `aliases` how the books know it."""

    look: str
    party: Party
    accounts: tuple[Account, ...]
    legal_name: str
    aliases: tuple[str, ...] = ()

    @property
    def locale(self) -> Locale:
        return self.party.locale

    @property
    def ibans(self) -> frozenset[str]:
        return frozenset(account.iban for account in self.accounts)


@dataclass(frozen=True, slots=True)
class Cast:
    """`suppliers` are in the books with their accounts, `renamed` and `factored` too: the one under its former name,
    the other with the account of the bank that collects for it. `strangers` are honest, and in no books."""

    customer: Party
    own_accounts: tuple[Account, ...]
    suppliers: tuple[Supplier, ...]
    renamed: tuple[Supplier, ...]
    factored: tuple[Supplier, ...]
    siblings: tuple[Supplier, ...]
    strangers: tuple[Supplier, ...]

    @property
    def on_file(self) -> Iterator[Supplier]:
        yield from (*self.suppliers, *self.renamed, *self.factored, *self.siblings)


def invent_cast(*, seed: int, suppliers: int) -> Cast:
    """The same seed gives the same cast. Countries take turns; a quarter as many play each of the smaller parts."""
    chance = random.Random(f"fraud cast {seed}")  # noqa: S311  the same cast at every run
    german = Locale("DE", "de")
    customer = invent_party(locale=german, chance=chance)
    few = max(4, suppliers // 4)
    taken = {customer.domain}
    return Cast(
        customer=customer,
        own_accounts=tuple(account_for(customer, country="DE", chance=chance) for _ in CURRENCIES),
        suppliers=tuple(_supplier(f"{seed} known {number}", number, chance, taken) for number in range(suppliers)),
        renamed=tuple(
            _renamed(_supplier(f"{seed} new {number}", number, chance, taken), chance, taken) for number in range(few)
        ),
        factored=tuple(
            _factored(_supplier(f"{seed} sold {number}", number, chance, taken), chance) for number in range(few)
        ),
        siblings=tuple(
            each
            for number in range(few // 2)
            for each in _siblings(_supplier(f"{seed} group {number}", number, chance, taken), chance)
        ),
        strangers=tuple(_supplier(f"{seed} unknown {number}", number, chance, taken) for number in range(few * 2)),
    )


def account_for(party: Party, *, country: str, chance: random.Random) -> Account:
    """A new account of the party at a bank of the country."""
    bank = chance.choice(locale_of(country=country, chance=chance).habits("banks"))
    return invent_account(country=country, holder=party.name, bank=bank, chance=chance)


def _supplier(look: str, number: int, chance: random.Random, taken: set[str]) -> Supplier:
    """Two accounts; a Swiss one has a QR-IBAN beside the first."""
    locale = locale_of(country=COUNTRIES[number % len(COUNTRIES)], chance=chance)
    party = _new_party(locale, chance, taken)
    accounts = [account_for(party, country=locale.country, chance=chance) for _ in range(2)]
    if locale.country == "CH":
        accounts.append(with_qr_iban(accounts[0], chance=chance))
    return Supplier(look, party, tuple(accounts), party.name)


def _new_party(locale: Locale, chance: random.Random, taken: set[str]) -> Party:
    """Of a name and a domain that nobody has yet: an honest invoice must not look like an imitation by chance."""
    party = invent_party(locale=locale, chance=chance)
    while not taken.isdisjoint((party.domain, party.brand.casefold())):
        party = invent_party(locale=locale, chance=chance)
    taken |= {party.domain, party.brand.casefold()}
    return party


def _renamed(supplier: Supplier, chance: random.Random, taken: set[str]) -> Supplier:
    """On file under its former name, with the new one as an alias."""
    former = _new_party(supplier.locale, chance, taken).name
    return replace(supplier, legal_name=former, aliases=(supplier.party.name,))


def _factored(supplier: Supplier, chance: random.Random) -> Supplier:
    """Its one account on file is that of the bank which buys its claims."""
    country = supplier.locale.country
    account = account_for(supplier.party, country=country, chance=chance)
    bank = chance.choice(supplier.locale.habits("banks"))
    return replace(supplier, accounts=(replace(account, bank=bank, holder=f"{bank} Factoring"),))


def _siblings(supplier: Supplier, chance: random.Random) -> tuple[Supplier, Supplier]:
    """Two honest companies of one group whose names differ in a word, each with accounts of its own."""
    word = chance.choice(("Nord", "Service", "International", "Holding"))
    party = supplier.party
    name = party.name.replace(party.brand, f"{party.brand} {word}")
    other = invent_party(locale=supplier.locale, chance=chance)
    sister = replace(other, name=name, brand=f"{party.brand} {word}", domain=party.domain, emails=party.emails[::-1])
    account = account_for(sister, country=supplier.locale.country, chance=chance)
    accounts = (account, with_qr_iban(account, chance=chance)) if supplier.locale.country == "CH" else (account,)
    return supplier, Supplier(f"{supplier.look} sister", sister, accounts, name)
