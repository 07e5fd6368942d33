"""The letters that every bank of the SEPA takes, and texts put into them (EPC217-08). Pure."""

import re
import unicodedata

from anyascii import anyascii

# Where umlauts are written out when they cannot be printed; elsewhere the dots are simply left off.
_WRITTEN_OUT = frozenset({"AT", "CH", "DE", "LI", "LU"})
_DIGRAPHS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"},
)
_SIGNS = str.maketrans(
    {"&": "+", "@": "(at)", "_": "-", '"': "'", "`": "'", "[": "(", "]": ")", "{": "(", "}": ")", ";": ","}
)
_STRANGE = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")


def strange_characters(text: str) -> str:
    """The characters of the text that no SEPA payment can carry, each once; empty when all is well."""
    return "".join(dict.fromkeys(_STRANGE.findall(text)))


def plain_letters(text: str, *, country: str, longest: int) -> str:
    """The text in A to Z, digits and `/ - ? : ( ) . , ' +`, of at most `longest` characters; empty if nothing is left.

    `country` (ISO 3166-1) is where the name is at home: Müller is Mueller in Germany and Muller in France.
    """
    text = unicodedata.normalize("NFC", text)
    if country in _WRITTEN_OUT:
        text = text.translate(_DIGRAPHS)
    text = "".join(" " if _is_picture(character) else character for character in text)
    plain = _STRANGE.sub(" ", anyascii(text).translate(_SIGNS))
    return " ".join(plain.split())[:longest].rstrip().strip("/")


def _is_picture(character: str) -> bool:
    """Symbols and control characters, of which anyascii spells out the names: ☃ would be called :snowman:."""
    return not character.isascii() and unicodedata.category(character)[0] in "SC"
