"""What only PostgreSQL can do: trigram look-ups of names, and foreign keys that include the tenant.

A composite foreign key makes it impossible that an account, a contact or an address carries another customer than its
counterparty. SQLite does without; there the models' `save` sees to it.
"""

from django.db import migrations

BELONGING = {
    "counterparties_counterpartyaccount": "account_of_same_customer",
    "counterparties_contact": "contact_of_same_customer",
    "counterparties_address": "address_of_same_customer",
}


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    schema_editor.execute(
        "CREATE INDEX counterparty_name_trigrams ON counterparties_counterparty USING gin (name_key gin_trgm_ops)"
    )
    schema_editor.execute(
        "CREATE INDEX counterparty_alias_trigrams ON counterparties_counterparty USING gin (alias_keys gin_trgm_ops)"
        " WHERE alias_keys > ''"
    )
    for table, name in BELONGING.items():
        schema_editor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (counterparty_id, customer_id)"
            " REFERENCES counterparties_counterparty (id, customer_id) DEFERRABLE INITIALLY DEFERRED"
        )


def remove(apps, schema_editor):
    """The extension stays: others may use it."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, name in BELONGING.items():
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    schema_editor.execute("DROP INDEX counterparty_alias_trigrams")
    schema_editor.execute("DROP INDEX counterparty_name_trigrams")


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0002_index_aliases")]

    operations = [migrations.RunPython(add, remove)]
