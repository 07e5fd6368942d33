"""Bodies of the OCR endpoints, for checking what comes in and describing what goes out."""

from typing import Any

from rest_framework import serializers

from customers.body_fields import StrictSerializer, TextField
from ocr.extraction.fields import EVIDENCE_NAMES, RESULT_NAMES
from ocr.models import FieldSource, MatchOutcome, OcrRun, Stage


class JobRequestV2(StrictSerializer):
    base64_file = TextField(
        help_text="Standard base64 of a PDF, PNG, JPEG, TIFF, WebP or e-invoice XML (UBL 2.1, CII); also with a "
        "`data:…;base64,` prefix or line breaks. At most 20 MiB decoded, 50 pages, 100 megapixels a page.",
        trim_whitespace=False,
        allow_blank=True,
    )
    customer_id = serializers.UUIDField(help_text="The customer who pays this invoice.")
    file_name = TextField(required=False, allow_blank=True, max_length=1000, help_text="For display only.")


class JobUploadRequestV2(StrictSerializer):
    file = serializers.FileField(allow_empty_file=True)
    customer_id = serializers.UUIDField(help_text="The customer who pays this invoice.")


class ReprocessRequest(StrictSerializer):
    from_stage = serializers.ChoiceField(choices=[Stage.EXTRACT, Stage.MATCH])


def _result_fields() -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    return {name: serializers.CharField(allow_null=True) for name in RESULT_NAMES}


JobResult: type[serializers.Serializer[Any]] = type("JobResult", (serializers.Serializer,), _result_fields())


class RecipientAddress(serializers.Serializer[Any]):
    street = serializers.CharField(allow_null=True)
    city = serializers.CharField(allow_null=True)
    zip = serializers.CharField(allow_null=True)
    country = serializers.CharField(allow_null=True, help_text="ISO 3166-1 alpha-2.")
    state = serializers.CharField(allow_null=True)


class Recipient(serializers.Serializer[Any]):
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
    job_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=[202, 200, 422], help_text="Always equal to the HTTP status.")
    upload_id = serializers.UUIDField()
    transfer_id = serializers.UUIDField(allow_null=True)
    recipient_match = serializers.ChoiceField(choices=MatchOutcome.choices)
    counterparty_match = serializers.ChoiceField(choices=MatchOutcome.choices)
    counterparty_id = serializers.UUIDField(allow_null=True)
    cp_account_id = serializers.UUIDField(allow_null=True)
    result = JobResult()
    recipient = Recipient(allow_null=True)
    transaction_id = serializers.UUIDField(allow_null=True)
    message = serializers.CharField()


class CandidateEvidence(serializers.Serializer[Any]):
    value = serializers.CharField()
    raw = serializers.CharField()
    source = serializers.ChoiceField(choices=FieldSource.choices)  # type: ignore[assignment]
    confidence = serializers.FloatField(min_value=0, max_value=1)
    page = serializers.IntegerField(allow_null=True)
    box = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    checks_passed = serializers.ListField(child=serializers.CharField())
    checks_failed = serializers.ListField(child=serializers.CharField())


class FieldEvidence(serializers.Serializer[Any]):
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


FieldsEvidence: type[serializers.Serializer[Any]] = type(
    "FieldsEvidence",
    (serializers.Serializer,),
    {name: FieldEvidence() for name in (*RESULT_NAMES, *EVIDENCE_NAMES)},
)


class TaxLineEvidence(serializers.Serializer[Any]):
    rate = serializers.CharField(allow_null=True)
    basis = serializers.CharField(allow_null=True)
    amount = serializers.CharField(allow_null=True)
    category = serializers.CharField()


class ReasonEvidence(serializers.Serializer[Any]):
    code = serializers.CharField()
    weight = serializers.FloatField()
    detail = serializers.CharField()


class MatchCandidateEvidence(serializers.Serializer[Any]):
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
    counterparty_match = serializers.ChoiceField(choices=MatchOutcome.choices)
    recipient_match = serializers.ChoiceField(choices=MatchOutcome.choices)
    name_check = NameCheckEvidence(allow_null=True, help_text="Null while no account is to be paid.")
    candidates = MatchCandidateEvidence(many=True)


class WarningEvidence(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_null=True)


class NoteEvidence(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class CorrectionEvidence(serializers.Serializer[Any]):
    target = serializers.CharField()
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    corrected_at = serializers.DateTimeField()
    corrected_by = serializers.CharField()
    reason = serializers.CharField()


class RunEvidence(serializers.Serializer[Any]):
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
