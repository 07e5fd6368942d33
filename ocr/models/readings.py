"""What was read of a document, and whom it was taken to mean: the reading, one row per field, the match candidates."""

from django.db import models
from django.db.models import Q

from ocr.models.jobs import OcrJob


class FieldName(models.TextChoices):
    """The 13 result fields, then the seller's and the issue date (EN 16931 terms in `ocr.extraction`)."""

    TOTAL = "total"
    CUSTOMER_NAME = "customer_name"
    CUSTOMER_EMAIL = "customer_email"
    CURRENCY_CODE = "currency_code"
    CURRENCY_SYMBOL = "currency_symbol"
    DUE_DATE = "due_date"
    SUBTOTAL = "subtotal"
    SALES_TAX_PERCENTAGE = "sales_tax_percentage"
    SALES_TAX_AMOUNT = "sales_tax_amount"
    INVOICE_NUMBER = "invoice_number"
    REFERENCE = "reference"
    BIC = "bic"
    IBAN = "iban"
    SELLER_NAME = "seller_name"
    SELLER_VAT_ID = "seller_vat_id"
    SELLER_EMAIL = "seller_email"
    SELLER_ADDRESS = "seller_address"
    ISSUE_DATE = "issue_date"


class FieldSource(models.TextChoices):
    XML = "xml"
    QR = "qr"
    TEXT = "text"
    OCR = "ocr"
    DERIVED = "derived"
    OPERATOR = "operator"


class OcrReading(models.Model):
    """What reading saw, as `DocumentText.to_plain` gives it: later stages run again without the document."""

    job = models.OneToOneField(OcrJob, on_delete=models.CASCADE, related_name="reading", primary_key=True)
    document = models.JSONField()
    engine = models.CharField(max_length=200, blank=True, default="")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = "reading"

    def __str__(self) -> str:
        return f"reading of {self.job_id}"


class OcrField(models.Model):
    """One field as it stands, corrections included; `value` is None when nothing was found or trusted.

    `box` is `[x0, y0, x1, y1]` in points, origin top left; `confidence` 0..1, None for an empty field.
    """

    job = models.ForeignKey(OcrJob, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(max_length=24, choices=FieldName)
    value = models.TextField(null=True, blank=True)
    raw = models.TextField(blank=True, default="")
    source = models.CharField(max_length=8, choices=FieldSource, blank=True, default="")
    page = models.PositiveIntegerField(null=True, blank=True)
    box = models.JSONField(null=True, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    checks_passed = models.JSONField(default=list, blank=True)
    checks_failed = models.JSONField(default=list, blank=True)
    runners_up = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = "field"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "name"], name="field_once_per_job"),
            models.CheckConstraint(condition=Q(name__in=FieldName.values), name="field_name_is_known"),
            models.CheckConstraint(condition=Q(source__in=["", *FieldSource.values]), name="field_source_is_known"),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="field_confidence_is_probability",
            ),
            models.CheckConstraint(condition=Q(value__isnull=True) | ~Q(source=""), name="field_with_value_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value or '—'}"


class OcrMatchCandidate(models.Model):
    """A counterparty that was weighed, best first; `reasons` and `against` are lists of `{code, weight, detail}`."""

    job = models.ForeignKey(OcrJob, on_delete=models.CASCADE, related_name="match_candidates")
    rank = models.PositiveSmallIntegerField()
    counterparty = models.ForeignKey("counterparties.Counterparty", on_delete=models.CASCADE, related_name="+")
    legal_name = models.CharField(max_length=300)
    score = models.FloatField()
    reasons = models.JSONField(default=list, blank=True)
    against = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = "match candidate"
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["job", "rank"], name="candidate_rank_once_per_job"),
            models.UniqueConstraint(fields=["job", "counterparty"], name="candidate_once_per_job"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.legal_name}"
