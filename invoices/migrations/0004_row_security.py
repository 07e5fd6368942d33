"""The tenants' rows of this app behind PostgreSQL's row-level security: see `customers.row_security`."""

from django.db import migrations

from customers.row_security import CHANGE, REPLACE, of_customer, of_parent, wall


class Migration(migrations.Migration):
    dependencies = [("invoices", "0003_purged_uploads"), ("customers", "0008_row_security")]

    operations = [
        wall(
            {
                "invoices_upload": (CHANGE, of_customer()),
                "invoices_invoice": (CHANGE, of_customer()),
                "invoices_invoicecounter": (CHANGE, of_customer()),
                "invoices_invoiceitem": (REPLACE, of_parent("invoices_invoice", "invoice_id")),
            }
        ),
    ]
