from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('transfers', '0002_bills_paid'),
    ]

    operations = [
        migrations.AddField(
            model_name='transfer',
            name='settled_blockers',
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
    ]
