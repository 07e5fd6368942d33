"""Forgeries of the account: another IBAN is printed where the supplier's should stand."""

from dataclasses import replace

from stdnum import iban as iban_number

from benchmarks.fraud.invoicing import Sheet, lay_out, paid_to, printed
from benchmarks.fraud.notices import with_notice
from benchmarks.fraud.specimens import Scene, Specimen
from benchmarks.fraud.spelling import transposed
from benchmarks.generator.accounts import Account, iban_of
from benchmarks.generator.invoices import Invoice


def new_iban_same_country(scene: Scene) -> Specimen | None:
    return _paid_to(scene, scene.attackers_account())


def new_iban_other_country(scene: Scene) -> Specimen | None:
    return _paid_to(scene, scene.attackers_account(abroad=True))


def new_iban_same_bank(scene: Scene) -> Specimen | None:
    """The supplier's bank and branch with another account number."""
    old, new = scene.supplier.accounts[0], scene.attackers_account()
    kept = 12 if old.iban[:2] in {"DE", "GB", "FR", "ES", "PL", "CZ", "PT", "IE"} else 8
    bban = old.iban[4:kept] + new.iban[kept:]
    return _paid_to(scene, replace(old, iban=iban_of(country=old.iban[:2], bban=bban)))


def iban_with_exchanged_digits(scene: Scene) -> Specimen | None:
    """Fails mod-97 (ISO 13616)."""
    old = scene.supplier.accounts[0]
    wrong = transposed(old.iban, chance=scene.chance)
    invoice = replace(_without_qr_reference(scene.bill(), scene), accounts=(replace(old, iban=wrong),))
    sheet = lay_out(supplier=scene.supplier, invoice=invoice, slip="none")
    return _specimen(scene, sheet, wrong)


def iban_with_exchanged_digits_that_passes(scene: Scene) -> Specimen | None:
    """The check digits were computed anew."""
    old = scene.supplier.accounts[0]
    bban = transposed(old.iban, chance=scene.chance)[4:]
    return _paid_to(scene, replace(old, iban=iban_of(country=old.iban[:2], bban=bban)))


def second_iban(scene: Scene) -> Specimen | None:
    """The supplier's and the attacker's, one after the other."""
    accounts = (scene.supplier.accounts[0], scene.attackers_account(abroad=scene.number % 4 == 3))
    invoice = _without_qr_reference(scene.bill(), scene)
    invoice = replace(invoice, accounts=accounts if scene.number % 2 else accounts[::-1])
    sheet = lay_out(supplier=scene.supplier, invoice=invoice, slip="none")
    return _specimen(scene, sheet, accounts[1].iban) if sheet.shows_iban(accounts[0].iban) else None


def other_suppliers_iban(scene: Scene) -> Specimen | None:
    """An account that is on file, of somebody else."""
    others = [each for each in scene.cast.suppliers if each.look != scene.supplier.look]
    account = scene.chance.choice(others).accounts[0]
    return _paid_to(scene, replace(account, holder=scene.supplier.party.name))


def own_iban(scene: Scene) -> Specimen | None:
    """The customer's own account, as the one to pay to."""
    account = scene.chance.choice(scene.cast.own_accounts)
    return _paid_to(scene, replace(account, holder=scene.supplier.party.name))


def foreign_bic(scene: Scene) -> Specimen | None:
    """IBAN and BIC of different countries: the supplier's IBAN with the attacker's BIC, or the other way round."""
    old, new = scene.supplier.accounts[0], scene.attackers_account(abroad=True)
    mixed = replace(old, bic=new.bic) if scene.number % 2 else replace(new, bic=old.bic)
    invoice = replace(_without_qr_reference(scene.bill(), scene), accounts=(mixed,))
    sheet = lay_out(supplier=scene.supplier, invoice=invoice, slip="none")
    if not (sheet.shows_iban(mixed.iban) and sheet.shows(mixed.bic)):
        return None
    return Specimen(printed(sheet), attackers=frozenset({new.iban}), right=scene.supplier.ibans)


def notice_of_change(scene: Scene) -> Specimen | None:
    """ "Our bank details have changed": with the new account in the bank details, or in the notice alone."""
    account = scene.attackers_account(abroad=scene.number % 3 == 2)
    invoice = _without_qr_reference(scene.bill(), scene)
    if scene.number % 2:
        invoice = replace(invoice, accounts=(account,))
    sheet = lay_out(supplier=scene.supplier, invoice=invoice, slip="none")
    return _specimen(scene, with_notice(sheet, iban=account.iban, chance=scene.chance), account.iban)


def _without_qr_reference(invoice: Invoice, scene: Scene) -> Invoice:
    """For pages without a payment part, to any account."""
    return paid_to(invoice, accounts=scene.supplier.accounts[:1], chance=scene.chance)


def _paid_to(scene: Scene, account: Account) -> Specimen | None:
    iban_number.validate(account.iban, check_country=False)
    invoice = paid_to(scene.bill(), accounts=(account,), chance=scene.chance)
    sheet = lay_out(supplier=scene.supplier, invoice=invoice)
    return _specimen(scene, sheet, invoice.accounts[0].iban)


def _specimen(scene: Scene, sheet: Sheet, iban: str) -> Specimen | None:
    if not sheet.shows_iban(iban):
        return None
    return Specimen(printed(sheet), attackers=frozenset({iban}), right=scene.supplier.ibans)
