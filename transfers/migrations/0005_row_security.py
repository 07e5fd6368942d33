"""The tenants' rows of this app behind PostgreSQL's row-level security: see `customers.row_security`."""

from django.db import migrations

from customers.row_security import ADD, CHANGE, of_customer, of_parent, wall


class Migration(migrations.Migration):
    dependencies = [("transfers", "0004_payment_exports"), ("customers", "0008_row_security")]

    operations = [
        wall(
            {
                "transfers_transfer": (CHANGE, of_customer()),
                "transfers_paymentexport": (ADD, of_customer()),
                "transfers_exportedtransfer": (ADD, of_parent("transfers_transfer", "transfer_id")),
            }
        ),
    ]
