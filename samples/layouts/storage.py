"""A British warehouse keeper's invoice in pounds, with sort code and account number beside the IBAN."""

from decimal import Decimal

from samples.bills import Bill
from samples.layouts.blocks import draw_address, draw_pairs, draw_totals
from samples.sheet import Column, Sheet, TableLook, Theme, draw_items
from samples.wording import long_date, money, number

GREEN, LIME = "#1f4d3a", "#8fb339"
THEME = Theme(accent=GREEN, hairline="#d5dbd7")
COLUMNS = (
    Column("Qty", 30, "right"),
    Column("Unit", 34),
    Column("Description", 52),
    Column("Unit price", 146, "right"),
    Column("VAT", 161, "right"),
    Column("Net amount", 190, "right"),
)
LOOK = TableLook(left=20, right=190, detail_column=2, row_height=6.8)


def draw(bill: Bill) -> bytes:
    sheet = Sheet(theme=THEME, title=f"Invoice {bill.number}", author=bill.seller.legal_name)
    _letterhead(sheet, bill=bill)
    y = draw_items(sheet, columns=COLUMNS, look=LOOK, y=112, rows=_rows(bill))
    _totals(sheet, bill=bill, y=y + 5)
    _payment(sheet, bill=bill, y=207)
    _footer(sheet, bill=bill)
    return sheet.finish()


def _letterhead(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    # a gabled warehouse with its shutter half open
    sheet.shape([(20, 24), (32, 16), (44, 24), (44, 38), (20, 38)], colour=GREEN)
    sheet.box(25, 27, 14, 11, colour="#ffffff")
    for index in range(3):
        sheet.box(25, 27.4 + index * 1.7, 14, 1.1, colour=LIME)
    sheet.box(28, 34, 3.4, 4, colour=LIME)
    sheet.box(32.2, 34, 3.4, 4, colour=LIME)
    sheet.text(49, 28.5, "Harwell & Pike", size=20, bold=True, colour=GREEN)
    sheet.text(49.3, 35, "Storage · Handling · Fulfilment", size=9, colour=THEME.muted)
    sheet.lines(
        190,
        19,
        (seller.legal_name, seller.street, seller.city, seller.zip_code, seller.phone, seller.email),
        leading=4.1,
        size=8.2,
        align="right",
        colour=THEME.muted,
    )
    sheet.text(190, 59, "INVOICE", size=26, bold=True, colour=GREEN, align="right")
    sheet.text(20, 56, "Bill to", bold=True, colour=GREEN)
    y = draw_address(sheet, x=20, y=62, buyer=bill.buyer, language="en")
    sheet.text(20, y + 0.6, bill.buyer.email)
    draw_pairs(
        sheet,
        x=128,
        y=69,
        value_x=190,
        right=True,
        leading=5.2,
        bold=("Invoice no.",),
        pairs=(
            ("Invoice no.", bill.number),
            ("Invoice date", long_date(bill.issue_date, language="en")),
            ("Account", bill.customer_number),
            ("Your order", bill.order_number),
            ("Terms", "30 days from invoice"),
            ("Due date", long_date(bill.due_date, language="en")),
        ),
    )


def _rows(bill: Bill) -> list[tuple[tuple[str, ...], str]]:
    return [
        (
            (
                number(line.quantity, language="en"),
                line.unit,
                line.title,
                money(line.price, language="en"),
                f"{line.rate}%",
                money(line.net, language="en"),
            ),
            line.detail,
        )
        for line in bill.lines
    ]


def _totals(sheet: Sheet, *, bill: Bill, y: float) -> None:
    def pounds(amount: Decimal) -> str:
        return f"£{money(amount, language='en')}"

    row = bill.tax_rows[0]
    draw_totals(
        sheet,
        x=128,
        right=190,
        y=y,
        rows=(("Subtotal", pounds(bill.subtotal)), (f"VAT @ {row.rate}%", pounds(row.amount))),
        grand=("Total due", pounds(bill.total)),
    )


def _payment(sheet: Sheet, *, bill: Bill, y: float) -> None:
    account = bill.account
    sheet.box(20, y, 1.2, 47, colour=LIME)
    sheet.text(25, y + 4, "How to pay", size=11, bold=True, colour=GREEN)
    sheet.text(25, y + 10, f"Please pay by bank transfer in GBP by {long_date(bill.due_date, language='en')}.")
    draw_pairs(
        sheet,
        x=25,
        y=y + 17.5,
        value_x=60,
        bold=("Payment reference",),
        pairs=(
            ("Bank", account.bank),
            ("Account name", bill.seller.legal_name),
            ("Sort code", "99-73-01"),
            ("Account no.", account.iban[-8:]),
            ("IBAN", account.printed_iban),
            ("SWIFT/BIC", account.bic),
            ("Payment reference", bill.reference),
        ),
    )


def _footer(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    sheet.rule(20, 271, 190, thickness=0.6, colour=GREEN)
    vat = f"GB {seller.vat_id[2:5]} {seller.vat_id[5:9]} {seller.vat_id[9:]}"
    sheet.lines(
        20,
        276,
        (
            f"{seller.legal_name}. Registered in England and Wales no. {seller.registration_number}. "
            f"Registered office: {seller.street}, {seller.city} {seller.zip_code}.",
            f"VAT registration number {vat}. Statutory interest is charged on late payments.",
        ),
        leading=3.6,
        size=7.2,
        colour=THEME.muted,
    )
