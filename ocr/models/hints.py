"""What people's corrections have taught about a supplier's documents, and how it fared."""

from django.db import models
from django.db.models import Q

from customers.records import TenantQuerySet
from ocr.models.jobs import OcrJob
from ocr.models.readings import FieldName


class SupplierHint(models.Model):
    """One thing learnt from a job that a person corrected and approved.

    `place` says beside which words or where on the page a field stands; `alias` another name that the supplier is
    called by on its documents; `account` which of its accounts is meant where the document says none. `data` is what
    `ocr.learning` makes of it. A hint that failed twice in a row is suspended, one that a person took back is revoked.
    """

    class Kind(models.TextChoices):
        PLACE = "place", "place of a value"
        ALIAS = "alias", "another name"
        ACCOUNT = "account", "account meant"

    class State(models.TextChoices):
        ACTIVE = "active", "active"
        SUSPENDED = "suspended", "suspended: it failed twice in a row"
        REVOKED = "revoked", "revoked"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    counterparty = models.ForeignKey("counterparties.Counterparty", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    field = models.CharField(max_length=24, choices=FieldName, blank=True, default="")
    data = models.JSONField()
    key = models.CharField(max_length=300, help_text="What makes it the same hint when it is learnt again.")
    learnt_from = models.ForeignKey(OcrJob, on_delete=models.SET_NULL, related_name="+", null=True)
    learnt_by = models.CharField(max_length=150)
    learnt_at = models.DateTimeField()
    right = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    wrong_in_a_row = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State, default=State.ACTIVE)
    revoked_by = models.CharField(max_length=150, blank=True, default="")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet["SupplierHint"].as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = "hint"
        ordering = ["-learnt_at", "-id"]
        indexes = [
            models.Index(fields=["customer", "kind", "key"], name="hint_by_key"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["counterparty", "kind", "field", "key"], name="hint_once_per_supplier"),
            models.CheckConstraint(condition=Q(kind__in=["place", "alias", "account"]), name="hint_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["active", "suspended", "revoked"]), name="hint_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="place", field__in=FieldName.values) | (~Q(kind="place") & Q(field="")),
                name="hint_place_names_field",
            ),
            models.CheckConstraint(
                condition=~Q(state="revoked") | (~Q(revoked_by="") & Q(revoked_at__isnull=False)),
                name="hint_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field or self.get_kind_display()}: {self.data.get('said', '')}"


class HintUse(models.Model):
    """A hint that gave a job a value, and what people made of that: None until somebody decided."""

    hint = models.ForeignKey(SupplierHint, on_delete=models.CASCADE, related_name="uses")
    job = models.ForeignKey(OcrJob, on_delete=models.CASCADE, related_name="hint_uses")
    value = models.TextField()
    was_right = models.BooleanField(null=True, blank=True)
    used_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = "use of a hint"
        ordering = ["-used_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["hint", "job"], name="hint_used_once_per_job")]

    def __str__(self) -> str:
        return f"{self.value} on {self.job_id}"
