"""`import_counterparties` as tests call it, and what it says at the end."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from customers.models import Customer


def import_file(*, customer: Customer, path: Path, options: tuple[str, ...] = ()) -> tuple[str, str]:
    """What the command wrote to standard output and error."""
    out, err = StringIO(), StringIO()
    call_command("import_counterparties", str(path), "--customer", str(customer.id), *options, stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue().strip()


def summary(created: int = 0, updated: int = 0, unchanged: int = 0, rejected: int = 0) -> str:
    rows = created + updated + unchanged + rejected
    return f"{rows} rows: {created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected."
