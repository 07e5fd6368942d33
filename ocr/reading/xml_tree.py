"""E-invoice XML as a plain tree, read with entities, document type declarations and the network switched off."""

from io import BytesIO

from lxml import etree

from customers.sentences import Sentence
from ocr.reading.document import UnreadableDocument, XmlElement
from ocr.reading.limits import ReadingLimits
from ocr.reading.xml_prolog import read_prolog


def read_xml(*, content: bytes, limits: ReadingLimits) -> XmlElement:
    """The document's root element without comments and processing instructions.

    Text longer than `limits.max_xml_text` characters is left out: it is an attachment in base64, not an invoice's
    term. Raises UnreadableDocument: `dtd_not_allowed` for a document type declaration (EN 16931 syntaxes have none,
    and it is the door of entity attacks), `too_large` past the limit of nodes, attributes or depth, `corrupt` when not
    well-formed.
    """
    prolog = read_prolog(content)
    if prolog is not None and prolog.has_doctype:
        raise _dtd_refused()
    try:
        root = _parse(content.strip(b" \t\r\n\x00") if content[:1] in b" \t\r\n" else content, limits)
    except etree.XMLSyntaxError as error:
        if "huge" in str(error).lower():
            raise _too_large() from error
        raise UnreadableDocument(
            code="corrupt",
            message=Sentence("The XML is not well-formed; export the e-invoice again and send the new file."),
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _dtd_refused()
    return _element(root, limits.max_xml_text)


def _parse(content: bytes, limits: ReadingLimits) -> etree._Element:
    events = etree.iterparse(
        BytesIO(content),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    depth = nodes = 0
    for event, node in events:
        if event == "end":
            depth -= 1
            continue
        depth += 1
        nodes += 1
        # lxml takes quadratic time to list the attributes of one element.
        crowded = len(node.attrib) > limits.max_xml_attributes
        if crowded or depth > limits.max_xml_depth or nodes > limits.max_xml_nodes:
            raise _too_large()
    root: etree._Element | None = events.root
    if root is None:
        raise UnreadableDocument(code="corrupt", message=Sentence("The XML has no root element; send the whole file."))
    return root


def _element(node: etree._Element, max_text: int) -> XmlElement:
    text = (node.text or "").strip()
    return XmlElement(
        tag=str(node.tag),
        text=text if len(text) <= max_text else "",
        attributes=tuple((str(name), str(value)) for name, value in node.attrib.items() if len(value) <= max_text),
        # An unresolved entity is a node whose tag is no string; without a DTD only a malformed file has one.
        children=tuple(_element(child, max_text) for child in node if isinstance(child.tag, str)),
    )


def _dtd_refused() -> UnreadableDocument:
    return UnreadableDocument(
        code="dtd_not_allowed",
        message=Sentence("The XML has a document type declaration, which e-invoices do not use; send it without one."),
    )


def _too_large() -> UnreadableDocument:
    return UnreadableDocument(
        code="too_large",
        message=Sentence(
            "The XML is larger or more deeply nested than an invoice can be; send the invoice without attachments."
        ),
    )
