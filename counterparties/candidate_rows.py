"""The rows of candidates with all that belongs to them, in one statement however many they are."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from counterparties.evidence import AccountRow, AddressRow, CounterpartyRow
from counterparties.look_ups import one_of, read_id, stored_id

# All tables are read into the same columns: the counterparty, the row itself, five texts, two marks, and the place
# among its like. As objects with prefetched parts, the fifty of a common name take longer than their look-up.
_CUSTOMER, _COUNTERPARTY, _ACCOUNT, _CONTACT, _ADDRESS = range(5)
_OF_CUSTOMER = (
    "id, id, CAST(emails AS text), vat_id, '', '', '', active, active, 0 FROM customers_customer WHERE id = %s"
)
_OF_COUNTERPARTIES = {
    _COUNTERPARTY: "id, id, legal_name, CAST(aliases AS text), vat_id, registration_number, '', active, is_own, 0"
    " FROM counterparties_counterparty WHERE active AND customer_id = %s AND id",
    _ACCOUNT: "counterparty_id, id, iban, bic, currency, '', '', active, is_primary,"
    " row_number() OVER (ORDER BY is_primary DESC, created_at, id)"
    " FROM counterparties_counterpartyaccount WHERE customer_id = %s AND counterparty_id",
    _CONTACT: "counterparty_id, id, type, value, '', '', '', active, preferred,"
    " row_number() OVER (ORDER BY preferred DESC, created_at, id)"
    " FROM counterparties_contact WHERE active AND customer_id = %s AND counterparty_id",
    _ADDRESS: "counterparty_id, id, street, zip, city, country, '', active, preferred,"
    " row_number() OVER (ORDER BY preferred DESC, created_at DESC, id)"
    " FROM counterparties_address WHERE active AND customer_id = %s AND counterparty_id",
}

_Values = tuple[Any, ...]
_Parts = dict[int, dict[UUID, list[_Values]]]


def counterparty_rows(*, customer_id: UUID, counterparty_ids: Iterable[UUID]) -> tuple[CounterpartyRow, ...]:
    """These counterparties as matching wants them, in the same order; without those inactive or of other customers.

    The customer's own counterparty knows what the customer says of itself.
    """
    wanted = list(dict.fromkeys(counterparty_ids))
    if not wanted:
        return ()
    read = _read(customer_id, wanted)
    present = [id_ for id_ in wanted if id_ in read[_COUNTERPARTY]]
    return tuple(_row(id_, customer_id, read) for id_ in present)


def _read(customer_id: UUID, wanted: list[UUID]) -> _Parts:
    """By kind and counterparty, what stands in the columns from the row's id on, each in its usual order."""
    ids = [stored_id(id_) for id_ in wanted]
    selects = [f"SELECT {_CUSTOMER}, {_OF_CUSTOMER}"]
    selects += [f"SELECT {kind}, {columns} IN {one_of(ids)}" for kind, columns in _OF_COUNTERPARTIES.items()]
    tenant = stored_id(customer_id)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), [tenant, *[tenant, *ids] * len(_OF_COUNTERPARTIES)])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[0], row[-1]))
    read: _Parts = {kind: defaultdict(list) for kind in (_CUSTOMER, *_OF_COUNTERPARTIES)}
    for kind, counterparty_id, *values, _ in rows:
        read[kind][read_id(counterparty_id)].append(tuple(values))
    return read


def _row(id_: UUID, customer_id: UUID, read: _Parts) -> CounterpartyRow:
    ((_, legal_name, aliases, vat_id, registration_number, _, _, is_own),) = read[_COUNTERPARTY][id_]
    accounts, contacts = read[_ACCOUNT].get(id_, ()), read[_CONTACT].get(id_, ())
    emails = [value for _, kind, value, *_ in contacts if kind == "email"]
    if is_own:
        ((_, own_emails, own_vat_id, *_),) = read[_CUSTOMER][customer_id]
        emails += json.loads(own_emails)
        vat_id = vat_id or own_vat_id
    return CounterpartyRow(
        id=id_,
        legal_name=legal_name,
        aliases=tuple(json.loads(aliases)),
        vat_id=vat_id,
        registration_number=registration_number,
        emails=tuple(emails),
        phones=tuple(value for _, kind, value, *_ in contacts if kind == "phone"),
        addresses=tuple(AddressRow(*texts) for _, *texts, _, _, _ in read[_ADDRESS].get(id_, ())),
        accounts=tuple(_account(values) for values in accounts if values[-2]),
        inactive_ibans=tuple(iban for _, iban, *_, is_active, _ in accounts if not is_active),
        is_own=bool(is_own),
    )


def _account(values: _Values) -> AccountRow:
    id_, iban, bic, currency, *_, is_primary = values
    return AccountRow(read_id(id_), iban, bic, currency, bool(is_primary))
