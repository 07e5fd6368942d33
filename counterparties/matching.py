"""Who is to be paid, and to which account: two decisions over evidence and candidates, each with its reasons.

Pure: the candidates come from `counterparties.candidates` (or a test), nothing here touches a database.

A counterparty is found when its evidence sums up to enough, names one company, and leads before every other candidate
by a clear margin (`counterparties.scoring`). Two numbers that name different counterparties name nobody, whatever the
sums. `docs/matching.md` tells it in full.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from counterparties.comparison import NAME_DIFFERS, NAME_MATCHES, Document, Fit, compare, read
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
from counterparties.scoring import MARGIN, Weighed, score_candidates, weigh
from customers.sentences import Sentence

__all__ = [
    "AccountRow",
    "CounterpartyRow",
    "Match",
    "MatchWarning",
    "Outcome",
    "PayeeEvidence",
    "Reason",
    "ScoredCandidate",
    "account_to_pay",
    "match_payee",
]


@dataclass(frozen=True, slots=True)
class _Who:
    outcome: Outcome
    fit: Fit | None = None


def match_payee(*, evidence: PayeeEvidence, candidates: tuple[CounterpartyRow, ...]) -> Match:
    """The counterparty that the document asks to pay and the account to pay to, each found, not_found or ambiguous.

    The customer's own counterparty is never chosen. An account is found only by the document's IBAN; when the document
    names none, the primary account in its currency is taken and `account_is_assumed` set. The scored candidates are
    the ten best, the chosen one first.
    """
    document = read(evidence=evidence, own=[row for row in candidates if row.is_own])
    weighed = weigh(document=document, fits=[compare(document=document, row=row) for row in candidates])
    payable = [each for each in weighed if not each.fit.row.is_own]
    who = _who(payable)
    account, account_id = _where(document, who)
    return Match(
        counterparty=who.outcome,
        counterparty_id=who.fit.row.id if who.fit else None,
        account=account,
        account_id=account_id,
        candidates=score_candidates(weighed=weighed, chosen=who.fit.row.id if who.fit else None),
        warnings=tuple(_warnings(document, who, [each.fit for each in payable])),
        account_is_assumed=account_id is not None and not document.iban,
    )


def _who(weighed: Sequence[Weighed]) -> _Who:
    if _numbers_contradict([each.fit for each in weighed]):
        return _Who("ambiguous")
    best = max((each for each in weighed if each.is_identified), key=lambda each: each.total, default=None)
    if best is None:
        return _Who("not_found")
    if any(round(best.total - other.total, 4) < MARGIN for other in weighed if other is not best):
        return _Who("ambiguous")
    return _Who("found", best.fit)


def _numbers_contradict(fits: Sequence[Fit]) -> bool:
    """Whether IBAN, VAT and registration number are of counterparties that are never the same."""
    holders = (
        {fit.row.id for fit in fits if fit.account},
        {fit.row.id for fit in fits if fit.has_vat},
        {fit.row.id for fit in fits if fit.has_registration},
    )
    known = [each for each in holders if each]
    return bool(known) and not set.intersection(*known)


def _where(document: Document, who: _Who) -> tuple[Outcome, UUID | None]:
    if who.fit is None:
        return who.outcome, None
    fit = who.fit
    if fit.account:
        return "found", fit.account.id
    if document.iban or document.names_own_iban:
        return "not_found", None
    if not fit.has_identifier and document.name.key and not document.names_itself and fit.similarity < NAME_DIFFERS:
        # Known by an e-mail address alone, under another name: it may be the bookkeeper's of several companies.
        return "not_found", None
    return account_to_pay(row=fit.row, iban="", currency=document.currency)


def account_to_pay(*, row: CounterpartyRow, iban: str, currency: str) -> tuple[Outcome, UUID | None]:
    """The account of a counterparty that is known: with an `iban` (compact) that very one, without one the primary
    account in the currency, which is then only assumed."""
    if iban:
        account = next((each for each in row.accounts if each.iban == iban), None)
        return ("found", account.id) if account else ("not_found", None)
    in_currency = [account for account in row.accounts if account.currency == currency]
    primary = next((account for account in in_currency if account.is_primary), None)
    if primary:
        return "found", primary.id
    return ("ambiguous" if len(in_currency) > 1 else "not_found"), None


def _warnings(document: Document, who: _Who, fits: Sequence[Fit]) -> list[MatchWarning]:
    found = []
    if document.names_own_iban:
        found.append(
            MatchWarning("iban_is_own_account", Sentence("The IBAN on the document is an account of the payer."))
        )
    if holders := _doubtful_holders(who, fits):
        found.append(_belongs_to_other(holders))
    if who.fit is not None and who.fit.vat_differs:
        message = Sentence(
            "The VAT number on the document is not that of {legal_name}.", legal_name=who.fit.row.legal_name
        )
        found.append(MatchWarning("vat_id_differs", message))
    if document.iban and (changed := _with_other_accounts(who, fits)):
        found.append(_changed(changed))
        if changed.has_inactive_iban:
            message = Sentence(
                "The IBAN on the document is an account of {legal_name} that was deactivated.",
                legal_name=changed.row.legal_name,
            )
            found.append(MatchWarning("account_inactive", message))
    return found


def _doubtful_holders(who: _Who, fits: Sequence[Fit]) -> list[Fit]:
    """Those to whom the document's IBAN belongs though the document seems to come from somebody else."""
    holders = [fit for fit in fits if fit.account]
    if who.fit is not None and who.fit.account is None:
        return holders
    named = max((fit.similarity for fit in fits if fit.name_matches and fit.account is None), default=0.0)
    doubtful = [
        fit
        for fit in holders
        if (fit.vat_differs and not fit.name_matches)
        or (named and _is_named_worse(fit, named) and not fit.has_email and not fit.has_vat)
    ]
    if who.fit is not None:
        return [fit for fit in doubtful if fit.row.id == who.fit.row.id]
    return holders if _numbers_contradict(fits) or (doubtful and len(doubtful) == len(holders)) else []


def _is_named_worse(fit: Fit, named: float) -> bool:
    """Whether another's name is on the document rather than this one's: the names differ, or the other's stands there
    as it is on file and this one's is only like it."""
    return fit.similarity < NAME_DIFFERS or (named == 1.0 and fit.similarity < NAME_MATCHES)


def _with_other_accounts(who: _Who, fits: Sequence[Fit]) -> Fit | None:
    """The one found, or the one whose name it is, where the document's IBAN is on nobody's account; None when there
    was no account that could have changed."""
    if who.fit is not None:
        return who.fit if who.fit.account is None and (who.fit.row.accounts or who.fit.has_inactive_iban) else None
    if any(fit.account for fit in fits):
        return None
    known = [fit for fit in fits if fit.name_matches and fit.row.accounts and not fit.vat_differs]
    return min(known, key=lambda fit: (-fit.similarity, fit.row.id), default=None)


def _changed(fit: Fit) -> MatchWarning:
    message = Sentence(
        "The IBAN on the document is none of the accounts on file of {legal_name}.", legal_name=fit.row.legal_name
    )
    return MatchWarning("bank_details_changed", message, field="iban", counterparty_id=fit.row.id)


def _belongs_to_other(holders: Sequence[Fit]) -> MatchWarning:
    names = ", ".join(sorted(fit.row.legal_name for fit in holders))
    message = Sentence(
        "The IBAN on the document belongs to {names}, but the document seems to come from somebody else.", names=names
    )
    return MatchWarning("iban_belongs_to_other_counterparty", message)
