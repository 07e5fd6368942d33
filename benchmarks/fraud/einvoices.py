"""Factur-X of generated invoices: the same parties, sums and account as on paper, unless a forger has his way."""

from decimal import Decimal

from benchmarks.generator.accounts import Account as PrintedAccount
from benchmarks.generator.invoices import Invoice
from benchmarks.generator.parties import Party as PrintedParty
from samples.bills import Bill, Line
from samples.facturx import cross_industry_invoice, embed
from samples.parties import Account, Party

_UNIT = "pausch."


def with_einvoice(pdf: bytes, *, invoice: Invoice, times: int = 1) -> bytes | None:
    """The PDF with the invoice embedded as CII, over `times` the amount; None where it has no tax rows that make up
    what is to be paid."""
    if invoice.case.untaxed or _bill(invoice, 1).total != invoice.sums.payable:
        return None
    return embed(
        pdf, xml=cross_industry_invoice(_bill(invoice, times)), title=invoice.number, made_on=invoice.issue_date
    )


def _bill(invoice: Invoice, times: int) -> Bill:
    account = invoice.accounts[0]
    return Bill(
        file="",
        seller=_party(invoice.seller, account, invoice.currency),
        buyer=_party(invoice.buyer, account, invoice.currency),
        number=invoice.number,
        issue_date=invoice.issue_date,
        due_date=invoice.terms.due_date,
        currency=invoice.currency,
        lines=tuple(_line(invoice, row.base * times, row.rate) for row in invoice.sums.taxes),
        account=_account(account, invoice.currency),
        reference=invoice.reference.value or invoice.number,
        order_number=invoice.order_number,
    )


def _line(invoice: Invoice, amount: Decimal, rate: Decimal) -> Line:
    """One for each rate of tax: what the page bills at that rate."""
    return Line(title=invoice.lines[0].description, quantity=Decimal(1), unit=_UNIT, price=amount, rate=rate)


def _account(account: PrintedAccount, currency: str) -> Account:
    return Account(iban=account.iban, bic=account.bic, currency=currency, bank=account.bank)


def _party(party: PrintedParty, account: PrintedAccount, currency: str) -> Party:
    """The last line of the address has post code and town in most countries."""
    zip_code, _, city = party.address[-1].partition(" ")
    return Party(
        legal_name=party.name,
        street=party.address[0],
        zip_code=zip_code,
        city=city,
        country=party.locale.country,
        vat_id=party.vat_id,
        registration_number="",
        email=party.emails[0],
        phone=party.phones[0],
        account=_account(account, currency),
    )
