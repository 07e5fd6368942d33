"""A worker's clock that goes wrong: what `time` and `datetime` say to its whole process is moved by what a file says.

In Python, by a `sitecustomize` of the process: libfaketime makes `time.sleep` fail in Python 3.11 and later.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent / "wrong_clock"


def clock_variables(told: Path) -> dict[str, str]:
    """What a process needs so that its clock shows what the file says, such as `+3600` for an hour ahead.

    Only the time of day is moved: what waits for a second waits for a second. Readers do not inherit it.
    """
    return {"PYTHONPATH": str(_FOLDER), "CHAOS_CLOCK": str(told)}


def move_clock(told: Path, *, seconds: int) -> None:
    other = told.with_suffix(".next")
    other.write_text(f"{seconds:+d}")
    other.replace(told)
