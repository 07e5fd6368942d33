"""An Italian "fattura di cortesia": boxed blocks, the summary of VAT beside the total."""

from dataclasses import replace
from decimal import Decimal

from samples.bills import Bill
from samples.layouts.blocks import draw_address
from samples.sheet import Column, Sheet, TableLook, Theme, draw_items
from samples.wording import money, number, slashed

BLUE, AMBER, PALE = "#0b4f8a", "#f2a900", "#eef4f9"
THEME = replace(Theme(), accent=BLUE, hairline="#c5d3df")
COLUMNS = (
    Column("Descrizione", 18),
    Column("U.M.", 104),
    Column("Q.tà", 130, "right"),
    Column("Prezzo", 152, "right"),
    Column("IVA", 164, "right"),
    Column("Importo", 192, "right"),
)
LOOK = TableLook(left=15, right=195, band=BLUE, head_ink="#ffffff", detail_column=0, row_height=6.6)


def draw(bill: Bill) -> bytes:
    sheet = Sheet(theme=THEME, title=f"Fattura {bill.number}", author=bill.seller.legal_name)
    _letterhead(sheet, bill=bill)
    _facts(sheet, bill=bill, y=86)
    draw_items(sheet, columns=COLUMNS, look=LOOK, y=107, rows=_rows(bill))
    _summary(sheet, bill=bill, y=200)
    _payment(sheet, bill=bill, y=237)
    return sheet.finish()


def _letterhead(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    # the lighthouse and its two beams
    sheet.shape([(19, 38), (20.6, 20), (24.4, 20), (26, 38)], colour=BLUE)
    sheet.box(19.4, 18.4, 6.2, 1.6, colour=BLUE)
    sheet.box(20.6, 14.4, 3.8, 4, colour=AMBER)
    sheet.shape([(20.2, 14.4), (22.5, 11.8), (24.8, 14.4)], colour=BLUE)
    sheet.shape([(26, 15.6), (39, 11.6), (39, 14.2), (26, 16.8)], colour=AMBER)
    sheet.shape([(26, 17.4), (39, 18.6), (39, 21.2), (26, 18.2)], colour=AMBER)
    sheet.box(17.5, 38, 10, 1, colour=BLUE)
    sheet.text(44, 21, "LANTERNA", size=19, bold=True, colour=BLUE)
    sheet.text(44, 27, "noleggio veicoli commerciali", size=9.5, italic=True, colour=THEME.muted)
    sheet.lines(
        44,
        33,
        (
            f"{seller.legal_name} – {seller.street} – {seller.place} (GE)",
            f"Tel. {seller.phone} – {seller.email}",
            f"P. IVA {seller.vat_id} – C.F. {seller.vat_id[2:]} – REA {seller.registration_number} – "
            "Cap. soc. € 50.000,00 i.v.",
        ),
        leading=3.9,
        size=7.6,
        colour=THEME.muted,
    )
    sheet.rule(15, 46, 195, thickness=1.2, colour=AMBER)
    sheet.text(15, 58, "FATTURA", size=20, bold=True, colour=BLUE)
    sheet.text(15, 64, "Copia di cortesia, non valida ai fini fiscali", size=7.6, italic=True, colour=THEME.muted)
    draw_address(sheet, x=118, y=55, buyer=bill.buyer, language="it", first=("Spett.le",))
    sheet.text(118, 80, f"P. IVA {bill.buyer.vat_id}", size=8.4, colour=THEME.muted)


def _facts(sheet: Sheet, *, bill: Bill, y: float) -> None:
    """A row of boxes, label over value, as Italian accounting programs print them."""
    facts = (
        ("Numero fattura", bill.number, 30.0),
        ("Data", slashed(bill.issue_date), 30.0),
        ("Cod. cliente", bill.customer_number, 28.0),
        ("Pagamento", "Bonifico 30 gg d.f.", 52.0),
        ("Scadenza", slashed(bill.due_date), 34.0),
    )
    x = 15.0
    for label, value, width in facts:
        sheet.box(x, y, width, 13, colour=PALE, radius=0.8)
        sheet.text(x + 3, y + 4.6, label, size=7, colour=THEME.muted)
        sheet.text(x + 3, y + 10, value, size=9.6, bold=True)
        x += width + 1.5


def _rows(bill: Bill) -> list[tuple[tuple[str, ...], str]]:
    return [
        (
            (
                line.title,
                line.unit,
                number(line.quantity, language="it"),
                money(line.price, language="it"),
                f"{line.rate}%",
                money(line.net, language="it"),
            ),
            line.detail,
        )
        for line in bill.lines
    ]


def _summary(sheet: Sheet, *, bill: Bill, y: float) -> None:
    def euro(amount: Decimal) -> str:
        return money(amount, language="it")

    row = bill.tax_rows[0]
    sheet.text(15, y, "Riepilogo IVA", bold=True, colour=BLUE)
    for x, title in ((40, "Aliquota"), (70, "Imponibile"), (98, "Imposta")):
        sheet.text(x, y + 7, title, size=8, align="right", colour=THEME.muted)
    sheet.rule(15, y + 9, 98, thickness=0.5)
    for x, value in ((40, f"{row.rate}%"), (70, euro(row.basis)), (98, euro(row.amount))):
        sheet.text(x, y + 14, value, align="right")
    sheet.box(112, y - 6, 83, 28, colour=PALE, radius=0.8)
    for offset, label, amount in ((1, "Totale imponibile", bill.subtotal), (7, f"Totale IVA {row.rate}%", bill.tax)):
        sheet.text(116, y + offset, label)
        sheet.text(191, y + offset, f"€ {euro(amount)}", align="right")
    sheet.rule(116, y + 10.5, 191, thickness=0.8, colour=BLUE)
    sheet.text(116, y + 17, "TOTALE FATTURA", bold=True, size=11)
    sheet.text(191, y + 17, f"€ {euro(bill.total)}", bold=True, size=11, align="right")


def _payment(sheet: Sheet, *, bill: Bill, y: float) -> None:
    account = bill.account
    sheet.text(15, y, "Coordinate bancarie", bold=True, colour=BLUE)
    sheet.rule(15, y + 2, 195, thickness=0.5)
    sheet.text(15, y + 7.5, f"{account.bank} – intestato a {bill.seller.legal_name}")
    sheet.text(15, y + 13, f"IBAN {account.printed_iban}", bold=True)
    sheet.text(98, y + 13, f"BIC/SWIFT {account.bic}", bold=True)
    sheet.paragraph(
        15,
        y + 24,
        "Operazione soggetta a IVA in Italia ai sensi dell'art. 7-quater, c. 1, lett. e), D.P.R. 633/1972. Trascorsa "
        "la scadenza saranno addebitati gli interessi di mora ai sensi del D.Lgs. 231/2002.",
        width=180,
        size=7.6,
        leading=3.7,
        colour=THEME.muted,
    )
    sheet.rule(15, 283, 195, thickness=0.5)
    sheet.text(15, 287.5, bill.seller.website, size=7.6, colour=THEME.muted)
    sheet.text(195, 287.5, "Pagina 1 di 1", size=7.6, colour=THEME.muted, align="right")
