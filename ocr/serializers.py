"""Bodies of the OCR endpoints, for checking what comes in and describing what goes out."""

from typing import Any

from rest_framework import serializers

from customers.body_fields import IdField, StrictSerializer, TextField
from ocr.extraction.fields import EVIDENCE_NAMES, RESULT_NAMES
from ocr.models import FieldSource, MatchOutcome, OcrRun, Stage


class Base64Field(TextField):
    """Text whose characters `decode_document` judges: the usual validators look at each in Python, and took three
    quarters of the time of a request with 10 MB."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = []


class JobRequestV2(StrictSerializer):
    """A document in JSON, and whose it is."""

    base64_file = Base64Field(
        help_text="Standard base64 of a PDF, PNG, JPEG, TIFF, WebP or e-invoice XML (UBL 2.1, CII); also with a "
        "`data:…;base64,` prefix or line breaks. At most 20 MiB decoded, 50 pages, 100 megapixels a page.",
        trim_whitespace=False,
        allow_blank=True,
    )
    customer_id = IdField(help_text="The customer who pays this invoice.")
    file_name = TextField(required=False, allow_blank=True, max_length=1000, help_text="For display only.")


class JobUploadRequestV2(StrictSerializer):
    """A document as a form, and whose it is."""

    file = serializers.FileField(
        allow_empty_file=True,
        help_text="A PDF, PNG, JPEG, TIFF, WebP or e-invoice XML (UBL 2.1, CII), recognised by its content. "
        "At most 20 MiB, 50 pages, 100 megapixels a page.",
    )
    customer_id = IdField(help_text="The customer who pays this invoice.")


class ReprocessRequest(StrictSerializer):
    """What is done again, and all that follows it."""

    from_stage = serializers.ChoiceField(choices=[Stage.EXTRACT, Stage.MATCH])


_MEANINGS = {
    "total": "With tax; negative on a credit note.",
    "customer_name": "Who the invoice is billed to: the payer. The seller stands in the evidence.",
    "customer_email": "Of the payer.",
    "currency_code": "ISO 4217.",
    "currency_symbol": "The usual symbol of `currency_code`.",
    "due_date": "ISO 8601; worked out where only payment terms are printed.",
    "subtotal": "Without tax.",
    "sales_tax_percentage": "Shortest decimal, such as 19 or 8.1; null when several rates apply.",
    "sales_tax_amount": "Of all rates.",
    "invoice_number": "As it is printed.",
    "reference": "What the payer must quote, such as RF… or a Swiss QR reference; not the buyer's order number.",
    "bic": "ISO 9362, in capitals.",
    "iban": "ISO 13616, in capitals and without spaces; its check digits are right.",
}

_RESULT: dict[str, Any] = {
    "__doc__": "What the document says: verified, or null. Amounts are plain decimals with the digits that their "
    "currency has, such as 1234.50, or 980 in yen.",
    **{name: serializers.CharField(allow_null=True, help_text=_MEANINGS[name]) for name in RESULT_NAMES},
}
JobResult: type[serializers.Serializer[Any]] = type("JobResult", (serializers.Serializer,), _RESULT)


class RecipientAddress(serializers.Serializer[Any]):
    """The preferred address of who is paid, a billing one first."""

    street = serializers.CharField(allow_null=True)
    city = serializers.CharField(allow_null=True)
    zip = serializers.CharField(allow_null=True)
    country = serializers.CharField(allow_null=True, help_text="ISO 3166-1 alpha-2.")
    state = serializers.CharField(allow_null=True)


class Recipient(serializers.Serializer[Any]):
    """Who is paid, as it is on file, not as the document says it."""

    id = serializers.UUIDField()
    legal_name = serializers.CharField()
    email = serializers.CharField(allow_null=True)
    iban = serializers.CharField(allow_null=True)
    bic = serializers.CharField(allow_null=True)
    type = serializers.ChoiceField(choices=["business", "individual"])
    customer_id = serializers.UUIDField()
    address = RecipientAddress(allow_null=True)
    created_at = serializers.DateTimeField()


class JobResponseV2(serializers.Serializer[Any]):
    """A job. Every key is always there; what is not known is null."""

    job_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=[202, 200, 422], help_text="Equal to the HTTP status of a poll.")
    upload_id = serializers.UUIDField(help_text="The stored document.")
    transfer_id = serializers.UUIDField(allow_null=True, help_text="The draft payment; set at 200.")
    recipient_match = serializers.ChoiceField(
        choices=MatchOutcome.choices, help_text="`found` when both the counterparty and its account are."
    )
    counterparty_match = serializers.ChoiceField(
        choices=MatchOutcome.choices, help_text="`ambiguous` when several fit about equally well."
    )
    counterparty_id = serializers.UUIDField(allow_null=True, help_text="Who is paid.")
    cp_account_id = serializers.UUIDField(
        allow_null=True, help_text="Where; null when the document's IBAN is no active account of the counterparty."
    )
    result = JobResult()
    recipient = Recipient(allow_null=True, help_text="Null unless the counterparty is found.")
    transaction_id = serializers.UUIDField(
        allow_null=True, help_text="The finalised transfer, once the draft has become one."
    )
    message = serializers.CharField(help_text="A sentence about the state, which an end user can act on.")


class CandidateEvidence(serializers.Serializer[Any]):
    """A value that was seen in the document and not chosen."""

    value = serializers.CharField()
    raw = serializers.CharField()
    source = serializers.ChoiceField(choices=FieldSource.choices)  # type: ignore[assignment]
    confidence = serializers.FloatField(min_value=0, max_value=1)
    page = serializers.IntegerField(allow_null=True)
    box = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    checks_passed = serializers.ListField(child=serializers.CharField())
    checks_failed = serializers.ListField(child=serializers.CharField())


class FieldEvidence(serializers.Serializer[Any]):
    """A value, where it stands in the document, and what it was checked against."""

    value = serializers.CharField(allow_null=True)
    raw = serializers.CharField(allow_null=True)
    source = serializers.ChoiceField(choices=FieldSource.choices, allow_null=True)  # type: ignore[assignment]
    page = serializers.IntegerField(allow_null=True, help_text="From 1.")
    box = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="x0, y0, x1, y1 in points, origin top left."
    )
    confidence = serializers.FloatField(allow_null=True, min_value=0, max_value=1)
    checks_passed = serializers.ListField(child=serializers.CharField())
    checks_failed = serializers.ListField(child=serializers.CharField())
    candidates = CandidateEvidence(many=True)
    note = serializers.CharField(allow_null=True, help_text="Why it is empty, or how it was derived.")


_FIELDS: dict[str, Any] = {
    "__doc__": "Each value of the result, and what else was read, of the seller above all.",
    **{name: FieldEvidence() for name in (*RESULT_NAMES, *EVIDENCE_NAMES)},
}
FieldsEvidence: type[serializers.Serializer[Any]] = type("FieldsEvidence", (serializers.Serializer,), _FIELDS)


class TaxLineEvidence(serializers.Serializer[Any]):
    """One rate of tax, as the document states it, in plain decimals."""

    rate = serializers.CharField(allow_null=True)
    basis = serializers.CharField(allow_null=True)
    amount = serializers.CharField(allow_null=True)
    category = serializers.CharField()


class ReasonEvidence(serializers.Serializer[Any]):
    """What speaks for a counterparty, or against it."""

    code = serializers.CharField(help_text="Such as `iban_exact`, `vat_exact` or `name_similarity`.")
    weight = serializers.FloatField(help_text="What it adds to the score, or takes off.")
    detail = serializers.CharField(help_text="What it is about: the value that is the same, say.")


class MatchCandidateEvidence(serializers.Serializer[Any]):
    """A counterparty that may be the seller."""

    counterparty_id = serializers.UUIDField()
    legal_name = serializers.CharField()
    score = serializers.FloatField()
    reasons = ReasonEvidence(many=True)
    against = ReasonEvidence(many=True)


class NameCheckEvidence(serializers.Serializer[Any]):
    """Whether the document's payee is the holder of the account to be paid, as Verification of Payee answers it."""

    answer = serializers.ChoiceField(choices=["match", "close_match", "no_match", "not_possible"])
    payee = serializers.CharField()
    holder = serializers.CharField()
    score = serializers.FloatField(min_value=0, max_value=1)
    asked = serializers.CharField(help_text="`ledger`, or the name of the service that answered.")
    note = serializers.CharField()


class MatchEvidence(serializers.Serializer[Any]):
    """Who the document comes from, of those on file."""

    counterparty_match = serializers.ChoiceField(choices=MatchOutcome.choices)
    recipient_match = serializers.ChoiceField(choices=MatchOutcome.choices)
    name_check = NameCheckEvidence(allow_null=True, help_text="Null while no account is to be paid.")
    candidates = MatchCandidateEvidence(many=True)


class WarningEvidence(serializers.Serializer[Any]):
    """What a person should look at."""

    code = serializers.CharField(help_text="Such as `duplicate_document` or `bank_details_changed`.")
    message = serializers.CharField()
    field = serializers.CharField(allow_null=True, help_text="The field that it is about; null when none is.")


class NoteEvidence(serializers.Serializer[Any]):
    """What happened while the document was read."""

    code = serializers.CharField()
    message = serializers.CharField()


class CorrectionEvidence(serializers.Serializer[Any]):
    """What a person changed, which survives every later run."""

    target = serializers.CharField()
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    corrected_at = serializers.DateTimeField()
    corrected_by = serializers.CharField()
    reason = serializers.CharField()


class RunEvidence(serializers.Serializer[Any]):
    """One time that the job was worked on."""

    from_stage = serializers.ChoiceField(choices=Stage.choices)
    attempt = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=OcrRun.Outcome.choices)
    asked_by = serializers.CharField()
    engine = serializers.CharField(allow_null=True)
    pipeline_version = serializers.CharField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.DictField(child=serializers.FloatField(), help_text="Wall seconds by stage.")
    error = serializers.CharField(allow_null=True)


class JobEvidence(serializers.Serializer[Any]):
    """Why a job came to its result."""

    job_id = serializers.UUIDField()
    document_type = serializers.ChoiceField(choices=["invoice", "credit_note"], allow_null=True)
    fields = FieldsEvidence()  # type: ignore[assignment]
    tax_breakdown = TaxLineEvidence(many=True)
    match = MatchEvidence()
    warnings = WarningEvidence(many=True)
    notes = NoteEvidence(
        many=True,
        help_text="How the document was read: which pages were turned or straightened, which e-invoices and payment "
        "codes it carries, and what of them was left out, and why. Nothing has to be done about a note.",
    )
    corrections = CorrectionEvidence(many=True)
    runs = RunEvidence(many=True)
