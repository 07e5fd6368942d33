"""Bytes in, everything that stands in the document out. Runs in the reader process, where a crash costs nothing."""

from dataclasses import replace

from customers.sentences import Sentence
from ocr.reading.document import DocumentText, UnreadableDocument, XmlWitness
from ocr.reading.document_engine import DocumentEngine
from ocr.reading.envelopes import invoices_in
from ocr.reading.images import read_image
from ocr.reading.limits import ReadingLimits
from ocr.reading.pdf import read_pdf
from ocr.reading.sniffing import UnknownKind, sniff
from ocr.reading.stopwatch import Stopwatch
from ocr.reading.xml_tree import read_xml


def read_document(
    *, content: bytes, limits: ReadingLimits, engine_name: str, stopwatch: Stopwatch | None = None
) -> DocumentText:
    """Words, codes and e-invoices of a document of any accepted kind; `stopwatch` collects seconds by stage.

    The OCR engine is loaded by the first page that needs it and kept; one that cannot spell the document's language
    leaves it to the default engine. Raises UnreadableDocument when the document is
    at fault, EngineUnavailable when the installation is, MemoryError when the process has no memory left.
    """
    if not content:
        raise UnreadableDocument(code="empty", message=Sentence("The file is empty; send the invoice again."))
    try:
        kind = sniff(content)
    except UnknownKind as error:
        raise UnreadableDocument(code="unsupported", message=error.message) from error
    watch = stopwatch or Stopwatch()
    if kind in {"ubl", "cii"}:
        with watch.measure("xml"):
            return _read_e_invoice(content, limits)
    engine = DocumentEngine(engine_name)
    if kind == "pdf":
        document = read_pdf(content=content, limits=limits, engine=engine.load, stopwatch=watch)
    else:
        document = read_image(content=content, kind=kind, limits=limits, engine=engine.load, stopwatch=watch)
    return replace(document, notes=(*document.notes, *engine.notes))


def _read_e_invoice(content: bytes, limits: ReadingLimits) -> DocumentText:
    invoices = invoices_in(read_xml(content=content, limits=limits))
    if len(invoices) > 1:
        raise UnreadableDocument(
            code="several_invoices",
            message=Sentence(
                "The XML is an envelope with {number} invoices in it; send each of them alone.",
                number=len(invoices),
            ),
        )
    if not invoices:
        raise UnreadableDocument(
            code="unsupported",
            message=Sentence("There is no UBL or CII invoice in the XML envelope; send the invoice itself."),
        )
    [(kind, invoice)] = invoices
    return DocumentText(kind=kind, pages=(), xml=(XmlWitness(name="", root=invoice),))
