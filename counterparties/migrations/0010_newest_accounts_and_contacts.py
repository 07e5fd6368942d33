from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('counterparties', '0009_names_within_a_customer'),
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['customer', '-created_at'], name='contact_customer_created'),
        ),
        migrations.AddIndex(
            model_name='counterpartyaccount',
            index=models.Index(fields=['customer', '-created_at'], name='account_customer_created'),
        ),
    ]
