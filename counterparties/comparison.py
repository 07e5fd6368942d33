"""How one candidate compares with the document, one kind of evidence at a time. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from counterparties.addresses import address_words, same_address
from counterparties.company_numbers import CompanyNumbers, read_numbers
from counterparties.evidence import AccountRow, CounterpartyRow, PayeeEvidence
from counterparties.identifiers import (
    compact,
    email_key,
    phone_key,
    same_phone,
    telling_domains,
    vat_key,
    website_domains,
)
from counterparties.names import Likeness, Name, forms_differ, likeness, read_name

# Verification of Payee schemes call 0.85 a match and 0.75 a close match.
NAME_MATCHES = 0.85
NAME_IS_CLOSE = 0.75
NAME_DIFFERS = 0.6

_SHORTEST_SHAPE = 6
_NO_NAME = read_name("")

Form = Literal["same", "differs", "unstated"]


@dataclass(frozen=True, slots=True)
class Document:
    """The evidence in comparable form, empty where not read or where it is the payer's own: that tells nothing. A name
    that is the payer's (`names_itself`) is kept, to be compared with the payer's own counterparty alone."""

    name: Name
    numbers: CompanyNumbers
    email: str
    domains: tuple[str, ...]
    websites: tuple[str, ...]
    phones: tuple[str, ...]
    address: str
    shapes: frozenset[str]
    iban: str
    currency: str
    names_own_iban: bool
    names_itself: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """How a candidate compares with the document. `account` is the active one with the document's IBAN; `name` is
    the one of its names that is most like the document's, and `similarity`, `slips` (how many lie between; None: other
    words) and `form` are of that one."""

    row: CounterpartyRow
    account: AccountRow | None
    has_inactive_iban: bool
    has_vat: bool
    vat_differs: bool
    has_registration: bool
    has_register: bool
    register_differs: bool
    has_email: bool
    has_domain: bool
    has_website: bool
    has_phone: bool
    has_address: bool
    name: Name
    similarity: float
    slips: int | None
    form: Form
    has_confirmed_name: bool
    has_confirmed_details: bool
    has_shape: bool

    @property
    def name_matches(self) -> bool:
        return self.similarity >= NAME_MATCHES

    @property
    def name_resembles(self) -> bool:
        """Less alike, though it is slips that make the difference and no other words."""
        return NAME_IS_CLOSE <= self.similarity < NAME_MATCHES and self.slips is not None

    @property
    def has_identifier(self) -> bool:
        """A number that only this company, or its group, bears."""
        return self.account is not None or self.has_vat or self.has_registration


def read(*, evidence: PayeeEvidence, own: Sequence[CounterpartyRow]) -> Document:
    """The evidence for comparison; what is that of one of the payer's `own` counterparties is taken out."""
    iban, email = compact(evidence.iban or ""), email_key(evidence.email or "")
    own_emails = {email_key(address) for row in own for address in row.emails}
    own_domains = {domain for address in own_emails for domain in telling_domains(address)[:1]}
    domains = telling_domains(email)
    is_own_iban = bool(iban) and any(account.iban == iban for row in own for account in row.accounts)
    is_own_email = email in own_emails or bool(own_domains & set(domains))
    websites = [levels for website in evidence.websites if not own_domains & set(levels := website_domains(website))]
    own_phones = [phone_key(phone) for row in own for phone in row.phones]
    phones = {phone_key(phone) for phone in evidence.phones}
    name = read_name(evidence.name or "")
    own_keys = {read_name(each).key for row in own for each in (row.legal_name, *row.aliases)}
    return Document(
        name=name,
        numbers=_without_own(evidence, own),
        email="" if is_own_email else email,
        domains=() if is_own_email else domains,
        websites=tuple(dict.fromkeys(level for levels in websites for level in levels)),
        phones=tuple(sorted(phone for phone in phones if not any(same_phone(phone, each) for each in own_phones))),
        address=address_words(evidence.address or ""),
        shapes=_shapes([evidence.invoice_number or "", evidence.reference or ""]),
        iban="" if is_own_iban else iban,
        currency=(evidence.currency or "").upper(),
        names_own_iban=is_own_iban,
        names_itself=name.key in own_keys,
    )


def compare(*, document: Document, row: CounterpartyRow) -> Fit:
    """How `row` fits the document; names are compared with the legal name and every alias, the best counts."""
    numbers = read_numbers(vat_id=row.vat_id, registrations=(row.registration_number,))
    emails = {email_key(address) for address in row.emails}
    # The document's domain may lie below the one on file (billing.acme.example), or above it.
    levels = [telling_domains(address) for address in emails] if document.domains or document.websites else []
    domains = {domain for each in levels for domain in each}
    nearest = {domain for each in levels for domain in each[:1]}
    stated = _NO_NAME if document.names_itself and not row.is_own else document.name
    name, alike = _best_name(stated, (row.legal_name, *row.aliases, *row.confirmed.names))
    phones = [phone_key(phone) for phone in row.phones]
    has_vat, same_company = document.numbers.same_vat(numbers), document.numbers.same_company(numbers)
    return Fit(
        row=row,
        account=next((account for account in row.accounts if document.iban and account.iban == document.iban), None),
        has_inactive_iban=bool(document.iban) and document.iban in row.inactive_ibans,
        has_vat=has_vat,
        # One company may have VAT numbers in several countries, with one number of its register. Two of one country
        # contradict each other, whatever register number a forger copied beside the other.
        vat_differs=bool(numbers.vat and document.numbers.vat)
        and not has_vat
        and not (same_company and document.numbers.vat_of_another_country(numbers)),
        has_registration=not has_vat and same_company,
        has_register=bool(numbers.register) and numbers.register == document.numbers.register,
        register_differs=bool(numbers.register and document.numbers.register)
        and numbers.register != document.numbers.register,
        has_email=bool(document.email) and document.email in emails,
        has_domain=bool(nearest & set(document.domains) or domains & set(document.domains[:1])),
        has_website=bool(nearest & set(document.websites)),
        has_phone=any(same_phone(one, other) for one in document.phones for other in phones),
        has_address=any(same_address(line=document.address, row=address) for address in row.addresses),
        name=name,
        similarity=alike.value,
        slips=alike.slips,
        form=_form(stated, name),
        has_confirmed_name=bool(stated.key) and any(read_name(each).key == stated.key for each in row.confirmed.names),
        has_confirmed_details=_has_confirmed_details(document, row),
        has_shape=bool(document.shapes & _shapes(row.confirmed.invoice_numbers)),
    )


def reference_shape(text: str) -> str:
    """What an invoice number looks like: digits as 9, letters as A (`RE-2026-0012` gives `AA-9999-9999`); empty when
    so many numbers look like it that it tells nothing."""
    shape = re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", text.strip()))
    return shape if len(shape) >= _SHORTEST_SHAPE and "9" in shape and set(shape) != {"9"} else ""


def _without_own(evidence: PayeeEvidence, own: Sequence[CounterpartyRow]) -> CompanyNumbers:
    vat = vat_key(evidence.vat_id or "")
    owned = [read_numbers(vat_id=row.vat_id, registrations=(row.registration_number,)) for row in own]
    registrations = tuple(
        text
        for text in evidence.registration_numbers
        if not any(_is_of(read_numbers(vat_id="", registrations=(text,)), each) for each in owned)
    )
    read = read_numbers(vat_id="" if any(vat == each.vat for each in owned) else vat, registrations=registrations)
    return read_numbers(vat_id="", registrations=registrations) if any(read.same_vat(each) for each in owned) else read


def _is_of(numbers: CompanyNumbers, owner: CompanyNumbers) -> bool:
    return numbers.same_company(owner) or bool(numbers.register and numbers.register == owner.register)


def _best_name(name: Name, others: Iterable[str]) -> tuple[Name, Likeness]:
    """Of the candidate's names the one most like the document's, one with the same legal form before another."""
    scored = [
        (likeness(one=name, other=each), _form(name, each) == "same", each)
        for each in (read_name(other) for other in others)
    ]
    alike, _, best = max(scored, key=lambda each: (each[0].value, each[1]))
    return best, alike


def _form(one: Name, other: Name) -> Form:
    if not one.forms or not other.forms:
        return "unstated"
    return "differs" if forms_differ(one=one, other=other) else "same"


def _has_confirmed_details(document: Document, row: CounterpartyRow) -> bool:
    confirmed = row.confirmed
    return bool(
        (document.iban and document.iban in {compact(iban) for iban in confirmed.ibans})
        or (document.numbers.vat and document.numbers.vat in {vat_key(vat) for vat in confirmed.vat_ids})
        or (document.email and document.email in {email_key(email) for email in confirmed.emails})
    )


def _shapes(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(shape for text in texts if (shape := reference_shape(text)))
