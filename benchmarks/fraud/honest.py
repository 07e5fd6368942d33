"""Honest documents: what a safety warning must not cry wolf over."""

from dataclasses import replace
from datetime import timedelta

from benchmarks.fraud import hidden_text
from benchmarks.fraud.einvoices import with_einvoice
from benchmarks.fraud.invoicing import Sheet, dated, invent_bill, lay_out, paid_to, printed
from benchmarks.fraud.specimens import Scene, Specimen
from benchmarks.generator.numbering import invent_number

_MONTH = 30


def known_supplier(scene: Scene) -> Specimen | None:
    """Each in its own layout and language, with the account on file."""
    return _plain(scene)


def second_account(scene: Scene) -> Specimen | None:
    """The second of two accounts on file."""
    account = scene.supplier.accounts[1]
    invoice = paid_to(scene.bill(), accounts=(account,), chance=scene.chance)
    if invoice.accounts[0].iban not in scene.supplier.ibans:
        return None
    return _shown(scene, lay_out(supplier=scene.supplier, invoice=invoice), account.iban)


def both_accounts(scene: Scene) -> Specimen | None:
    """Two accounts on file, both printed."""
    invoice = paid_to(scene.bill(), accounts=scene.supplier.accounts[:1], chance=scene.chance)
    if invoice.accounts[0].iban not in scene.supplier.ibans:
        return None
    invoice = replace(invoice, accounts=(invoice.accounts[0], scene.supplier.accounts[1]))
    sheet = lay_out(supplier=scene.supplier, invoice=invoice, slip="none")
    return _shown(scene, sheet, scene.supplier.accounts[1].iban)


def recurring(scene: Scene) -> Specimen | None:
    """The same lines, amount and reference as a month and two months before, under a number of its own."""
    bill = scene.bill(days_ago=3)
    reference = replace(bill.reference, kind="none", value="", printed="") if scene.number % 2 else bill.reference
    months = []
    for month in (2, 1, 0):
        day = bill.issue_date - timedelta(days=_MONTH * month)
        number = invent_number(country=scene.supplier.locale.country, day=day, chance=scene.chance)
        invoice = replace(dated(bill, day=day), number=number, reference=reference)
        months.append(printed(lay_out(supplier=scene.supplier, invoice=invoice)))
    return Specimen(months[-1], right=scene.supplier.ibans, before=tuple(months[:-1]))


def direct_debit(scene: Scene) -> Specimen | None:
    """No IBAN of the seller; the amount will be collected from the customer's account."""
    bill = scene.bill()
    bill = replace(bill, case=replace(bill.case, direct_debit=True, cash_discount=False))
    bill = replace(bill, accounts=(replace(bill.accounts[0], iban=""),), payer_account=scene.cast.own_accounts[0])
    return Specimen(printed(lay_out(supplier=scene.supplier, invoice=bill, slip="none")), right=scene.supplier.ibans)


def without_bank_details(scene: Scene) -> Specimen | None:
    """No account at all, as on bills that are paid by card or by a standing arrangement."""
    bill = scene.bill()
    bill = replace(bill, accounts=(replace(bill.accounts[0], iban=""),))
    return Specimen(printed(lay_out(supplier=scene.supplier, invoice=bill, slip="none")), right=scene.supplier.ibans)


def credit_note(scene: Scene) -> Specimen | None:
    bill = scene.bill()
    bill = replace(bill, case=replace(bill.case, credit_note=True, cash_discount=False, multi_page=False))
    return Specimen(printed(lay_out(supplier=scene.supplier, invoice=bill, slip="none")), right=scene.supplier.ibans)


def new_supplier(scene: Scene) -> Specimen | None:
    """Nobody in the books: the draft is incomplete, and nothing may be called false."""
    stranger = scene.cast.strangers[scene.number % len(scene.cast.strangers)]
    invoice = invent_bill(supplier=stranger, buyer=scene.cast.customer, chance=scene.chance)
    return Specimen(printed(lay_out(supplier=stranger, invoice=invoice)))


def renamed(scene: Scene) -> Specimen | None:
    """Bills under a name that is an alias on file."""
    return _plain(replace(scene, supplier=scene.cast.renamed[scene.number % len(scene.cast.renamed)]))


def factored(scene: Scene) -> Specimen | None:
    """To be paid to the bank that buys the claims, whose account is on file with the supplier."""
    return _plain(replace(scene, supplier=scene.cast.factored[scene.number % len(scene.cast.factored)]))


def sibling(scene: Scene) -> Specimen | None:
    """One of two companies in the books whose names differ in a word."""
    return _plain(replace(scene, supplier=scene.cast.siblings[scene.number % len(scene.cast.siblings)]))


def code_and_einvoice(scene: Scene) -> Specimen | None:
    """Payment codes and e-invoices that say what the page says."""
    bill = scene.bill()
    if scene.supplier.locale.country == "CH":
        return Specimen(
            printed(lay_out(supplier=scene.supplier, invoice=bill, slip="qr_bill")), right=scene.supplier.ibans
        )
    if bill.currency != "EUR":
        return None
    if scene.number % 2:
        sheet = lay_out(supplier=scene.supplier, invoice=bill, slip="epc")
        return Specimen(printed(sheet), right=scene.supplier.ibans)
    content = with_einvoice(printed(lay_out(supplier=scene.supplier, invoice=bill, slip="none")), invoice=bill)
    return Specimen(content, right=scene.supplier.ibans) if content else None


def searchable_scan(scene: Scene) -> Specimen | None:
    """Pictures of the pages with a text layer without ink that says the same, as scanning programs make them."""
    pdf = printed(lay_out(supplier=scene.supplier, invoice=scene.bill()))
    return Specimen(hidden_text.searchable_scan(pictures_of=pdf, text_of=pdf), right=scene.supplier.ibans)


def _plain(scene: Scene) -> Specimen | None:
    invoice = scene.bill()
    return _shown(scene, lay_out(supplier=scene.supplier, invoice=invoice), invoice.accounts[0].iban)


def _shown(scene: Scene, sheet: Sheet, iban: str) -> Specimen | None:
    return Specimen(printed(sheet), right=scene.supplier.ibans) if sheet.shows_iban(iban) else None
