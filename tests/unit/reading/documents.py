"""Small real documents, made with the libraries that make such files in the world."""

from io import BytesIO
from typing import Any

import pymupdf
import segno
from PIL import Image

INVOICE_LINES = (
    "Musterwerk GmbH, Beispielgasse 7, 80331 München",
    "Rechnung Nr. 2026-0417 vom 03.11.2026",
    "Café-Ausstattung und Zubehör für Büro und Küche",
    "Nettobetrag EUR 1.037,40",
    "Umsatzsteuer 19 % EUR 197,11",
    "Gesamtbetrag EUR 1.234,51",
    "IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX",
    "Zahlbar innerhalb von 30 Tagen ohne Abzug",
)

CII = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"'
    b' xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100">'
    b"<rsm:ExchangedDocument><ram:ID> 2026-0417 </ram:ID></rsm:ExchangedDocument>"
    b"</rsm:CrossIndustryInvoice>"
)

UBL = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    b' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
    b'<cbc:ID>2026-0417</cbc:ID><cbc:PayableAmount currencyID="EUR">1234.51</cbc:PayableAmount></Invoice>'
)

ENVELOPE = (
    b'<e:StandardBusinessDocument xmlns:e="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">'
    b"<e:StandardBusinessDocumentHeader><e:HeaderVersion>1.0</e:HeaderVersion></e:StandardBusinessDocumentHeader>"
    b"%s</e:StandardBusinessDocument>"
)


def text_page(document: Any, lines: tuple[str, ...] = INVOICE_LINES) -> Any:
    page = document.new_page(width=595, height=842)
    for number, line in enumerate(lines):
        page.insert_text((72, 90 + 30 * number), line, fontsize=12)
    return page


def text_pdf(*, pages: int = 1, lines: tuple[str, ...] = INVOICE_LINES) -> bytes:
    document = pymupdf.open()
    for _ in range(pages):
        text_page(document, lines)
    return bytes(document.tobytes(deflate=True))


def page_picture(content: bytes, *, dpi: int = 200, turned: int = 0) -> Image.Image:
    """The first page as a picture, turned clockwise by that many degrees."""
    pixmap = pymupdf.open(stream=content, filetype="pdf")[0].get_pixmap(dpi=dpi)
    return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples).rotate(-turned, expand=True)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    stream = BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def scanned_pdf(content: bytes | None = None, *, hidden_text: str = "", dpi: int = 200) -> bytes:
    """A PDF with nothing but a picture of the page, and a scanner's invisible text if one is given."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    picture = page_picture(content or text_pdf(), dpi=dpi)
    page.insert_image(page.rect, stream=encoded(picture, "JPEG", quality=90))
    if hidden_text:
        page.insert_textbox((72, 72, 500, 700), hidden_text, fontsize=11, render_mode=3)
    return bytes(document.tobytes())


def code_png(payload: str, *, scale: int = 6) -> bytes:
    stream = BytesIO()
    segno.make(payload, error="m", micro=False).save(stream, kind="png", scale=scale, border=4)
    return stream.getvalue()


def draw_code(page: Any, payload: str, *, left: float, top: float, side: float) -> None:
    """A QR code of filled squares, as invoice programs draw it."""
    matrix = [list(row) for row in segno.make(payload, error="m", micro=False).matrix]
    module = side / len(matrix)
    for row, line in enumerate(matrix):
        for column, is_dark in enumerate(line):
            if is_dark:
                x, y = left + column * module, top + row * module
                page.draw_rect((x, y, x + module, y + module), color=None, fill=(0, 0, 0))


def raw_pdf(*objects: str) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
