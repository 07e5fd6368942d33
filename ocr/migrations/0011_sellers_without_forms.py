"""The sellers' names by which jobs are known again, without the legal forms that are known since."""

from django.db import migrations
from django.db.models import Q

from counterparties.names import name_key

BATCH = 1000
# Words with which keys ended that held such a form: only those are derived anew.
ENDINGS = ("co", "pty", "pvt", "private", "pte", "bhd", "berhad", "proprietary", "ltda", "ltee", "limitee", "cv", "rl", "kaisha")


def derive(apps, schema_editor):
    OcrJob = apps.get_model("ocr", "OcrJob")
    OcrField = apps.get_model("ocr", "OcrField")
    is_affected = Q()
    for ending in ENDINGS:
        is_affected |= Q(job__seller_key__endswith=f" {ending}")
    names = OcrField.objects.filter(is_affected, name="seller_name", value__isnull=False)
    batch = [OcrJob(pk=job_id, seller_key=name_key(name)[:300]) for job_id, name in names.values_list("job_id", "value")]
    OcrJob.objects.bulk_update(batch, ["seller_key"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("ocr", "0010_message_parts"), ("counterparties", "0012_forms_overseas")]

    operations = [migrations.RunPython(derive, migrations.RunPython.noop)]
