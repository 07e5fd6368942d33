"""Names are looked up by their pieces, which each row holds, rather than by any three letters.

PostgreSQL gets an index of them in which each customer's pieces are its own. SQLite's index is taken down here and made
anew from the pieces after `migrate` (`counterparties.name_index`).
"""

from itertools import islice

from django.db import migrations, models

from counterparties.name_pieces import name_pieces

BATCH = 5_000
TRIGGERS_OF_SQLITE = ("counterparty_name_added", "counterparty_name_removed", "counterparty_name_changed")
TABLES_OF_SQLITE = (
    "counterparty_name_trigrams",
    "counterparty_name_pieces",
    "counterparty_names",
    "counterparty_name_books",
)
# In PL/pgSQL, and so neither spelt out in the query nor left to several processes: the database expects a hundred times
# as many rows of rare pieces as there are, and with the cost of a plain expression it would rather read all rows.
FUNCTION = """
    CREATE FUNCTION paydraft_name_pieces(customer uuid, pieces text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE COST 100 AS $$
    DECLARE mark text := left(CAST(customer AS text), 8);
    BEGIN
        RETURN string_to_array(mark || replace(pieces, ' ', ' ' || mark), ' ');
    END $$
"""


def take_down_index_of_sqlite(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in TRIGGERS_OF_SQLITE:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        for name in TABLES_OF_SQLITE:
            schema_editor.execute(f"DROP TABLE IF EXISTS {name}")


def derive(apps, schema_editor):
    rows = apps.get_model("counterparties", "Counterparty").objects.order_by()
    keys = rows.values_list("pk", "name_key", "alias_keys").iterator(BATCH)
    prepare = rows.model._meta.pk.get_db_prep_value
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        while batch := list(islice(keys, BATCH)):
            cursor.executemany(
                "UPDATE counterparties_counterparty SET name_pieces = %s WHERE id = %s",
                [(name_pieces(name, aliases), prepare(pk, connection)) for pk, name, aliases in batch],
            )


def index(apps, schema_editor):
    """A search of pieces must not have to read a long list of what was added last: the list is kept short."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(FUNCTION)
    schema_editor.execute(
        "CREATE INDEX counterparty_name_pieces ON counterparties_counterparty USING gin"
        " (paydraft_name_pieces(customer_id, name_pieces))"
        " WITH (gin_pending_list_limit = 256) WHERE active"
    )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX counterparty_name_pieces")
        schema_editor.execute("DROP FUNCTION paydraft_name_pieces")


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0012_forms_overseas")]

    operations = [
        migrations.RunPython(take_down_index_of_sqlite, migrations.RunPython.noop),
        # As Django would add it on SQLite, by building the table anew, the triggers that name the table forbid it.
        migrations.RunSQL(
            "ALTER TABLE counterparties_counterparty ADD COLUMN name_pieces text DEFAULT '' NOT NULL",
            "ALTER TABLE counterparties_counterparty DROP COLUMN name_pieces",
            state_operations=[
                migrations.AddField(
                    model_name="counterparty",
                    name="name_pieces",
                    field=models.TextField(blank=True, default="", editable=False),
                )
            ],
        ),
        migrations.RunPython(derive, migrations.RunPython.noop),
        migrations.RunPython(index, drop_index),
        migrations.RunPython(migrations.RunPython.noop, take_down_index_of_sqlite),
    ]
