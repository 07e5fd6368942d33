"""A joiner's invoice with an EPC QR code ("GiroCode") and a structured creditor reference."""

from dataclasses import replace
from decimal import Decimal

from samples.bills import Bill
from samples.layouts.blocks import draw_address, draw_footer, draw_pairs, draw_sender_line, draw_totals
from samples.payment_codes import draw_code, epc_payload
from samples.sheet import TIMES, Column, Sheet, TableLook, draw_items
from samples.wording import dotted, long_date, money, number

OAK, HONEY = "#6b4423", "#c58b4a"
THEME = replace(TIMES, accent=OAK, hairline="#d8cdbf", muted="#75685a")
COLUMNS = (
    Column("Pos.", 25),
    Column("Leistung", 35),
    Column("Menge", 128, "right"),
    Column("Einheit", 131),
    Column("Einzelpreis", 166, "right"),
    Column("Gesamt", 190, "right"),
)
LOOK = TableLook(left=25, right=190, row_height=6.8, detail_height=4.2)


def draw(bill: Bill) -> bytes:
    sheet = Sheet(theme=THEME, title=f"Rechnung {bill.number}", author=bill.seller.legal_name)
    _letterhead(sheet, bill=bill)
    sheet.text(25, 103, f"Rechnung Nr. {bill.number}", size=16, bold=True, colour=OAK)
    sheet.text(25, 111, "Für die Ausstattung Ihres Empfangs berechnen wir Ihnen wie vereinbart:")
    y = draw_items(sheet, columns=COLUMNS, look=LOOK, y=116, rows=_rows(bill))
    _totals(sheet, bill=bill, y=y + 4)
    _payment(sheet, bill=bill, y=211)
    _footer(sheet, bill=bill)
    return sheet.finish()


def _letterhead(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    for index in range(4):  # a dovetail joint
        x = 25 + index * 5.6
        sheet.shape([(x, 16), (x + 5.2, 16), (x + 3.9, 22), (x + 1.3, 22)], colour=OAK)
        sheet.shape([(x + 1.6, 23), (x + 3.6, 23), (x + 4.9, 29), (x + 0.3, 29)], colour=HONEY)
    sheet.text(52, 23, "Tischlerei Brandhorst", size=22, bold=True, colour=OAK)
    sheet.text(52.3, 29, "Möbel · Innenausbau · Restaurierung", size=10.5, italic=True, colour=THEME.muted)
    sheet.rule(25, 35, 190, thickness=1, colour=HONEY)
    sheet.fold_marks()
    draw_sender_line(sheet, x=25, y=51, seller=seller)
    draw_address(sheet, x=25, y=60, buyer=bill.buyer, language="de")
    sheet.text(25, 78, bill.buyer.email, size=9, colour=THEME.muted)
    sheet.text(190, 50, f"Köln, den {long_date(bill.issue_date, language='de')}", align="right")
    draw_pairs(
        sheet,
        x=128,
        y=59,
        value_x=190,
        right=True,
        leading=5.2,
        bold=("Rechnungsnummer",),
        pairs=(
            ("Rechnungsnummer", bill.number),
            ("Kundennummer", bill.customer_number),
            ("Ausgeführt am", "11. – 12.11.2026"),
            ("Zahlbar bis", dotted(bill.due_date)),
        ),
    )


def _rows(bill: Bill) -> list[tuple[tuple[str, ...], str]]:
    return [
        (
            (
                str(position),
                line.title,
                number(line.quantity, language="de"),
                line.unit,
                money(line.price, language="de"),
                money(line.net, language="de"),
            ),
            line.detail,
        )
        for position, line in enumerate(bill.lines, start=1)
    ]


def _totals(sheet: Sheet, *, bill: Bill, y: float) -> None:
    def euro(amount: Decimal) -> str:
        return f"{money(amount, language='de')} €"

    row = bill.tax_rows[0]
    draw_totals(
        sheet,
        x=122,
        right=190,
        y=y,
        rows=(("Zwischensumme netto", euro(bill.subtotal)), (f"Mehrwertsteuer {row.rate} %", euro(row.amount))),
        grand=("Endbetrag", euro(bill.total)),
    )


def _payment(sheet: Sheet, *, bill: Bill, y: float) -> None:
    account = bill.account
    draw_code(sheet, payload=epc_payload(bill), x=157, y=y, side=33)
    sheet.text(173.5, y + 37.5, "Bezahlen per GiroCode", size=8.4, align="centre", colour=THEME.muted)
    sheet.text(25, y + 4, f"Bitte zahlen Sie den Endbetrag bis zum {dotted(bill.due_date)} ohne Abzug.", bold=True)
    draw_pairs(
        sheet,
        x=25,
        y=y + 12,
        value_x=50,
        leading=5.4,
        pairs=(
            ("Empfänger", bill.seller.legal_name),
            ("IBAN", account.printed_iban),
            ("BIC", account.bic),
            ("Referenz", " ".join(bill.reference[start : start + 4] for start in range(0, len(bill.reference), 4))),
        ),
    )
    sheet.text(
        25,
        y + 37.5,
        "Auf Möbel aus eigener Werkstatt geben wir fünf Jahre Gewährleistung.",
        size=8.4,
        colour=THEME.muted,
    )


def _footer(sheet: Sheet, *, bill: Bill) -> None:
    seller, account = bill.seller, bill.account
    draw_footer(
        sheet,
        y=272,
        size=7.8,
        columns=(
            (25, (seller.legal_name, seller.street, seller.place)),
            (67, ("Werkstatt", f"Tel. {seller.phone}", seller.email)),
            (110, ("Register", seller.registration_number, f"USt-IdNr. {seller.vat_id}")),
            (152, ("Bank", account.bank, f"BIC {account.bic}")),
        ),
    )
