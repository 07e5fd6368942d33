"""The trigram indexes of PostgreSQL know the customer as well: a look-up in one customer's books skips all others.

That takes the extension btree_gin, which the owner of a database may install since PostgreSQL 13. Where that is not
allowed the indexes stay as they were; look-ups are right all the same, and slower where other customers have very many
counterparties. SQLite has its index from `counterparties.name_index`.
"""

from django.db import ProgrammingError, migrations, transaction

INDEXES = {
    "counterparty_name_trigrams": ("name_key", ""),
    "counterparty_alias_trigrams": ("alias_keys", " WHERE alias_keys > ''"),
}


def with_customer(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
    except ProgrammingError:
        return
    _make(schema_editor, "customer_id, ")


def without_customer(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        _make(schema_editor, "")


def _make(schema_editor, customer):
    for name, (column, condition) in INDEXES.items():
        schema_editor.execute(f"DROP INDEX {name}")
        schema_editor.execute(
            f"CREATE INDEX {name} ON counterparties_counterparty USING gin ({customer}{column} gin_trgm_ops){condition}"
        )


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0008_four_eyes_hardened")]

    operations = [migrations.RunPython(with_customer, without_customer)]
