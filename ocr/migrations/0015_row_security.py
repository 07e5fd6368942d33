"""The tenants' rows of this app behind PostgreSQL's row-level security: see `customers.row_security`."""

from django.db import migrations

from customers.row_security import CHANGE, CLOSED, READ, of_customer, of_parent, wall

JOB = of_parent("ocr_ocrjob", "job_id")


class Migration(migrations.Migration):
    dependencies = [("ocr", "0014_job_lines"), ("customers", "0008_row_security")]

    operations = [
        wall(
            {
                "ocr_ocrjob": (CHANGE, of_customer()),
                "ocr_ocrreading": (CLOSED, ""),
                "ocr_ocrfield": (READ, JOB),
                "ocr_ocrmatchcandidate": (READ, JOB),
                "ocr_ocrrun": (READ, JOB),
                "ocr_ocrcorrection": (READ, JOB),
                "ocr_ocrreviewdecision": (READ, JOB),
                "ocr_ocrjobonlooker": (CLOSED, ""),
                "ocr_supplierhint": (CLOSED, ""),
                "ocr_hintuse": (CLOSED, ""),
            }
        ),
    ]
