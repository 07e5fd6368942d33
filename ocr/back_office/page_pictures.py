"""The pages as pictures. What is sent was drawn in the sandbox; the document itself never goes to a browser here."""

from django.http import HttpRequest, HttpResponse

from ocr.back_office.requests import of_job
from ocr.models import OcrJob
from ocr.page_images import page_picture

KEPT_SECONDS = 3600


@of_job(method="GET")
def page_image(_request: HttpRequest, job: OcrJob, *, number: int) -> HttpResponse:
    return HttpResponse(
        page_picture(job=job, number=number),
        content_type="image/webp",
        headers={
            "Cache-Control": f"private, max-age={KEPT_SECONDS}",
            "Content-Disposition": "inline",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
