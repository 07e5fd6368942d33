"""Answers about short texts that are asked for again and again while one document is read."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Answer = TypeVar("Answer")

LONGEST_TEXT = 120
MOST_TEXTS = 1024
"""Together less than a megabyte for each function, whatever documents hold."""


def remembered(function: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """The pure function of one text, which remembers what it said of the last short texts."""
    remembering = lru_cache(maxsize=MOST_TEXTS)(function)

    @wraps(function)
    def answer(text: str) -> Answer:
        return remembering(text) if len(text) <= LONGEST_TEXT else function(text)

    return answer
