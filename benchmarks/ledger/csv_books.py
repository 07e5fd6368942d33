"""One customer's books as a CSV file that `manage.py import_counterparties` takes."""

import csv
from pathlib import Path

from benchmarks.ledger.entries import Books, Entry
from benchmarks.ledger.progress import shown

_COLUMNS = ("legal_name", "aliases", "vat_id", "iban", "currency", "email", "street", "zip", "city", "country")


def write_csv(path: Path, *, rows: int, seed: int) -> None:
    """The same rows and seed give the same file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        entries = Books(seed=seed).entries(rows=rows)
        writer.writerows(_cells(entry) for entry in shown(entries, title="Writing", total=rows))


def _cells(entry: Entry) -> tuple[str, ...]:
    aliases = "|".join(entry.aliases)
    place = (entry.street, entry.postcode, entry.city, entry.country)
    return (entry.legal_name, aliases, entry.vat_id, entry.iban, "EUR", entry.email, *place)
