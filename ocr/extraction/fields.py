"""What extraction yields: for each field its value or None, and why.

Values are the strings that the API shows: plain decimals with a dot, ISO 8601 dates, IBAN and BIC without spaces in
upper case. A value is verified or None; what was seen and not trusted stands among the runners-up.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from customers.sentences import Sentence
from ocr.reading.document import Box, ReadingNote

ResultName = Literal[
    "total",
    "customer_name",
    "customer_email",
    "currency_code",
    "currency_symbol",
    "due_date",
    "subtotal",
    "sales_tax_percentage",
    "sales_tax_amount",
    "invoice_number",
    "reference",
    "bic",
    "iban",
]
EvidenceName = Literal["seller_name", "seller_vat_id", "seller_email", "seller_address", "issue_date"]
FieldName = ResultName | EvidenceName
Source = Literal["xml", "qr", "text", "ocr", "derived", "operator"]
DocumentType = Literal["invoice", "credit_note"]

RESULT_NAMES: tuple[ResultName, ...] = get_args(ResultName)
EVIDENCE_NAMES: tuple[EvidenceName, ...] = get_args(EvidenceName)
FIELD_NAMES: tuple[FieldName, ...] = (*RESULT_NAMES, *EVIDENCE_NAMES)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible value of a field, where it stands and how much it is worth (0..1)."""

    value: str
    raw: str
    source: Source
    confidence: float
    page: int | None = None
    box: Box | None = None
    checks_passed: tuple[str, ...] = ()
    checks_failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldReading:
    """The outcome for one field: `chosen` is None when nothing was found or nothing could be trusted.

    `note` says in one sentence why a field is empty though something was seen, or how a value was derived.
    """

    name: FieldName
    chosen: Candidate | None = None
    runners_up: tuple[Candidate, ...] = ()
    note: str = ""

    @property
    def value(self) -> str | None:
        return self.chosen.value if self.chosen else None


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One row of the tax breakdown (EN 16931 BG-23): rate in percent (BT-119), basis (BT-116), amount (BT-117)."""

    rate: Decimal | None
    basis: Decimal | None
    amount: Decimal | None
    category: str = ""


@dataclass(frozen=True, slots=True)
class DocumentWarning:
    """Something about the document that a person should look at; `field` names the result field it is about."""

    code: str
    message: Sentence
    field: FieldName | None = None


@dataclass(frozen=True, slots=True)
class SellerContacts:
    """By what else a seller may be known, as written: telephone (EN 16931 BT-42), website, number of a company register
    (BT-30). From pages they may be anybody's."""

    phones: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()
    registration_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Testimony:
    """What one machine-readable witness (an e-invoice, a payment QR) states: at most a few candidates a field.

    `standard` is what it keeps to: the profile that an e-invoice names (BT-24), or the name of a payment code.
    """

    candidates: tuple[tuple[FieldName, Candidate], ...]
    standard: str = ""
    tax_breakdown: tuple[TaxLine, ...] = ()
    document_type: DocumentType = "invoice"
    notes: tuple[Sentence, ...] = ()
    warnings: tuple[DocumentWarning, ...] = ()
    seller_contacts: SellerContacts = SellerContacts()


@dataclass(frozen=True, slots=True)
class KnownPayer:
    """What is known of the customer whose invoice this is: it can never become the seller."""

    names: tuple[str, ...] = ()
    vat_id: str = ""
    ibans: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceFields:
    """All readings, one per name of `FIELD_NAMES`, in that order. `notes` tell how they came about; nobody has to act
    on one."""

    readings: tuple[FieldReading, ...]
    tax_breakdown: tuple[TaxLine, ...] = ()
    warnings: tuple[DocumentWarning, ...] = ()
    notes: tuple[ReadingNote, ...] = ()
    document_type: DocumentType = "invoice"
    seller_contacts: SellerContacts = SellerContacts()

    def reading(self, name: FieldName) -> FieldReading:
        return next(reading for reading in self.readings if reading.name == name)

    def value(self, name: FieldName) -> str | None:
        return self.reading(name).value

    def amount(self, name: FieldName) -> Decimal | None:
        """The value of an amount field; None when it is empty."""
        value = self.value(name)
        return None if value is None else Decimal(value)
