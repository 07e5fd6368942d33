"""The words of a page with their boxes, as the stored reading has them, for taking values from the page."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse

from ocr.back_office.requests import answer as answered
from ocr.back_office.requests import of_job
from ocr.extraction.lines import Segment, sheet_of
from ocr.models import OcrJob, OcrReading
from ocr.page_images import PageMissing
from ocr.reading.document import document_from_plain

MOST_WORDS = 5_000


@of_job(method="GET")
def page_words(_request: HttpRequest, job: OcrJob, *, number: int) -> HttpResponse:
    """`words` in reading order as `[text, x0, y0, x1, y1, line]`; runs that an OCR engine boxed together are parted."""
    reading = OcrReading.objects.filter(job=job).first()
    document = document_from_plain(reading.document) if reading else None
    page = next((each for each in document.pages if each.number == number), None) if document else None
    if document is None or page is None:
        raise PageMissing(f"There are no words of a page {number}.")
    sheet = sheet_of(replace(document, pages=(page,)))
    words = [word for segment in sheet.segments for word in _parted(segment)]
    return answered({"number": number, "width": page.width, "height": page.height, "words": words[:MOST_WORDS]})


def _parted(segment: Segment) -> list[list[Any]]:
    words, at = [], 0
    for part in segment.text.split(" "):
        if part:
            box = segment.span_box(start=at, end=at + len(part))
            words.append([part, *(round(side, 2) for side in (box.x0, box.y0, box.x1, box.y1)), segment.line])
        at += len(part) + 1
    return words
