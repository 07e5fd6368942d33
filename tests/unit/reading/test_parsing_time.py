"""Parsing is bounded by itself, whatever OCR may take."""

import time

import pytest

from ocr.reading import parsing_time
from ocr.reading.document import UnreadableDocument
from ocr.reading.limits import ReadingLimits
from ocr.reading.parsing_time import BoundedStopwatch

LIMITS = ReadingLimits(parsing_seconds=1, cpu_seconds=100)


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bounds that the kernel would have been told, in order."""
    told: list[int] = []
    monkeypatch.setattr(parsing_time, "allow_processor_seconds", told.append)
    return told


def compute(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_stage_that_parses_has_what_is_left_of_the_parsing_time(allowed: list[int]) -> None:
    stopwatch = BoundedStopwatch(LIMITS)
    with stopwatch.measure("ocr"):
        pass
    assert allowed == []
    with stopwatch.measure("text_layer"):
        assert allowed == [4]
    assert allowed == [4, 100]


def test_what_parsing_takes_is_added_up_and_then_refused(allowed: list[int]) -> None:
    stopwatch = BoundedStopwatch(LIMITS)
    for _ in range(3):
        with stopwatch.measure("raster"):
            compute(0.35)
    with stopwatch.measure("ocr"):
        pass
    with pytest.raises(UnreadableDocument) as refusal, stopwatch.measure("raster"):
        pytest.fail("there was no time left")
    assert refusal.value.code == "too_large"
    assert dict(stopwatch.seconds)["raster"] >= 1.05


def test_parsing_has_no_more_than_the_document(allowed: list[int]) -> None:
    with BoundedStopwatch(ReadingLimits(parsing_seconds=50, cpu_seconds=7)).measure("open"):
        assert allowed == [7]
