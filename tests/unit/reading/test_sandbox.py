import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import pymupdf
import pytest

from ocr.reading.document import UnreadableDocument
from ocr.reading.engines import EngineUnavailable
from ocr.reading.frames import Frame
from ocr.reading.limits import MEBIBYTE, ReadingLimits
from ocr.reading.reader_process import ReaderProcess
from ocr.reading.sandbox import ReadingSandbox
from tests.unit.reading.documents import UBL, encoded, page_picture, text_pdf
from tests.unit.reading.engines import PREFIX, marker_of

LIMITS = ReadingLimits(wall_seconds=30, cpu_seconds=20)
PICTURE = encoded(page_picture(text_pdf(), dpi=50), "PNG")


def sandbox(engine: str, limits: ReadingLimits = LIMITS, documents_per_child: int = 200) -> ReadingSandbox:
    return ReadingSandbox(engine_name=PREFIX + engine, limits=limits, documents_per_child=documents_per_child)


def picture_pdf(*, pages: int) -> bytes:
    """Each page is another picture of 2000 by 2000 pixels."""
    document = pymupdf.open()
    for number in range(pages):
        picture = pymupdf.Pixmap(pymupdf.csRGB, (0, 0, 2000, 2000), False)
        picture.clear_with(255)
        picture.set_rect(pymupdf.IRect(100, 100 + 20 * number, 900, 110 + 20 * number), (0, 0, 0))
        page = document.new_page(width=595, height=842)
        page.insert_image(page.rect, pixmap=picture)
    return bytes(document.tobytes(deflate=True))


def refusal(engine: str, limits: ReadingLimits = LIMITS) -> UnreadableDocument:
    with sandbox(engine, limits) as reader, pytest.raises(UnreadableDocument) as caught:
        reader.read(PICTURE)
    assert caught.value.message.endswith(".")
    return caught.value


def folder_of_child(reader: ReadingSandbox) -> Path:
    """The child's working folder, as the inquisitive engine tells it."""
    words = [word.text for word in reader.read(PICTURE).document.pages[0].words]
    return Path(next(word for word in words if word.startswith("folder=")).partition("=")[2])


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_dead(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_the_result_says_what_was_read_by_what_and_how_long_it_took() -> None:
    with sandbox("InkEngine") as reader:
        result = reader.read(PICTURE)
    assert [word.text for word in result.document.pages[0].words] == ["ink"]
    assert result.engine == "test 1"
    seconds = dict(result.seconds)
    assert 0 <= seconds["ocr"] <= seconds["read"]
    assert result.peak_bytes > MEBIBYTE


def test_an_interrupted_document_leaves_no_answer_for_the_next_one() -> None:
    class Interrupted(BaseException):
        pass

    def interrupt(*_: object) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with sandbox("SlowEngine") as reader:
            reader.read(UBL)
            first = reader.child_pid
            threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGUSR1)).start()
            with pytest.raises(Interrupted):
                reader.read(PICTURE)
            assert reader.read(UBL).document.kind == "ubl"
            assert reader.child_pid != first
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_an_answer_to_another_document_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with sandbox("InkEngine") as reader:
        reader.read(UBL)
        child = reader._child
        assert child
        monkeypatch.setattr(child, "_receive", lambda _: Frame({"outcome": "read", "number": 1}))
        assert reader.read(UBL).document.kind == "ubl"
        assert reader._child is not child


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"message": "x"},
        {"code": "corrupt"},
        {"code": "corrupt", "message": "x", "parts": {"template": "{a}" * 9000}},
    ],
)
def test_a_refusal_that_makes_no_sense_is_no_word_about_the_document(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, object]
) -> None:
    monkeypatch.setattr(ReaderProcess, "ask", lambda *_: Frame({"outcome": "unreadable", **said}))
    with sandbox("InkEngine") as reader, pytest.raises(UnreadableDocument) as refused:
        reader.read(UBL)

    assert refused.value.code == "reader_crashed"


def test_one_child_reads_many_documents_and_is_then_replaced() -> None:
    pids = []
    with sandbox("InkEngine", documents_per_child=2) as reader:
        for _ in range(5):
            reader.read(UBL)
            pids.append(reader.child_pid)
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [2, 2, 1]
    assert reader.child_pid is None


def test_pictures_of_pages_already_read_take_no_memory() -> None:
    with sandbox("InkEngine") as reader:
        reader.read(picture_pdf(pages=1))
        peak = reader.read(picture_pdf(pages=2)).peak_bytes
        grown = reader.read(picture_pdf(pages=12)).peak_bytes - peak
    assert grown < 5 * 12 * MEBIBYTE  # a picture is 12 MB


def test_a_document_at_fault_does_not_cost_the_child() -> None:
    with sandbox("InkEngine") as reader:
        reader.read(UBL)
        before = reader.child_pid
        with pytest.raises(UnreadableDocument) as caught:
            reader.read(PICTURE[:100])
        assert (caught.value.code, reader.child_pid) == ("corrupt", before)


def test_what_a_library_prints_does_not_reach_the_channel() -> None:
    with sandbox("ChattyEngine") as reader:
        for _ in range(3):
            assert reader.read(PICTURE).document.pages[0].words


def test_a_document_that_loops_is_stopped_by_the_wall_clock() -> None:
    assert refusal("EndlessEngine", replace(LIMITS, wall_seconds=3)).code == "reader_timed_out"


def test_a_document_that_computes_without_end_is_stopped_by_processor_time(caplog: pytest.LogCaptureFixture) -> None:
    assert refusal("BusyEngine", replace(LIMITS, cpu_seconds=1)).code == "reader_timed_out"
    assert [record.args for record in caplog.records if "attempt" in record.getMessage()] == [(1, 2, ANY)]


def test_a_document_that_kills_two_children_is_unreadable() -> None:
    assert refusal("CrashingEngine").code == "reader_crashed"
    assert refusal("FailingEngine").code == "reader_crashed"


def test_a_document_that_kills_one_child_is_read_by_the_next() -> None:
    class Mender(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            marker.touch()

    log, mender, marker = logging.getLogger("ocr.reading.sandbox"), Mender(), marker_of(os.getpid())
    marker.unlink(missing_ok=True)
    log.addHandler(mender)
    try:
        with sandbox("CrashingUntilMarkedEngine") as reader:
            assert reader.read(PICTURE).document.pages[0].words
        assert marker.exists()  # the first child did fall
    finally:
        log.removeHandler(mender)
        marker.unlink(missing_ok=True)


def test_a_document_that_takes_all_memory_is_unreadable() -> None:
    assert refusal("HungryEngine", replace(LIMITS, memory_bytes=512 * MEBIBYTE)).code == "reader_out_of_memory"


def test_a_child_killed_in_mid_read_is_replaced_and_the_document_read() -> None:
    killed = []

    def kill(reader: ReadingSandbox) -> None:
        while reader.child_pid is None or not reader.holds:
            time.sleep(0.01)
        time.sleep(0.3)
        pid = reader.child_pid
        if pid:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    with sandbox("SlowEngine") as reader:
        killer = threading.Thread(target=kill, args=(reader,))
        killer.start()
        result = reader.read(PICTURE)
        killer.join()
        assert killed
        assert result.document.pages[0].words
        assert reader.child_pid not in killed


def test_a_child_that_died_between_documents_is_not_held_against_the_next_one() -> None:
    with sandbox("InkEngine") as reader:
        reader.read(UBL)
        first = reader.child_pid
        assert first
        os.kill(first, signal.SIGKILL)
        assert wait_until_dead(first)
        assert reader.read(PICTURE).document.pages[0].words


def test_the_child_outlives_the_thread_that_first_used_it() -> None:
    with sandbox("InkEngine") as reader:
        thread = threading.Thread(target=reader.read, args=(UBL,))
        thread.start()
        thread.join()
        first = reader.child_pid
        time.sleep(0.2)
        reader.read(PICTURE)
        assert reader.child_pid == first


def test_threads_take_turns() -> None:
    results = []
    with sandbox("InkEngine") as reader:
        threads = [threading.Thread(target=lambda: results.append(reader.read(PICTURE))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [len(result.document.pages) for result in results] == [1] * 4


def test_closing_leaves_neither_process_nor_folder() -> None:
    reader = sandbox("InquisitiveEngine")
    folder = folder_of_child(reader)
    pid = reader.child_pid
    assert folder.is_dir()
    assert pid
    reader.close()
    assert not folder.exists()
    assert not is_alive(pid)


def test_the_child_sees_no_secrets_no_network_and_no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "very secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://user:password@host/name")
    with sandbox("InquisitiveEngine") as reader:
        words = dict(word.text.split("=", 1) for word in reader.read(PICTURE).document.pages[0].words)
        holds = reader.holds
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(words["variables"].split(","))
    assert words["django"] == "False"
    assert "limits" in holds
    assert (words["thread"], words["own"]) == ("done", "done")
    if "no_network" in holds:
        assert (words["network"], words["program"]) == ("PermissionError", "PermissionError")
    if "no_processes" in holds:
        assert words["process"] == "PermissionError"
    if "no_foreign_files" in holds:
        assert {words["passwords"], words["parent"], words["writing"]} == {"PermissionError"}


def test_a_folder_that_a_killed_parent_left_is_removed_by_the_next_reader() -> None:
    left, young = (Path(tempfile.mkdtemp(prefix="reader-")) for _ in range(2))
    (left / "note").write_text("x")
    os.utime(left, (0, 0))
    try:
        with sandbox("InquisitiveEngine") as reader, sandbox("InquisitiveEngine") as other:
            folder = folder_of_child(reader)
            os.utime(folder, (0, 0))
            other.read(UBL)
            assert folder.is_dir()
            assert (left.exists(), young.exists()) == (False, True)
    finally:
        young.rmdir()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_the_child_dies_with_its_parent() -> None:
    script = (
        "import time; from tests.unit.reading.test_sandbox import *\n"
        "reader = sandbox('InkEngine'); reader.read(UBL); print(reader.child_pid, flush=True); time.sleep(60)"
    )
    root = Path(__file__).resolve().parents[3]
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert wait_until_dead(child)


def test_a_forked_process_gets_a_child_of_its_own_and_leaves_its_parent_s_alone() -> None:
    with sandbox("InquisitiveEngine") as reader:
        folder = folder_of_child(reader)
        inherited = reader.child_pid
        pid = os.fork()
        if pid == 0:
            status = 1
            with suppress(BaseException):
                reader.read(UBL)
                own = reader.child_pid
                reader.close()
                status = 0 if own != inherited else 2
            os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert folder.is_dir()
        reader.read(PICTURE)
        assert reader.child_pid == inherited


def test_a_child_that_does_not_start_is_not_the_document_s_fault() -> None:
    with sandbox("InkEngine", replace(LIMITS, max_open_files=3)) as reader, pytest.raises(EngineUnavailable):
        reader.read(UBL)


def test_an_engine_that_is_not_there_is_not_the_document_s_fault() -> None:
    with ReadingSandbox(engine_name="nothing", limits=LIMITS) as reader:
        with pytest.raises(EngineUnavailable):
            reader.warm_up()
        with pytest.raises(EngineUnavailable):
            reader.read(PICTURE)
        assert reader.read(text_pdf()).document.pages[0].words


def test_documents_that_need_no_ocr_do_not_wait_for_an_engine_that_is_being_prepared() -> None:
    with sandbox("EndlessEngine") as reader:
        reader.prepare()
        assert reader.read(text_pdf()).document.pages[0].words


def test_a_page_that_needs_the_engine_waits_for_its_preparation() -> None:
    with sandbox("SlowEngine") as reader:
        reader.prepare()
        assert reader.read(PICTURE).document.pages[0].words


def wait_until_loaded(reader: ReadingSandbox) -> int:
    """The child, once it has said that its engine is loaded; what it is given to read needs none."""
    deadline = time.monotonic() + 30
    while True:
        reader.read(UBL)
        child = reader._child
        assert child
        if child._named:
            return child.process.pid
        assert time.monotonic() < deadline, "the engine was not loaded"


def test_a_prepared_reader_prepares_its_later_children_too() -> None:
    with sandbox("InkEngine", documents_per_child=100_000) as reader:
        reader.prepare()
        first = wait_until_loaded(reader)
        child = reader._child
        assert child
        child.process.kill()
        child.process.wait(timeout=30)  # with all threads: what follows on a child that dies in reading is unprepared
        assert wait_until_loaded(reader) != first


def test_an_engine_whose_preparation_kills_the_child_costs_no_document_that_needs_none() -> None:
    for _ in range(3):
        with sandbox("CrashingEngine") as reader:
            reader.prepare()
            first = reader.child_pid
            assert first  # the answer came before the engine was tried
            for _ in range(5):
                assert reader.read(UBL).document.kind == "ubl"
            assert wait_until_dead(first)


def test_an_engine_that_cannot_be_prepared_is_told_by_the_page_that_needs_it() -> None:
    with ReadingSandbox(engine_name="nothing", limits=LIMITS) as reader:
        reader.prepare()
        assert reader.read(text_pdf()).document.pages[0].words
        with pytest.raises(EngineUnavailable):
            reader.read(PICTURE)
