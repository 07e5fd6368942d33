"""The document on the sandbox says what the code does."""

import re
from pathlib import Path

from ocr.reading import confinement, sandbox
from ocr.reading.limits import MEBIBYTE, ReadingLimits
from ocr.reading.sandbox import ReadingSandbox
from tests.unit.reading.documents import UBL
from tests.unit.reading.engines import PREFIX

ROOT = Path(__file__).resolve().parents[3]
MATRIX = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"^\| `([a-z_]+)` \|", MATRIX, re.MULTILINE))


def source(module: object) -> str:
    return Path(str(vars(module)["__file__"])).read_text(encoding="utf-8")


def test_the_matrix_lists_every_name_that_a_reader_may_hold_and_no_other() -> None:
    assert set(re.findall(r'"(limits|(?:no|dies)_[a-z_]+)"', source(confinement))) == NAMED


def test_what_holds_here_is_in_the_matrix() -> None:
    with ReadingSandbox(engine_name=PREFIX + "InkEngine", limits=ReadingLimits()) as reader:
        reader.read(UBL)
        assert {"limits"} <= set(reader.holds) <= NAMED


def test_the_matrix_has_every_way_a_reader_can_fail() -> None:
    codes = set(re.findall(r'"(reader_[a-z_]+)"', source(sandbox)))
    assert len(codes) == 3
    assert all(f"`{code}`" in MATRIX for code in codes)


def test_the_matrix_has_the_numbers_that_are_in_force() -> None:
    limits = ReadingLimits()
    for number in (f"size ({limits.max_file_bytes // MEBIBYTE} MiB)", f"open files ({limits.max_open_files})"):
        assert number in MATRIX
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    for name, default in re.findall(r'_number\("(READER_(?:CPU|WALL)_SECONDS|READER_MEMORY_MIB)", (\d+)\)', settings):
        assert f"`{name}` ({default})" in MATRIX
