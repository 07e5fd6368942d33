"""The part of a document that a `Range` header asks for (RFC 9110, section 14). Pure."""

import re
from dataclasses import dataclass

from customers.sentences import Sentence

_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)


class RangeUnsatisfiable(Exception):
    """The range begins behind the end of the document; `headers` say how long it is."""

    def __init__(self, length: int) -> None:
        self.headers = {"Content-Range": f"bytes */{length}"}
        super().__init__(
            Sentence("The document has {length} bytes; ask for a range that begins within it.", length=length)
        )


@dataclass(frozen=True, slots=True)
class ByteRange:
    """From `first` to `last`, both counted from 0 and both included."""

    first: int
    last: int


def byte_range(*, header: str, length: int) -> ByteRange | None:
    """The range of a document of `length` bytes; None where the whole of it is to be answered.

    That is without a header, with one that cannot be read, and for several ranges, which a server may leave alone.
    Raises RangeUnsatisfiable.
    """
    found = _ONE_RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found[0].endswith("=-"):
        return None
    first, last = found[1], found[2]
    if not first:
        wanted = ByteRange(first=max(0, length - int(last)), last=length - 1)
    elif last and int(last) < int(first):
        return None
    else:
        wanted = ByteRange(first=int(first), last=min(int(last), length - 1) if last else length - 1)
    if wanted.first >= length:
        raise RangeUnsatisfiable(length)
    return wanted
