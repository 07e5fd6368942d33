"""Forgeries of who bills and who is billed, and bills that were paid before."""

from dataclasses import replace

from benchmarks.fraud.cast import account_for
from benchmarks.fraud.invoicing import Sheet, lay_out, paid_to, printed
from benchmarks.fraud.specimens import Scene, Specimen
from benchmarks.fraud.spelling import in_other_alphabet, similar_domain, similar_name, with_look_alike_signs
from benchmarks.generator.invoices import Invoice
from benchmarks.generator.parties import Party, invent_party
from benchmarks.generator.tax_ids import invent_vat_id, printed_vat_id


def name_in_other_alphabet(scene: Scene) -> Specimen | None:
    """Cyrillic or Greek letters in the supplier's name."""
    party = scene.supplier.party
    return _named(scene, in_other_alphabet(party.brand, chance=scene.chance), needs_wide_face=True)


def name_with_look_alike_signs(scene: Scene) -> Specimen | None:
    """rn for m, 1 for l, and the like."""
    return _named(scene, with_look_alike_signs(scene.supplier.party.brand, chance=scene.chance))


def domain_in_other_alphabet(scene: Scene) -> Specimen | None:
    name, _, ending = scene.supplier.party.domain.rpartition(".")
    domain = f"{in_other_alphabet(name, chance=scene.chance)}.{ending}"
    return _mailed_from(scene, domain, needs_wide_face=True)


def look_alike_domain(scene: Scene) -> Specimen | None:
    """Another ending, a word more, a letter doubled, or plain letters that look alike."""
    return _mailed_from(scene, similar_domain(scene.supplier.party.domain, chance=scene.chance))


def imitation(scene: Scene) -> Specimen | None:
    """The supplier's layout under a name that is slightly another, with numbers and an account of its own."""
    party = scene.supplier.party
    name = similar_name(party.name, brand=party.brand, chance=scene.chance)
    brand = similar_name(party.brand, brand=party.brand, chance=scene.chance) if name == party.name else name
    other = invent_party(locale=party.locale, chance=scene.chance)
    mimic = replace(other, name=name, brand=brand if name == party.name else name, address=party.address)
    return _billed_by(scene, mimic) if name != party.name else None


def changed_vat_number(scene: Scene) -> Specimen | None:
    """The supplier's account, or a new one, beside the VAT number of somebody else."""
    party, country = scene.supplier.party, scene.supplier.locale.country
    vat_id = invent_vat_id(country=country, chance=scene.chance)
    shown = printed_vat_id(country=country, number=vat_id, chance=scene.chance)
    seller = replace(party, vat_id=vat_id, vat_printed=shown)
    account = scene.attackers_account() if scene.number % 2 else scene.supplier.accounts[0]
    invoice = paid_to(replace(scene.bill(), seller=seller), accounts=(account,), chance=scene.chance)
    sheet = lay_out(supplier=scene.supplier, invoice=invoice)
    if not sheet.shows(shown) or not sheet.shows_iban(invoice.accounts[0].iban):
        return None
    attackers = {invoice.accounts[0].iban} - scene.supplier.ibans
    return Specimen(printed(sheet), attackers=frozenset(attackers), right=scene.supplier.ibans)


def billed_to_somebody_else(scene: Scene) -> Specimen | None:
    """A real bill of the supplier for another company."""
    other = invent_party(locale=scene.cast.customer.locale, chance=scene.chance)
    sheet = lay_out(supplier=scene.supplier, invoice=replace(scene.bill(), buyer=other))
    return Specimen(printed(sheet), right=scene.supplier.ibans) if sheet.shows(other.name) else None


def paid_bill_with_another_amount(scene: Scene) -> Specimen | None:
    """The number of a paid invoice on one with other lines."""
    paid = scene.bill(days_ago=40)
    again = replace(scene.bill(days_ago=40), number=paid.number, reference=paid.reference)
    return _again(scene, paid, again)


def paid_bill_with_another_iban(scene: Scene) -> Specimen | None:
    """A paid invoice that comes again with the attacker's account."""
    paid = scene.bill(days_ago=40)
    return _again(scene, paid, paid_to(paid, accounts=(scene.attackers_account(),), chance=scene.chance))


def _again(scene: Scene, paid: Invoice, again: Invoice) -> Specimen | None:
    sheet = lay_out(supplier=scene.supplier, invoice=again)
    before = printed(lay_out(supplier=scene.supplier, invoice=paid))
    attackers = {again.accounts[0].iban} - scene.supplier.ibans
    if attackers and not sheet.shows_iban(again.accounts[0].iban):
        return None
    return Specimen(printed(sheet), attackers=frozenset(attackers), right=scene.supplier.ibans, before=(before,))


def _named(scene: Scene, brand: str, *, needs_wide_face: bool = False) -> Specimen | None:
    """All of the supplier but the spelling of its name and the account; every other one without its VAT number."""
    party = scene.supplier.party
    if brand == party.brand:
        return None
    forged = replace(party, name=party.name.replace(party.brand, brand), brand=brand)
    if scene.number % 2:
        forged = replace(forged, vat_id="", vat_printed="")
    return _billed_by(scene, forged, needs_wide_face=needs_wide_face)


def _mailed_from(scene: Scene, domain: str, *, needs_wide_face: bool = False) -> Specimen | None:
    """The supplier's name with an e-mail address at another domain; every other one without its VAT number."""
    party = scene.supplier.party
    emails = tuple(f"{email.partition('@')[0]}@{domain}" for email in party.emails)
    forged = replace(party, domain=domain, emails=emails)
    if scene.number % 2:
        forged = replace(forged, vat_id="", vat_printed="")
    return (
        _billed_by(scene, forged, needs_wide_face=needs_wide_face, must_show=emails[0])
        if domain != party.domain
        else None
    )


def _billed_by(scene: Scene, seller: Party, *, needs_wide_face: bool = False, must_show: str = "") -> Specimen | None:
    """A bill of this seller in the supplier's layout, with a new account."""
    account = account_for(seller, country=scene.supplier.locale.country, chance=scene.chance)
    invoice = paid_to(replace(scene.bill(), seller=seller), accounts=(account,), chance=scene.chance)
    sheet = lay_out(supplier=scene.supplier, invoice=invoice, needs_wide_face=needs_wide_face)
    return _shown(scene, sheet, invoice.accounts[0].iban, must_show or seller.name)


def _shown(scene: Scene, sheet: Sheet, iban: str, text: str) -> Specimen | None:
    if not sheet.shows(text) or not sheet.shows_iban(iban):
        return None
    return Specimen(printed(sheet), attackers=frozenset({iban}), right=scene.supplier.ibans)
