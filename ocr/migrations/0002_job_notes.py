from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ocr", "0001_jobs")]

    operations = [
        migrations.AddField(
            model_name="ocrjob",
            name="notes",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
