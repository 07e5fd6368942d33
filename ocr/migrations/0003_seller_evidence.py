"""By what a seller may be known again, and whether the payee's name is that of the account holder."""

from django.db import migrations, models

from counterparties.names import name_key

BATCH = 1000


def fill(apps, schema_editor):
    OcrJob = apps.get_model("ocr", "OcrJob")
    OcrField = apps.get_model("ocr", "OcrField")
    names = OcrField.objects.filter(name="seller_name", value__isnull=False).values_list("job_id", "value")
    batch = []
    for job_id, name in names.iterator(BATCH):
        batch.append(OcrJob(pk=job_id, seller_key=name_key(name)[:300]))
        if len(batch) == BATCH:
            OcrJob.objects.bulk_update(batch, ["seller_key"])
            batch = []
    OcrJob.objects.bulk_update(batch, ["seller_key"])


class Migration(migrations.Migration):
    dependencies = [("ocr", "0002_job_notes")]

    operations = [
        migrations.AddField("ocrjob", "seller_key", models.CharField(blank=True, default="", max_length=300)),
        migrations.AddField("ocrjob", "seller_contacts", models.JSONField(blank=True, default=dict)),
        migrations.AddField("ocrjob", "name_check", models.JSONField(blank=True, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex("ocrjob", models.Index(fields=["customer", "seller_key"], name="job_by_seller")),
    ]
