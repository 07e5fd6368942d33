"""The audit trail: who decided what, each entry sealed with the one before it."""

from django.db import models


class AuditEntry(models.Model):
    """What a person or a client decided. Never changed or deleted; the database itself refuses it.

    `number`, `previous_hash` and `hash` make the chain (`customers.audit.chain`). On PostgreSQL the database gives them
    when the transaction is committed, so until then `number` is None. The customer is no constraint: the trail outlives
    what it tells of.
    """

    number = models.PositiveBigIntegerField(null=True, unique=True, editable=False)
    recorded_at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    customer = models.ForeignKey(
        "customers.Customer", null=True, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=100, db_index=True)
    subject = models.CharField(max_length=300)
    detail = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64, default="")

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["action", "actor", "recorded_at"], name="audit_entry_of_action")]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"


class AuditHead(models.Model):
    """The newest entry's number and hash, in the one row whose lock lets entries follow each other."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"
