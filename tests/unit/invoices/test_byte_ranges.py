"""`Range` headers: the part that is asked for, the whole where a server may give it, and what cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.byte_ranges import ByteRange, RangeUnsatisfiable, byte_range


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=2-5", 2, 5),
        ("bytes=2-", 2, 9),
        ("bytes=2-999999999999999999", 2, 9),
        ("bytes=-3", 7, 9),
        ("bytes=-30", 0, 9),
        ("Bytes = 2 - 5", 2, 5),
    ],
)
def test_one_range(header: str, first: int, last: int) -> None:
    assert byte_range(header=header, length=10) == ByteRange(first, last)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes=",
        "bytes=-",
        "bytes=5-2",
        "bytes=0-1,4-5",
        "lines=0-1",
        "bytes=a-b",
        "bytes=0-" + "9" * 40,
        "bytes=٣-",
    ],
)
def test_what_is_no_single_range_gets_the_whole(header: str) -> None:
    assert byte_range(header=header, length=10) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99-"])
def test_a_range_behind_the_end_says_how_long_the_document_is(header: str) -> None:
    with pytest.raises(RangeUnsatisfiable, match="10 bytes") as refused:
        byte_range(header=header, length=10)
    assert refused.value.headers == {"Content-Range": "bytes */10"}


@given(st.text(alphabet="bytes=-0123456789, "), st.integers(1, 50))
def test_whatever_is_sent_the_range_lies_within(header: str, length: int) -> None:
    try:
        found = byte_range(header=header, length=length)
    except RangeUnsatisfiable:
        return
    assert found is None or 0 <= found.first <= found.last < length
