"""Counterparties that a person looks for by a part of the name, an IBAN or a VAT number."""

from uuid import UUID

from django.db.models import QuerySet

from counterparties.candidates import find_candidates
from counterparties.evidence import PayeeEvidence
from counterparties.identifiers import compact, vat_key
from counterparties.models import Counterparty, CounterpartyAccount
from counterparties.name_search import ids_of_names_beginning
from counterparties.names import name_key

SHORTEST = 2


def look_up(*, customer_id: UUID, text: str, most: int) -> list[UUID]:
    """The active counterparties of the customer that the text may mean, the likeliest first; none for one letter.

    What has the number comes first, then names with words that begin like the text's, then similar ones. Among them may
    be the customer's own counterparty.
    """
    if len(text.strip()) < SHORTEST:
        return []
    named = ids_of_names_beginning(customer_id=customer_id, key=name_key(text), most=most)
    found = dict.fromkeys([*_by_number(customer_id, text, most), *named])
    if len(found) < most:
        rows = find_candidates(customer_id=customer_id, evidence=PayeeEvidence(name=text))
        found |= dict.fromkeys(row.id for row in rows if not row.is_own)
    return list(found)[:most]


def _by_number(customer_id: UUID, text: str, most: int) -> list[UUID]:
    number = compact(text)
    if len(number) < 4 or not any(map(str.isdigit, number)):
        return []
    accounts = CounterpartyAccount.objects.of([customer_id]).filter(
        iban__startswith=number, active=True, counterparty__active=True
    )
    held = list(accounts.order_by("iban").values_list("counterparty_id", flat=True)[:most])
    vat = _active(customer_id).filter(vat_key__gt="", vat_key=vat_key(text))
    return [*held, *vat.values_list("id", flat=True)[:most]]


def _active(customer_id: UUID) -> QuerySet[Counterparty]:
    return Counterparty.objects.of([customer_id]).filter(active=True).order_by()
