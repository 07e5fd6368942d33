"""Documents encrypted and plain: what comes out is what went in, and what is wrong is told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.document_keys import (
    HEADER_BYTES,
    MAGIC,
    OVERHEAD,
    DocumentDamaged,
    DocumentKeyMissing,
    DocumentKeys,
    key_id_of,
    keys_from,
    length_of,
    new_key,
)

OLD, NEW = new_key(), new_key()
NONE, OLD_ALONE, NEW_ALONE, ROTATED = (keys_from(texts) for texts in ((), (OLD,), (NEW,), (NEW, OLD)))
DOCUMENTS = st.binary(max_size=200) | st.binary(max_size=60).map(lambda rest: MAGIC + rest)


@given(content=DOCUMENTS)
@pytest.mark.parametrize("keys", [NONE, OLD_ALONE, ROTATED])
def test_any_bytes_come_back_and_their_length_is_known_from_the_header(content: bytes, keys: DocumentKeys) -> None:
    stored = keys.stored_form(content)

    assert keys.document(stored) == content
    assert length_of(head=stored[:HEADER_BYTES], stored_length=len(stored)) == len(content)


def test_what_was_stored_without_keys_and_with_an_older_one_stays_readable() -> None:
    for stored in (NONE.stored_form(b"%PDF-1.7"), OLD_ALONE.stored_form(b"%PDF-1.7")):
        assert ROTATED.document(stored) == b"%PDF-1.7"
    assert ROTATED.first is not None
    assert key_id_of(ROTATED.stored_form(b"x")) == ROTATED.first.id == NEW_ALONE.keys[0].id


def test_plain_bytes_that_pretend_to_be_encrypted_come_back_as_they_are() -> None:
    """Somebody may send what begins like an encrypted document, with the id of a key, to have it take another path."""
    forged = OLD_ALONE.stored_form(b"anything")

    stored = NONE.stored_form(forged)

    assert key_id_of(stored) is None
    assert NONE.document(stored) == OLD_ALONE.document(stored) == forged


def test_a_missing_key_is_not_a_damaged_document() -> None:
    stored = OLD_ALONE.stored_form(b"%PDF-1.7")

    for keys in (NONE, NEW_ALONE):
        with pytest.raises(DocumentKeyMissing, match=OLD_ALONE.keys[0].id):
            keys.document(stored)


@given(place=st.integers(min_value=len(MAGIC) + 1 + 8, max_value=OVERHEAD + 7))
def test_one_altered_bit_is_noticed(place: int) -> None:
    stored = bytearray(OLD_ALONE.stored_form(b"%PDF-1.7"))
    stored[place] ^= 1

    with pytest.raises(DocumentDamaged):
        OLD_ALONE.document(bytes(stored))


@pytest.mark.parametrize("length", [len(MAGIC), len(MAGIC) + 1, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 15])
def test_a_document_that_was_cut_off_is_damaged(length: int) -> None:
    stored = OLD_ALONE.stored_form(b"%PDF-1.7")[:length]

    with pytest.raises(DocumentDamaged):
        OLD_ALONE.document(stored)


def test_the_same_document_is_never_stored_as_the_same_bytes() -> None:
    assert OLD_ALONE.stored_form(b"%PDF-1.7") != OLD_ALONE.stored_form(b"%PDF-1.7")


@pytest.mark.parametrize(
    "wrong",
    ["", "secret", new_key()[:-4], new_key() + "AAAA", "é" * 44, new_key()[:-1] + "!"],
    ids=["none", "a word", "too short", "too long", "other letters", "a letter that is none"],
)
def test_a_key_that_is_none_is_refused_without_being_repeated(wrong: str) -> None:
    with pytest.raises(ValueError, match="key 2 is not 32 bytes in base64; make one with") as refused:
        keys_from((OLD, wrong))

    assert not wrong or wrong not in str(refused.value)
    assert OLD not in repr(keys_from((OLD,)))
