"""The envelope in which networks send an e-invoice: StandardBusinessDocument (UN/CEFACT SBDH 1.3, GS1, Peppol)."""

from ocr.reading.document import DocumentKind, XmlElement
from ocr.reading.xml_prolog import Prolog, nested_prologs, read_prolog

_ENVELOPE = (
    "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader",
    "StandardBusinessDocument",
)

# UBL 2.x of OASIS; CII D16B of UN/CEFACT; and ZUGFeRD 1.0, whose root has another name.
_ROOTS: dict[tuple[str, str], DocumentKind] = {
    ("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "Invoice"): "ubl",
    ("urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", "CreditNote"): "ubl",
    ("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100", "CrossIndustryInvoice"): "cii",
    ("urn:ferd:CrossIndustryDocument:invoice:1p0", "CrossIndustryDocument"): "cii",
}


def e_invoice_kind(content: bytes) -> DocumentKind | None:
    """`ubl` or `cii` when the root element, or one in an envelope, looks to be that of an e-invoice; None otherwise.

    Told without a parser, so of an envelope it is a guess that `invoices_in` has to confirm.
    """
    prolog = read_prolog(content)
    if prolog is None:
        return None
    if not is_envelope(prolog):
        return _kind(prolog)
    return next((kind for prolog in nested_prologs(content) if (kind := _kind(prolog))), None)


def is_envelope(prolog: Prolog) -> bool:
    """Whether the root is the envelope, in which an invoice or anything else may be."""
    return (prolog.namespace.strip(), prolog.name) == _ENVELOPE


def invoices_in(root: XmlElement) -> tuple[tuple[DocumentKind, XmlElement], ...]:
    """The e-invoices of a document and their kinds: all those of an envelope, or the root itself, or none."""
    inside = root.children if is_envelope(_prolog_of(root)) else (root,)
    return tuple((kind, element) for element in inside if (kind := _kind(_prolog_of(element))))


def _kind(prolog: Prolog) -> DocumentKind | None:
    return _ROOTS.get((prolog.namespace.strip(), prolog.name))


def _prolog_of(element: XmlElement) -> Prolog:
    namespace, _, name = element.tag.rpartition("}")
    return Prolog(name=name, namespace=namespace.removeprefix("{"), has_doctype=False)
