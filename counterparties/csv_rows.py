"""A file of counterparties as checked rows, read one at a time: it may have a million.

The format: UTF-8, with or without a byte order mark; columns parted by comma, semicolon or tab and named in the first
line, in any order; `legal_name` is the only one that must be there. Aliases stand in one cell, parted by `|` or `;`.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from customers.models import Customer

if TYPE_CHECKING:
    from _csv import Reader

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
_DERIVED = {"customer", "counterparty", *Counterparty.derived_fields, *Contact.derived_fields}


class UnreadableFile(Exception):
    """Nothing of the file can be imported; the message says what to change in it."""


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
    """Why the row that ends in this line of the file is left out."""

    line: int
    reason: str


def open_lines(path: Path) -> Iterator[str]:
    """The lines of the file, which is read to its end once before. Raises UnreadableFile unless all of it is UTF-8."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                _check_encoding(line, number, path)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from error
    return _decoded(path)


def read_rows(
    *, lines: Iterable[str], customer: Customer, on_unknown_columns: Callable[[list[str]], None] | None
) -> Iterator[ImportRow | Rejection]:
    """Each row of the file, checked. Raises UnreadableFile, before the first row, when the header does not do."""
    lines = iter(lines)
    header_line = next(lines, "").removeprefix("\ufeff")
    delimiter = max(",;\t", key=header_line.count)
    # Strict: otherwise a quotation mark that is never closed would make one name of the rest of the file.
    reader = csv.reader(chain([header_line], lines), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().lower().replace(" ", "_") for name in next(reader, [])]
    except csv.Error as error:
        raise UnreadableFile(f"The first line is no CSV ({error}); look at its quotation marks.") from error
    _check_header(header)
    unknown = [name for name in header if name and name not in COLUMNS]
    if unknown and on_unknown_columns:
        on_unknown_columns(unknown)
    return _rows(reader, header, customer)


def _check_encoding(line: bytes, number: int, path: Path) -> None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"Line {number} of {path} is not UTF-8; save the file as UTF-8.") from error


def _decoded(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from file


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


def _rows(reader: "Reader", header: list[str], customer: Customer) -> Iterator[ImportRow | Rejection]:
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejection(reader.line_num, f"this is no CSV ({error}); look for a quotation mark that is not closed")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            yield Rejection(
                reader.line_num, f"it has {len(cells)} cells for {len(header)} columns; quote cells that hold a comma"
            )
            continue
        values = {name: _CONTROL.sub(" ", cell).strip() for name, cell in zip(header, cells, strict=False)}
        yield _checked(reader.line_num, values, customer)


def _checked(line: int, values: dict[str, str], customer: Customer) -> ImportRow | Rejection:
    row = _models(line, {column: values.get(column, "") for column in COLUMNS}, customer)
    parts = [row.counterparty, row.account, *row.contacts, row.address]
    reasons = []
    for part in filter(None, parts):
        try:
            part.clean_fields(exclude=_DERIVED)
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
