"""People's words over the machine's: what operators decided, laid over what was read and matched. Pure."""

from dataclasses import dataclass, replace
from uuid import UUID

from counterparties.evidence import CounterpartyRow, Match, MatchWarning, Outcome, PayeeEvidence
from counterparties.identifiers import compact
from counterparties.matching import account_to_pay
from customers.sentences import Sentence
from ocr.extraction.checks import currency_symbol
from ocr.extraction.fields import Candidate, FieldName, FieldReading, InvoiceFields
from ocr.reading.document import Box


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person took a value from: page (from 1), box in points, and what stands there."""

    page: int
    box: Box
    raw: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """The newest decision for each field (None is "leave it empty") and for payee and account, if there is one;
    `places` of the values that were taken from the page."""

    values: tuple[tuple[FieldName, str | None], ...] = ()
    places: tuple[tuple[FieldName, Place], ...] = ()
    counterparty_id: UUID | None = None
    account_id: UUID | None = None

    @property
    def targets(self) -> frozenset[str]:
        """What was decided about, by the names that corrections have for it."""
        parties = {"counterparty_id": self.counterparty_id, "cp_account_id": self.account_id}
        return frozenset([*(name for name, _ in self.values), *(name for name, value in parties.items() if value)])


def corrected_fields(*, fields: InvoiceFields, decisions: Decisions) -> InvoiceFields:
    """The readings with every decided one replaced; what the machine read stays among the runners-up.

    A decided currency takes its symbol along. A warning about a decided field has been answered and goes.
    """
    decided, places = dict(decisions.values), dict(decisions.places)
    if not decided:
        return fields
    if "currency_code" in decided and "currency_symbol" not in decided:
        decided["currency_symbol"] = currency_symbol(decided["currency_code"] or "")
    readings = tuple(
        _decided(reading, decided[reading.name], places.get(reading.name)) if reading.name in decided else reading
        for reading in fields.readings
    )
    warnings = tuple(warning for warning in fields.warnings if warning.field not in decided)
    return replace(fields, readings=readings, warnings=warnings)


def _decided(reading: FieldReading, value: str | None, place: Place | None) -> FieldReading:
    """A value that was not taken from the page stands where the machine had read it, if it had."""
    seen = ((reading.chosen,) if reading.chosen and reading.chosen.source != "operator" else ()) + reading.runners_up
    note = "An operator decided this value."
    if value is None:
        return FieldReading(name=reading.name, runners_up=seen, note=note)
    if place is None:
        place = next(
            (Place(each.page, each.box, value) for each in seen if each.value == value and each.page and each.box), None
        )
    chosen = Candidate(
        value=value,
        raw=place.raw if place else value,
        source="operator",
        confidence=1.0,
        page=place.page if place else None,
        box=place.box if place else None,
    )
    return FieldReading(name=reading.name, chosen=chosen, runners_up=seen, note=note)


def decided_match(
    *, match: Match, decisions: Decisions, evidence: PayeeEvidence, candidates: tuple[CounterpartyRow, ...]
) -> Match:
    """The match with the payee and account that an operator decided, as far as they are still active.

    Who decides on an account alone decides on its holder too. Without a decided account it is the one whose IBAN the
    document says, and where it says none the primary one, which is then assumed. An unknown IBAN is still a warning.
    """
    row = _decided_payee(decisions, candidates)
    if row is None:
        return match
    iban, account_id = compact(evidence.iban or ""), decisions.account_id
    outcome: Outcome = "found" if any(account.id == account_id for account in row.accounts) else "not_found"
    if account_id is None:
        outcome, account_id = account_to_pay(row=row, iban=iban, currency=(evidence.currency or "").upper())
    warnings = tuple(warning for warning in match.warnings if warning.code == "iban_is_own_account")
    if outcome != "found" and iban:
        warnings += (
            MatchWarning(
                code="bank_details_changed",
                message=Sentence(
                    "The IBAN on the document is not a known account of the counterparty; confirm it with "
                    "the supplier over a channel you already know."
                ),
                field="iban",
                counterparty_id=row.id,
            ),
        )
    return replace(
        match,
        counterparty="found",
        counterparty_id=row.id,
        account=outcome,
        account_id=account_id if outcome == "found" else None,
        warnings=warnings,
        account_is_assumed=outcome == "found" and decisions.account_id is None and not iban,
    )


def _decided_payee(decisions: Decisions, candidates: tuple[CounterpartyRow, ...]) -> CounterpartyRow | None:
    payable = [row for row in candidates if not row.is_own]
    if decisions.counterparty_id:
        return next((row for row in payable if row.id == decisions.counterparty_id), None)
    if decisions.account_id is None:
        return None
    return next((row for row in payable if any(each.id == decisions.account_id for each in row.accounts)), None)
