"""Payment QR codes: the payloads and their drawing.

Swiss QR Code: SIX Implementation Guidelines QR-bill, version 2.3. EPC QR code: EPC069-12, version 002.
"""

import segno
from reportlab.lib.colors import black
from reportlab.lib.units import mm

from samples.bills import Bill
from samples.parties import Party
from samples.sheet import HEIGHT, Sheet


def swiss_payload(bill: Bill) -> str:
    """Structured addresses, QR-IBAN with QR reference, and the biller's data in Swico's S1 syntax."""
    rate = bill.tax_rows[0].rate
    days = (bill.due_date - bill.issue_date).days
    billing = (
        f"//S1/10/{bill.number}/11/{bill.issue_date:%y%m%d}/20/{bill.customer_number}"
        f"/30/{bill.seller.vat_id[3:]}/32/{rate}/40/0:{days}"
    )
    lines = (
        "SPC",
        "0200",
        "1",
        bill.account.iban,
        *_structured_address(bill.seller),
        *([""] * 7),  # the ultimate creditor, reserved for future use
        f"{bill.total:.2f}",
        bill.currency,
        *_structured_address(bill.buyer),
        "QRR",
        bill.reference,
        swiss_message(bill),
        "EPD",
        billing,
    )
    return "\n".join(lines)


def swiss_message(bill: Bill) -> str:
    """The unstructured message, which the payment part also prints."""
    return f"Rechnung {bill.number}"


def _structured_address(party: Party) -> tuple[str, ...]:
    street, house_number = party.street.rsplit(" ", 1)
    return ("S", party.legal_name, street, house_number, party.zip_code, party.city, party.country)


def epc_payload(bill: Bill) -> str:
    """A SEPA credit transfer with a structured creditor reference (ISO 11649)."""
    lines = (
        "BCD",
        "002",
        "1",  # UTF-8
        "SCT",
        bill.account.bic,
        bill.seller.legal_name,
        bill.account.iban,
        f"{bill.currency}{bill.total:.2f}",
        "",  # purpose
        bill.reference,
    )
    return "\n".join(lines)


def draw_code(sheet: Sheet, *, payload: str, x: float, y: float, side: float) -> None:
    """A QR code with error correction M and without a quiet zone; upper left corner and side in mm."""
    matrix = segno.make(payload, error="m", boost_error=False, encoding="utf-8", micro=False).matrix
    module = side / len(matrix)
    path = sheet.canvas.beginPath()
    for row, cells in enumerate(matrix):
        column = 0
        while column < len(cells):
            end = column
            while end < len(cells) and cells[end]:
                end += 1
            if end > column:
                left, top = x + column * module, HEIGHT - y - row * module
                # a hair higher than the module, so that no renderer shows a seam between two rows
                path.rect(left * mm, (top - module) * mm, (end - column) * module * mm, (module + 0.01) * mm)
            column = end + 1
    sheet.canvas.setFillColor(black)
    sheet.canvas.drawPath(path, stroke=0, fill=1)


def draw_swiss_cross(sheet: Sheet, *, x: float, y: float) -> None:
    """The recognition mark of 7 × 7 mm around the middle (x, y): white edge, black field, white cross."""
    sheet.box(x - 3.5, y - 3.5, 7, 7, colour="#ffffff")
    sheet.box(x - 3, y - 3, 6, 6, colour="#000000")
    sheet.box(x - 1.95, y - 0.58, 3.9, 1.16, colour="#ffffff")
    sheet.box(x - 0.58, y - 1.95, 1.16, 3.9, colour="#ffffff")
