"""Forgeries in what machines read and people do not: hidden text, payment codes and embedded e-invoices."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from benchmarks.fraud import hidden_text
from benchmarks.fraud.einvoices import with_einvoice
from benchmarks.fraud.invoicing import Sheet, lay_out, paid_to, printed
from benchmarks.fraud.specimens import Scene, Specimen
from benchmarks.generator.accounts import Account
from benchmarks.generator.invoices import Invoice
from benchmarks.generator.marks import Code, Mark
from benchmarks.generator.structure import Slip

_Hide = Callable[..., bytes | None]


def white_text(scene: Scene) -> Specimen | None:
    return _hidden(scene, hidden_text.beside_in_white)


def tiny_text(scene: Scene) -> Specimen | None:
    return _hidden(scene, hidden_text.beside_in_tiny_letters)


def text_without_ink(scene: Scene) -> Specimen | None:
    return _hidden(scene, hidden_text.without_ink_over_picture)


def text_under_picture(scene: Scene) -> Specimen | None:
    return _hidden(scene, hidden_text.under_picture)


def false_text_of_scan(scene: Scene) -> Specimen | None:
    """A scan whose pictures show one account and whose text layer has the other."""
    invoice = paid_to(scene.bill(), accounts=scene.supplier.accounts[:1], chance=scene.chance)
    known, attackers = invoice.accounts[0], _attackers(scene, invoice)
    shown, hidden = (attackers, known) if scene.number % 2 else (known, attackers)
    pictures, text = (
        lay_out(supplier=scene.supplier, invoice=replace(invoice, accounts=(account,)), slip="none")
        for account in (shown, hidden)
    )
    if not pictures.shows_iban(shown.iban) or not text.shows_iban(hidden.iban):
        return None
    content = hidden_text.searchable_scan(pictures_of=printed(pictures), text_of=printed(text))
    return _specimen(scene, content, {attackers.iban})


def epc_code_of_another(scene: Scene) -> Specimen | None:
    """EPC069-12: the code and the page name different accounts or amounts."""
    return _coded(scene, "epc") if scene.bill().currency == "EUR" else None


def swiss_code_of_another(scene: Scene) -> Specimen | None:
    """The same in a Swiss QR-bill."""
    return _coded(scene, "qr_bill") if scene.supplier.locale.country == "CH" else None


def einvoice_of_another(scene: Scene) -> Specimen | None:
    """Factur-X: the XML and the page name different accounts or amounts."""
    invoice = paid_to(scene.bill(), accounts=scene.supplier.accounts[:1], chance=scene.chance)
    if invoice.currency != "EUR":
        return None
    attackers, variant = _attackers(scene, invoice), scene.number % 3
    shown = replace(invoice, accounts=(attackers,)) if variant == 1 else invoice
    stated = replace(invoice, accounts=(attackers,)) if variant == 0 else invoice
    sheet = lay_out(supplier=scene.supplier, invoice=shown, slip="none")
    if not sheet.shows_iban(shown.accounts[0].iban):
        return None
    content = with_einvoice(printed(sheet), invoice=stated, times=10 if variant == 2 else 1)
    return _specimen(scene, content, {attackers.iban})


def _hidden(scene: Scene, hide: _Hide) -> Specimen | None:
    """People see the supplier's account and machines the attacker's, or the other way round."""
    invoice = paid_to(scene.bill(), accounts=scene.supplier.accounts[:1], chance=scene.chance)
    known, attackers = invoice.accounts[0], _attackers(scene, invoice)
    shown, hidden = (attackers, known) if scene.number % 2 else (known, attackers)
    sheet = lay_out(supplier=scene.supplier, invoice=replace(invoice, accounts=(shown,)), slip="none")
    return _specimen(scene, hide(pdf=printed(sheet), shown=shown.iban, hidden=hidden.iban), {attackers.iban})


def _coded(scene: Scene, slip: Slip) -> Specimen | None:
    """The code names the attacker's account, the page does, or the code asks for ten times the amount."""
    variant, invoice = scene.number % 3, scene.bill()
    known, attackers = invoice.accounts[0], _attackers(scene, invoice)
    shown = replace(invoice, accounts=(attackers,)) if variant == 1 else invoice
    sheet = lay_out(supplier=scene.supplier, invoice=shown, slip=slip)
    total = f"{invoice.sums.payable:.2f}"
    swaps = {
        0: (known, attackers),
        1: (attackers, known),
    }
    if variant in swaps:
        old, new = swaps[variant]
        forged = _recoded(sheet, {old.iban: new.iban, old.bic: new.bic})
    else:
        forged = _recoded(sheet, {total: f"{invoice.sums.payable * Decimal(10):.2f}"})
    if forged == sheet or not (slip == "qr_bill" or sheet.shows_iban(shown.accounts[0].iban)):
        return None
    return _specimen(scene, printed(forged), {attackers.iban})


def _recoded(sheet: Sheet, swaps: dict[str, str]) -> Sheet:
    return replace(sheet, pages=tuple(tuple(_swapped(mark, swaps) for mark in marks) for marks in sheet.pages))


def _swapped(mark: Mark, swaps: dict[str, str]) -> Mark:
    if not isinstance(mark, Code):
        return mark
    payload = mark.payload
    for old, new in swaps.items():
        if old:
            payload = payload.replace(old, new)
    return replace(mark, payload=payload)


def _attackers(scene: Scene, invoice: Invoice) -> Account:
    """A new account that goes with the invoice's reference."""
    return paid_to(invoice, accounts=(scene.attackers_account(),), chance=scene.chance).accounts[0]


def _specimen(scene: Scene, content: bytes | None, attackers: set[str]) -> Specimen | None:
    if content is None:
        return None
    return Specimen(content, attackers=frozenset(attackers), right=scene.supplier.ibans)
