"""The keys that documents are encrypted with, and the form in which an encrypted document is stored. Pure.

AES-256-GCM of `cryptography` (NIST SP 800-38D), with a random nonce for each document, behind a header that says so:

| bytes | what |
| --- | --- |
| 16 | `MAGIC`, with which nothing begins that the service accepts as a document |
| 1 | 1: encrypted; 0: what follows is the plain document itself, which happened to begin like this header |
| 8 | the key's id, the first bytes of a SHA-256 of it |
| 12 | the nonce |
| the rest | the ciphertext, as long as the document, and the tag of 16 bytes, which vouches for the header too |

Fernet, the library's recipe, takes 40 times as long for a document of 20 MiB and a third more room, and does not say
which key it wants: a key that is missing, which is put right, would look like a document that was damaged.
"""

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"\x89PAYDRAFT-DOC\r\n\x1a"
KEY_BYTES = 32
_PLAIN, _ENCRYPTED = b"\x00", b"\x01"
_ID_BYTES, _NONCE_BYTES, _TAG_BYTES = 8, 12, 16
_VOUCHED_FOR = len(MAGIC) + 1 + _ID_BYTES
HEADER_BYTES = _VOUCHED_FOR + _NONCE_BYTES
OVERHEAD = HEADER_BYTES + _TAG_BYTES


class DocumentKeyMissing(Exception):
    """The document is encrypted with a key that is not among ours; with the key it can be read again."""

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        super().__init__(
            f"Documents are encrypted with the key {key_id}, which DOCUMENT_KEYS does not have: add it at the end of "
            "DOCUMENT_KEYS, in every process. Jobs wait meanwhile, and nothing is lost."
        )


class DocumentDamaged(Exception):
    """The document was encrypted with one of our keys, and is no longer what was stored."""


@dataclass(frozen=True)
class DocumentKey:
    """One key; `id` says which one it is and nothing of what it is."""

    secret: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        return hashlib.sha256(b"paydraft document key\x00" + self.secret).hexdigest()[: 2 * _ID_BYTES]


@dataclass(frozen=True)
class DocumentKeys:
    """The first encrypts, all decrypt. Without any, documents are stored as they are."""

    keys: tuple[DocumentKey, ...] = ()

    @property
    def first(self) -> DocumentKey | None:
        return self.keys[0] if self.keys else None

    def has(self, key_id: str) -> bool:
        return any(key.id == key_id for key in self.keys)

    def stored_form(self, content: bytes) -> bytes:
        """What is to be stored of the document."""
        if self.first is None:
            return MAGIC + _PLAIN + content if content.startswith(MAGIC) else content
        header = MAGIC + _ENCRYPTED + bytes.fromhex(self.first.id)
        nonce = os.urandom(_NONCE_BYTES)
        return header + nonce + AESGCM(self.first.secret).encrypt(nonce, content, header)

    def document(self, stored: bytes) -> bytes:
        """The document of what is stored, encrypted or not. Raises `DocumentKeyMissing` and `DocumentDamaged`."""
        if not stored.startswith(MAGIC):
            return stored
        kind = stored[len(MAGIC) : len(MAGIC) + 1]
        if kind == _PLAIN:
            return stored[len(MAGIC) + 1 :]
        key_id = key_id_of(stored)
        if key_id is None:
            raise DocumentDamaged("The stored document ends within its header.")
        key = next((each for each in self.keys if each.id == key_id), None)
        if key is None:
            raise DocumentKeyMissing(key_id)
        nonce = stored[_VOUCHED_FOR:HEADER_BYTES]
        try:
            return AESGCM(key.secret).decrypt(nonce, stored[HEADER_BYTES:], stored[:_VOUCHED_FOR])
        except (InvalidTag, ValueError) as error:
            raise DocumentDamaged("The stored document is not what was encrypted.") from error


def key_id_of(stored: bytes) -> str | None:
    """The id of the key that the stored document, or its first `HEADER_BYTES`, says it is encrypted with; else None."""
    if len(stored) < HEADER_BYTES or not stored.startswith(MAGIC + _ENCRYPTED):
        return None
    return stored[len(MAGIC) + 1 : _VOUCHED_FOR].hex()


def length_of(*, head: bytes, stored_length: int) -> int:
    """How long the document is of which so many bytes are stored, beginning with `head`."""
    if key_id_of(head) is not None:
        return stored_length - OVERHEAD
    return stored_length - len(MAGIC) - 1 if head.startswith(MAGIC + _PLAIN) else stored_length


def new_key() -> str:
    """A new key, as it is written in DOCUMENT_KEYS."""
    return base64.urlsafe_b64encode(AESGCM.generate_key(bit_length=8 * KEY_BYTES)).decode()


def keys_from(texts: tuple[str, ...]) -> DocumentKeys:
    """The keys, written as `new_key` writes them. Raises ValueError, with a sentence that repeats none of them."""
    keys = []
    for number, text in enumerate(texts, start=1):
        try:
            secret = base64.b64decode(text, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != KEY_BYTES:
            raise ValueError(
                f"key {number} is not {KEY_BYTES} bytes in base64; make one with `manage.py make_document_key`, and "
                "separate several by commas."
            ) from None
        keys.append(DocumentKey(secret))
    return DocumentKeys(tuple(keys))
