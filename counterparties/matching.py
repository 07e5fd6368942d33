"""Who is to be paid, and to which account: two decisions over evidence and candidates, each with its reasons.

Pure: the candidates come from `counterparties.candidates` (or a test), nothing here touches a database.

The kinds of evidence have a rank: IBAN, VAT number, e-mail address, name. One of a higher rank is never outvoted by
those below; two identifiers that name different counterparties name nobody. Scores order the candidates for a person
to look at, they decide nothing.
"""

from dataclasses import dataclass
from uuid import UUID

from counterparties.comparison import NAME_DIFFERS, NAME_IS_CLOSE, NAME_MARGIN, Document, Fit, compare, read
from counterparties.evidence import (
    AccountRow,
    CounterpartyRow,
    Match,
    MatchWarning,
    Outcome,
    PayeeEvidence,
    Reason,
    ScoredCandidate,
)
from counterparties.scoring import score_candidates

__all__ = [
    "AccountRow",
    "CounterpartyRow",
    "Match",
    "MatchWarning",
    "Outcome",
    "PayeeEvidence",
    "Reason",
    "ScoredCandidate",
    "match_payee",
]


@dataclass(frozen=True, slots=True)
class _Who:
    outcome: Outcome
    fit: Fit | None = None
    warnings: tuple[MatchWarning, ...] = ()


def match_payee(*, evidence: PayeeEvidence, candidates: tuple[CounterpartyRow, ...]) -> Match:
    """The counterparty that the document asks to pay and the account to pay to, each found, not_found or ambiguous.

    The customer's own counterparty is never chosen. An account is found only by the document's IBAN; when the document
    names none, the primary account in its currency is taken and `account_is_assumed` set. The scored candidates are
    the ten best, the chosen one first.
    """
    own = [row for row in candidates if row.is_own]
    document = read(evidence=evidence, own=own)
    fits = [compare(document=document, row=row) for row in candidates if not row.is_own]
    who = _who(document, fits)
    warnings = list(who.warnings)
    if document.names_own_iban:
        warnings.append(MatchWarning("iban_is_own_account", "The IBAN on the document is an account of the payer."))
    account, account_id = _where(document, who)
    if who.fit and document.iban and account_id is None and who.fit.row.accounts:
        warnings.append(_changed(who.fit.row))
    return Match(
        counterparty=who.outcome,
        counterparty_id=who.fit.row.id if who.fit else None,
        account=account,
        account_id=account_id,
        candidates=score_candidates(
            document=document,
            fits=(*fits, *(compare(document=document, row=row) for row in own)),
            chosen=who.fit.row.id if who.fit else None,
        ),
        warnings=tuple(warnings),
        account_is_assumed=account_id is not None and not document.iban,
    )


def _who(document: Document, fits: list[Fit]) -> _Who:
    by_iban = [fit for fit in fits if fit.account]
    by_vat = [fit for fit in fits if fit.has_vat]
    if by_iban and by_vat:
        both = [fit for fit in by_iban if fit.has_vat]
        return _one_of(both) if both else _Who("ambiguous", None, (_belongs_to_other(by_iban),))
    if by_iban:
        return _who_by_iban(by_iban, fits)
    if by_vat:
        return _one_of(by_vat)
    consistent = [fit for fit in fits if not fit.vat_differs]
    if by_email := [fit for fit in consistent if fit.has_email]:
        return _unrivalled(_one_of(by_email), consistent)
    if by_domain := [fit for fit in consistent if fit.has_domain and fit.similarity >= NAME_IS_CLOSE]:
        return _unrivalled(_one_of(by_domain), consistent)
    by_name = [fit for fit in consistent if fit.name_matches]
    if by_name and document.iban:
        return _who_by_name_with_unknown_iban(by_name)
    return _one_of(by_name) if by_name else _Who("not_found")


def _who_by_name_with_unknown_iban(by_name: list[Fit]) -> _Who:
    """Only a name, which anybody can print, with an account that is nobody's on file: it must be the very name.

    Whoever it is, the account stays unresolved and the change of bank details is said.
    """
    who = _one_of([fit for fit in by_name if fit.similarity == 1.0] or by_name)
    if who.fit is not None and who.fit.similarity == 1.0:
        return who
    known = sorted((fit for fit in by_name if fit.row.accounts), key=lambda fit: (-fit.similarity, fit.row.id))
    outcome: Outcome = "ambiguous" if who.fit is None else "not_found"
    return _Who(outcome, None, tuple(_changed(fit.row) for fit in known[:1]))


def _who_by_iban(by_iban: list[Fit], fits: list[Fit]) -> _Who:
    """The holder of the document's IBAN, where its VAT number is read nowhere on file."""
    consistent = [fit for fit in by_iban if not fit.vat_differs or fit.name_matches]
    if not consistent:
        return _Who("not_found", None, (_belongs_to_other(by_iban),))
    holder = _one_of(consistent).fit
    if holder is None:
        return _Who("ambiguous")
    if holder.vat_differs:
        message = f"The VAT number on the document is not that of {holder.row.legal_name}."
        return _Who("found", holder, (MatchWarning("vat_id_differs", message),))
    rivals = [fit for fit in fits if fit.name_matches and fit.account is None]
    if not rivals or holder.similarity >= NAME_DIFFERS or holder.has_email:
        return _Who("found", holder)
    # A printed name does not outvote the account, but it must not be overlooked; with the e-mail address it does.
    if any(fit.has_email or fit.has_domain for fit in rivals):
        return _Who("ambiguous", None, (_belongs_to_other(by_iban),))
    return _Who("found", holder, (_belongs_to_other(by_iban),))


def _one_of(fits: list[Fit]) -> _Who:
    """The one that the remaining evidence singles out, rank by rank; ambiguous when it leaves several."""
    fits = [fit for fit in fits if fit.has_email] or fits
    fits = [fit for fit in fits if fit.has_name] or fits
    fits = [fit for fit in fits if fit.similarity == 1.0] or fits
    best, *others = sorted(fits, key=lambda fit: fit.similarity, reverse=True)
    if not others or (best.name_matches and best.similarity - others[0].similarity >= NAME_MARGIN):
        return _Who("found", best)
    by_domain = [fit for fit in fits if fit.has_domain]
    if len(by_domain) == 1 and (by_domain[0].name_matches or not best.name_matches):
        return _Who("found", by_domain[0])
    return _Who("ambiguous")


def _unrivalled(who: _Who, fits: list[Fit]) -> _Who:
    """`who`, unless the printed name is clearly that of another: several companies may share an e-mail address."""
    least = who.fit.similarity + NAME_MARGIN if who.fit else 0.0
    rivals = [fit for fit in fits if fit.name_matches and fit.similarity >= least]
    return _Who("ambiguous") if rivals else who


def _where(document: Document, who: _Who) -> tuple[Outcome, UUID | None]:
    if who.fit is None:
        return who.outcome, None
    fit = who.fit
    if fit.account:
        return "found", fit.account.id
    if document.iban or document.names_own_iban:
        return "not_found", None
    if not fit.has_vat and document.name_key and fit.similarity < NAME_DIFFERS:
        # Known by an e-mail address alone, under another name: it may be the bookkeeper's of several companies.
        return "not_found", None
    in_currency = [account for account in fit.row.accounts if account.currency == document.currency]
    primary = next((account for account in in_currency if account.is_primary), None)
    if primary:
        return "found", primary.id
    return ("ambiguous" if len(in_currency) > 1 else "not_found"), None


def _changed(row: CounterpartyRow) -> MatchWarning:
    message = f"The IBAN on the document is none of the accounts on file of {row.legal_name}."
    return MatchWarning("bank_details_changed", message)


def _belongs_to_other(holders: list[Fit]) -> MatchWarning:
    names = ", ".join(fit.row.legal_name for fit in holders)
    message = f"The IBAN on the document belongs to {names}, but the document seems to come from somebody else."
    return MatchWarning("iban_belongs_to_other_counterparty", message)
