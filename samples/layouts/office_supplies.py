"""A German wholesaler's letter (DIN 5008 form B) with two VAT rates; the due date only follows from the terms."""

from datetime import timedelta
from decimal import Decimal

from samples.bills import Bill
from samples.layouts.blocks import draw_address, draw_footer, draw_pairs, draw_sender_line, draw_totals
from samples.sheet import LINE, Column, Sheet, TableLook, Theme, draw_items
from samples.wording import dotted, money, number

THEME = Theme(accent="#0f766e", hairline="#d4d9dc")
COLUMNS = (
    Column("Pos.", 25),
    Column("Art.-Nr.", 34),
    Column("Bezeichnung", 51),
    Column("Menge", 122, "right"),
    Column("Einheit", 125),
    Column("Einzelpreis", 158, "right"),
    Column("USt.", 169, "right"),
    Column("Betrag EUR", 190, "right"),
)
LOOK = TableLook(left=25, right=190, detail_column=2, row_height=5.8)


def draw(bill: Bill) -> bytes:
    sheet = Sheet(theme=THEME, title=f"Rechnung {bill.number}", author=bill.seller.legal_name)
    _letterhead(sheet, bill=bill)
    sheet.text(25, 103, f"Rechnung {bill.number}", size=15, bold=True, colour=THEME.accent)
    sheet.text(25, 110.5, "Sehr geehrte Damen und Herren,")
    sheet.text(25, 116, "wir danken für Ihren Auftrag und berechnen Ihnen die folgenden Lieferungen:")
    y = draw_items(sheet, columns=COLUMNS, look=LOOK, y=121, rows=_rows(bill))
    _totals(sheet, bill=bill, y=y + 4)
    _terms(sheet, bill=bill, y=229)
    _footer(sheet, bill=bill)
    return sheet.finish()


def _letterhead(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    for index, colour in enumerate(("#0f766e", "#2aa198", "#9ad5cc")):  # three binders on a shelf
        sheet.box(25 + index * 5.2, 17 + index * 1.6, 4.2, 16 - index * 1.6, colour=colour, radius=0.6)
        sheet.disc(27.1 + index * 5.2, 29.5, 0.9, colour="#ffffff")
    sheet.box(24, 33.4, 17, 0.9, colour="#134e4a")
    sheet.text(45, 26.5, "kontorwerk", size=23, bold=True, colour=THEME.accent)
    sheet.text(45.4, 32, "Alles für Büro und Lager", size=8.5, colour=THEME.muted)
    sheet.fold_marks()
    draw_sender_line(sheet, x=25, y=51, seller=seller)
    draw_address(sheet, x=25, y=60, buyer=bill.buyer, language="de")
    draw_pairs(
        sheet,
        x=128,
        y=52,
        value_x=190,
        right=True,
        bold=("Rechnungsnummer",),
        pairs=(
            ("Rechnungsnummer", bill.number),
            ("Rechnungsdatum", dotted(bill.issue_date)),
            ("Lieferdatum", dotted(bill.issue_date - timedelta(days=3))),
            ("Kundennummer", bill.customer_number),
            ("Ihre Bestellung", bill.order_number),
            ("Ihre USt-IdNr.", bill.buyer.vat_id),
        ),
    )
    sheet.text(128, 85, "Rechnungsversand per E-Mail an", size=7.5, colour=THEME.muted)
    sheet.text(190, 89, bill.buyer.email, size=8, align="right")


def _rows(bill: Bill) -> list[tuple[tuple[str, ...], str]]:
    return [
        (
            (
                str(position),
                line.article,
                line.title,
                number(line.quantity, language="de"),
                line.unit,
                money(line.price, language="de"),
                f"{line.rate} %",
                money(line.net, language="de"),
            ),
            line.detail,
        )
        for position, line in enumerate(bill.lines, start=1)
    ]


def _totals(sheet: Sheet, *, bill: Bill, y: float) -> None:
    def euro(amount: Decimal) -> str:
        return f"{money(amount, language='de')} EUR"

    rows = [("Summe netto", euro(bill.subtotal))]
    rows += [
        (f"zzgl. {row.rate} % USt. auf {money(row.basis, language='de')}", euro(row.amount)) for row in bill.tax_rows
    ]
    draw_totals(sheet, x=118, right=190, y=y, rows=rows, grand=("Rechnungsbetrag", euro(bill.total)))


def _terms(sheet: Sheet, *, bill: Bill, y: float) -> None:
    y = sheet.paragraph(
        25,
        y,
        "Zahlungsbedingungen: 30 Tage netto ab Rechnungsdatum, bei Zahlung innerhalb von 10 Tagen 2 % Skonto.",
        width=165,
    )
    sheet.text(25, y, "Verwendungszweck:")
    sheet.text(56, y, bill.reference, bold=True)
    sheet.paragraph(
        25,
        y + LINE + 1.4,
        "Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum. Reklamationen bitte innerhalb von acht Tagen.",
        width=165,
        size=7.6,
        colour=THEME.muted,
    )


def _footer(sheet: Sheet, *, bill: Bill) -> None:
    seller, account = bill.seller, bill.account
    draw_footer(
        sheet,
        y=270,
        columns=(
            (25, (seller.legal_name, seller.street, seller.place, "Deutschland")),
            (68, ("Kontakt", f"Tel. {seller.phone}", seller.email, seller.website)),
            (
                112,
                (
                    "Registerangaben",
                    "HRB 990173 B",
                    "Amtsgericht Charlottenburg",
                    "GF: Dr. Ines Althof, Jan Weyer",
                    f"USt-IdNr. {seller.vat_id}",
                ),
            ),
            (152, ("Bankverbindung", account.bank, account.printed_iban, f"BIC {account.bic}")),
        ),
    )
