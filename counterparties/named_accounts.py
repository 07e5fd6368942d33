"""The further accounts that a document names beside the one to be paid, held against the books. Pure."""

from collections.abc import Iterable

from counterparties.evidence import CounterpartyRow, Match, MatchWarning, PayeeEvidence
from counterparties.identifiers import compact
from customers.sentences import Sentence


def unknown_account_warning(
    *, evidence: PayeeEvidence, match: Match, candidates: Iterable[CounterpartyRow]
) -> MatchWarning | None:
    """`several_ibans` where the payee was found and the document names an account, beside the chosen one, that is not
    on file of it, nor the payer's own."""
    rows = tuple(candidates)
    payee = next((row for row in rows if row.id == match.counterparty_id), None)
    if payee is None or not evidence.iban:
        return None
    known = {account.iban for row in rows if row.is_own or row is payee for account in row.accounts}
    unknown = next((iban for each in evidence.other_ibans if (iban := compact(each)) not in known), None)
    if unknown is None or unknown == compact(evidence.iban):
        return None
    message = Sentence(
        "The document names the account {iban} too, which is not on file of {legal_name}; "
        "find out why, through a contact you already know.",
        iban=unknown,
        legal_name=payee.legal_name,
    )
    return MatchWarning("several_ibans", message, field="iban")
