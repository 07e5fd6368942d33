"""Number and day of the bills that were read before transfers kept them, so that they are found again as well."""

from datetime import date

from django.db import migrations

from transfers.duplicates import number_key

BATCH = 1000


def fill(apps, schema_editor):
    OcrJob = apps.get_model("ocr", "OcrJob")
    OcrField = apps.get_model("ocr", "OcrField")
    Transfer = apps.get_model("transfers", "Transfer")
    transfers = Transfer.objects.filter(ocr_job_id__isnull=False, number_key="", issue_date__isnull=True)
    last = None
    while True:
        after = transfers if last is None else transfers.filter(pk__gt=last)
        batch = list(after.order_by("pk")[:BATCH])
        if not batch:
            return
        last = batch[-1].pk
        jobs = {transfer.ocr_job_id for transfer in batch}
        numbers = dict(OcrJob.objects.filter(pk__in=jobs).values_list("pk", "invoice_number"))
        days = dict(
            OcrField.objects.filter(job__in=jobs, name="issue_date", value__isnull=False).values_list("job_id", "value")
        )
        for transfer in batch:
            transfer.invoice_number = numbers.get(transfer.ocr_job_id, "")[:200]
            transfer.number_key = number_key(transfer.invoice_number)[:200]
            day = days.get(transfer.ocr_job_id)
            transfer.issue_date = date.fromisoformat(day) if day else None
        Transfer.objects.bulk_update(batch, ["invoice_number", "number_key", "issue_date"])


class Migration(migrations.Migration):
    dependencies = [("ocr", "0003_seller_evidence"), ("transfers", "0002_bills_paid")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
