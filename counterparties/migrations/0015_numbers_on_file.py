"""The indexes of numbers hold those that are there: see the model."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('counterparties', '0014_row_security'),
        ('customers', '0008_row_security'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='counterparty',
            name='counterparty_customer_vat',
        ),
        migrations.RemoveIndex(
            model_name='counterparty',
            name='counterparty_registration',
        ),
        migrations.AddIndex(
            model_name='counterparty',
            index=models.Index(condition=models.Q(('vat_key__gt', '')), fields=['customer', 'vat_key'], name='counterparty_customer_vat'),
        ),
        migrations.AddIndex(
            model_name='counterparty',
            index=models.Index(condition=models.Q(('registration_key__gt', '')), fields=['customer', 'registration_key'], name='counterparty_registration'),
        ),
    ]
