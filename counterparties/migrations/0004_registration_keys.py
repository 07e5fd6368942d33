"""Registration numbers can be looked up, and all keys are derived anew: names now also in Latin letters, with usual
words cut short, and branches by the name of their head office."""

from django.db import migrations, models

from counterparties.company_numbers import registration_key
from counterparties.names import alias_keys, name_key

BATCH = 2000


def derive(apps, schema_editor):
    Counterparty = apps.get_model("counterparties", "Counterparty")
    batch = []
    for row in Counterparty.objects.only("id", "legal_name", "aliases", "registration_number").iterator(BATCH):
        row.name_key = name_key(row.legal_name)[:300]
        row.alias_keys = alias_keys(legal_name=row.legal_name, aliases=row.aliases)
        row.registration_key = registration_key(row.registration_number)[:64]
        batch.append(row)
        if len(batch) == BATCH:
            write(Counterparty, batch)
            batch = []
    write(Counterparty, batch)


def write(Counterparty, batch):
    Counterparty.objects.bulk_update(batch, ["name_key", "alias_keys", "registration_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0003_postgresql_names_and_tenants"), ("customers", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="counterparty",
            name="registration_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.RunPython(derive, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="counterparty",
            index=models.Index(fields=["customer", "registration_key"], name="counterparty_registration"),
        ),
    ]
