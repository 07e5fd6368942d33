"""What the message of a failed job was made of, to say it in the language of whoever asks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ocr", "0009_hints")]

    operations = [
        migrations.AddField(
            model_name="ocrjob",
            name="message_parts",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
    ]
