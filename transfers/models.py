"""The transfer: a draft that a document or a person made, and the pending one that finalising makes of it; and the
payment files that pending ones went into."""

import uuid

from django.db import models
from django.db.models import Q

from customers.records import Record, TenantQuerySet


class Transfer(Record):
    """A payment to be made. `amount_minor` is in the currency's minor unit and None while it is not known.

    Destination IBAN and BIC are copies of the destination account as it was when the row was written: they are empty
    as long as no known account of the counterparty is resolved, whatever the document says. `ocr_job_id` is the job
    that prefilled the draft; it is carried over to the transfer that supersedes the draft. `edited_at` and `edited_by`
    are set once a person has changed the draft: from then on reprocessing leaves it alone. `settled_blockers` are those
    that somebody said to have looked into, as `{code, by, at}`. `invoice_number` and `issue_date` are those of the bill
    that is paid (EN 16931 BT-1, BT-2), by which `transfers.history` finds it again.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        PENDING = "pending"
        SUPERSEDED = "superseded"
        CANCELLED = "cancelled"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="transfers")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="", help_text="ISO 4217.")
    source_counterparty = models.ForeignKey(
        "counterparties.Counterparty", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    source_account = models.ForeignKey(
        "counterparties.CounterpartyAccount", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    destination_counterparty = models.ForeignKey(
        "counterparties.Counterparty", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    destination_account = models.ForeignKey(
        "counterparties.CounterpartyAccount", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    destination_iban = models.CharField(max_length=34, blank=True, default="")
    destination_bic = models.CharField(max_length=11, blank=True, default="")
    destination_name = models.CharField(max_length=300, blank=True, default="")
    reference = models.CharField(max_length=140, blank=True, default="")
    requested_execution_date = models.DateField(null=True, blank=True)
    invoice_number = models.CharField(max_length=200, blank=True, default="")
    number_key = models.CharField(max_length=200, blank=True, default="", editable=False)
    issue_date = models.DateField(null=True, blank=True)
    upload = models.ForeignKey(
        "invoices.Upload", on_delete=models.PROTECT, related_name="transfers", null=True, blank=True
    )
    ocr_job_id = models.UUIDField(null=True, blank=True, editable=False)
    blockers = models.JSONField(default=list, blank=True)
    settled_blockers = models.JSONField(default=list, blank=True, editable=False)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="superseded_by", null=True, blank=True, editable=False
    )
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    edited_by = models.CharField(max_length=150, blank=True, default="", editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TenantQuerySet["Transfer"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["customer", "-created_at"], name="transfer_newest"),
            models.Index(fields=["customer", "status"], name="transfer_by_status"),
            models.Index(fields=["ocr_job_id"], name="transfer_by_job"),
            models.Index(fields=["customer", "number_key"], name="transfer_by_number", condition=~Q(number_key="")),
            models.Index(
                fields=["customer", "issue_date", "amount_minor"],
                name="transfer_by_day",
                condition=Q(issue_date__isnull=False),
            ),
            models.Index(
                fields=["customer", "destination_counterparty", "currency", "-created_at"],
                name="transfer_by_payee",
                condition=Q(supersedes__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ocr_job_id"], condition=Q(supersedes__isnull=True), name="transfer_one_draft_per_job"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "pending", "superseded", "cancelled"]),
                name="transfer_status_is_known",
            ),
            models.CheckConstraint(condition=~Q(supersedes=models.F("id")), name="transfer_does_not_supersede_itself"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "superseded"], supersedes__isnull=True)
                | Q(status="pending", supersedes__isnull=False)
                | Q(status="cancelled"),
                name="transfer_pending_supersedes_draft",
            ),
            models.CheckConstraint(
                condition=~Q(status="pending")
                | (
                    Q(
                        amount_minor__isnull=False,  # NULL > 0 is NULL, which a CHECK lets pass
                        amount_minor__gt=0,
                        source_account__isnull=False,
                        destination_account__isnull=False,
                        requested_execution_date__isnull=False,
                        blockers=[],
                    )
                    & ~Q(currency="")
                    & ~Q(destination_iban="")
                    & ~Q(destination_name="")
                ),
                name="transfer_pending_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(source_account__isnull=True) | Q(source_counterparty__isnull=False),
                name="transfer_source_account_has_counterparty",
            ),
            models.CheckConstraint(
                condition=Q(destination_account__isnull=True) | Q(destination_counterparty__isnull=False),
                name="transfer_destination_account_has_counterparty",
            ),
            models.CheckConstraint(
                condition=~Q(source_account=models.F("destination_account")), name="transfer_accounts_differ"
            ),
            # An IBAN that stands only on a document must never look like one that may be paid to.
            models.CheckConstraint(
                condition=Q(destination_account__isnull=False) | Q(destination_iban="", destination_bic=""),
                name="transfer_bank_details_are_of_known_account",
            ),
            models.CheckConstraint(
                condition=Q(currency="") | Q(currency__regex=r"^[A-Z]{3}$"), name="transfer_currency_is_code"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__isnull=True) | ~Q(currency=""), name="transfer_amount_has_currency"
            ),
            models.CheckConstraint(
                condition=Q(edited_at__isnull=True, edited_by="") | (Q(edited_at__isnull=False) & ~Q(edited_by="")),
                name="transfer_edit_names_editor",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_at__isnull=True)),
                name="transfer_cancelled_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.id}"


class PaymentExport(models.Model):
    """A payment file that was handed out; never changed. `control_sum` adds amounts up regardless of their currency.

    `message_id` is what banks know the file by (ISO 20022 MsgId), `sha256` that of its bytes.
    """

    class Channel(models.TextChoices):
        API = "api", "API"
        COMMAND = "command", "command"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="payment_exports")
    message_id = models.CharField(max_length=35)
    channel = models.CharField(max_length=7, choices=Channel)
    file_name = models.CharField(max_length=255, blank=True, default="")
    sha256 = models.CharField(max_length=64)
    number_of_payments = models.PositiveIntegerField()
    control_sum = models.DecimalField(max_digits=24, decimal_places=3)
    exported_at = models.DateTimeField()
    exported_by = models.CharField(max_length=150)

    objects = TenantQuerySet["PaymentExport"].as_manager()

    class Meta:
        ordering = ["-exported_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=["api", "command"]), name="export_channel_is_known"),
            models.CheckConstraint(condition=Q(number_of_payments__gt=0), name="export_has_payments"),
            models.CheckConstraint(condition=~Q(exported_by=""), name="export_names_who_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}, {self.exported_at:%Y-%m-%d %H:%M}"


class ExportedTransfer(models.Model):
    """A transfer in a payment file. The first file it was in is the one without `is_again`: a bank that gets it twice
    may well pay twice."""

    export = models.ForeignKey(PaymentExport, on_delete=models.PROTECT, related_name="transfers")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="exports")
    is_again = models.BooleanField(default=False)

    class Meta:
        ordering = ["export", "id"]
        constraints = [
            models.UniqueConstraint(fields=["export", "transfer"], name="exported_transfer_once_per_file"),
            models.UniqueConstraint(
                fields=["transfer"], condition=Q(is_again=False), name="exported_transfer_first_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id} in {self.export_id}"
