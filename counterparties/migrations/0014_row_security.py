"""The tenants' rows of this app behind PostgreSQL's row-level security: see `customers.row_security`.

An onboarding names no customer: it says when it was opened, and by whom.
"""

from django.db import migrations

from customers.row_security import ALL, CHANGE, of_customer, wall


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0013_name_pieces"), ("customers", "0008_row_security")]

    operations = [
        wall(
            {
                "counterparties_counterparty": (CHANGE, of_customer()),
                "counterparties_counterpartyaccount": (ALL, of_customer()),
                "counterparties_contact": (ALL, of_customer()),
                "counterparties_address": (ALL, of_customer()),
                "counterparties_bankdetailschange": (CHANGE, of_customer()),
                "counterparties_onboarding": (CHANGE, "true"),
            }
        ),
    ]
