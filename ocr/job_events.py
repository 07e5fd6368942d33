"""What webhooks tell of a job, recorded in the transaction that ends it."""

from datetime import datetime

from customers.webhooks.events import EventType
from customers.webhooks.outbox import record_event
from ocr.models import OcrJob


def record_end(*, job: OcrJob, now: datetime) -> None:
    """Tells that the job has finished or failed for good, with ids and the status that its poll answers."""
    is_finished = job.state == OcrJob.State.FINISHED
    record_event(
        customer_id=job.customer_id,
        type_=EventType.JOB_FINISHED if is_finished else EventType.JOB_FAILED,
        data={
            "job_id": job.pk,
            "customer_id": job.customer_id,
            "upload_id": job.upload_id,
            "transfer_id": job.transfer_id,
            "status": 200 if is_finished else 422,
        },
        now=now,
    )
