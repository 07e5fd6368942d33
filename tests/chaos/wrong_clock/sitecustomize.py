"""Loaded by Python itself before anything else, where this folder is on the path: moves the time of day."""

import datetime
import os
import time
from pathlib import Path
from typing import Any

_TOLD = Path(os.environ["CHAOS_CLOCK"])
_LOOK_EVERY_SECONDS = 0.2

_real_time = time.time
_real_datetime = datetime.datetime
_seen = {"at": float("-inf"), "seconds": 0.0}


def _ahead() -> float:
    """How many seconds the clock is ahead."""
    if time.monotonic() - _seen["at"] > _LOOK_EVERY_SECONDS:
        _seen["at"] = time.monotonic()
        _seen["seconds"] = float(_TOLD.read_text(encoding="utf-8"))
    return _seen["seconds"]


class _LikeTheRealOne(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _real_datetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _real_datetime)


class _WrongDatetime(_real_datetime, metaclass=_LikeTheRealOne):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
        return _real_datetime.now(tz) + datetime.timedelta(seconds=_ahead())

    @classmethod
    def utcnow(cls) -> datetime.datetime:  # type: ignore[override]
        return cls.now(datetime.UTC).replace(tzinfo=None)


time.time = lambda: _real_time() + _ahead()
datetime.datetime = _WrongDatetime  # type: ignore[misc]
