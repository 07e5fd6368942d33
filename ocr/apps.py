from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from ocr.reading.engine_report import engine_report


class OcrConfig(AppConfig):
    name = "ocr"
    verbose_name = "OCR"

    def ready(self) -> None:
        from counterparties.bank_changes import bank_details_confirmed
        from ocr.changed_accounts import match_those_that_wait

        bank_details_confirmed.connect(match_those_that_wait, dispatch_uid="ocr.match_those_that_wait")
        register(engine_is_installed)
        register(second_engine_is_installed)


def engine_is_installed(**_: Any) -> list[CheckMessage]:
    """The chosen OCR engine is there with its models; if not, what is missing and which command brings it."""
    report = engine_report(settings.OCR_ENGINE)
    return [] if report.is_ready else [Error(report.message, hint=report.command or None, id="ocr.E001")]


def second_engine_is_installed(**_: Any) -> list[CheckMessage]:
    """The same of the engine that reads doubtful regions again, where one is named."""
    if settings.OCR_SECOND_ENGINE in {"auto", "none"}:
        return []
    report = engine_report(settings.OCR_SECOND_ENGINE)
    message = report.message.replace("set OCR_ENGINE to", "set OCR_SECOND_ENGINE to auto, none, or")
    return [] if report.is_ready else [Error(message, hint=report.command or None, id="ocr.E002")]
