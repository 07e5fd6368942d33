"""What stands before and in the first start tag of an XML document, found without an XML parser.

The web process asks this of every upload, so nothing here may be led to expand, load or build anything: the first
part of the bytes is decoded leniently and walked once.
"""

import codecs
import re
from dataclasses import dataclass

_WINDOW = 256 * 1024
_SPACE = " \t\r\n"
_START_TAG = re.compile(
    r"""<([^\s<>/=!?"':]+:)?([^\s<>/=!?"':]+)((?:\s+[^\s<>/="']+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*/?>"""
)
_NAMESPACE = re.compile(r"""\sxmlns(?::([^\s=]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True)
class Prolog:
    """`name` and `namespace` are the root element's; `namespace` is empty where none is declared for its prefix."""

    name: str
    namespace: str
    has_doctype: bool


def read_prolog(content: bytes) -> Prolog | None:
    """The prolog of an XML document in UTF-8, UTF-16 or a single-byte encoding; None when it is not XML.

    None also when the root element does not begin within the first 256 KiB.
    """
    text = _decode(content)
    position = _skip_space(text, 0)
    has_doctype = False
    while True:
        if text.startswith("<?", position):
            position = _after(text, "?>", position)
        elif text.startswith("<!--", position):
            position = _after(text, "-->", position)
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            has_doctype = True
            position = _after_doctype(text, position + 9)
        else:
            break
        if position < 0:
            return None
        position = _skip_space(text, position)
    tag = _START_TAG.match(text, position)
    if tag is None:
        return None
    prefix, name, attributes = (tag.group(1) or "").rstrip(":"), tag.group(2), tag.group(3)
    return Prolog(name=name, namespace=_namespace_of(prefix, attributes), has_doctype=has_doctype)


def _decode(content: bytes) -> str:
    head = content[:_WINDOW]
    if head.startswith(codecs.BOM_UTF8):
        return head[3:].decode("latin-1")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="ignore")
    if head.startswith(b"<\x00"):
        return head.decode("utf-16-le", errors="ignore")
    if head.startswith(b"\x00<"):
        return head.decode("utf-16-be", errors="ignore")
    # UTF-8 and every single-byte encoding agree on the ASCII that the names we look for are written in.
    return head.decode("latin-1")


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position


def _after(text: str, mark: str, position: int) -> int:
    """The place behind the next `mark`, or -1."""
    found = text.find(mark, position)
    return -1 if found < 0 else found + len(mark)


def _after_doctype(text: str, position: int) -> int:
    """The place behind the declaration, over quoted strings and the internal subset, or -1."""
    inside = False
    while position < len(text):
        character = text[position]
        if text.startswith("<!--", position):
            position = _after(text, "-->", position)
            if position < 0:
                return -1
            continue
        if character in "\"'":
            position = text.find(character, position + 1)
            if position < 0:
                return -1
        elif character == "[":
            inside = True
        elif character == "]":
            inside = False
        elif character == ">" and not inside:
            return position + 1
        position += 1
    return -1


def _namespace_of(prefix: str, attributes: str) -> str:
    for match in _NAMESPACE.finditer(attributes):
        if (match.group(1) or "") == prefix:
            return match.group(2) or match.group(3) or ""
    return ""
