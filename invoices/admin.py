"""Stored documents and written invoices in the back office: to look at; what may change them are the API's rules."""

from django.contrib import admin, messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from invoices.downloads import document_response
from invoices.models import Invoice, InvoiceCounter, InvoiceItem, Upload
from invoices.uploads import StorageUnavailable, StoredDocumentMissing


class LookedAtOnly:
    """No row is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Upload)
class UploadAdmin(LookedAtOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("file_name", "customer", "status", "content_type", "content_length", "page_count", "created_at")
    list_filter = ("status", "document_type", "content_type", "customer")
    list_select_related = ("customer",)
    search_fields = ("id", "file_name", "sha256")
    date_hierarchy = "created_at"
    exclude = ("file",)
    readonly_fields = ("download",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.download_view)
        return [path("<uuid:upload_id>/download", view, name="invoices_upload_download"), *super().get_urls()]

    @admin.display(description="document")
    def download(self, upload: Upload) -> str:
        url = reverse("admin:invoices_upload_download", args=[upload.pk], current_app=self.admin_site.name)
        return format_html('<a href="{}">{}</a>', url, upload.file_name)

    def download_view(self, request: HttpRequest, upload_id: object) -> HttpResponse:
        upload = self.get_queryset(request).filter(pk=upload_id).first()
        if upload is None or not self.has_view_permission(request, upload):
            raise Http404
        try:
            return document_response(upload)
        except (StoredDocumentMissing, StorageUnavailable) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:invoices_upload_change", args=[upload.pk]))


class InvoiceItemInline(LookedAtOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = InvoiceItem
    extra = 0


@admin.register(Invoice)
class InvoiceAdmin(LookedAtOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("invoice_number", "customer", "destination_counterparty", "status", "due_date", "created_at")
    list_filter = ("status", "currency", "customer")
    list_select_related = ("customer", "destination_counterparty")
    search_fields = ("id", "invoice_number", "reference", "destination_counterparty__legal_name")
    date_hierarchy = "created_at"
    inlines = (InvoiceItemInline,)


@admin.register(InvoiceCounter)
class InvoiceCounterAdmin(LookedAtOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("customer", "last_number")
    list_select_related = ("customer",)
    search_fields = ("customer__legal_name",)
