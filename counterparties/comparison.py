"""How one candidate compares with the document, one kind of evidence at a time. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from counterparties.evidence import AccountRow, CounterpartyRow, PayeeEvidence
from counterparties.identifiers import compact, email_key, telling_domains, vat_key
from counterparties.names import fold, name_key, similarity

# Verification of Payee schemes call 0.85 a match and 0.75 a close match; between two names that both match, the better
# one must lead by the margin.
NAME_MATCHES = 0.85
NAME_IS_CLOSE = 0.75
NAME_DIFFERS = 0.6
NAME_MARGIN = 0.08


@dataclass(frozen=True, slots=True)
class Document:
    """The evidence in comparable form, empty where not read or where it is the payer's own: that tells nothing."""

    name: str
    name_key: str
    vat: str
    email: str
    domains: tuple[str, ...]
    iban: str
    currency: str
    names_own_iban: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """How a candidate compares with the document. `account` is the one with the document's IBAN."""

    row: CounterpartyRow
    account: AccountRow | None
    has_vat: bool
    vat_differs: bool
    has_email: bool
    has_domain: bool
    has_name: bool
    similarity: float

    @property
    def name_matches(self) -> bool:
        return self.similarity >= NAME_MATCHES


def read(*, evidence: PayeeEvidence, own: Sequence[CounterpartyRow]) -> Document:
    """The evidence for comparison; what is that of one of the payer's `own` counterparties is taken out."""
    iban, vat, email = compact(evidence.iban or ""), vat_key(evidence.vat_id or ""), email_key(evidence.email or "")
    own_emails = {email_key(address) for row in own for address in row.emails}
    own_domains = {domain for address in own_emails for domain in telling_domains(address)[:1]}
    domains = telling_domains(email)
    is_own_iban = bool(iban) and any(account.iban == iban for row in own for account in row.accounts)
    is_own_email = email in own_emails or bool(own_domains & set(domains))
    return Document(
        name=fold(evidence.name or ""),
        name_key=name_key(evidence.name or ""),
        vat="" if any(vat == vat_key(row.vat_id) for row in own) else vat,
        email="" if is_own_email else email,
        domains=() if is_own_email else domains,
        iban="" if is_own_iban else iban,
        currency=(evidence.currency or "").upper(),
        names_own_iban=is_own_iban,
    )


def compare(*, document: Document, row: CounterpartyRow) -> Fit:
    """How `row` fits the document; names are compared with the legal name and every alias, the best counts."""
    names = (row.legal_name, *row.aliases)
    vat = vat_key(row.vat_id)
    emails = {email_key(address) for address in row.emails}
    # The document's domain may lie below the one on file (billing.acme.example), or above it.
    domains = {domain for address in emails for domain in telling_domains(address)}
    nearest = {domain for address in emails for domain in telling_domains(address)[:1]}
    return Fit(
        row=row,
        account=next((account for account in row.accounts if document.iban and account.iban == document.iban), None),
        has_vat=bool(vat) and vat == document.vat,
        vat_differs=bool(vat and document.vat) and vat != document.vat,
        has_email=bool(document.email) and document.email in emails,
        has_domain=bool(nearest & set(document.domains) or domains & set(document.domains[:1])),
        has_name=bool(document.name) and any(fold(name) == document.name for name in names),
        similarity=max(similarity(one=document.name_key, other=name_key(name)) for name in names),
    )
