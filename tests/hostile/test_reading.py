"""Every hostile file through the real reader: an answer in time, within its memory, and nothing left behind."""

import re
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from ocr.reading.document import UnreadableDocument
from ocr.reading.limits import ReadingLimits
from ocr.reading.sandbox import ReadingSandbox
from tests.hostile.conftest import PATIENCE_SECONDS, Listener, Toll
from tests.hostile.corpus import groups
from tests.unit.reading.documents import text_pdf

GROUPS = tuple(groups(""))
ENDLESS = {"pdf endless"}
SENTENCE = re.compile(r"[A-Z].{10,400}\.", re.DOTALL)


def outcome(reader: ReadingSandbox, content: bytes) -> str:
    """The code of the refusal, or `read`."""
    refusal: UnreadableDocument
    try:
        assert reader.read(content).document.kind
    except UnreadableDocument as raised:
        refusal = raised
    else:
        return "read"
    assert re.fullmatch(r"[a-z_]+", refusal.code)
    assert SENTENCE.fullmatch(refusal.message), refusal.message
    return refusal.code


def peak_bytes(reader: ReadingSandbox) -> int:
    """The most memory that the child held since it was last asked; 0 where the kernel does not say."""
    if reader.child_pid is None or not Path("/proc/self/clear_refs").exists():
        return 0
    about = Path(f"/proc/{reader.child_pid}")
    highest = re.search(r"VmHWM:\s+(\d+) kB", (about / "status").read_text())
    with suppress(PermissionError):  # the child lets nobody but root look at it; the highest of all is then told
        (about / "clear_refs").write_text("5")
    return int(highest.group(1)) * 1024 if highest else 0


def left_behind() -> list[Path]:
    """Everything in the temporary folder, which is these tests' own."""
    return list(Path(tempfile.gettempdir()).iterdir())


@pytest.mark.parametrize("group", sorted(set(GROUPS) - ENDLESS))
def test_no_file_harms_the_reader(group: str, hostile_reader: ReadingSandbox, listener: Listener, toll: Toll) -> None:
    good = text_pdf()
    assert outcome(hostile_reader, good) == "read"
    before = len(left_behind())
    for name, content in groups(listener.url)[group]():
        child, started = hostile_reader.child_pid, time.monotonic()
        code = outcome(hostile_reader, content)
        seconds, peak = time.monotonic() - started, peak_bytes(hostile_reader)
        assert code not in {"reader_crashed", "reader_timed_out"}, name
        assert seconds < PATIENCE_SECONDS, name
        assert peak < ReadingLimits().memory_bytes, name
        toll.files += 1
        toll.codes[code] = toll.codes.get(code, 0) + 1
        toll.slowest = max(toll.slowest, (seconds, name))
        toll.largest = max(toll.largest, (peak, name))
        toll.restarts += hostile_reader.child_pid != child
    assert outcome(hostile_reader, good) == "read"
    assert len(left_behind()) == before  # the running child's folder, and no other
    assert not listener.calls


def test_what_would_never_end_is_stopped_in_time(impatient_reader: ReadingSandbox, toll: Toll) -> None:
    for name, content in groups("")["pdf endless"]():
        started = time.monotonic()
        code = outcome(impatient_reader, content)
        assert code in {"reader_timed_out", "corrupt"}, name
        assert time.monotonic() - started < PATIENCE_SECONDS, name
        toll.files += 1
        toll.codes[code] = toll.codes.get(code, 0) + 1
    assert outcome(impatient_reader, text_pdf()) == "read"
