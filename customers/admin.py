"""Customers and API keys in the back office.

Django's admin classes and forms take a type argument in their stubs only, hence the ignores.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from customers.audit.admin import AuditEntryAdmin
from customers.keys import ROTATION_OVERLAP, KeyNotIssued, issue_key, revoke_key, rotate_key
from customers.models import ApiKey, Customer, StoredAnswer
from customers.scopes import KNOWN_SCOPES, SCOPES
from customers.webhooks.admin import WebhookDeliveryAdmin, WebhookEndpointAdmin

__all__ = [
    "ApiKeyAdmin",
    "AuditEntryAdmin",
    "CustomerAdmin",
    "StoredAnswerAdmin",
    "WebhookDeliveryAdmin",
    "WebhookEndpointAdmin",
]

_STANDARD = ("id", "created_at", "created_by", "modified_at", "modified_by")


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = (
        *("legal_name", "type", "vat_id", "default_currency", "documents_kept_months", "active", "created_at"),
    )
    list_filter = ("active", "type", "default_currency")
    search_fields = ("legal_name", "vat_id", "id")
    readonly_fields = _STANDARD

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        obj.modified_by = request.user.get_username()
        obj.created_by = obj.created_by or obj.modified_by
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        """Never: payments name it. A customer is deactivated instead."""
        return False


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in sorted(KNOWN_SCOPES)],
        initial=list(SCOPES),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ApiKey
        fields = ("name", "customers", "scopes", "expires_at", "active", "metadata")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # The clock is read once: a key may not expire between this check and the one in `issue_key`.
        self.checked_at = timezone.now()
        expires_at = (cleaned or {}).get("expires_at")
        if self.instance._state.adding and expires_at is not None and expires_at <= self.checked_at:
            self.add_error("expires_at", "The key would already have expired; choose a later time or none.")
        return cleaned


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = ApiKeyForm
    list_display = ("name", "shown_prefix", "customer_names", "state", "expires_at", "last_used_at", "created_at")
    list_filter = ("active", "customers")
    search_fields = ("name", "prefix", "customers__legal_name")
    filter_horizontal = ("customers",)
    readonly_fields = (*_STANDARD, "shown_prefix", "state", "revoked_at", "last_used_at")
    actions = ("rotate", "revoke")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        return super().get_queryset(request).prefetch_related("customers")

    @admin.display(description="key", ordering="prefix")
    def shown_prefix(self, key: ApiKey) -> str:
        return f"pdk_{key.prefix}…" if key.prefix else "shown once, after saving"

    @admin.display(description="customers")
    def customer_names(self, key: ApiKey) -> str:
        return ", ".join(customer.legal_name for customer in key.customers.all())

    @admin.display(description="state")
    def state(self, key: ApiKey) -> str:
        if key.revoked_at is not None or not key.active:
            return "revoked"
        return "usable" if key.is_usable(timezone.now()) else "expired"

    def save_model(self, request: HttpRequest, obj: ApiKey, form: ApiKeyForm, change: bool) -> None:
        by = request.user.get_username()
        if change:
            obj.modified_by = by
            super().save_model(request, obj, form, change)
            return
        issued, plain = issue_key(
            name=obj.name,
            customers=list(form.cleaned_data["customers"]),
            scopes=form.cleaned_data["scopes"],
            expires_at=obj.expires_at,
            by=by,
            now=form.checked_at,
        )
        ApiKey.objects.filter(pk=issued.pk).update(active=obj.active, metadata=obj.metadata)
        # The admin goes on with its own instance: it becomes the stored row.
        obj.pk = issued.pk
        obj.refresh_from_db()
        messages.warning(request, f"Keep this key, it is not shown again: {plain}")

    @admin.action(
        description=f"Rotate: a new key each, the old ones work for {ROTATION_OVERLAP // timedelta(hours=1)} hours",
        permissions=["change", "add"],
    )
    def rotate(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset:
            try:
                _, plain = rotate_key(
                    key=key, overlap=ROTATION_OVERLAP, by=request.user.get_username(), now=timezone.now()
                )
            except KeyNotIssued as refused:
                messages.error(request, f"{key}: {refused}")
            else:
                messages.warning(request, f"{key}: keep the new key, it is not shown again: {plain}")

    @admin.action(description="Revoke the selected API keys", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset:
            revoke_key(key=key, by=request.user.get_username(), now=timezone.now())
        messages.success(request, f"Revoked {len(queryset)} API keys.")

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """Never: `created_by` of other rows names the key. It is revoked instead."""
        return False


@admin.register(StoredAnswer)
class StoredAnswerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("idempotency_key", "route", "api_key", "state", "status", "created_at")
    list_filter = ("state", "status")
    search_fields = ("idempotency_key", "route", "api_key__name")
    list_select_related = ("api_key",)
    date_hierarchy = "created_at"
    exclude = ("body",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: StoredAnswer | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: StoredAnswer | None = None) -> bool:
        return False
