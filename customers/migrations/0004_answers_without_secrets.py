"""Stored answers keep no secret, but the row that it is derived from; and no body that is too large."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_webhook_deliveries_by_endpoint")]

    operations = [
        migrations.AddField(
            model_name="storedanswer",
            name="webhook_secret",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.webhooksecret",
            ),
        ),
        migrations.AlterField(
            model_name="storedanswer",
            name="body",
            field=models.BinaryField(blank=True, default=b"", null=True),
        ),
    ]
