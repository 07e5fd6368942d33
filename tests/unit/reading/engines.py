"""Engines that behave as no engine should, and one that measures: named to the reader by their dotted path."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

from ocr.reading.engines import RecognisedWord, RgbImage
from ocr.reading.languages import LANGUAGES

PREFIX = "tests.unit.reading.engines:"


class _Engine:
    name = "test"
    version = "test 1"
    languages = LANGUAGES


class InkEngine(_Engine):
    """One word, boxed by the dark pixels of the page."""

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        rows, columns = np.nonzero(image.min(axis=2) < 128)
        if not rows.size:
            return ()
        x0, y0, x1, y1 = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        return (RecognisedWord("ink", float(x0), float(y0), float(x1), float(y1), 1.0),)


class EnglishEngine(InkEngine):
    """Can spell English only, and has been given nothing else to read."""

    languages = ("en",)


class ForbiddenEngine(_Engine):
    """For documents whose pages need no OCR."""

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        raise AssertionError("this page was not to be OCRed")


class ChattyEngine(InkEngine):
    """Prints as libraries do, from Python and from below it."""

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        print("a stray line", flush=True)  # noqa: T201
        os.write(1, b"PDR1 and stray bytes\n" * 100)
        return super().read(image)


class EndlessEngine(_Engine):
    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        while True:
            time.sleep(0.05)


class SlowEngine(InkEngine):
    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        time.sleep(2)
        return super().read(image)


class BusyEngine(_Engine):
    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        while True:
            pass


class CrashingEngine(_Engine):
    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        os.kill(os.getpid(), signal.SIGSEGV)
        return ()


def marker_of(reading: int) -> Path:
    """The file that mends the engines of the process with this id; they cannot be told another place."""
    return Path(f"/tmp/paydraft-tests-marker-{reading}")  # noqa: S108


class CrashingUntilMarkedEngine(InkEngine):
    """Falls at every document until the file `marker_of` its parent is there."""

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        if not marker_of(os.getppid()).exists():
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().read(image)


class FailingEngine(_Engine):
    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        raise LookupError("a surprise")


class HungryEngine(_Engine):
    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        hoard = [np.ones(64 * 1024 * 1024, np.uint8) for _ in range(1000)]
        return (RecognisedWord(str(len(hoard)), 0, 0, 1, 1, 1.0),)


class InquisitiveEngine(_Engine):
    """Reads out what the process it is in can see and do: one word for each finding."""

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        findings = [
            f"variables={','.join(sorted(os.environ))}",
            f"folder={Path.cwd()}",
            f"django={'django' in sys.modules}",
            f"network={_attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close())}",
            f"program={_attempt(lambda: subprocess.run(['/bin/true'], check=False))}",
            f"process={_attempt(_fork)}",
            f"thread={_attempt(_start_thread)}",
            f"passwords={_attempt(lambda: Path('/etc/passwd').read_bytes())}",
            f"parent={_attempt(lambda: Path(f'/proc/{os.getppid()}/environ').read_bytes())}",
            f"writing={_attempt(lambda: Path(__file__).with_name('left-behind').write_text('x'))}",
            f"own={_attempt(lambda: Path('note').write_text('x'))}",
        ]
        return tuple(RecognisedWord(finding, 0, 0, 1, 1, 1.0) for finding in findings)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _start_thread() -> None:
    thread = threading.Thread(target=time.sleep, args=(0,))
    thread.start()
    thread.join()


def _attempt(action: object) -> str:
    try:
        action()  # type: ignore[operator]
    except OSError as error:
        return type(error).__name__
    return "done"


class HastyEngine(_Engine):
    """Misreads the account on a whole page, and reads it right where it is shown nothing else."""

    words = (("Rechnung", 200, 100), ("Nr.", 340, 100), ("2026-0417", 400, 100), ("Gesamtbetrag", 200, 400))
    amount = (("EUR", 500, 400), ("1.234,51", 580, 400), ("IBAN", 200, 600))

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        height, width = image.shape[:2]
        if height < 600:
            return (
                RecognisedWord("DE89370400440532013000", 0.1 * width, 0.3 * height, 0.9 * width, 0.7 * height, 0.9),
            )
        account = (("DE89370400440582013000", 300, 600),)
        return tuple(
            RecognisedWord(text, x, y, x + 14.0 * len(text), y + 28.0, 0.97)
            for text, x, y in (*self.words, *self.amount, *account)
        )


class StumblingEngine(HastyEngine):
    """Does not survive the second look."""

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        if image.shape[0] < 600:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(image)
