"""What stands before and in the first start tag of an XML document, found without an XML parser.

The web process asks this of every upload, so nothing here may be led to expand, load or build anything: the first
part of the bytes is decoded leniently and walked once.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

_WINDOW = 256 * 1024
_MOST_NESTED = 300  # start tags looked at within the root; the header of an envelope has about fifty
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
    found = _root_of(_decode(content))
    return found[0] if found else None


def nested_prologs(content: bytes) -> Iterator[Prolog]:
    """The first elements within the root, at any depth, with the namespace that they or the root declare.

    Comments are passed over, what else is no markup (a CDATA section) is not told apart.
    """
    text = _decode(content)
    found = _root_of(text)
    if found is None:
        return
    _, root = found
    position = text.find("<", root.end())
    for _ in range(_MOST_NESTED):
        if position < 0:
            return
        if text.startswith("<!--", position):
            position = _after(text, "-->", position)
        elif tag := _START_TAG.match(text, position):
            prefix, name, attributes = _parts(tag)
            namespace = _namespace_of(prefix, attributes) or _namespace_of(prefix, root.group(3))
            yield Prolog(name=name, namespace=namespace, has_doctype=False)
            position = tag.end()
        else:
            position += 1
        position = text.find("<", position) if position >= 0 else position


def _root_of(text: str) -> tuple[Prolog, re.Match[str]] | None:
    """The prolog and where the root's start tag stands."""
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
    prefix, name, attributes = _parts(tag)
    return Prolog(name=name, namespace=_namespace_of(prefix, attributes), has_doctype=has_doctype), tag


def _parts(tag: re.Match[str]) -> tuple[str, str, str]:
    """Prefix without colon, local name, and the attributes as they are written."""
    return (tag.group(1) or "").rstrip(":"), tag.group(2), tag.group(3)


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
