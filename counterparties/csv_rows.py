"""A file of counterparties as checked rows, read one at a time: it may have a million.

The format: UTF-8, with or without a byte order mark; columns parted by comma, semicolon or tab and named in the first
line, in any order; `legal_name` is the only one that must be there. Aliases stand in one cell, parted by `|` or `;`.
Control characters, NUL and line ends among them, are spaces.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.core.exceptions import ValidationError
from django.db.models import Model

from counterparties.csv_file import UnreadableFile, read_cells
from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from customers.models import Customer

COLUMNS = (
    "legal_name",
    "type",
    "vat_id",
    "registration_number",
    "aliases",
    "email",
    "phone",
    "iban",
    "bic",
    "bank",
    "currency",
    "street",
    "zip",
    "city",
    "state",
    "country",
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# Each field that the file fills is checked; the others hold their defaults, or are derived later.
_UNFILLED: dict[type[Model], set[str]] = {
    model: {field.name for field in model._meta.fields} - {*COLUMNS, "value"}
    for model in (Counterparty, CounterpartyAccount, Contact, Address)
}


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One sound row as unsaved models, without keys and without the counterparty that they will belong to."""

    line: int
    counterparty: Counterparty
    account: CounterpartyAccount | None
    contacts: tuple[Contact, ...]
    address: Address | None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why the row that ends in this line of the file is left out; one that is no CSV is named by its first line."""

    line: int
    reason: str


def read_rows(
    *, lines: Iterable[str], customer: Customer, on_unknown_columns: Callable[[list[str]], None] | None
) -> Iterator[ImportRow | Rejection]:
    """Each row of the file, checked. Raises UnreadableFile, before the first row, when the header does not do."""
    lines = iter(lines)
    header_line = next(lines, "").removeprefix("\ufeff")
    if "\0" in header_line:
        raise UnreadableFile("The first line has NUL bytes, as UTF-16 has; save the file as UTF-8.")
    rows = read_cells(lines=chain([header_line], lines), delimiter=max(",;\t", key=header_line.count))
    _, names = next(rows, (1, []))
    if isinstance(names, csv.Error):
        raise UnreadableFile(f"The first line is no CSV ({names}); look at its quotation marks.")
    header = [name.strip().lower().replace(" ", "_") for name in names]
    _check_header(header)
    unknown = [name for name in header if name and name not in COLUMNS]
    if unknown and on_unknown_columns:
        on_unknown_columns(unknown)
    return _rows(rows, header, customer)


def _check_header(header: list[str]) -> None:
    if not any(header):
        raise UnreadableFile(f"The file is empty; its first line names the columns: {', '.join(COLUMNS)}.")
    if "legal_name" not in header:
        raise UnreadableFile(
            f"The column legal_name is missing. The first line names {', '.join(header)}; "
            f"known columns are {', '.join(COLUMNS)}."
        )
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise UnreadableFile(f"The first line names {', '.join(twice)} more than once; leave one of them.")


def _rows(
    rows: Iterator[tuple[int, list[str] | csv.Error]], header: list[str], customer: Customer
) -> Iterator[ImportRow | Rejection]:
    is_whole = True
    for line, cells in rows:
        if isinstance(cells, csv.Error):
            is_whole = False
            yield Rejection(line, _broken(cells))
        elif not any(cell.strip() for cell in cells):
            continue
        elif len(cells) > len(header):
            yield Rejection(line, f"it has {len(cells)} cells for {len(header)} columns; quote cells that hold a comma")
        elif len(cells) < len(header) and not is_whole:
            # It may be text out of a broken cell, which must not become a supplier.
            yield Rejection(
                line, f"it has {len(cells)} cells for {len(header)} columns, behind a line that is no CSV; give all"
            )
        else:
            values = {name: _CONTROL.sub(" ", cell).strip() for name, cell in zip(header, cells, strict=False)}
            yield _checked(line, values, customer)


def _broken(error: csv.Error) -> str:
    if "field limit" in str(error):
        return (
            f"a cell has more than {csv.field_size_limit():,} characters; shorten it, or look for a quotation mark "
            "that is not closed"
        )
    return f"this is no CSV ({error}); look for a quotation mark that is not closed"


def _checked(line: int, values: dict[str, str], customer: Customer) -> ImportRow | Rejection:
    row = _models(line, {column: values.get(column, "") for column in COLUMNS}, customer)
    parts = (row.counterparty, row.account, *row.contacts, row.address)
    reasons = []
    for part in filter(None, parts):
        try:
            part.clean_fields(exclude=_UNFILLED[type(part)])
            part.clean()
        except ValidationError as error:
            reasons += [_reason(part, name, messages) for name, messages in error.message_dict.items()]
    if row.account is None and (values.get("bic") or values.get("bank")):
        reasons.append("iban: there is a bank but no account; give its IBAN")
    if reasons:
        return Rejection(line, "; ".join(reasons))
    row.counterparty.fill_keys()
    return row


def _models(line: int, values: dict[str, str], customer: Customer) -> ImportRow:
    aliases = dict.fromkeys(alias.strip() for alias in re.split(r"[|;]", values["aliases"]) if alias.strip())
    counterparty = Counterparty(
        customer=customer,
        legal_name=values["legal_name"],
        type=values["type"].lower() or Counterparty.Type.BUSINESS,
        vat_id=values["vat_id"],
        registration_number=values["registration_number"],
        aliases=list(aliases),
    )
    return ImportRow(
        line=line,
        counterparty=counterparty,
        account=_account(values, customer),
        contacts=tuple(Contact(type=kind, value=values[kind]) for kind in ("email", "phone") if values[kind]),
        address=_address(values),
    )


def _account(values: dict[str, str], customer: Customer) -> CounterpartyAccount | None:
    if not values["iban"]:
        return None
    currency = values["currency"].upper() or customer.default_currency
    return CounterpartyAccount(iban=values["iban"], bic=values["bic"], bank=values["bank"], currency=currency)


def _address(values: dict[str, str]) -> Address | None:
    place = {name: values[name] for name in ("street", "zip", "city", "state")}
    return Address(country=values["country"].upper(), **place) if any(place.values()) else None


def _reason(part: object, name: str, messages: list[str]) -> str:
    column = part.type if isinstance(part, Contact) and name == "value" else name
    return f"{column}: {' '.join(messages)}"
