"""Does nothing any more: it put the customer into the trigram indexes of PostgreSQL, and 0011 takes it out again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0008_four_eyes_hardened")]

    operations = []
