"""New counterparties that could be taken for one on file, whose accounts therefore take two people.

An account that is entered under a second counterparty of the same name would otherwise go around the second person whom
it takes under the first. The bank details of such a counterparty count as established from the start, and so the
database lets no account in before somebody else has confirmed it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from counterparties.bank_changes import AskedAccount, Origin, ask_for_change
from counterparties.bank_details_change import BankDetailsChange
from counterparties.candidates import counterparty_rows, ids_of_candidates
from counterparties.company_numbers import CompanyNumbers, read_numbers
from counterparties.evidence import CounterpartyRow, PayeeEvidence
from counterparties.identifiers import email_key
from counterparties.lookalikes import name_imitates, plain_letters
from counterparties.models import Belonging, Counterparty, CounterpartyAccount
from counterparties.name_search import ids_of_similar_names
from counterparties.names import name_key, read_name
from counterparties.registry import add_counterparty
from customers.models import Customer

_MOST_SIMILAR = 20


@dataclass(frozen=True, slots=True)
class Stated:
    """By what a counterparty is known: empty texts are not known."""

    names: tuple[str, ...]
    vat_id: str = ""
    registration_number: str = ""
    emails: tuple[str, ...] = ()


def stated_by(counterparty: Counterparty) -> Stated:
    """By what a counterparty on file is known."""
    emails = counterparty.contacts.filter(active=True, type="email").values_list("value", flat=True)
    return Stated(
        names=(counterparty.legal_name, *counterparty.aliases),
        vat_id=counterparty.vat_id,
        registration_number=counterparty.registration_number,
        emails=tuple(emails),
    )


def taken_for(
    *, customer_id: UUID, stated: Stated, besides: UUID | None = None, on_file_before: datetime | None = None
) -> CounterpartyRow | None:
    """The active counterparty of the customer for which this one could be taken, None where nobody is like it.

    Alike are those of one name, whatever the legal form, those whose name imitates the other's, and those with the same
    VAT number, registration number or e-mail address. `besides` is the counterparty itself where it is on file, and
    those that came `on_file_before` are compared, where it is said.
    """
    ids = [id_ for id_ in _ids_of_those_like(customer_id, stated) if id_ != besides]
    if on_file_before is not None:
        older = set(Counterparty.objects.filter(pk__in=ids, created_at__lt=on_file_before).values_list("pk", flat=True))
        ids = [id_ for id_ in ids if id_ in older]
    rows = counterparty_rows(customer_id=customer_id, counterparty_ids=ids)
    return next((row for row in rows if _is_alike(stated, row)), None)


@transaction.atomic
def add_by_two(
    *,
    customer: Customer,
    fields: Mapping[str, Any],
    parts: Sequence[tuple[Belonging, bool | None]],
    origin: Origin,
    by: str,
    now: datetime,
) -> tuple[Counterparty, list[BankDetailsChange]]:
    """As `add_counterparty`, but none of its accounts is on file: each waits for a second person, as every later one
    will. Raises ChangeRefused as well."""
    others = [each for each in parts if not isinstance(each[0], CounterpartyAccount)]
    established = {**fields, "bank_details_established_at": now}
    made = add_counterparty(customer=customer, fields=established, parts=others, by=by, now=now)
    accounts = [part for part, _ in parts if isinstance(part, CounterpartyAccount)]
    return made, [ask_for_account(counterparty=made, account=each, origin=origin, by=by, now=now) for each in accounts]


def establish(*, counterparty: Counterparty, now: datetime) -> None:
    """From now on a first account of the counterparty takes two people too."""
    rows = Counterparty.objects.filter(pk=counterparty.pk, bank_details_established_at=None)
    rows.update(bank_details_established_at=now)
    counterparty.refresh_from_db(fields=["bank_details_established_at"])


def ask_for_account(
    *, counterparty: Counterparty, account: CounterpartyAccount, origin: Origin, by: str, now: datetime
) -> BankDetailsChange:
    """The pending change for an account that was to be entered; raises what `ask_for_change` raises."""
    return ask_for_change(
        customer_id=counterparty.customer_id,
        counterparty_id=counterparty.pk,
        account=AskedAccount(iban=account.iban, currency=account.currency, bic=account.bic, bank=account.bank),
        origin=origin,
        by=by,
        now=now,
    )


def _ids_of_those_like(customer_id: UUID, stated: Stated) -> Iterable[UUID]:
    """Those who share a name or a number, those with a similar name, and those who have one of the addresses."""
    found: dict[UUID, None] = {}
    registrations = (stated.registration_number,) if stated.registration_number else ()
    names = dict.fromkeys(each for name in stated.names for each in (name, plain_letters(name)) if name.strip())
    for name in names:
        evidence = PayeeEvidence(name=name, vat_id=stated.vat_id or None, registration_numbers=registrations)
        found |= dict.fromkeys(ids_of_candidates(customer_id=customer_id, evidence=evidence))
        # Where somebody has the very name, candidates are not looked for among similar ones.
        found |= dict.fromkeys(ids_of_similar_names(customer_id=customer_id, key=name_key(name), most=_MOST_SIMILAR))
    for email in stated.emails:
        found |= dict.fromkeys(ids_of_candidates(customer_id=customer_id, evidence=PayeeEvidence(email=email)))
    return found


def _is_alike(stated: Stated, row: CounterpartyRow) -> bool:
    emails = {email_key(email) for email in stated.emails} - {""}
    if emails & {email_key(email) for email in row.emails}:
        return True
    mine = _numbers(stated.vat_id, stated.registration_number)
    theirs = _numbers(row.vat_id, row.registration_number)
    if mine.same_vat(theirs) or mine.same_company(theirs) or (mine.register and mine.register == theirs.register):
        return True
    return any(_are_named_alike(one, other) for one in stated.names for other in (row.legal_name, *row.aliases))


def _numbers(vat_id: str, registration_number: str) -> CompanyNumbers:
    return read_numbers(vat_id=vat_id, registrations=(registration_number,) if registration_number else ())


def _are_named_alike(one: str, other: str) -> bool:
    mine, theirs = read_name(one), read_name(other)
    keys, other_keys = ({name.key, name.house, name.short} - {""} for name in (mine, theirs))
    return bool(keys & other_keys) or name_imitates(name=one, known=other) or name_imitates(name=other, known=one)
