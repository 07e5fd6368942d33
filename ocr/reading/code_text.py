"""The text of a code's bytes, in the character set that its payload declares or its standard prescribes.

A decoder that knows nothing of payments has to guess, and guesses wrong for most of Central Europe.
"""

# EPC069-12, element 3: the character set of everything in the code.
_EPC_CHARACTER_SETS = {
    b"1": "utf-8",
    b"2": "iso-8859-1",
    b"3": "iso-8859-2",
    b"4": "iso-8859-4",
    b"5": "iso-8859-5",
    b"6": "iso-8859-7",
    b"7": "iso-8859-10",
    b"8": "iso-8859-15",
}


def text_of_payload(*, payload: bytes, guess: str) -> str:
    """The payload as text; `guess` is the decoder's own reading, which stands where no standard says more.

    Bytes that are sound UTF-8 are read as such whatever is declared: no text in a single-byte character set is sound
    UTF-8 by chance, and programs that declare one and write the other are common.
    """
    if payload.isascii():
        return guess
    declared = _declared(payload)
    if declared is None:
        return guess
    for encoding in ("utf-8", declared):
        try:
            return payload.decode(encoding)
        except UnicodeDecodeError:
            continue
    return guess


def _declared(payload: bytes) -> str | None:
    if payload.startswith(b"UPNQR"):
        return "iso-8859-2"  # UPN QR, technical standard of the Bank Association of Slovenia
    if payload.startswith(b"HRVHUB30"):
        # HUB3 prescribes UTF-8; older programs write the code page of their system. C1 controls mean nothing in a
        # payment, so a byte from their place is a letter of Windows-1250.
        return "cp1250" if any(0x80 <= byte < 0xA0 for byte in payload) else "iso-8859-2"
    lines = payload.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", 3)
    if len(lines) > 3 and lines[0].removeprefix(b"\xef\xbb\xbf").strip() == b"BCD":
        return _EPC_CHARACTER_SETS.get(lines[2].strip())
    return None
