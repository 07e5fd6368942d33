"""Transfers in the back office: to look at, with the way to document, parties and the other half, and to cancel."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from invoices.money import UnknownCurrency, from_minor
from transfers.blockers import in_order, sentences
from transfers.cancelling_admin import CancellingAdmin
from transfers.models import ExportedTransfer, PaymentExport, Transfer

UNKNOWN = "–"


@admin.register(Transfer)
class TransferAdmin(CancellingAdmin):
    list_display = ("__str__", "customer", "amount", "destination_name", "status", "open_blockers", "created_at")
    list_filter = ("status", "currency", "customer")
    list_select_related = ("customer",)
    search_fields = ("id", "ocr_job_id", "destination_name", "destination_iban", "reference")
    date_hierarchy = "created_at"
    fields = (
        ("id", "status", "customer"),
        ("amount", "reference", "requested_execution_date"),
        ("invoice_number", "issue_date"),
        ("source_party", "source_account"),
        ("destination_party", "destination_account"),
        ("destination_name", "destination_iban", "destination_bic"),
        "what_to_do",
        "looked_into",
        ("document", "ocr_job_id"),
        ("superseded_draft", "successor"),
        ("edited_at", "edited_by", "cancelled_at"),
        ("created_at", "created_by", "modified_at", "modified_by"),
        ("active", "metadata"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Transfer | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Transfer | None = None) -> bool:
        return False

    @admin.display(description="amount", ordering="amount_minor")
    def amount(self, transfer: Transfer) -> str:
        if transfer.amount_minor is None:
            return UNKNOWN
        try:
            return f"{from_minor(minor=transfer.amount_minor, currency=transfer.currency)} {transfer.currency}"
        except UnknownCurrency:
            return f"{transfer.amount_minor} minor units of {transfer.currency}"

    @admin.display(description="blockers")
    def open_blockers(self, transfer: Transfer) -> str:
        return ", ".join(transfer.blockers) or UNKNOWN

    @admin.display(description="before it can be finalised")
    def what_to_do(self, transfer: Transfer) -> str:
        return sentences(in_order(transfer.blockers)) or UNKNOWN

    @admin.display(description="blockers that somebody looked into")
    def looked_into(self, transfer: Transfer) -> str:
        settled = (f"{one['code']} by {one['by']} at {one['at'][:16]}" for one in transfer.settled_blockers)
        return ", ".join(settled) or UNKNOWN

    @admin.display(description="document")
    def document(self, transfer: Transfer) -> str:
        return _link("invoices_upload", transfer.upload_id, transfer.upload)

    @admin.display(description="from")
    def source_party(self, transfer: Transfer) -> str:
        return _link("counterparties_counterparty", transfer.source_counterparty_id, transfer.source_counterparty)

    @admin.display(description="to")
    def destination_party(self, transfer: Transfer) -> str:
        return _link(
            "counterparties_counterparty", transfer.destination_counterparty_id, transfer.destination_counterparty
        )

    @admin.display(description="supersedes")
    def superseded_draft(self, transfer: Transfer) -> str:
        return _link("transfers_transfer", transfer.supersedes_id, transfer.supersedes)

    @admin.display(description="superseded by")
    def successor(self, transfer: Transfer) -> str:
        successor = Transfer.objects.filter(supersedes=transfer).first()
        return _link("transfers_transfer", successor and successor.pk, successor)


class ExportedTransferInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ExportedTransfer
    fields = readonly_fields = ("transfer", "is_again")
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(PaymentExport)
class PaymentExportAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Payment files that were taken out, to look at."""

    list_display = (
        "message_id",
        "customer",
        "channel",
        "number_of_payments",
        "control_sum",
        "exported_by",
        "exported_at",
    )
    list_filter = ("channel", "customer")
    list_select_related = ("customer",)
    search_fields = ("message_id", "file_name", "exported_by", "sha256")
    date_hierarchy = "exported_at"
    inlines = (ExportedTransferInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: PaymentExport | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PaymentExport | None = None) -> bool:
        return False


def _link(model: str, pk: object, shown: object) -> str:
    if pk is None:
        return UNKNOWN
    try:
        url = reverse(f"admin:{model}_change", args=[pk])
    except NoReverseMatch:  # that model is not in this admin
        return str(shown)
    return format_html('<a href="{}">{}</a>', url, shown)
