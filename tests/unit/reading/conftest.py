from collections.abc import Iterator

import pytest

from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox


@pytest.fixture(scope="session")
def reader() -> Iterator[ReadingSandbox]:
    """The default engine in its child, loaded once for all tests."""
    with ReadingSandbox(engine_name="rapidocr", limits=ReadingLimits()) as sandbox:
        yield sandbox
