"""Engines that behave as no engine should, and one that measures: named to the reader by their dotted path."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from ocr.reading.engines import RecognisedWord, RgbImage

PREFIX = "tests.unit.reading.engines:"


class _Engine:
    name = "test"
    version = "test 1"
    languages = ("en",)


class InkEngine(_Engine):
    """One word, boxed by the dark pixels of the page."""

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        rows, columns = np.nonzero(image.min(axis=2) < 128)
        if not rows.size:
            return ()
        x0, y0, x1, y1 = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        return (RecognisedWord("ink", float(x0), float(y0), float(x1), float(y1), 1.0),)


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


class CrashingOnceEngine(InkEngine):
    """Falls at the first document that a child reads unless the file that the document's size names is there."""

    def read(self, image: RgbImage) -> tuple[RecognisedWord, ...]:
        marker = f"/tmp/reader-test-{image.shape[0]}-{image.shape[1]}"  # noqa: S108
        try:
            os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return super().read(image)
        os.kill(os.getpid(), signal.SIGSEGV)
        return ()


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
        ]
        return tuple(RecognisedWord(finding, 0, 0, 1, 1, 1.0) for finding in findings)


def _attempt(action: object) -> str:
    try:
        action()  # type: ignore[operator]
    except OSError as error:
        return type(error).__name__
    return "done"
