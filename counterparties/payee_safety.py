"""What stands against paying the payee that was matched, or that a person chose: all warnings about who and where to.

Pure. Matching says what it found; this adds what only the outcome and the candidates together show, after people's
decisions have been laid over it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from counterparties.account_comparison import BANK_DETAILS_CHANGED, account_warnings, changed_message
from counterparties.evidence import CounterpartyRow, Match, MatchWarning, PayeeEvidence
from counterparties.identifiers import compact, vat_key
from counterparties.lookalikes import lookalike_warnings
from counterparties.named_accounts import unknown_account_warning
from counterparties.names import read_name
from customers.sentences import Sentence


def safeguarded(
    *,
    match: Match,
    evidence: PayeeEvidence,
    candidates: tuple[CounterpartyRow, ...],
    resembling: tuple[CounterpartyRow, ...] = (),
    is_payee_decided: bool,
) -> Match:
    """The match with every warning about payee and account, each code once.

    `resembling` are further counterparties whose name or mail domain the document's could be taken for. Once a person
    has chosen the payee (`is_payee_decided`), likeness to others is answered; where to pay is not.
    """
    rows = {row.id: row for row in (*candidates, *resembling)}
    warnings = [_explained(warning, rows, evidence) for warning in match.warnings]
    warnings += account_warnings(evidence=evidence, match=match, candidates=candidates)
    if unknown := unknown_account_warning(evidence=evidence, match=match, candidates=candidates):
        warnings.append(unknown)
    if not is_payee_decided:
        warnings += _of_same_name(evidence, match, candidates)
        warnings += lookalike_warnings(evidence=evidence, match=match, candidates=rows.values())
    return replace(match, warnings=_each_once(warnings))


def _of_same_name(
    evidence: PayeeEvidence, match: Match, candidates: Iterable[CounterpartyRow]
) -> Iterator[MatchWarning]:
    """Nobody was found, though the very name is on file: with another VAT number than the document's, which may be an
    impostor's or another company's."""
    key, vat = read_name(evidence.name or "").key, vat_key(evidence.vat_id or "")
    if match.counterparty != "not_found" or not key or not vat or not evidence.iban:
        return
    for row in candidates:
        names = (row.legal_name, *row.aliases)
        if not row.is_own and vat_key(row.vat_id) not in {"", vat} and key in {read_name(name).key for name in names}:
            message = Sentence(
                "{legal_name} is on file with the VAT number {vat_id}, the document has {other_vat_id}.",
                legal_name=row.legal_name,
                vat_id=row.vat_id,
                other_vat_id=evidence.vat_id,
            )
            yield MatchWarning("vat_id_differs", message, field="seller_vat_id", counterparty_id=row.id)


def _explained(warning: MatchWarning, rows: Mapping[UUID, CounterpartyRow], evidence: PayeeEvidence) -> MatchWarning:
    """A change of bank details says what has changed, and against what."""
    row = rows.get(warning.counterparty_id) if warning.counterparty_id else None
    if warning.code != BANK_DETAILS_CHANGED or row is None:
        return warning
    return replace(warning, message=changed_message(row=row, iban=compact(evidence.iban or "")))


def _each_once(warnings: Iterable[MatchWarning]) -> tuple[MatchWarning, ...]:
    return tuple({warning.code: warning for warning in reversed(tuple(warnings))}.values())[::-1]
