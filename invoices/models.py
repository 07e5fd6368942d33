"""The stored documents and the invoices a customer writes. Amounts are integers in the currency's minor unit."""

from decimal import Decimal

from django.db import models

from customers.records import Record, TenantQuerySet


class Upload(Record):
    """A stored document. `file` names it in the storage; the same bytes of the same customer share one file.

    `file_name` is for display only and never becomes part of a path. `page_count` is None until the document was read.
    Since `purged_at` the file is gone, after the customer's period (`ocr.retention`).
    """

    class DocumentType(models.TextChoices):
        INVOICE = "invoice"

    class Status(models.TextChoices):
        DRAFT = "draft"
        ATTACHED = "attached"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="uploads")
    file_name = models.CharField(max_length=255)
    file = models.FileField(max_length=200)
    document_type = models.CharField(max_length=20, choices=DocumentType, default=DocumentType.INVOICE)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    content_length = models.PositiveBigIntegerField(help_text="Bytes.")
    content_type = models.CharField(max_length=100)
    file_extension = models.CharField(max_length=10, help_text="Without a dot, as the content asks for it.")
    sha256 = models.CharField(max_length=64, help_text="Of the content, in lower-case hexadecimal digits.")
    page_count = models.PositiveIntegerField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TenantQuerySet["Upload"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["customer", "sha256"], name="upload_same_bytes"),
            models.Index(fields=["customer", "-created_at"], name="upload_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(document_type__in=["invoice"]), name="upload_document_type_is_known"
            ),
            models.CheckConstraint(condition=models.Q(status__in=["draft", "attached"]), name="upload_status_is_known"),
            models.CheckConstraint(condition=models.Q(content_length__gt=0), name="upload_is_not_empty"),
            models.CheckConstraint(condition=~models.Q(file=""), name="upload_has_file"),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="upload_sha256_is_hexadecimal"
            ),
            models.CheckConstraint(
                condition=models.Q(page_count__isnull=True) | models.Q(page_count__gt=0),
                name="upload_page_count_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class Invoice(Record):
    """An invoice that a customer writes: `source` is the seller who is paid, `destination` the buyer who pays.

    The amounts are what `totals.invoice_totals` worked out when the invoice was stored; see there for the rounding.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        PENDING = "pending"
        SENT = "sent"
        PAID = "paid"
        OVERDUE = "overdue"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="invoices")
    invoice_number = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    description = models.TextField(blank=True, default="")
    reference = models.CharField(max_length=140, blank=True, default="")
    due_date = models.DateField(null=True, blank=True)
    source_counterparty = models.ForeignKey("counterparties.Counterparty", on_delete=models.PROTECT, related_name="+")
    source_account = models.ForeignKey(
        "counterparties.CounterpartyAccount", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    source_address = models.ForeignKey(
        "counterparties.Address", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    destination_counterparty = models.ForeignKey(
        "counterparties.Counterparty", on_delete=models.PROTECT, related_name="+"
    )
    destination_account = models.ForeignKey(
        "counterparties.CounterpartyAccount", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    destination_address = models.ForeignKey(
        "counterparties.Address", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    currency = models.CharField(max_length=3, help_text="ISO 4217.")
    discount_rate = models.DecimalField(max_digits=7, decimal_places=4, default=Decimal(0), help_text="Percent.")
    vat_rate = models.DecimalField(max_digits=7, decimal_places=4, default=Decimal(0), help_text="Percent.")
    subtotal_minor = models.BigIntegerField(default=0, help_text="The sum of the items, before discount.")
    discount_minor = models.BigIntegerField(default=0)
    shipping_minor = models.BigIntegerField(default=0)
    vat_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField(default=0)

    objects = TenantQuerySet["Invoice"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["customer", "-created_at"], name="invoice_newest")]
        constraints = [
            models.UniqueConstraint(fields=["customer", "invoice_number"], name="invoice_number_once_per_customer"),
            models.CheckConstraint(condition=~models.Q(invoice_number=""), name="invoice_has_number"),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "pending", "sent", "paid", "overdue"]),
                name="invoice_status_is_known",
            ),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="invoice_currency_is_code"),
            models.CheckConstraint(
                condition=~models.Q(source_counterparty=models.F("destination_counterparty")),
                name="invoice_parties_differ",
            ),
            models.CheckConstraint(
                condition=models.Q(discount_rate__gte=0, discount_rate__lte=100, vat_rate__gte=0, vat_rate__lte=100),
                name="invoice_rates_are_percentages",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    subtotal_minor__gte=0,
                    discount_minor__gte=0,
                    discount_minor__lte=models.F("subtotal_minor"),
                    shipping_minor__gte=0,
                    vat_minor__gte=0,
                ),
                name="invoice_amounts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    total_minor=models.F("subtotal_minor")
                    - models.F("discount_minor")
                    + models.F("shipping_minor")
                    + models.F("vat_minor")
                ),
                name="invoice_total_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.invoice_number


class InvoiceCounter(models.Model):
    """The last number that a customer's invoices were given; see `numbering`."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.PROTECT, related_name="+", primary_key=True)
    last_number = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["customer"]

    def __str__(self) -> str:
        return str(self.last_number)


class InvoiceItem(models.Model):
    """One line of an invoice; `price_minor` is for one unit, `total_minor` for the line, rounded half up."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(help_text="Counts from 1.")
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True, default="")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    price_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()

    class Meta:
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_item_position_once"),
            models.CheckConstraint(
                condition=models.Q(position__gt=0, quantity__gt=0, price_minor__gte=0, total_minor__gte=0),
                name="invoice_item_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.title
