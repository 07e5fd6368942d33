"""Keys of names without the legal forms that are known since: `& Co.`, and those of countries overseas."""

from django.db import migrations
from django.db.models import Q

from counterparties.names import alias_keys, name_key

BATCH = 2000
# Words with which keys ended that held such a form: only those are derived anew.
ENDINGS = ("co", "pty", "pvt", "private", "pte", "bhd", "berhad", "proprietary", "ltda", "ltee", "limitee", "cv", "rl", "kaisha")


def derive(apps, schema_editor):
    Counterparty = apps.get_model("counterparties", "Counterparty")
    is_affected = Q()
    for ending in ENDINGS:
        is_affected |= Q(name_key__endswith=f" {ending}") | Q(alias_keys__contains=f" {ending}|")
    rows = Counterparty.objects.filter(is_affected).only("id", "legal_name", "aliases")
    batch = []
    for row in list(rows):
        row.name_key = name_key(row.legal_name)[:300]
        row.alias_keys = alias_keys(legal_name=row.legal_name, aliases=row.aliases)
        batch.append(row)
    Counterparty.objects.bulk_update(batch, ["name_key", "alias_keys"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0011_names_across_customers")]

    operations = [migrations.RunPython(derive, migrations.RunPython.noop)]
