"""A system house's invoice over two pages with carry-over, which announces a new bank account."""

from dataclasses import replace
from decimal import Decimal

from samples.bills import Bill, Line
from samples.layouts.blocks import draw_address, draw_footer, draw_pairs, draw_sender_line, draw_totals
from samples.sheet import Column, Sheet, TableLook, Theme, draw_items
from samples.wording import dotted, money, number

INDIGO, CYAN = "#3730a3", "#06b6d4"
THEME = replace(Theme(), accent=INDIGO, hairline="#d6d8e4")
COLUMNS = (
    Column("Pos.", 25),
    Column("Artikel", 34),
    Column("Bezeichnung", 56),
    Column("Menge", 136, "right"),
    Column("Einh.", 139),
    Column("E-Preis", 167, "right"),
    Column("Betrag", 190, "right"),
)
LOOK = TableLook(left=25, right=190, detail_column=2, row_height=6.6)
ON_FIRST_PAGE = 11


def draw(bill: Bill) -> bytes:
    sheet = Sheet(theme=THEME, title=f"Rechnung {bill.number}", author=bill.seller.legal_name)
    rows = [_row(position, line) for position, line in enumerate(bill.lines, start=1)]
    _first_page(sheet, bill=bill, rows=rows[:ON_FIRST_PAGE])
    sheet.next_page()
    _second_page(sheet, bill=bill, rows=rows[ON_FIRST_PAGE:])
    return sheet.finish()


def _first_page(sheet: Sheet, *, bill: Bill, rows: list[tuple[tuple[str, ...], str]]) -> None:
    _logo(sheet)
    sheet.fold_marks()
    draw_sender_line(sheet, x=25, y=51, seller=bill.seller)
    draw_address(sheet, x=25, y=60, buyer=bill.buyer, language="de")
    sheet.text(25, 78, bill.buyer.email, size=8, colour=THEME.muted)
    draw_pairs(
        sheet,
        x=128,
        y=51,
        value_x=190,
        right=True,
        bold=("Rechnung",),
        pairs=(
            ("Rechnung", bill.number),
            ("Datum", dotted(bill.issue_date)),
            ("Leistungszeitraum", "09. – 12.11.2026"),
            ("Debitorennummer", bill.customer_number),
            ("Ihre Bestellnummer", bill.order_number),
            ("Fälligkeit", dotted(bill.due_date)),
        ),
    )
    sheet.text(25, 100, f"Rechnung {bill.number}", size=14, bold=True, colour=INDIGO)
    sheet.text(25, 107, "Lieferung und Einrichtung der Arbeitsplätze in Ihrem Hause, Projekt 26-0917")
    y = draw_items(sheet, columns=COLUMNS, look=LOOK, y=112, rows=rows)
    _carry(sheet, label="Übertrag auf Seite 2", bill=bill, y=y)
    _footer(sheet, bill=bill, page=1)


def _second_page(sheet: Sheet, *, bill: Bill, rows: list[tuple[tuple[str, ...], str]]) -> None:
    def euro(amount: Decimal) -> str:
        return f"{money(amount, language='de')} EUR"

    _logo(sheet)
    sheet.text(25, 46, f"Rechnung {bill.number} vom {dotted(bill.issue_date)}", bold=True)
    sheet.text(190, 46, "Blatt 2", align="right", colour=THEME.muted)
    _carry(sheet, label="Übertrag von Seite 1", bill=bill, y=49)
    y = draw_items(sheet, columns=COLUMNS, look=LOOK, y=59, rows=rows)
    row = bill.tax_rows[0]
    y = draw_totals(
        sheet,
        x=122,
        right=190,
        y=y + 5,
        rows=(("Nettosumme", euro(bill.subtotal)), (f"{row.rate} % Umsatzsteuer", euro(row.amount))),
        grand=("Zahlbetrag", euro(bill.total)),
    )
    _payment(sheet, bill=bill, y=y + 16)
    _footer(sheet, bill=bill, page=2)


def _logo(sheet: Sheet) -> None:
    """Nodes and edges of a network."""
    canvas_nodes = ((28, 28), (36, 20), (44, 29), (36, 33))
    for (x0, y0), (x1, y1) in zip(canvas_nodes, (*canvas_nodes[1:], canvas_nodes[0]), strict=True):
        slope = 0.35 if abs(x1 - x0) > abs(y1 - y0) else 0.45
        sheet.shape([(x0, y0 - slope), (x1, y1 - slope), (x1, y1 + slope), (x0, y0 + slope)], colour="#a5a8d8")
    for index, (x, y) in enumerate(canvas_nodes):
        sheet.disc(x, y, 2.6 if index == 1 else 1.9, colour=CYAN if index == 1 else INDIGO)
    sheet.text(51, 27, "mainnetz", size=21, bold=True, colour=INDIGO)
    sheet.text(51.4, 32.5, "Systemhaus für den Mittelstand", size=8.5, colour=THEME.muted)


def _row(position: int, line: Line) -> tuple[tuple[str, ...], str]:
    cells = (
        str(position),
        line.article,
        line.title,
        number(line.quantity, language="de"),
        line.unit,
        money(line.price, language="de"),
        money(line.net, language="de"),
    )
    return cells, line.detail


def _carry(sheet: Sheet, *, label: str, bill: Bill, y: float) -> None:
    carried = sum((line.net for line in bill.lines[:ON_FIRST_PAGE]), Decimal(0))
    sheet.text(167, y + 5, label, italic=True, align="right", colour=THEME.muted)
    sheet.text(190, y + 5, money(carried, language="de"), italic=True, align="right")


def _payment(sheet: Sheet, *, bill: Bill, y: float) -> None:
    account = bill.account
    sheet.text(25, y, f"Zahlbar ohne Abzug bis {dotted(bill.due_date)}.", bold=True)
    sheet.box(25, y + 6, 165, 39, colour="#eef0fb", radius=1.5)
    sheet.text(30, y + 13, "Bitte beachten Sie unsere neue Bankverbindung!", bold=True, size=10, colour=INDIGO)
    draw_pairs(
        sheet,
        x=30,
        y=y + 21,
        value_x=62,
        bold=("IBAN",),
        pairs=(
            ("Kontoinhaber", bill.seller.legal_name),
            ("IBAN", account.printed_iban),
            ("BIC", account.bic),
            ("Kreditinstitut", account.bank),
            ("Verwendungszweck", bill.reference),
        ),
    )
    sheet.paragraph(
        25,
        y + 53,
        "Gelieferte Ware bleibt bis zur vollständigen Zahlung unser Eigentum. Es gelten unsere Allgemeinen "
        "Geschäftsbedingungen in der Fassung vom 01.01.2026. Gerichtsstand ist Frankfurt am Main.",
        width=165,
        size=7.6,
        leading=3.7,
        colour=THEME.muted,
    )


def _footer(sheet: Sheet, *, bill: Bill, page: int) -> None:
    seller = bill.seller
    draw_footer(
        sheet,
        y=272,
        columns=(
            (25, (seller.legal_name, seller.street, seller.place)),
            (75, ("Kontakt", f"Tel. {seller.phone}", seller.email, seller.website)),
            (118, ("Handelsregister", "HRB 991773", "Amtsgericht Frankfurt am Main", "GF: Aylin Roth")),
            (163, ("Steuern", "USt-IdNr.", seller.vat_id)),
        ),
    )
    sheet.text(190, 291, f"Seite {page} von 2", size=7, align="right", colour=THEME.muted)
