from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from ocr.reading.engine_report import engine_report


class OcrConfig(AppConfig):
    name = "ocr"
    verbose_name = "OCR"

    def ready(self) -> None:
        register(engine_is_installed)


def engine_is_installed(**_: Any) -> list[CheckMessage]:
    """The chosen OCR engine is there with its models; if not, what is missing and which command brings it."""
    report = engine_report(settings.OCR_ENGINE)
    return [] if report.is_ready else [Error(report.message, hint=report.command or None, id="ocr.E001")]
