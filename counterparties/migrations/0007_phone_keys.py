"""A telephone number written `+49 (0)40 …` is the same as one without the `(0)`."""

from django.db import IntegrityError, migrations, transaction

from counterparties.identifiers import phone_key


def derive(apps, schema_editor):
    Contact = apps.get_model("counterparties", "Contact")
    for contact in Contact.objects.filter(type="phone", value__contains="(0)").iterator(2000):
        try:
            with transaction.atomic():
                Contact.objects.filter(pk=contact.pk).update(value_key=phone_key(contact.value))
        except IntegrityError:
            # The same number stands there in its other spelling: one of the two is enough.
            Contact.objects.filter(pk=contact.pk).update(value_key=phone_key(contact.value), active=False)


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0006_four_eyes")]

    operations = [migrations.RunPython(derive, migrations.RunPython.noop)]
