"""Invented counterparties for the matching tests. Ids are small numbers so that a failure names them."""

from dataclasses import replace
from uuid import UUID

from counterparties.matching import AccountRow, CounterpartyRow


def uid(number: int) -> UUID:
    return UUID(int=number)


def account(number: int, iban: str, *, currency: str = "EUR", is_primary: bool = True) -> AccountRow:
    return AccountRow(id=uid(number), iban=iban, bic="", currency=currency, is_primary=is_primary)


OWN_IBAN = "DE57900402617713500290"
HOLLMANN_IBAN = "DE62930500174410027731"
KESTREL_IBAN = "GB19KEHB99811460027713"
SEEFELD_IBAN = "CH5509983000004408126"
UNKNOWN_IBAN = "DE02120300000000202051"

OWN = CounterpartyRow(
    id=uid(1),
    legal_name="Nordlicht Handels GmbH",
    aliases=("Nordlicht",),
    vat_id="DE999355209",
    emails=("invoices@nordlicht.example",),
    accounts=(account(11, OWN_IBAN),),
    is_own=True,
)
HOLLMANN = CounterpartyRow(
    id=uid(2),
    legal_name="Hollmann Technik GmbH",
    aliases=("HoTec",),
    vat_id="DE999001735",
    emails=("rechnung@hollmann.example",),
    accounts=(
        account(21, HOLLMANN_IBAN),
        account(22, SEEFELD_IBAN, currency="CHF"),
    ),
)
KESTREL = CounterpartyRow(
    id=uid(3),
    legal_name="Kestrel House Supplies Ltd",
    vat_id="GB999999973",
    emails=("accounts@kestrel.example", "kestrel.supplies@gmail.com"),
    accounts=(account(31, KESTREL_IBAN, currency="GBP"),),
)
BARE = CounterpartyRow(id=uid(4), legal_name="Werkstatt Zobel e.K.")
LEDGER = (OWN, HOLLMANN, KESTREL, BARE)


def twin_of(row: CounterpartyRow, number: int, **changes: object) -> CounterpartyRow:
    """Another counterparty that differs from `row` in `changes` and in its ids only."""
    accounts = tuple(replace(each, id=uid(number * 10 + place)) for place, each in enumerate(row.accounts, 1))
    return replace(row, id=uid(number), **({"accounts": accounts} | changes))  # type: ignore[arg-type]
