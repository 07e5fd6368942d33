"""The account that a document names beside those on file: another country, another bank, a bank that is not the BIC's.

Pure. The bank is what the BBAN begins with (ISO 13616 registry); BICs are those of ISO 9362.
"""

from collections.abc import Iterable
from dataclasses import replace

from counterparties.countries import iban_country
from counterparties.evidence import AccountRow, CounterpartyRow, Match, MatchWarning, Outcome, PayeeEvidence
from counterparties.identifiers import compact, vat_key
from customers.sentences import Sentence

BANK_DETAILS_CHANGED = "bank_details_changed"

# Where the bank stands in the BBAN when it is not in the first four places. Italian BBANs begin with a check letter;
# Polish, Albanian and Slovenian bank codes run on into the branch, of which a bank has many.
_USUAL_PLACES = (0, 4)
_BANK_PLACES = {
    **dict.fromkeys(["IT", "SM"], (1, 6)),
    **dict.fromkeys(["DE", "BR"], (0, 8)),
    "HR": (0, 7),
    "UA": (0, 6),
    **dict.fromkeys(["AT", "CH", "FR", "LI", "LT", "MC", "TR"], (0, 5)),
    **dict.fromkeys(["AL", "BA", "BE", "CY", "FI", "GR", "HU", "LU", "ME", "MK", "RS", "SE"], (0, 3)),
    **dict.fromkeys(["EE", "SI", "XK"], (0, 2)),
}
# The registry has the BBAN of these begin with the first four letters of the bank's BIC.
_BBAN_NAMES_BIC = frozenset(["BG", "GB", "GI", "IE", "LV", "MT", "NL", "RO"])

# Tax numbers whose prefix is not the country of the accounts. Liechtenstein's companies have Swiss numbers, Monaco's
# French ones.
_COUNTRIES_OF_VAT = {"EL": "GR", "XI": "GB"}
_SHARED = (frozenset({"CH", "LI"}), frozenset({"FR", "MC"}), frozenset({"IT", "SM"}))


def account_warnings(
    *, evidence: PayeeEvidence, match: Match, candidates: Iterable[CounterpartyRow]
) -> tuple[MatchWarning, ...]:
    """`iban_country_mismatch` and `bic_iban_mismatch` of the account that the document names, where it is not on file.

    A supplier may have its account abroad: once that is on file, neither is said any more.
    """
    iban = compact(evidence.iban or "")
    payee = next((row for row in candidates if row.id == match.counterparty_id), None)
    if not iban or (payee and any(account.iban == iban for account in payee.accounts)):
        return ()
    found = (
        _country_warning(iban, evidence, payee),
        _bic_warning(iban, compact(evidence.bic or "")),
    )
    return tuple(warning for warning in found if warning)


def changed_message(*, row: CounterpartyRow, iban: str) -> Sentence:
    """That the known `row` is to be paid to an IBAN it never had: what is new, another country or another bank, against
    what is on file, and what to do."""
    advice = Sentence(
        "confirm it with the counterparty through a contact you already know, never through one on the document."
    )
    message = Sentence(
        "The IBAN on the document is none of the accounts on file of {legal_name}", legal_name=row.legal_name
    )
    if not iban or not row.accounts:
        return Sentence("{message}; {advice}", message=message, advice=advice)
    countries = _listed(account.iban[:2] for account in row.accounts)
    if all(account.iban[:2] != iban[:2] for account in row.accounts):
        return Sentence(
            "{message}: it is in another country, {country}, where those on file are in {countries}; {advice}",
            message=message,
            country=iban[:2],
            countries=countries,
            advice=advice,
        )
    if all(bank_of(account.iban) != bank_of(iban) for account in row.accounts):
        return Sentence(
            "{message}: it is at another bank, {bank}, where those on file are at {banks}; {advice}",
            message=message,
            bank=bank_of(iban),
            banks=_listed(map(_bank_named, row.accounts)),
            advice=advice,
        )
    return Sentence("{message}, though at the same bank; {advice}", message=message, advice=advice)


def bank_of(iban: str) -> str:
    """Country and bank code of a valid IBAN, `DE 12030000`."""
    country, bban = iban[:2], iban[4:]
    start, end = _BANK_PLACES.get(country, _USUAL_PLACES)
    return f"{country} {bban[start:end]}"


def bic_contradicts_iban(*, bic: str, iban: str) -> Sentence | None:
    """Why the bank of the BIC cannot be the bank of the IBAN, as a sentence; None when it can, or when nothing tells.

    Both must be valid and compact.
    """
    if iban_country(bic[4:6]) not in _together(iban[:2]):
        return Sentence(
            "The BIC {bic} is of a bank in {country}, the IBAN of an account in {other_country}.",
            bic=bic,
            country=bic[4:6],
            other_country=iban[:2],
        )
    if iban[:2] in _BBAN_NAMES_BIC and iban[4:8] != bic[:4]:
        return Sentence("The BIC {bic} is of another bank than {bank}, which the IBAN names.", bic=bic, bank=iban[4:8])
    return None


def settled_among(
    *, match: Match, candidates: Iterable[CounterpartyRow], ibans: frozenset[str], currency: str | None
) -> Match:
    """The match with the account to pay to, where the document names several `ibans` and all of them are on file of the
    payee: then none of them can mislead. The match as it was where one is not.

    It is the primary one in the currency, else the only one in it; among several that are equal a person chooses.
    """
    payee = next((row for row in candidates if row.id == match.counterparty_id), None)
    if payee is None or len(ibans) < 2 or not ibans <= {account.iban for account in payee.accounts}:
        return match
    fitting = [each for each in payee.accounts if each.iban in ibans and each.currency == (currency or "").upper()]
    fitting = [each for each in fitting if each.is_primary] or fitting
    if len(fitting) == 1:
        return replace(match, account="found", account_id=fitting[0].id, account_is_assumed=False)
    outcome: Outcome = "ambiguous" if fitting else "not_found"
    return replace(match, account=outcome, account_id=None, account_is_assumed=False)


def _country_warning(iban: str, evidence: PayeeEvidence, payee: CounterpartyRow | None) -> MatchWarning | None:
    numbers = [vat_key(evidence.vat_id or ""), vat_key(payee.vat_id) if payee else ""]
    taxed = {_COUNTRIES_OF_VAT.get(number[:2], number[:2]) for number in numbers if number}
    seated = {address.country for address in payee.addresses if address.country} if payee else set()
    on_file = {account.iban[:2] for account in payee.accounts} if payee else set()
    known = {iban_country(country) for country in taxed | seated | on_file}
    if not known or known & _together(iban[:2]):
        return None
    told = (
        Sentence("the seller is registered for tax in {countries}", countries=_listed(taxed)) if taxed else None,
        Sentence("its addresses on file are in {countries}", countries=_listed(seated)) if seated else None,
        Sentence("its accounts on file are in {countries}", countries=_listed(on_file)) if on_file else None,
    )
    return MatchWarning(
        "iban_country_mismatch",
        Sentence(
            "The account is in {country}; {known}.",
            country=iban[:2],
            known=Sentence.joined([part for part in told if part], separator=", "),
        ),
        field="iban",
    )


def _bic_warning(iban: str, bic: str) -> MatchWarning | None:
    why = bic_contradicts_iban(bic=bic, iban=iban) if len(bic) in {8, 11} else None
    return (
        MatchWarning("bic_iban_mismatch", Sentence("{why} Compare both with the document.", why=why), field="bic")
        if why
        else None
    )


def _together(country: str) -> frozenset[str]:
    return next((shared for shared in _SHARED if country in shared), frozenset({country}))


def _bank_named(account: AccountRow) -> str:
    return f"{bank_of(account.iban)} ({account.bic})" if account.bic else bank_of(account.iban)


def _listed(values: Iterable[str]) -> str:
    return ", ".join(sorted(set(values)))
