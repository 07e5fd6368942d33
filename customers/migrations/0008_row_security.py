"""The tenants' rows of this app behind PostgreSQL's row-level security: see `customers.row_security`.

`paydraft.customer_ids` and `paydraft.api_key` are set by the service for each API request (`customers.wall`); where
they are not set, no row is there. The trail is sealed by its owner, since a tenant neither reads nor moves its head.
"""

from django.db import migrations

from customers.row_security import ADD, ALL, CHANGE, CLOSED, LOCK, of_customer, of_parent, wall

CUSTOMERS = """
CREATE FUNCTION paydraft_customers() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT string_to_array(current_setting('paydraft.customer_ids', true), ',')::uuid[]
$$
"""
SEALING = ("paydraft_audit_queue()", "paydraft_audit_seal()")


def make_function(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CUSTOMERS, params=None)


def drop_function(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION paydraft_customers()")


def seal_as_owner(apps, schema_editor):
    """With a fixed search path: nobody's table of the same name is taken for the trail."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
    for function in SEALING:
        schema_editor.execute(f"ALTER FUNCTION {function} SECURITY DEFINER SET search_path = {schema}, pg_temp")


def seal_as_caller(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for function in SEALING:
            schema_editor.execute(f"ALTER FUNCTION {function} SECURITY INVOKER RESET search_path")


ENDPOINT = of_parent("customers_webhookendpoint", "endpoint_id")


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_documents_kept_months")]

    operations = [
        migrations.RunPython(make_function, drop_function),
        migrations.RunPython(seal_as_owner, seal_as_caller),
        wall(
            {
                "customers_customer": (LOCK, of_customer("id")),
                "customers_apikey": (CLOSED, ""),
                "customers_apikey_customers": (CLOSED, ""),
                "customers_storedanswer": (
                    ALL,
                    "api_key_id = (SELECT nullif(current_setting('paydraft.api_key', true), '')::uuid)",
                ),
                "customers_auditentry": (ADD, of_customer()),
                "customers_audithead": (CLOSED, ""),
                "customers_webhookendpoint": (CHANGE, of_customer()),
                "customers_webhooksecret": (CHANGE, ENDPOINT),
                "customers_webhookmessage": (ADD, of_customer()),
                "customers_webhookdelivery": (CHANGE, ENDPOINT),
                "customers_webhookattempt": (CLOSED, ""),
            }
        ),
    ]
