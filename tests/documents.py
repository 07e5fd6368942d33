"""Small real documents, made on the spot: invented invoices as PDF, image and e-invoice XML."""

import base64
import io

import pymupdf
from PIL import Image

from tests.ledger import SUPPLIERS_BIC, SUPPLIERS_IBAN

AES_256 = 5  # PyMuPDF's PDF_ENCRYPT_AES_256
INVOICE_LINES = (
    (72, 60, 16, "Hollow Oak Timber Ltd"),
    (72, 80, 9, "4 Sawmill Lane, 20457 Hamburg, Germany"),
    (72, 150, 10, "Bill to:"),
    (72, 165, 10, "Aldermoor Trading GmbH"),
    (72, 180, 10, "Hafenstrasse 12, 20457 Hamburg"),
    (360, 150, 10, "Invoice number: INV-2026-0417"),
    (360, 165, 10, "Invoice date: 2026-10-02"),
    (360, 180, 10, "Due date: 2026-11-01"),
    (72, 260, 10, "Description"),
    (460, 260, 10, "Amount EUR"),
    (72, 280, 10, "Oak boards, planed, 24 mm"),
    (480, 280, 10, "1,000.00"),
    (360, 330, 10, "Subtotal"),
    (480, 330, 10, "1,000.00"),
    (360, 345, 10, "VAT 19%"),
    (480, 345, 10, "190.00"),
    (360, 360, 10, "Total EUR"),
    (480, 360, 10, "1,190.00"),
    (72, 740, 9, f"IBAN: {SUPPLIERS_IBAN}    BIC: {SUPPLIERS_BIC}"),
    (72, 755, 9, "accounts@hollowoak.example"),
)


def invoice_pdf(*, pages: int = 1, iban: str = SUPPLIERS_IBAN) -> bytes:
    """A digital invoice over EUR 1190.00 from Hollow Oak Timber Ltd; further pages hold only a line of text."""
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=595, height=842)
        for x, y, size, text in INVOICE_LINES:
            page.insert_text((x, y), text.replace(SUPPLIERS_IBAN, iban), fontsize=size)
        for number in range(2, pages + 1):
            pdf.new_page(width=595, height=842).insert_text(
                (72, 72), f"Page {number}: terms and conditions apply here."
            )
        content: bytes = pdf.tobytes(no_new_id=True)
        return content


def encrypted_pdf() -> bytes:
    """The same invoice behind a password."""
    with pymupdf.open("pdf", invoice_pdf()) as pdf:
        content: bytes = pdf.tobytes(encryption=AES_256, user_pw="secret", owner_pw="secret")
        return content


def pdf_without_pages() -> bytes:
    """A well-formed PDF whose page tree is empty."""
    body = (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    table = b"xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n" % (
        body.index(b"1 0 obj"),
        body.index(b"2 0 obj"),
    )
    return body + table + b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def image(*, kind: str = "JPEG", size: tuple[int, int] = (600, 400)) -> bytes:
    """A picture without text."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(out, kind)
    return out.getvalue()


def image_of_200_megapixels() -> bytes:
    """A PNG of 20000 × 10000 pixels in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(out, "PNG")
    return out.getvalue()


def as_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
