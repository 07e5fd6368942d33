"""Which type face can print a text. Every reader of PDF brings Helvetica; what it lacks is embedded, letter by letter.

Scripts that need their letters joined or turned about (Arabic, Hebrew, Devanagari, Thai) are printed in Latin letters:
drawn one by one they would be unreadable. The e-invoice inside the document keeps every name as it is written.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import groupby
from threading import Lock

import pymupdf
import pymupdf_fonts
from anyascii import anyascii
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "Helvetica", "Helvetica-Bold"
_WIDE, _WIDE_BOLD, _FAR_EAST = "PaydraftNotoSans", "PaydraftNotoSansBold", "PaydraftDroidFallback"
_loading = Lock()


def printable(text: str) -> str:
    """The text in letters that some face has, in composed form."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter if letter == "\n" or _has_face(letter) else anyascii(letter) for letter in composed)


def runs(text: str, *, bold: bool) -> Iterator[tuple[str, str]]:
    """The printable text cut into (face, piece); one piece wherever a single face has all of it."""
    if is_plain(text):
        yield (BOLD if bold else REGULAR), text
        return
    for far_east, letters in groupby(text, key=lambda letter: not _in_noto(letter)):
        face = _FAR_EAST if far_east else _WIDE_BOLD if bold else _WIDE
        yield _face(face), "".join(letters)


def is_plain(text: str) -> bool:
    """Whether Helvetica has all of the text, so that it is as wide as its pieces together."""
    return text.isascii() or all(_in_helvetica(letter) for letter in text)


def width(text: str, *, size: float, bold: bool = False) -> float:
    """In points."""
    return sum(float(pdfmetrics.stringWidth(piece, face, size)) for face, piece in runs(text, bold=bold))


def _has_face(letter: str) -> bool:
    return _in_helvetica(letter) or _in_noto(letter) or _in_far_east(letter)


@cache
def _in_helvetica(letter: str) -> bool:
    """Windows' code page 1252, which is what the standard faces of PDF have."""
    try:
        return bool(letter.encode("cp1252")) and letter.isprintable()
    except UnicodeEncodeError:
        return False


@cache
def _in_noto(letter: str) -> bool:
    """Latin, Greek, Cyrillic and Armenian: those whose letters stand one after the other."""
    code = ord(letter)
    is_plain = code < 0x590 or 0x1E00 <= code < 0x2C00
    return is_plain and not unicodedata.combining(letter) and code in _glyphs(_WIDE)


@cache
def _in_far_east(letter: str) -> bool:
    return ord(letter) >= 0x2E80 and _is_far_eastern(letter) and ord(letter) in _glyphs(_FAR_EAST)


def _is_far_eastern(letter: str) -> bool:
    """Presentation forms of Arabic and private signs look like letters and are none to a reader of text."""
    return unicodedata.east_asian_width(letter) in {"W", "F", "H"}


@cache
def _glyphs(face: str) -> frozenset[int]:
    _face(face)
    return frozenset(pdfmetrics.getFont(face).face.charToGlyph)


def _face(name: str) -> str:
    """The name, once reportlab knows the face. Faces are loaded when a text first needs them: they take 0.1 s each."""
    if name in {REGULAR, BOLD}:
        return name
    with _loading:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, BytesIO(_file(name))))
    return name


def _file(name: str) -> bytes:
    if name == _FAR_EAST:
        return bytes(pymupdf.Font("cjk").buffer)  # Droid Sans Fallback (Apache-2.0) lies inside PyMuPDF's library
    return bytes(pymupdf_fonts.myfont("notosbo" if name == _WIDE_BOLD else "notos"))
