"""One batch of import rows, entered into what is already on file and saved in a handful of statements."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from counterparties.bank_details_change import BankDetailsChange
from counterparties.bulk_writing import by_index, insert_rows, update_rows
from counterparties.csv_rows import ImportRow, Rejection
from counterparties.identifiers import compact
from counterparties.models import Address, Belonging, Contact, Counterparty, CounterpartyAccount
from counterparties.names import fold
from counterparties.onboarding import Onboarding
from customers.models import Customer

IMPORTED = (Counterparty, CounterpartyAccount, Contact, Address)
Effect = Literal["created", "updated", "unchanged"]
_COMPLETED = (
    "vat_id",
    "registration_number",
    "aliases",
    *Counterparty.derived_fields,
    "modified_by",
    "modified_at",
)


class _Entry:
    """A counterparty with what belongs to it, on file or new."""

    def __init__(self, counterparty: Counterparty, *, is_new: bool) -> None:
        self.counterparty = counterparty
        self.is_new = is_new
        self.is_changed = False
        self.accounts: list[CounterpartyAccount] = []
        self.contacts: list[Contact] = []
        self.addresses: list[Address] = []

    def takes_accounts(self, onboarding: Onboarding) -> bool:
        """Whether an account may be added to it without a second person, as the database will judge as well."""
        if self.is_new or self.counterparty.onboarding_id == onboarding.pk:
            return True
        return not self.accounts and self.counterparty.bank_details_established_at is None

    def has_iban(self, iban: str) -> bool:
        return any(account.iban == iban for account in self.accounts)

    def fits(self, row: ImportRow) -> bool:
        """Whether the row can mean this counterparty: nothing that tells companies or people apart contradicts."""
        mine, other = self.counterparty, row.counterparty
        if not _agree(mine.vat_key, other.vat_key):
            return False
        if not _agree(compact(mine.registration_number), compact(other.registration_number)):
            return False
        if mine.type == Counterparty.Type.INDIVIDUAL and row.address and self.addresses:
            # Two people may share a name; they rarely share a postal code.
            return any(_agree(address.zip, row.address.zip) for address in self.addresses)
        return True


class Entries:
    """What is on file for the names of a batch, and what the batch adds to it. `save` writes all of it at once."""

    def __init__(self, *, customer: Customer, rows: Sequence[ImportRow], onboarding: Onboarding, now: datetime) -> None:
        self._customer = customer
        self._onboarding = onboarding
        self._by = onboarding.opened_by
        self._now = now
        self._by_name: dict[str, list[_Entry]] = defaultdict(list)
        self._new: dict[type[Counterparty] | type[Belonging], list[Counterparty | Belonging]] = defaultdict(list)
        self._asked: dict[tuple[UUID, str], BankDetailsChange] = {}
        own_accounts = CounterpartyAccount.objects.of([customer.id]).filter(counterparty__is_own=True)
        self._own_ibans = frozenset(own_accounts.values_list("iban", flat=True))
        with by_index():
            self._load({row.counterparty.name_key for row in rows})

    def enter(self, row: ImportRow) -> Effect | Rejection:
        """Adds to the books in memory what the row has and they have not."""
        named = self._by_name[fold(row.counterparty.legal_name)]
        fitting = [entry for entry in named if entry.fits(row)]
        if len(fitting) > 1 and row.account:
            fitting = [entry for entry in fitting if entry.has_iban(row.account.iban)] or fitting
        if len(fitting) > 1:
            return Rejection(row.line, f"{len(fitting)} counterparties have this name; give vat_id to tell them apart")
        if fitting and fitting[0].counterparty.is_own:
            return Rejection(row.line, "this is the customer itself; change its own details in the admin")
        if row.account and row.account.iban in self._own_ibans:
            return Rejection(row.line, "iban: this is an account of the customer itself; give the supplier's own")
        if fitting:
            filled = _complete_counterparty(fitting[0].counterparty, row.counterparty)
            fitting[0].is_changed |= filled
            return "updated" if self._add_parts(fitting[0], row) or filled else "unchanged"
        entry = _Entry(row.counterparty, is_new=True)
        row.counterparty.onboarding = self._onboarding
        self._add(row.counterparty)
        named.append(entry)
        self._add_parts(entry, row)
        return "created"

    def save(self) -> int:
        """Writes what `enter` added, and gives how many changes of bank details were asked for.

        Call it once, in the transaction in which this object was made.
        """
        changed = [
            entry.counterparty
            for entries in self._by_name.values()
            for entry in entries
            if entry.is_changed and not entry.is_new
        ]
        for counterparty in changed:
            counterparty.modified_by, counterparty.modified_at = self._by, self._now
        update_rows(model=Counterparty, rows=changed, fields=_COMPLETED)
        for model in IMPORTED:
            insert_rows(model=model, rows=self._new[model])
        return self._ask()

    def _ask(self) -> int:
        """Asks for the accounts that need a second person; what was refused or withdrawn before is not asked again."""
        if not self._asked:
            return 0
        before = BankDetailsChange.objects.filter(
            counterparty_id__in={counterparty_id for counterparty_id, _ in self._asked}
        ).values_list("counterparty_id", "iban")
        for known in before:
            self._asked.pop(known, None)
        return len(BankDetailsChange.objects.bulk_create(self._asked.values()))

    def _load(self, name_keys: set[str]) -> None:
        same_name = Counterparty.objects.of([self._customer.id]).filter(name_key__in=name_keys)
        entries = {row.id: _Entry(row, is_new=False) for row in same_name.order_by("created_at", "id")}
        for entry in entries.values():
            self._by_name[fold(entry.counterparty.legal_name)].append(entry)
        if not entries:
            return
        # Not by `prefetch_related`, which makes three queries of each counterparty, if only in memory.
        accounts = CounterpartyAccount.objects.filter(counterparty__in=entries)
        for account in accounts.only("counterparty", "iban", "currency", "active", "is_primary"):
            entries[account.counterparty_id].accounts.append(account)
        contacts = Contact.objects.filter(counterparty__in=entries)
        for contact in contacts.only("counterparty", "type", "value_key", "active"):
            entries[contact.counterparty_id].contacts.append(contact)
        addresses = Address.objects.filter(counterparty__in=entries)
        for address in addresses.only("counterparty", "street", "zip", "city", "country", "active"):
            entries[address.counterparty_id].addresses.append(address)

    def _add_parts(self, entry: _Entry, row: ImportRow) -> bool:
        """Whether anything was added to the entry."""
        added = [self._add_contact(entry, contact) for contact in row.contacts]
        added.append(self._add_account(entry, row.account))
        added.append(self._add_address(entry, row.address))
        return any(added)

    def _add_account(self, entry: _Entry, account: CounterpartyAccount | None) -> bool:
        if account is None or entry.has_iban(account.iban):
            return False
        if not entry.takes_accounts(self._onboarding):
            self._asked[entry.counterparty.id, account.iban] = self._change(entry.counterparty, account)
            return False
        account.is_primary = not any(
            other.active and other.is_primary and other.currency == account.currency for other in entry.accounts
        )
        entry.accounts.append(account)
        self._belong(entry, account)
        return True

    def _change(self, counterparty: Counterparty, account: CounterpartyAccount) -> BankDetailsChange:
        return BankDetailsChange(
            customer=self._customer,
            counterparty=counterparty,
            iban=account.iban,
            bic=account.bic,
            bank=account.bank,
            currency=account.currency,
            source=BankDetailsChange.Source.IMPORT,
            source_id=self._onboarding.pk,
            asked_by=self._by,
            asked_at=self._now,
        )

    def _add_contact(self, entry: _Entry, contact: Contact) -> bool:
        contact.counterparty = entry.counterparty
        contact.fill_keys()
        if any((other.type, other.value_key) == (contact.type, contact.value_key) for other in entry.contacts):
            return False
        contact.preferred = not any(other.active and other.type == contact.type for other in entry.contacts)
        entry.contacts.append(contact)
        self._belong(entry, contact)
        return True

    def _add_address(self, entry: _Entry, address: Address | None) -> bool:
        if address is None or any(_place(other) == _place(address) for other in entry.addresses):
            return False
        address.preferred = not any(other.active for other in entry.addresses)
        entry.addresses.append(address)
        self._belong(entry, address)
        return True

    def _belong(self, entry: _Entry, part: Belonging) -> None:
        part.counterparty = entry.counterparty
        part.fill_keys()
        self._add(part)

    def _add(self, record: Counterparty | Belonging) -> None:
        record.created_by = record.modified_by = self._by
        record.created_at = record.modified_at = self._now
        self._new[type(record)].append(record)


def _complete_counterparty(known: Counterparty, told: Counterparty) -> bool:
    """Fills what `known` has not: numbers and other names. Whether anything was filled."""
    before = (known.vat_id, known.registration_number, len(known.aliases))
    known.vat_id = known.vat_id or told.vat_id
    known.registration_number = known.registration_number or told.registration_number
    if told.aliases:
        folded = {fold(name) for name in (known.legal_name, *known.aliases)}
        known.aliases = [*known.aliases, *(alias for alias in told.aliases if fold(alias) not in folded)]
    if before == (known.vat_id, known.registration_number, len(known.aliases)):
        return False
    known.fill_keys()
    return True


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other


def _place(address: Address) -> tuple[str, ...]:
    return tuple(fold(part) for part in (address.street, address.zip, address.city, address.country))
